// `node scripts/measure-gallery.mjs`: measures the factory of the gallery over ten seeds, chained and not, and writes what it found
// into scenarios/README.md, between the two marks there. About a minute.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveUp, ROOT, setup } from './setup.mjs';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const STUDY_SEEDS = 2;

await setup();
const scratch = mkdtempSync(join(tmpdir(), 'crashbar-gallery-'));

/** Runs a file of the factory's folder and returns the command's document and the folder of the run. */
function run(file, ...options) {
  const folder = join(scratch, `${file}-${options.join('-')}`.replace(/[^\w.-]+/g, ''));
  const scene = join('scenarios', 'factory-breakout', file);
  const args = [join(ROOT, 'bin', 'crashbar.mjs'), 'run', scene, '-o', folder, '--quiet', '--no-report', '--json'];
  const done = spawnSync(process.execPath, [...args, ...options], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) giveUp(`${scene}: ${done.stderr.trim()}`);
  return { document: JSON.parse(done.stdout), folder };
}

function measure(file, seed) {
  const { document, folder } = run(file, '--seed', String(seed));
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line));
  const fell = events.filter(({ type }) => type === 'person-fell');
  const out = events.filter(({ type }) => type === 'person-out').map(({ t }) => t);
  const { injured, unconscious, dead } = document;
  return {
    persons: document.persons,
    out: document.out,
    'last out [s]': Math.max(...out),
    injured,
    unconscious,
    dead,
    falls: fell.length,
    'deepest pile': fell.reduce((most, { onto }) => Math.max(most, onto + 1), 0),
  };
}

const show = (value) => String(Math.round(value * 10) / 10);
const range = (values, digits = 0) => `${Math.min(...values).toFixed(digits)} … ${Math.max(...values).toFixed(digits)}`;

try {
  const chained = SEEDS.map((seed) => measure('scenario.json', seed));
  const closed = SEEDS.map((seed) => measure('unchained.json', seed));
  const study = run('scenario.json', '--sensitivity', '--seeds', String(STUDY_SEEDS)).document.sensitivity;
  const crushed = (one) => one.unconscious + one.dead;
  const softly = study.runs.filter(({ parameter, end }) => parameter === 'push' && end === 'low');
  const commit = execFileSync('git', ['log', '-1', '--format=%h', '--', 'src/engine', 'src/world'], { cwd: ROOT });
  const rows = ['out', 'last out [s]', 'injured', 'unconscious', 'dead', 'falls', 'deepest pile'].map((name) => {
    const values = chained.map((one) => one[name]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return `| ${[name, ...values.map((value) => value.toFixed(0)), `${show(mean)} (${range(values)})`].join(' | ')} |`;
  });
  const hurt = chained.filter((one) => crushed(one) > 0).length;
  const harmed = closed.filter((one) => crushed(one) + one.injured > 0).length;
  const left = closed.filter((one) => one.out < one.persons).length;
  const text = `Engine of commit ${String(commit).trim()}, \`crashbar run scenarios/factory-breakout --seed N\`, 46 captives:

| seed | ${SEEDS.join(' | ')} | mean (range) |
|---${'|---'.repeat(SEEDS.length + 1)}|
${rows.join('\n')}

Somebody is crushed at the chained door in ${hurt} of ${SEEDS.length} runs. With the same door merely closed (\`unchained.json\`) somebody is hurt in ${harmed} of ${SEEDS.length} and somebody
stays behind in ${left}; the last is out after ${range(closed.map((one) => one['last out [s]']))} s.

*How many* is an order of magnitude. Over the uncertain parameters of the model (\`--sensitivity --seeds ${STUDY_SEEDS}\`, ${study.runs.length} runs) ${range(study.runs.map(crushed))} are
unconscious or dead; with people who push less (60 N hurried, 150 N desperate, instead of 100 and 300 N) ${range(softly.map(crushed))}.`;
  const page = join(ROOT, 'scenarios', 'README.md');
  const [before, rest] = readFileSync(page, 'utf8').split('<!-- measured -->\n');
  const after = rest?.split('<!-- /measured -->')[1];
  if (after === undefined) giveUp('scenarios/README.md has lost the marks <!-- measured --> and <!-- /measured -->.');
  writeFileSync(page, `${before}<!-- measured -->\n${text}\n<!-- /measured -->${after}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
