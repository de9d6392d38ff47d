// `node scripts/look-at-report.mjs CHROMIUM PICTURE [REPORT]`: opens a report in a browser that has no network, fails on
// any error, any request beyond the file itself and any drawing without size, and takes a picture of the first screen.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [executablePath, picture, given] = process.argv.slice(2);
const report = given ?? findReport();
const url = pathToFileURL(resolve(report)).href;
const faults = [];

/** The report of the gallery's factory, which `npm start` writes. */
function findReport() {
  const folder = readdirSync('runs').find((name) => existsSync(join('runs', name, 'report.html')));
  if (folder === undefined) throw new Error('no run with a report in runs/; npm start makes one');
  return join('runs', folder, 'report.html');
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
  await page.context().setOffline(true);
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  const seen = await page.evaluate(() => ({
    // biome-ignore lint/performance/useDomNodeTextContent: the words that are seen, scripts and styles left out
    words: document.body.innerText.trim().split(/\s+/).length,
    // A chart has a second drawing for narrow screens, which is not displayed here.
    drawings: [...document.querySelectorAll('svg')]
      .filter((svg) => svg.checkVisibility())
      .map((svg) => svg.getBoundingClientRect())
      .map((box) => box.width * box.height),
    wider: document.documentElement.scrollWidth > window.innerWidth,
  }));
  if (seen.words < 50) faults.push(`only ${seen.words} words of text`);
  if (seen.drawings.length < 3) faults.push(`only ${seen.drawings.length} drawings`);
  if (seen.drawings.some((size) => size === 0)) faults.push('a drawing without size');
  if (seen.wider) faults.push('the page is wider than the screen');
  await page.screenshot({ path: picture });
  process.stdout.write(`${report}: ${seen.words} words, ${seen.drawings.length} drawings; picture ${picture}\n`);
} finally {
  await browser.close();
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
