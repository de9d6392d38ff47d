/**
 * Measures a run with Crashbar's own analysis and writes what check-with-pedpy.py compares.
 * usage: node scripts/measure-for-pedpy.mjs RUN_FOLDER PLACES.json MEASURES.json   (after `npm run build`)
 * PLACES.json: { sheet, line: [[x, y], [x, y]], area: [[x, y], …], frameStep } [m]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const load = (folder) => import(new URL(`../dist/${folder}/index.js`, import.meta.url).href);
const { readTrace, trajectoryOfSheet } = await load('trace');
const { computeSpeeds, findCrossings, keepFirstCrossings, measureFlow } = await load('analysis');
const { polygonContains } = await load('math');

const [runFolder, placesFile, measuresFile] = process.argv.slice(2);
const bytesOf = (name) => new Uint8Array(readFileSync(join(runFolder, name)));
const { trace, issues } = readTrace({
  run: bytesOf('run.json'),
  frames: bytesOf('frames.bin'),
  events: bytesOf('events.ndjson'),
});
if (trace === undefined || issues.length > 0) {
  process.stderr.write(`${issues.map((issue) => issue.message).join('\n')}\n`);
  process.exit(2);
}
const places = JSON.parse(readFileSync(placesFile, 'utf8'));
const trajectory = trajectoryOfSheet(trace.trajectory, places.sheet);

const times = keepFirstCrossings(findCrossings(trajectory, places.line)).map((crossing) => crossing.time);
const [[ax, ay], [bx, by]] = places.line;
const flow = measureFlow(times, Math.hypot(bx - ax, by - ay));
const drop = Math.ceil(times.length / 10);

const speeds = computeSpeeds(trajectory, places.frameStep);
let sum = 0;
let count = 0;
for (let row = 0; row < speeds.length; row += 1) {
  if (Number.isNaN(speeds[row]) || !polygonContains([places.area], trajectory.x[row], trajectory.y[row])) continue;
  sum += speeds[row];
  count += 1;
}

const measures = {
  rows: trajectory.person.length,
  persons: new Set(trajectory.person).size,
  frameRate: trajectory.frameRate,
  crossed: times.length,
  line: places.line,
  flow: { value: flow.flowMiddle, firstRank: 1 + drop, lastRank: times.length - drop },
  area: places.area,
  frameStep: places.frameStep,
  border: 'single-sided',
  meanSpeed: sum / count,
};
writeFileSync(measuresFile, `${JSON.stringify(measures, undefined, 1)}\n`);
