import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RandomPurpose, randomUnit } from '../math/index.ts';
import { loadScenario } from '../scenario/index.ts';
import { compileWorld, estimateTravelDistance, locateArea, PersonState, travelField } from '../world/index.ts';
import { findBestWay, routeTableOf, type Way } from './choose-ways.ts';
import { leastWalk } from './crossroads.ts';
import type { Engine } from './engine.ts';
import { MARK_EXIT } from './kernel/table.ts';
import { createEngine } from './run.ts';

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const scenes = readdirSync(SCENARIOS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The portal that the kernel sends person 0 to, whose way so far leads to `kept`; −1 where it finds no way. */
function portalByKernel({ world, kernel, routes }: Engine, kept: number): number {
  const { persons, i32, u8 } = world.views;
  persons.state[0] = PersonState.walking;
  persons.portal[0] = kept;
  persons.exit[0] = -1;
  persons.rethink[0] = 0;
  kernel.showFields();
  kernel.showRoutes(routes);
  u8[kernel.offsets.unsensed] = 0;
  kernel.choosePersons(0, 1, 20);
  if (u8[kernel.offsets.unsensed] === MARK_EXIT) return persons.portal[0];
  expect(i32[kernel.offsets.choice / 4]).toBe(-1);
  return -1;
}

test.each(scenes)(
  'in %s no field is shorter than the straight line allows, and the way chosen is the best of all',
  (scene) => {
    const { scenario } = loadScenario(readFileSync(`${SCENARIOS}${scene}/scenario.json`));
    const { world } = compileWorld(scenario!, { seed: 1 });
    if (world === undefined) throw new Error('no world');
    const engine = createEngine(world, 1, () => undefined);
    const way: Way = { portal: -1, exit: -1, rest: 0 };
    let looked = 0;
    for (let k = 0; k < 300; k++) {
      const draw = (n: number) => randomUnit(9, RandomPurpose.placement, k, n);
      const { index: sheet, grid } = world.sheets[Math.floor(draw(0) * world.sheets.length)];
      const { persons } = world.views;
      persons.x[0] = grid.x0 + draw(1) * grid.columns * grid.cell;
      persons.y[0] = grid.y0 + draw(2) * grid.rows * grid.cell;
      const x = persons.x[0];
      const y = persons.y[0];
      const area = locateArea(world, sheet, x, y);
      if (area < 0 || world.areas[area].kind === 'outside') continue;
      persons.area[0] = area;
      persons.sheet[0] = sheet;
      const { behind } = routeTableOf(engine, 0);
      const efforts = Array.from(engine.crossroads.nodes[area], (node) => {
        const portal = node >> 1;
        const walk = estimateTravelDistance(world, travelField(world, portal, 1 - (node & 1)), x, y);
        expect(leastWalk(engine.crossroads.circles, portal, x, y)).toBeLessThanOrEqual(walk);
        looked++;
        return { portal, effort: engine.crossroads.efforts[area] * walk + behind[node] };
      }).filter(({ effort }) => effort < Infinity);
      for (const kept of [-1, ...efforts.map(({ portal }) => portal)]) {
        const least = efforts
          .map(({ portal, effort }) => ({ portal, effort: portal === kept ? effort * 0.9 : effort }))
          .reduce((best, one) => (one.effort < best.effort ? one : best), { portal: -1, effort: Infinity });
        findBestWay(engine, 0, kept, way);
        expect(way.portal).toBe(least.portal);
        expect(portalByKernel(engine, kept)).toBe(least.portal);
      }
    }
    expect(looked).toBeGreaterThan(20);
  },
);
