import { unzlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { measureRun } from '../analysis/index.ts';
import { makeLockedExitTrace, TWO_ROOMS_PORTALS } from '../analysis/synthetic-trace.test-support.ts';
import { crc32 } from '../math/index.ts';
import { pickHeatColor } from './color-scale.ts';
import { encodeDataUri, encodeIndexedPng } from './encode-png.ts';
import { formatNumber, formatShare, formatTime, shortenText } from './format-value.ts';
import { quoteCell, renderCurveCsv, renderDoorsCsv } from './render-csv.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderReport } from './render-report.ts';
import { composeTimeline } from './timeline.ts';

const MEASURES = measureRun(makeLockedExitTrace({ persons: 40, dead: 3, unconscious: 2 }));

test('the report is one page without script, link or address outside itself', () => {
  const html = renderReport(MEASURES);
  expect(html).not.toMatch(/<(script|link|iframe|object|embed|form|base)\b/i);
  expect(html).not.toMatch(/\son\w+\s*=/i);
  expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  const addresses = [...html.matchAll(/(?:href|src|url)\s*[=(]\s*["']?([^"')\s>]+)/gi)].map((match) => match[1]!);
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(address).toMatch(/^(data:image\/png;base64,|#)/);
});

test('the same measures give the same bytes, however often', () => {
  expect(renderReport(MEASURES)).toBe(renderReport(JSON.parse(JSON.stringify(MEASURES))));
});

test('every text that a user wrote is escaped, in page, chart, plan and Markdown', () => {
  const bad = `<script>alert('x')</script>"&<img src=x onerror=alert(1)>`;
  const trace = makeLockedExitTrace({ persons: 20, name: bad, description: bad });
  const rename = (text: string | undefined): string | undefined => (text === undefined ? undefined : bad + text);
  const header = {
    ...trace.header,
    engine: bad,
    scenarioHash: bad,
    stateHash: bad,
    portals: TWO_ROOMS_PORTALS.map((portal) => ({
      ...portal,
      ...(portal.exit ? { exit: rename(portal.exit)! } : {}),
      ...(portal.door ? { door: rename(portal.door)! } : {}),
    })),
    sheets: trace.header.sheets.map((sheet) => ({ ...sheet, id: bad })),
    scenario: { name: bad, description: bad, doors: [{ id: `${bad}fire exit`, state: 'chained' }] },
  };
  const events = trace.events.map((event, k) => ({
    ...event,
    ...('exit' in event ? { exit: bad + (event.type === 'person-out' && k % 2 ? 'garden door' : 'fire exit') } : {}),
    ...('door' in event ? { door: bad + event.door } : {}),
    ...(event.type === 'persons-alerted' ? { event: bad } : {}),
  }));
  const measures = measureRun({ ...trace, header, events, damage: [bad] });
  const html = renderReport(measures);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;script&gt;');
  expect(renderMarkdown(measures)).not.toMatch(/(?<!\\)</);
});

test('wherever a casualty is reported the doubt about lethal loads is, and nowhere else', () => {
  expect(renderReport(MEASURES)).toContain('two estimates of 1993');
  expect(renderMarkdown(MEASURES)).toContain('two estimates of 1993');
  const trace = makeLockedExitTrace({ persons: 20, dead: 0, unconscious: 0 });
  const unhurt = measureRun({ ...trace, events: trace.events.filter((event) => !/injured|dead/.test(event.type)) });
  expect(renderReport(unhurt)).not.toContain('two estimates of 1993');
  expect(renderReport(unhurt)).toContain('Nobody was hurt in this run');
});

test('the report says how to repeat the run', () => {
  const html = renderReport(MEASURES);
  for (const text of [
    'crashbar run scenario.json --seed 7',
    'crashbar replay RUN',
    MEASURES.scenarioHash,
    MEASURES.stateHash,
    '&quot;crashbar&quot;: 1',
  ]) {
    expect(html).toContain(text);
  }
});

test('a run with nobody in it, without frames, or cut short still has a report', () => {
  const trace = makeLockedExitTrace({ persons: 20 });
  for (const parts of [
    {
      ...trace,
      header: { ...trace.header, persons: [] },
      events: [],
      trajectory: { ...trace.trajectory, frameCount: 0 },
    },
    { ...trace, header: { ...trace.header, sheets: [], portals: [] } },
    { ...trace, header: { ...trace.header, outcome: 'running' as const, endTime: 0, stateHash: '' } },
  ]) {
    const html = renderReport(measureRun(parts));
    expect(html).toContain('<h1>');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('headings go down one step at a time and every picture has a name', () => {
  const html = renderReport(MEASURES);
  const levels = [...html.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
  expect(levels[0]).toBe(1);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  for (let k = 1; k < levels.length; k += 1) expect(levels[k]! - levels[k - 1]!).toBeLessThanOrEqual(1);
  for (const [svg] of html.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/aria-label=|aria-hidden=/);
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the timeline is in order of time, in sentences', () => {
  const lines = composeTimeline(MEASURES);
  expect(lines.length).toBeGreaterThan(10);
  for (let k = 1; k < lines.length; k += 1) expect(lines[k]!.t).toBeGreaterThanOrEqual(lines[k - 1]!.t);
  for (const line of lines) expect(line.text).toMatch(/\.$/);
  expect(lines.map((line) => line.text)).toContain('Somebody finds fire exit chained for the first time (person 18).');
});

test('a timeline of a thousand doors is cut to 81 lines and says so', () => {
  const story = Array.from({ length: 1000 }, (_, k) => ({
    t: k,
    kind: 'door-changed' as const,
    door: `door ${k}`,
    change: 'opened' as const,
    by: 'schedule' as const,
    person: null,
  }));
  const lines = composeTimeline({ ...MEASURES, story });
  expect(lines).toHaveLength(81);
  expect(lines[80]!.text).toBe('920 more events are in events.ndjson.');
});

test('a PNG holds its pixels: signature, sizes, check sums and rows', () => {
  const indices = Uint8Array.of(0, 1, 2, 2, 1, 0);
  const png = encodeIndexedPng(3, 2, indices, [
    [0, 0, 0, 0],
    [255, 0, 0, 255],
    [0, 0, 255, 128],
  ]);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer);
  const chunks: Record<string, Uint8Array> = {};
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks[type] = png.subarray(at + 8, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    at += length + 12;
  }
  expect(Object.keys(chunks)).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
  expect([...chunks.IHDR!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
  expect([...unzlibSync(chunks.IDAT!)]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]);
  expect(encodeDataUri(Uint8Array.of(1, 2, 3), 'image/png')).toBe('data:image/png;base64,AQID');
});

test('the heat scale darkens all the way, also without L or M cones', () => {
  // Luminance seen by everyone, by protanopes and by deuteranopes (linear RGB weights, Viénot 1999).
  for (const weights of [
    [0.2126, 0.7152, 0.0722],
    [0.1124, 0.8876, 0.004],
    [0.2928, 0.7072, -0.0223],
  ]) {
    let before = Number.POSITIVE_INFINITY;
    for (let k = 0; k <= 100; k += 1) {
      const linear = pickHeatColor(k / 100).map((part) => (part / 255) ** 2.2);
      const light = linear.reduce((sum, part, c) => sum + part * weights[c]!, 0);
      expect(light).toBeLessThan(before);
      before = light;
    }
  }
});

test('times, numbers and shares are written as a reader expects', () => {
  expect([0, 7.66, 99.94, 99.96, 141.4, 599.6, 751, 3600, 3725].map(formatTime)).toEqual([
    '0 s',
    '7.7 s',
    '99.9 s',
    '100 s',
    '141 s',
    '10 min',
    '12 min 31 s',
    '1 h',
    '1 h 2 min',
  ]);
  expect([0, 0.0234, 1.386, 12.34, 1869.6, 12345.6].map((value) => formatNumber(value, 3))).toEqual([
    '0',
    '0.0234',
    '1.39',
    '12.3',
    '1\u202f870',
    '12\u202f346',
  ]);
  expect([0, 0.004, 0.5, 0.996, 1].map(formatShare)).toEqual(['0 %', '< 1 %', '50 %', '> 99 %', '100 %']);
  expect(shortenText('abcdef', 4)).toBe('abc…');
});

test('CSV files have a line a person and a line a portal, and no cell that a spreadsheet would run', () => {
  const curve = renderCurveCsv(MEASURES).trimEnd().split('\r\n');
  expect(curve).toHaveLength(1 + MEASURES.persons.out);
  expect(curve[0]).toBe('time_s,out,person,exit');
  expect(curve[1]!.split(',')[3]).toBe('garden door');
  const doors = renderDoorsCsv(MEASURES).trimEnd().split('\r\n');
  expect(doors).toHaveLength(1 + MEASURES.portals.length);
  const columns = doors[0]!.split(',').length;
  for (const line of doors) expect(line.split(',')).toHaveLength(columns);
  expect(['=1+1', 'a"b', 'a,b', 'plain'].map(quoteCell)).toEqual(["'=1+1", '"a""b"', '"a,b"', 'plain']);
});
