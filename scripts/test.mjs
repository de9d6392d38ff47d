// `npm test [-- arguments of vitest]`: brings the clone up to date, then runs the tests.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, setup } from './setup.mjs';

await setup();
// The child hears Ctrl-C too and ends in good order; this process waits for it.
process.on('SIGINT', () => {});
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const done = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
process.exit(done.status ?? 1);
