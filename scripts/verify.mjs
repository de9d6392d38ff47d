// `npm run verify [case …] [--seeds N] [--jobs N]`: runs the cases of verification/ and compares every verdict with the one
// written down. A change of any verdict, a known failure that passes included, ends it with exit code 1.
// A run of all cases with their own seeds writes RESULTS.md and results.html.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { giveUp, ROOT, say, setup } from './setup.mjs';

const USAGE = 'usage: npm run verify -- [case …] [--seeds N] [--jobs N]';

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seeds: { type: 'string' }, jobs: { type: 'string' }, folder: { type: 'string' } },
    });
    const count = (name) => {
      if (values[name] === undefined) return undefined;
      const number = Number(values[name]);
      if (!Number.isInteger(number) || number < 1) giveUp(`--${name} must be a whole number from 1. ${USAGE}`);
      return number;
    };
    return {
      wanted: positionals,
      seeds: count('seeds'),
      jobs: count('jobs') ?? Math.min(4, availableParallelism()),
      folder: resolve(values.folder ?? join(ROOT, 'verification')),
    };
  } catch (error) {
    return giveUp(`${error.message} ${USAGE}`);
  }
}

const { wanted, seeds, jobs: workerCount, folder } = readArguments();
await setup();
const { loadCases } = await import('../verification/lib/cases.mjs');
const { judgeMeasure, planJobs, reduceMeasure } = await import('../verification/lib/jobs.mjs');
const { countVerdicts, renderResults, renderTable } = await import('../verification/lib/render.mjs');
const { renderPage } = await import('../verification/lib/render-page.mjs');

const all = await loadCases(folder).catch((error) => giveUp(error.message));
const unknown = wanted.filter((name) => !all.some((one) => one.name === name));
if (unknown.length > 0) giveUp(`no case ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(', ')}`);
const cases = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
const jobs = planJobs(cases, seeds);
const observations = await runJobs(jobs);

const results = cases.map((one) => ({
  ...one,
  measures: one.expect.measures.map((measure, index) => {
    const observed = observations.get(one.name).get(index);
    const values = reduceMeasure(one, measure, observed);
    return { measure, observed, outcome: { values, ...judgeMeasure(measure, values) } };
  }),
}));
const notYetFile = join(folder, 'not-yet.json');
const notYet = existsSync(notYetFile) ? JSON.parse(readFileSync(notYetFile, 'utf8')) : [];
process.stdout.write(`${renderTable(results).join('\n')}\n`);
const counts = countVerdicts(results);
say(`${counts.pass} pass, ${counts['known failure']} known failures, ${counts.changed} changed.`);
if (wanted.length === 0 && seeds === undefined) {
  const { ENGINE_VERSION } = await import('../dist/index.js');
  writeFileSync(join(folder, 'RESULTS.md'), renderResults(results, notYet, ENGINE_VERSION));
  writeFileSync(join(folder, 'results.html'), renderPage(results));
} else say('RESULTS.md and results.html are written by a run of all cases with their own seeds only.');
if (counts.changed > 0) process.exitCode = 1;

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
