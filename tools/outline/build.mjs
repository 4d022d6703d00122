// Makes web/outline-110m.txt, the outline behind the small maps of the read pages.
//
// Source: Natural Earth 1:110m countries (public domain), as packed in the npm package
// world-atlas (countries-110m.json, ISC). Needs: npm install world-atlas@2 topojson-client@3
// Run:    node tools/outline/build.mjs FOLDER_WITH_node_modules > web/outline-110m.txt
//
// One line a path: "land" (a closed ring) or "border" (an open line between two countries),
// then the first point and the steps to the following ones: east and north, in hundredths of
// a degree, parted by commas and spaces.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(join(folder, 'package.json'));
const { feature, mesh } = require('topojson-client');
const atlas = JSON.parse(readFileSync(require.resolve('world-atlas/countries-110m.json'), 'utf8'));

const line = (kind, points) => {
  let before = [0, 0];
  const steps = [];
  for (const [east, north] of points) {
    const at = [Math.round(east * 100), Math.round(north * 100)];
    if (steps.length > 0 && at[0] === before[0] && at[1] === before[1]) continue;
    steps.push(`${at[0] - before[0]},${at[1] - before[1]}`);
    before = at;
  }
  return `${kind} ${steps.join(' ')}`;
};

const out = [];
const land = feature(atlas, atlas.objects.land);
for (const one of land.features ?? [land]) {
  const polygons = one.geometry.type === 'Polygon' ? [one.geometry.coordinates] : one.geometry.coordinates;
  for (const polygon of polygons) for (const ring of polygon) out.push(line('land', ring));
}
const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
for (const points of borders.coordinates) out.push(line('border', points));
process.stdout.write(out.join('\n') + '\n');
