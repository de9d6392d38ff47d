// `node scripts/make-long-run.mjs FOLDER ROWS`: a made-up run of so many rows (10 000 persons who walk about), to measure
// what exports cost. Needs `npm run build`.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, rows] = process.argv.slice(2);
const { createTraceWriter, encodeRunHeader } = await import(new URL('../dist/trace/index.js', import.meta.url).href);
const persons = 10_000;
const frames = Math.ceil(Number(rows) / persons);
const ring = [
  [0, 0],
  [200, 0],
  [200, 200],
  [0, 200],
];
const header = {
  format: 'crashbar-run',
  version: 2,
  engine: '0.0.0',
  name: 'made up',
  scenarioHash: '0123456789abcdef',
  scenario: {},
  seed: 1,
  frameRate: 10,
  quantum: 0.001,
  sheets: [{ id: 'ground', kind: 'level', plane: [0, 0, 0], polygons: [[ring]] }],
  portals: [],
  persons: Array.from({ length: persons }, () => ({
    population: 'all',
    profile: 'adult',
    radius: 0.2,
    mass: 70,
    freeSpeed: 1.3,
  })),
  outcome: 'time-over',
  endTime: (frames - 1) / 10,
  stateHash: '0000000000000000',
};
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'run.json'), encodeRunHeader(header));
writeFileSync(join(folder, 'events.ndjson'), '');
const writer = createTraceWriter({ append: (file, bytes) => appendFileSync(join(folder, file), bytes) }, header);
const x = new Float64Array(persons);
const y = new Float64Array(persons);
const frame = {
  x,
  y,
  sheet: new Uint16Array(persons),
  chestLoad: new Float32Array(persons),
  state: new Uint8Array(persons).fill(1),
};
for (let number = 0; number < frames; number++) {
  for (let p = 0; p < persons; p++) {
    x[p] = 100 + 90 * Math.sin(p + number / (50 + (p % 97)));
    y[p] = 100 + 90 * Math.cos(3 * p + number / (40 + (p % 89)));
    frame.chestLoad[p] = (p * 7 + number) % 300;
  }
  writer.frame({ number, ...frame });
}
writer.flush();
