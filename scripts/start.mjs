// `npm start`: brings the clone up to date and runs the gallery's incident, its reference, as a first example.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setup } from './setup.mjs';

await setup();
// The child hears Ctrl-C too and ends in good order; this process waits for it.
process.on('SIGINT', () => {});
const command = join(ROOT, 'bin', 'crashbar.mjs');
const scene = join('scenarios', 'factory-breakout', 'incident.json');
const args = ['run', scene, '--force', ...process.argv.slice(2)];
const done = spawnSync(process.execPath, [command, ...args], { cwd: ROOT, stdio: 'inherit' });
process.exit(done.status ?? 1);
