// The Python environment of a peer, `.venv-peer/` (not committed), as scripts/requirements-peer.txt says.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, ROOT, say } from '../scripts/setup.mjs';

const FOLDER = join(ROOT, '.venv-peer');
const REQUIREMENTS = join(ROOT, 'scripts', 'requirements-peer.txt');

function run(command, args, complaint) {
  const done = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (done.status === 0) return;
  say(`${done.stderr ?? ''}${done.stdout ?? ''}`.trim());
  giveUp(complaint);
}

/** Makes or completes the environment and returns its Python. Needs the network the first time. */
export function preparePeer() {
  const windows = process.platform === 'win32';
  const python = windows ? join(FOLDER, 'Scripts', 'python.exe') : join(FOLDER, 'bin', 'python');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const stamp = join(FOLDER, '.crashbar-installed');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  say('Installing JuPedSim into .venv-peer (needs the network once) …');
  run(windows ? 'python' : 'python3', ['-m', 'venv', FOLDER], 'needs Python 3.11 or newer with venv for the peer.');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', REQUIREMENTS];
  run(python, install, 'the peer could not be installed, see above (it needs Python 3.11 or newer and the network).');
  writeFileSync(stamp, wanted);
  return python;
}
