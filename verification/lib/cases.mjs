/** Reads the folders of cases: `expect.json`, and `scenario.json` or `make.mjs`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KINDS } from './kinds.mjs';

/** The case's `make.mjs`: `makeScenes()`, and `intervene(scene, world)` where it does what a scenario cannot say. */
export async function loadMaker(folder) {
  const maker = join(folder, 'make.mjs');
  return existsSync(maker) ? await import(pathToFileURL(maker).href) : undefined;
}

/** Scenes of a case by name; a case without any is computed without a run. */
export async function loadScenes(folder) {
  const maker = await loadMaker(folder);
  if (maker !== undefined) return maker.makeScenes();
  const file = join(folder, 'scenario.json');
  return existsSync(file) ? { scenario: JSON.parse(readFileSync(file, 'utf8')) } : {};
}

const MEASURE_FIELDS = ['name', 'kind', 'scenes', 'options', 'band', 'judge', 'unit', 'seeds', 'status', 'reason'];

/** Everything wrong with an `expect.json`, in words. */
export function findFaults(expect, sceneNames) {
  const faults = [];
  for (const field of ['title', 'source']) if (typeof expect[field] !== 'string') faults.push(`${field} is missing`);
  if (expect.slow !== undefined && expect.slow !== true) faults.push('slow is true or left out');
  if (!Array.isArray(expect.measures) || expect.measures.length === 0) return [...faults, 'measures are missing'];
  const names = new Set();
  for (const measure of expect.measures) {
    const at = `measure "${measure.name}"`;
    for (const field of Object.keys(measure)) {
      if (!MEASURE_FIELDS.includes(field)) faults.push(`${at}: unknown field ${field}`);
    }
    if (typeof measure.name !== 'string' || names.has(measure.name)) faults.push(`${at}: names must be unique`);
    names.add(measure.name);
    if (KINDS[measure.kind] === undefined) faults.push(`${at}: unknown kind ${measure.kind}`);
    if (typeof measure.unit !== 'string') faults.push(`${at}: unit is missing ("" for none)`);
    const { band, status } = measure;
    const bounds = Array.isArray(band) && band.length === 2 && band.every((b) => b === null || Number.isFinite(b));
    if (!bounds || (band[0] === null && band[1] === null))
      faults.push(`${at}: band must be [low, high], one may be null`);
    if (status !== 'pass' && status !== 'known-failure') faults.push(`${at}: status must be pass or known-failure`);
    if (status === 'known-failure' && !measure.reason) faults.push(`${at}: a known failure needs its reason`);
    for (const scene of measure.scenes ?? []) if (!sceneNames.includes(scene)) faults.push(`${at}: no scene ${scene}`);
  }
  return faults;
}

/** All cases under `root`, in order of `order.json` (names), the rest behind them by name. */
export async function loadCases(root) {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'expect.json')))
    .map((entry) => entry.name)
    .sort();
  const orderFile = join(root, 'order.json');
  const order = existsSync(orderFile) ? JSON.parse(readFileSync(orderFile, 'utf8')) : [];
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  folders.sort((a, b) => rank(a) - rank(b));
  const cases = [];
  for (const name of folders) {
    const folder = join(root, name);
    const expect = JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8'));
    const sceneNames = Object.keys(await loadScenes(folder));
    const faults = findFaults(expect, sceneNames);
    if (faults.length > 0) throw new Error(`${name}/expect.json: ${faults.join('; ')}`);
    cases.push({ name, folder, expect, sceneNames });
  }
  return cases;
}

/** Scenes that a measure looks at, in order. */
export const scenesOf = ({ sceneNames }, measure) => measure.scenes ?? sceneNames;
