// What the build server runs (.ci/run): set-up, tests, lint, types, build, then the whole program end to end.
// Prints "N passed, N failed" as its last line and exits with 1 if anything failed. Every test of a test runner counts
// as one, and so does every other check. A check that cannot run here (no network for a browser, say) says so and is
// counted as failed on the build server (CI=true); elsewhere it is only named.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const BUILD = join(ROOT, '.build');
const onServer = process.env.CI === 'true';
const totals = { passed: 0, failed: 0 };
const failures = [];

function run(command, args) {
  process.stdout.write(`\n$ ${[command, ...args].join(' ')}\n`);
  const started = performance.now();
  const done = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: process.env,
  });
  process.stdout.write(`(${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  return { ok: done.status === 0 };
}

function count(name, ok, why = '') {
  totals[ok ? 'passed' : 'failed']++;
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${name}${why === '' ? '' : ` (${why})`}\n`);
  if (!ok) failures.push(name);
}

function check(name, command, args) {
  const { ok } = run(command, args);
  count(name, ok);
  return ok;
}

/** A check whose tool is missing: a failure on the build server, a remark elsewhere. */
function cannotRun(name, why) {
  if (onServer) count(name, false, why);
  else process.stdout.write(`not run: ${name} (${why})\n`);
}

/** Runs vitest and counts its tests from its JSON report. */
function countTests(name, command, args, extra = []) {
  mkdirSync(BUILD, { recursive: true });
  const report = join(BUILD, `${name}.json`);
  rmSync(report, { force: true });
  const { ok } = run(command, [
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...extra,
  ]);
  if (!existsSync(report)) {
    count(`${name}: the test runner`, false, 'it wrote no report');
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // Known failures are written as tests that pass while the fault is there: they are neither passed nor failed.
  const tests = result.testResults.flatMap((file) => file.assertionResults);
  const known = tests.filter((test) => test.title.startsWith('known failure:') && test.status === 'passed');
  totals.passed += result.numPassedTests - known.length;
  totals.failed += result.numFailedTests;
  for (const file of result.testResults) {
    for (const test of file.assertionResults) if (test.status === 'failed') failures.push(`${name}: ${test.fullName}`);
    // A file that cannot be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')) {
      count(`${name}: ${file.name}`, false, 'the file failed as a whole');
    }
  }
  if (!ok && result.success) count(`${name}: the test runner`, false, 'it failed without a failed test');
  for (const test of known) process.stdout.write(`${test.title}\n`);
  const skipped = result.numPendingTests + (result.numTodoTests ?? 0);
  if (skipped > 0) process.stdout.write(`${name}: ${skipped} skipped\n`);
}

function finish() {
  if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((name) => `  ${name}\n`).join('')}`);
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
  process.exit(totals.failed === 0 ? 0 : 1);
}

function checkSecondSetUp() {
  const again = (script) => spawnSync(process.execPath, [script], { cwd: ROOT, encoding: 'utf8' });
  const setUp = again('scripts/setup.mjs');
  count('a second set-up has nothing to do', setUp.status === 0 && setUp.stderr === '', setUp.stderr.trim());
  const build = again('scripts/build.mjs');
  count('a second build has nothing to do', build.status === 0 && build.stderr.includes('up to date'));
}

/**
 * Makes a Python environment with PedPy and JuPedSim and lets them read what Crashbar exports: a scene of the gallery, and a scenario of
 * JuPedSim taken round.
 */
function checkWithPeers() {
  const name = 'PedPy reads the exports and measures the same';
  const tracks = 'experiments and exports measure as PedPy measures them; h5py and DuckDB read the exports';
  const round = 'a JuPedSim scenario, imported and run: PedPy and JuPedSim’s Recording read and measure the same';
  const python = join(ROOT, '.venv', 'bin', 'python');
  const cannot = (why) => {
    cannotRun(name, why);
    cannotRun(tracks, why);
    cannotRun(round, why);
  };
  if (!existsSync(python) && !run('python3', ['-m', 'venv', '.venv']).ok) return cannot('no Python with venv');
  const install = (...what) =>
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...what]).ok;
  if (!install('-r', 'scripts/requirements-check.txt')) return cannot('its Python packages cannot be installed');
  check(name, python, [join('scripts', 'check-with-pedpy.py')]);
  check(tracks, python, [join('scripts', 'check-tracks-with-pedpy.py')]);
  if (!install('--no-deps', '-r', 'scripts/requirements-peer.txt'))
    return cannotRun(round, 'JuPedSim cannot be installed');
  check(round, python, [join('scripts', 'check-with-jupedsim.py')]);
}

function findChromium() {
  const names = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return names.find((path) => existsSync(path));
}

/** Opens a report in a browser without network and looks at it. */
function checkReportInBrowser() {
  const name = 'a browser shows the report without network and without errors';
  if (findChromium() === undefined && process.getuid?.() === 0) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  }
  const chromium = findChromium();
  if (chromium === undefined) return cannotRun(name, 'no Chromium');
  check(name, process.execPath, ['scripts/look-at-report.mjs', chromium, join(BUILD, 'report.png')]);
}

const npm = (...args) => ['npm', args];

if (!check('set-up', process.execPath, ['scripts/setup.mjs'])) finish();
countTests('tests', ...npm('test', '--silent', '--'));
check('lint', ...npm('run', '--silent', 'lint'));
check('types', ...npm('run', '--silent', 'typecheck'));
rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
check('build from nothing', ...npm('run', '--silent', 'build'));
checkSecondSetUp();
check('npm start', ...npm('start', '--silent'));
check('npx crashbar', 'npx', ['--no-install', 'crashbar', '--version']);
check('the gallery’s made scenes are what the script makes', process.execPath, ['scripts/make-gallery.mjs', '--check']);
countTests('acceptance', process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'test/acceptance/vitest.config.ts',
]);
check('no verdict of the verification cases changed', ...npm('run', '--silent', 'verify'));
checkWithPeers();
checkReportInBrowser();
finish();
