// The same scenes on the engine and on a peer, in turn (ours, theirs, ours, theirs, …), each turn in its own process.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveUp, ROOT, say } from '../scripts/setup.mjs';
import { preparePeer } from './peer-environment.mjs';
import { PEER_SCENES, QUICK_PEER_SCENES } from './scenes.mjs';
import { bestOf, flowOf, rateOf } from './time-run.mjs';

/** Simulated seconds in which the cost of pillars is compared: most are still there [s]. */
const FULL_HALL = 10;

function turn(command, args) {
  const done = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return JSON.parse(done.stdout);
  say(done.stderr || String(done.error ?? ''));
  giveUp(`${args[0]} failed, see above.`);
}

const ended = ({ out, persons, endTime }) => (out === persons ? endTime : Number.NaN);

/**
 * Runs every scene `repeats` times on both and hands every row to `tell`; `step` is the peer's time step [s], null its default.
 * @returns rows as bench/results.mjs names their columns, and `early`: both rates over the first seconds
 */
export function compareWithPeer({ quick = false, repeats = 3, step = null, tell = () => {} } = {}) {
  const python = preparePeer();
  const folder = mkdtempSync(join(tmpdir(), 'crashbar-bench-'));
  const flags = quick ? ['--quick'] : [];
  const file = join(folder, 'scene.json');
  try {
    return (quick ? QUICK_PEER_SCENES : PEER_SCENES).map((scene) => {
      const timeScene = ['bench/time-scene.mjs', scene.name, ...flags];
      const persons = turn(process.execPath, [...timeScene, '--persons']);
      const { peer, seconds, countAt = null } = scene;
      writeFileSync(file, JSON.stringify({ ...peer, persons, seconds, countAt, step }));
      const ours = [];
      const theirs = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        ours.push(turn(process.execPath, timeScene));
        theirs.push(turn(python, ['bench/peer-jupedsim.py', file]));
      }
      const warm = ours.map((run) => run.warm);
      const own = bestOf(warm, (run) => rateOf(run));
      const other = bestOf(theirs, (run) => rateOf(run));
      const early = (runs) => bestOf(runs, (run) => rateOf(run, 0, FULL_HALL)).rate;
      const row = {
        scene: scene.name,
        what: scene.what,
        persons: persons.length,
        seconds,
        ours: own.rate,
        oursSpread: own.spread,
        oursCold: bestOf(
          ours.map((run) => run.cold),
          (run) => rateOf(run),
        ).rate,
        oursSetup: Math.min(...ours.map((run) => run.cold.setup)),
        oursEnd: ended(warm[0]),
        oursOut: warm[0].out,
        oursFlow: flowOf(warm[0]),
        hash: own.hash,
        peer: `jupedsim ${theirs[0].version} at ${theirs[0].step} s`,
        theirs: other.rate,
        theirSpread: other.spread,
        theirSetup: Math.min(...theirs.map((run) => run.setup)),
        theirEnd: ended(theirs[0]),
        theirOut: theirs[0].out,
        theirFlow: flowOf(theirs[0]),
        theirHash: other.hash,
        ratio: own.rate / other.rate,
        early: { ours: early(warm), theirs: early(theirs) },
      };
      tell(row);
      return row;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What pillars cost: how many times as long an agent-second takes in each hall as in the one without pillars, over the
 * first simulated seconds.
 */
export function pillarCosts(rows) {
  const halls = rows.filter(({ scene }) => scene.startsWith('pillars-'));
  return halls.map(({ scene, early }) => ({
    scene,
    ours: halls[0].early.ours / early.ours,
    theirs: halls[0].early.theirs / early.theirs,
  }));
}
