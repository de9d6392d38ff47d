// One hall of very many persons: what setting it up costs, by part, and where the memory goes. One thread.
import {
  compileWorld,
  createRun,
  encodeRunHeader,
  fieldCosts,
  hashState,
  loadScenario,
  prepareFields,
} from '../dist/index.js';
import { openHall } from './scenes.mjs';

const TICKS_PER_SECOND = 10;

/**
 * Sets up an open hall of `count` persons at 2 /m², steps and records it for `seconds` simulated seconds.
 * @returns `times`: seconds of wall time by part; `bytes`: bytes per person by part; `recorded`: bytes written; `resident`:
 *   most memory the process held [byte]; `hash` of the state at the end
 */
export function benchHuge({ count = 1_000_000, seconds = 3, tell = () => {} } = {}) {
  const times = {};
  let resident = 0;
  const time = (name, work) => {
    const started = performance.now();
    const result = work();
    times[name] = (performance.now() - started) / 1000;
    resident = Math.max(resident, process.memoryUsage.rss());
    tell({ what: `${name}, ${times[name].toFixed(1)} s` });
    return result;
  };
  const { scenario, what } = openHall(count, 2, seconds);
  const loaded = time('reading', () => loadScenario(JSON.stringify(scenario)));
  const { world, issues } = time('compiling', () => compileWorld(loaded.scenario));
  if (world === undefined) throw new Error(JSON.stringify(issues));
  const compiled = world.layout.top;
  time('fields', () => prepareFields(world));
  const withFields = world.layout.top;
  let recorded = 0;
  const sink = { append: (_, piece) => (recorded += piece.length) };
  const run = time('starting the run', () => createRun(world, { sink }));
  time('header', () => (recorded += encodeRunHeader(run.header).length));
  for (let second = 1; second <= seconds; second++) {
    time(`second ${second}`, () => run.advance(TICKS_PER_SECOND));
  }
  const cells = world.tiles.reduce(
    (sum, tiles) =>
      sum +
      tiles.cellArea.byteLength +
      tiles.cellPortal.byteLength +
      tiles.blocked.byteLength +
      tiles.tileIndex.byteLength,
    0,
  );
  const sights = world.sights.reduce(
    (sum, sight) => sum + Object.values(sight ?? {}).reduce((all, part) => all + (part.byteLength ?? 0), 0),
    0,
  );
  const walls = compiled - world.stateOffset - world.stateBytes + world.segmentEnds.byteLength + sights;
  const parts = {
    'person columns': Object.values(world.views.persons).reduce((sum, { byteLength }) => sum + byteLength, 0),
    beliefs: world.views.beliefs.byteLength,
    'kernel scratch': world.layout.top - withFields,
    'cell tables': cells,
    'wall and sight tables': walls,
    fields: fieldCosts(world).bytes,
  };
  return {
    what,
    count,
    times,
    bytes: Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, bytes / count])),
    recorded,
    resident,
    hash: hashState(world),
  };
}
