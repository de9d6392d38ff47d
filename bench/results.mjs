// What a number was measured with, and the file of the machine it was measured on.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/setup.mjs';

const COLUMNS = [
  'date',
  'commit',
  'node',
  'load', // load average of the last minute when the bench began: more than one means that others used the machine
  'scene',
  'ours', // agent-seconds per second, best repeat, warm
  'oursSpread', // the worst repeat took so much longer [%]
  'oursCold', // best first run of a process, agent-seconds per second
  'oursEnd', // when the last person was out [s]; empty: the run was ended before
  'oursFlow', // [1/s], middle 80 %
  'hash', // of our state at the end
  'peer',
  'theirs',
  'theirSpread',
  'theirEnd',
  'theirFlow',
  'theirHash', // of the peer's positions at every simulated second and at the end
  'ratio', // ours / theirs
];

const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';

/** Machine, commit and versions; a commit with a `+` had changes that were not committed in what is built. */
export function describeBench() {
  const processors = cpus();
  const changed = git('status', '--porcelain', '--', 'src', 'bench', 'package-lock.json', ':!bench/results') !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`,
    node: process.versions.node,
    machine: `${processors[0]?.model.trim() ?? process.arch}, ${processors.length} cores`,
    load: loadavg()[0].toFixed(1),
  };
}

/** Appends rows (objects with the names of COLUMNS; missing ones stay empty) to bench/results/<machine>.csv. */
export function appendResults(bench, rows) {
  const folder = join(ROOT, 'bench', 'results');
  const slug = bench.machine
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const file = join(folder, `${slug}.csv`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, `${COLUMNS.join(',')}\n`);
  const cell = (value) =>
    value === undefined || Number.isNaN(value)
      ? ''
      : typeof value === 'number'
        ? String(+value.toPrecision(4))
        : String(value).replaceAll(',', ' ');
  for (const row of rows)
    appendFileSync(file, `${COLUMNS.map((name) => cell({ ...bench, ...row }[name])).join(',')}\n`);
  return `bench/results/${slug}.csv`;
}
