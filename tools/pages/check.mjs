// Opens the read pages in Chromium and says what is wrong with them.
//
// Usage: node check.mjs PICTURES URL…      (URL: the desk's address, or file:// of a site or a page)
// Needs: npm install (in this folder), and a chromium on the PATH or in CHROMIUM.
//
// First pass, scripts off: a picture of each kind of page in each language and at two widths;
// every request but the page itself is a fault, so are a page wider than its window, and
// words that do not fit their box. Second pass: axe-core on the same pages.
// Pages are found by following links from the given ones; pictures are taken of the first three of
// each kind and language.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const [pictures, ...starts] = process.argv.slice(2);
if (!pictures || starts.length === 0) {
  console.error('usage: node check.mjs PICTURES URL…');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const MOST = 3;
const faults = [];
const seen = new Map();

const kindOf = (url) => {
  const at = new URL(url);
  const path = at.pathname.replace(/^\/~[^/]+/, '');
  const found = /\/(report|story|verify|search|record)(\/|$)/.exec(path);
  return found ? found[1] : 'start';
};

async function look(width, scripts) {
  const context = await browser.newContext({
    javaScriptEnabled: scripts,
    bypassCSP: scripts,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  return { context, page };
}

const queue = [...starts];
const done = new Set();
const plain = await look(1280, false);
const narrow = await look(360, false);
const judged = await look(1280, true);
while (queue.length > 0) {
  const url = queue.shift();
  if (done.has(url)) continue;
  done.add(url);
  const kind = kindOf(url);
  if (kind === 'record') continue;
  for (const [name, { page }] of [['wide', plain], ['narrow', narrow]]) {
    const asked = [];
    const listen = (request) => asked.push(request.url());
    page.on('request', listen);
    const answer = await page.goto(url, { waitUntil: 'load' });
    page.off('request', listen);
    for (const other of asked.filter((other) => other.split('#')[0] !== url.split('#')[0] && !other.startsWith('data:') && !other.endsWith('/favicon.ico'))) {
      faults.push(`${url}: asks for ${other}`);
    }
    if (answer && !starts.includes(url) && (answer.status() === 404 || answer.status() >= 500)) faults.push(`${url}: status ${answer.status()}`);
    const state = await page.evaluate(() => {
      const root = document.documentElement;
      const wide = [...document.querySelectorAll('body *')].filter((element) => {
        const box = element.getBoundingClientRect();
        const clipped = element.closest('.scroll, svg, pre, .away, .skip');
        return box.width > 0 && !clipped && (box.right > root.clientWidth + 1 || box.left < -1);
      });
      return {
        lang: root.lang,
        overflow: root.scrollWidth - root.clientWidth,
        wide: wide.slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`),
        links: [...document.querySelectorAll('a[href]')].map((link) => link.href.split('#')[0]),
        scripts: document.scripts.length,
      };
    });
    if (state.overflow > 0) faults.push(`${url} (${name}): ${state.overflow} px wider than the window: ${state.wide}`);
    if (state.scripts > 0) faults.push(`${url}: holds a script`);
    if (name === 'wide') {
      const key = `${kind}-${state.lang}`;
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      queue.push(...state.links.filter((link) => link !== url && /^(http:\/\/127\.0\.0\.1|file:)/.test(link)));
    }
    if ((seen.get(`${kind}-${state.lang}`) ?? 0) <= MOST) {
      const file = join(pictures, `${kind}-${state.lang}-${seen.get(`${kind}-${state.lang}`)}-${name}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
  }
  await judged.page.goto(url, { waitUntil: 'load' });
  await judged.page.evaluate(axe);
  const result = await judged.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const violation of result.violations) {
    const nodes = violation.nodes.slice(0, 2).map((node) => node.target.join(' ')).join('; ');
    faults.push(`${url}: axe ${violation.id} (${violation.nodes.length}): ${nodes}`);
  }
}
await browser.close();
const total = [...seen.values()].reduce((sum, count) => sum + count, 0);
console.log(`${total} pages looked at: ${[...seen].map(([key, count]) => `${key} ${count}`).join(', ')}`);
for (const fault of faults) console.log(fault);
console.log(`${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
