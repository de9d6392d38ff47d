// `node scripts/make-pictures.mjs CHROMIUM`: runs the gallery's incident (seed 1) and takes the README's pictures of its report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { giveUp, ROOT, setup } from './setup.mjs';

const [executablePath] = process.argv.slice(2);
if (executablePath === undefined) giveUp('say where Chromium is: node scripts/make-pictures.mjs /usr/bin/chromium');
await setup();
const folder = mkdtempSync(join(tmpdir(), 'crashbar-pictures-'));
const run = join(folder, 'run');
const args = [
  join(ROOT, 'bin', 'crashbar.mjs'),
  'run',
  'scenarios/factory-breakout/incident.json',
  '--seed',
  '1',
  '-o',
  run,
];
const done = spawnSync(process.execPath, [...args, '--quiet'], { cwd: ROOT, stdio: 'inherit' });
if (done.status !== 0) giveUp('the run failed, see above.');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1060, height: 680 }, deviceScaleFactor: 1.4 });
  await page.goto(pathToFileURL(join(run, 'report.html')).href);
  const images = join(ROOT, 'docs', 'images');
  await page.screenshot({ path: join(images, 'factory-report.png') });
  const plan = page.locator('svg[aria-label^="Plan of lower level: highest chest load"]');
  await plan.screenshot({ path: join(images, 'factory-plan.png') });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
