#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

// The kernel at full speed from the first step: no slow code first. Its compilation takes some ten milliseconds.
setFlagsFromString('--no-liftoff');

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  const { runCommandLine } = await import(main.href);
  await runCommandLine(process.argv);
} else {
  process.stderr.write(
    'crashbar is not built yet. Run `npm start`, `npm test` or `npm run build` in its folder first.\n',
  );
  process.exit(1);
}
