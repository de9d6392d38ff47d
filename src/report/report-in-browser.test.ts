import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { measureRun } from '../analysis/index.ts';
import { makeLockedExitTrace } from '../analysis/synthetic-trace.test-support.ts';
import { headline } from './headline.ts';
import { renderReport } from './render-report.ts';

const BROWSER = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

test.skipIf(BROWSER === undefined)(
  'a browser opens the report from a file without a complaint or a request, and it fits a narrow screen',
  async () => {
    const measures = measureRun(makeLockedExitTrace({ persons: 40, name: '<script>alert(1)</script>' }));
    const folder = mkdtempSync(join(tmpdir(), 'crashbar-report-'));
    const browser = await chromium.launch({
      executablePath: BROWSER!,
      args: ['--no-sandbox', '--disable-gpu', '--headless=new', '--disable-background-networking'],
    });
    try {
      const file = join(folder, 'report.html');
      writeFileSync(file, renderReport(measures));
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith('data:')) requests.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      await page.waitForLoadState('load');
      expect(complaints).toEqual([]);
      expect(requests).toEqual([pathToFileURL(file).href]);
      const title = page.locator('h1');
      expect(await title.isVisible()).toBe(true);
      expect(((await title.textContent()) ?? '').replace(/\u00a0/g, ' ')).toBe(
        `${headline(measures).replace(/\*/g, '')}.`,
      );
      // The heat maps are images that decode and are as large as their plan.
      const heat = page.locator('svg.plan image');
      expect(await heat.count()).toBe(2);
      for (const box of await Promise.all([0, 1].map((k) => heat.nth(k).boundingBox()))) {
        expect(box!.width).toBeGreaterThan(300);
      }
      for (const width of [1100, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate('document.documentElement.scrollWidth');
        expect(overflow).toBeLessThanOrEqual(width);
        const overlaps = await page.evaluate(FIND_OVERLAPS);
        expect(overlaps).toEqual([]);
      }
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** Pairs of visible labels of one drawing whose boxes overlap by more than 2 px both ways. */
const FIND_OVERLAPS = `(() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg')) {
    const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
    for (let a = 0; a < texts.length; a += 1) {
      for (let b = a + 1; b < texts.length; b += 1) {
        const [one, two] = [texts[a][1], texts[b][1]];
        if (one.width === 0 || two.width === 0) continue;
        const x = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const y = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        if (x > 2 && y > 4) found.push(texts[a][0] + ' / ' + texts[b][0]);
      }
    }
  }
  return found;
})()`;
