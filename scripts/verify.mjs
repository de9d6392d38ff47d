// `npm run verify [case or test of a guideline …] [--seeds N] [--jobs N] [--slow]`: runs the cases of verification/ and compares every verdict with the one
// written down. A change of any verdict, a known failure that passes included, ends it with exit code 1.
// A run of all cases with their own seeds writes RESULTS.md and results.html. Slow cases run with --slow only; what they
// found is kept in slow-results.json, and their rows are made from it where they do not run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { giveUp, ROOT, say, setup } from './setup.mjs';

const USAGE = 'usage: npm run verify -- [case …] [--seeds N] [--jobs N] [--slow]';

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: 'string' },
        jobs: { type: 'string' },
        folder: { type: 'string' },
        slow: { type: 'boolean' },
      },
    });
    const count = (name) => {
      if (values[name] === undefined) return undefined;
      const number = Number(values[name]);
      if (!Number.isInteger(number) || number < 1) giveUp(`--${name} must be a whole number from 1. ${USAGE}`);
      return number;
    };
    return {
      words: positionals,
      seeds: count('seeds'),
      slow: values.slow ?? false,
      jobs: count('jobs') ?? Math.min(4, availableParallelism()),
      folder: resolve(values.folder ?? join(ROOT, 'verification')),
    };
  } catch (error) {
    return giveUp(`${error.message} ${USAGE}`);
  }
}

const { words, seeds, slow, jobs: workerCount, folder } = readArguments();
await setup();
const { loadCases } = await import('../verification/lib/cases.mjs');
const { findCases, loadGuidelines } = await import('../verification/lib/guidelines.mjs');
const { judgeMeasure, planJobs, reduceMeasure } = await import('../verification/lib/jobs.mjs');
const { countVerdicts, renderResults, renderTable } = await import('../verification/lib/render.mjs');
const { renderPage } = await import('../verification/lib/render-page.mjs');

const all = await loadCases(folder).catch((error) => giveUp(error.message));
const guidelines = loadGuidelines(folder);
const names = all.map(({ name }) => name);
const unknown = words.filter((word) => findCases(word, names, guidelines) === undefined);
if (unknown.length > 0) giveUp(`no case ${unknown.join(', ')}; there are: ${names.join(', ')}`);
const wanted = [...new Set(words.flatMap((word) => findCases(word, names, guidelines)))];
const notRun = { values: [], mean: Number.NaN, min: Number.NaN, max: Number.NaN, verdict: 'not run', changed: false };
const isSlow = ({ expect }) => expect.slow === true;
const cases = all.filter((one) => (wanted.length === 0 || wanted.includes(one.name)) && (slow || !isSlow(one)));
const leftOut = wanted.filter((name) => !cases.some((one) => one.name === name));
if (leftOut.length > 0) giveUp(`${leftOut.join(', ')}: slow, runs with --slow only. ${USAGE}`);
const jobs = planJobs(cases, seeds);
const observations = await runJobs(jobs);

const { ENGINE_VERSION } = await import('../dist/index.js');
const slowFile = join(folder, 'slow-results.json');
const kept = existsSync(slowFile) ? JSON.parse(readFileSync(slowFile, 'utf8')) : {};
const ran = cases.map((one) => ({
  ...one,
  measures: one.expect.measures.map((measure, index) => {
    const observed = observations.get(one.name).get(index);
    const values = reduceMeasure(one, measure, observed);
    return { measure, observed, outcome: { values, ...judgeMeasure(measure, values) } };
  }),
}));
if (seeds === undefined && ran.some(isSlow)) {
  for (const { name, measures } of ran.filter(isSlow)) {
    const values = Object.fromEntries(measures.map(({ measure, outcome }) => [measure.name, outcome.values]));
    kept[name] = { engine: ENGINE_VERSION, values };
  }
  writeFileSync(slowFile, `${JSON.stringify(kept, null, 2)}\n`);
}
const results = wanted.length > 0 ? ran : all.map((one) => ran.find(({ name }) => name === one.name) ?? recall(one));
const notYetFile = join(folder, 'not-yet.json');
const notYet = existsSync(notYetFile) ? JSON.parse(readFileSync(notYetFile, 'utf8')) : [];
process.stdout.write(`${renderTable(results).join('\n')}\n`);
const counts = countVerdicts(results);
say(`${counts.pass} pass, ${counts['known failure']} known failures, ${counts.changed} changed.`);
if (wanted.length === 0 && seeds === undefined) {
  writeFileSync(join(folder, 'RESULTS.md'), renderResults(results, notYet, ENGINE_VERSION, guidelines));
  writeFileSync(join(folder, 'results.html'), renderPage(results));
} else say('RESULTS.md and results.html are written by a run of all cases with their own seeds only.');
if (counts.changed > 0) process.exitCode = 1;

/** What a slow case found when it last ran; a measure that has not been run has no value. */
function recall(one) {
  const values = kept[one.name]?.values ?? {};
  const measures = one.expect.measures.map((measure) => {
    const found = (values[measure.name] ?? []).map((value) => value ?? Number.NaN);
    if (values[measure.name] === undefined) return { measure, observed: new Map(), outcome: notRun };
    return { measure, observed: new Map(), outcome: { values: found, ...judgeMeasure(measure, found) } };
  });
  return { ...one, measures, engine: kept[one.name]?.engine };
}

/** Runs jobs on worker threads; what each measure observed, by case, index, seed and scene. */
async function runJobs(list) {
  const found = new Map(cases.map(({ name }) => [name, new Map()]));
  const library = pathToFileURL(join(ROOT, 'dist', 'index.js')).href;
  let next = 0;
  let done = 0;
  const started = performance.now();
  const workOff = () =>
    new Promise((fulfil, reject) => {
      const worker = new Worker(new URL('../verification/lib/worker.mjs', import.meta.url), {
        workerData: { library },
      });
      let job;
      let since;
      const take = () => {
        if (next === list.length) return worker.terminate().then(fulfil);
        job = { id: next, ...list[next++] };
        since = performance.now();
        return worker.postMessage(job);
      };
      worker.on('error', reject);
      worker.on('message', ({ values, error }) => {
        const { name, scene, seed, measures } = job;
        measures.forEach(({ index }, k) => {
          const byIndex = found.get(name);
          if (!byIndex.has(index)) byIndex.set(index, new Map());
          const bySeed = byIndex.get(index);
          if (!bySeed.has(seed)) bySeed.set(seed, new Map());
          bySeed.get(seed).set(scene, values[k]);
        });
        done++;
        const seconds = ((performance.now() - since) / 1000).toFixed(1);
        const place = `${done}/${list.length} ${name}${scene === null ? '' : `, ${scene}`}, seed ${seed}`;
        say(error === undefined ? `${place}: ${seconds} s` : `${place} could not be run: ${error}`);
        return take();
      });
      take();
    });
  const workers = Array.from({ length: Math.min(workerCount, list.length) }, workOff);
  await Promise.all(workers).catch((error) => giveUp(error.message));
  say(`${list.length} runs in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return found;
}
