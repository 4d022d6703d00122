// Reads the texts of a folder of times with chrono-node, and writes what it read for
// `selon-eval times --readings`. Usage: node times_peers.mjs CHRONO FOLDER OUT
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [packages, folder, out] = process.argv.slice(2);
const chrono = createRequire(resolve(packages, "package.json"))("chrono-node");
const pad = (number) => String(number).padStart(2, "0");
const value = (part) => {
  if (!part.isCertain("day") && !part.isCertain("weekday") && part.isCertain("month")) {
    return `${part.get("year")}-${pad(part.get("month"))}`;
  }
  const day = `${part.get("year")}-${pad(part.get("month"))}-${pad(part.get("day"))}`;
  return part.isCertain("hour") ? `${day}T${pad(part.get("hour"))}:${pad(part.get("minute") ?? 0)}` : day;
};
const lines = [];
for (const name of readdirSync(folder).filter((name) => name.endsWith(".jsonl")).sort()) {
  for (const line of readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean)) {
    const row = JSON.parse(line);
    if (!row.timexes) continue;
    const reader = chrono[row.lang] ?? chrono.en;
    const anchor = row.dct ? new Date(`${row.dct.slice(0, 10)}T12:00:00`) : undefined;
    // Offsets there are UTF-16; here code points.
    const points = (at) => [...row.text.slice(0, at)].length;
    const times = reader.parse(row.text, anchor).map((found) => ({
      start: points(found.index),
      end: points(found.index + found.text.length),
      value: value(found.start),
    }));
    lines.push(JSON.stringify({ id: row.id, times }));
  }
}
writeFileSync(out, lines.join("\n") + "\n");
