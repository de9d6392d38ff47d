// One turn of a comparison, in a process of its own: `node bench/time-scene.mjs <scene> [--quick] [--persons]`.
// Simulates the scene twice and prints both runs as JSON: the first while the code is still being compiled, the second warm.
// With `--persons` prints the persons' places and speeds instead, for the peer.
import { PEER_SCENES, QUICK_PEER_SCENES } from './scenes.mjs';
import { compileScene, personsOf, timeRun } from './time-run.mjs';

const [name, ...flags] = process.argv.slice(2);
const scene = (flags.includes('--quick') ? QUICK_PEER_SCENES : PEER_SCENES).find((one) => one.name === name);
if (scene === undefined) throw new Error(`no scene is called ${name}`);
const answer = flags.includes('--persons')
  ? personsOf(compileScene(scene))
  : { cold: timeRun(scene), warm: timeRun(scene) };
process.stdout.write(`${JSON.stringify(answer)}\n`);
