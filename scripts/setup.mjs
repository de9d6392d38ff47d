// Makes a clone ready to run: dependencies as the lock file says, the `crashbar` command linked, dist/ built.
// Uses Node's own modules only, because nothing is installed when it runs first. Does nothing that is done already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_NEEDED = [20, 19];

/** Prints to standard error, so that standard output stays free for results. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Ends the script with one line for the user and no stack trace. */
export function giveUp(text) {
  say(`crashbar: ${text}`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])) return;
  giveUp(`needs Node ${NODE_NEEDED.join('.')} or newer, this is Node ${process.versions.node}.`);
}

/** Runs npm, the same one that runs this script where there is one. */
function runNpm(args) {
  const options = { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 28 };
  const npmScript = process.env.npm_execpath;
  if (npmScript?.endsWith('.js')) return spawnSync(process.execPath, [npmScript, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

function installDependencies() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const host = `${process.platform}-${process.arch}`;
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${host}\n`;
  const stamp = join(ROOT, 'node_modules', '.crashbar-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  say('Installing dependencies (npm ci; needs the network once, about a minute) …');
  const started = performance.now();
  const done = runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (done.status !== 0) {
    say((done.stderr || done.stdout || String(done.error ?? '')).trim());
    giveUp('npm ci failed, see above. Nothing was built.');
  }
  writeFileSync(stamp, wanted);
  say(`Dependencies installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return true;
}

/** npm links the commands of dependencies but not a package's own; with this `npx crashbar` works inside the clone. */
function linkCommand() {
  const folder = join(ROOT, 'node_modules', '.bin');
  mkdirSync(folder, { recursive: true });
  const link = join(folder, 'crashbar');
  if (process.platform === 'win32') {
    const script = '@node "%~dp0\\..\\..\\bin\\crashbar.mjs" %*\r\n';
    const file = `${link}.cmd`;
    if (!existsSync(file) || readFileSync(file, 'utf8') !== script) writeFileSync(file, script);
    return;
  }
  if (existsSync(link)) return;
  rmSync(link, { force: true });
  try {
    symlinkSync('../../bin/crashbar.mjs', link);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** Brings the clone up to date; returns once `bin/crashbar.mjs` can run. */
export async function setup() {
  checkNode();
  installDependencies();
  linkCommand();
  const { buildIfNeeded } = await import('./build.mjs');
  buildIfNeeded();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setup();
