#!/usr/bin/env node
import { existsSync } from 'node:fs';

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
