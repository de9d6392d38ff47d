// Agent-seconds per second of the engine in open halls at 1 person/m², one thread. Prints the state hash of what was
// computed, so that two numbers can only be compared where the same was done.
import { compileWorld, createRun, hashState, loadScenario } from '../dist/index.js';

/** A square hall with a 4 m exit in the middle of each wall, `count` persons at 1 /m². */
export function hallScenario(count) {
  const size = Math.sqrt(count);
  const middle = size / 2;
  const exit = (id, a, b) => ({ id, level: 'hall', line: [a, b] });
  return {
    crashbar: 1,
    name: `open hall, ${count} persons`,
    levels: [{ id: 'hall', outlines: [[[0, 0], [size, 0], [size, size], [0, size]]] }],
    exits: [
      exit('south', [middle - 2, 0], [middle + 2, 0]),
      exit('east', [size, middle - 2], [size, middle + 2]),
      exit('north', [middle + 2, size], [middle - 2, size]),
      exit('west', [0, middle + 2], [0, middle - 2]),
    ],
    populations: [{ id: 'crowd', level: 'hall', count }],
    settings: { seed: 7, rates: { record: 1 } },
  };
}

/** Simulates `seconds` after a warm-up of 5 s; returns agent-seconds per second of wall time and the state hash. */
export function timeRun(scenario, seconds) {
  const { world, issues } = compileWorld(scenario);
  if (world === undefined) throw new Error(JSON.stringify(issues));
  const run = createRun(world, { sink: { append() {} } });
  run.advance(50);
  let agentSeconds = 0;
  const before = performance.now();
  for (let second = 0; second < seconds; second++) {
    const { persons, out } = run.progress();
    agentSeconds += persons - out;
    run.advance(10);
  }
  const elapsed = (performance.now() - before) / 1000;
  return { rate: agentSeconds / elapsed, hash: hashState(world), memory: world.memory.buffer.byteLength / world.personCount };
}

for (const [count, seconds] of [
  [1000, 20],
  [10_000, 10],
]) {
  const { scenario, issues } = loadScenario(JSON.stringify(hallScenario(count)));
  if (scenario === undefined) throw new Error(JSON.stringify(issues));
  const runs = [1, 2, 3].map(() => timeRun(scenario, seconds));
  const rates = runs.map(({ rate }) => rate).sort((a, b) => a - b);
  const hashes = new Set(runs.map(({ hash }) => hash));
  if (hashes.size !== 1) throw new Error(`three runs of one scenario gave ${hashes.size} state hashes`);
  const [low, , high] = rates;
  console.log(
    `${String(count).padStart(7)} persons: ${Math.round(high).toLocaleString('en')} agent-seconds/s (lowest of three ${Math.round(low).toLocaleString('en')}), state ${runs[0].hash}`,
  );
}
