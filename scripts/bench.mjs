// `npm run bench`: sets up, builds, and runs the benches.
import { setup } from './setup.mjs';

await setup();
await import('../bench/halls.mjs');
