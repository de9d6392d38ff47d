import type { Issue } from '../scenario/index.ts';
import { findAreasWithWayOut } from './graph.ts';
import { error, warning } from './issues.ts';
import { locateArea } from './locate.ts';
import type { PersonRows } from './populations.ts';
import type { World } from './world.ts';

/** Problems that show only on the graph: exits nobody can come to, persons with no way out even with all doors open. */
export function checkWorld(world: World, persons: PersonRows, issues: Issue[]): void {
  const { scenario } = world;
  if (persons.count === 0) return;
  const wayOut = findAreasWithWayOut(world);
  const reached = new Uint8Array(world.areas.length);
  const queue: number[] = [];
  const reach = (area: number): void => {
    if (area < 0 || reached[area] === 1) return;
    reached[area] = 1;
    queue.push(area);
  };
  const within = new Int32Array(scenario.populations.length);
  const shut = new Int32Array(scenario.populations.length);
  for (let i = 0; i < persons.count; i++) {
    const area = persons.area[i];
    if (area < 0) continue;
    reach(area);
    within[persons.population[i]]++;
    // Whoever starts outside an exit line is out already.
    if (wayOut[area] === 0 && world.areas[area].kind !== 'outside') shut[persons.population[i]]++;
  }
  for (let k = 0; k < queue.length; k++) {
    for (const index of world.areas[queue[k]].portals) {
      const portal = world.portals[index];
      const side = portal.areas[0] === queue[k] ? 0 : 1;
      if (portal.onlyFrom < 0 || portal.onlyFrom === side) reach(portal.areas[1 - side]);
    }
  }
  world.exits.forEach((exit, i) => {
    if (exit.portals.some((portal) => reached[world.portals[portal].areas[0]] === 1)) return;
    issues.push(
      warning(
        'exit-unreachable',
        `exits[${i}]`,
        `No person can come to exit '${exit.id}', even with all doors open; check the doors and walls on the way.`,
      ),
    );
  });
  const areaAt = (level: string | undefined, [x, y]: readonly [number, number]): number => {
    const source = level === undefined ? 0 : scenario.levels.findIndex(({ id }) => id === level);
    const sheet = world.sheets.findIndex((one) => one.kind === 'level' && one.source === source);
    return sheet < 0 ? -1 : locateArea(world, sheet, x - world.origin[0], y - world.origin[1]);
  };
  const tellOff = (code: string, path: string, id: string): void => {
    issues.push(
      error(code, path, `'${id}' lies beside the floor of its level, where nobody comes; move it onto the floor.`),
    );
  };
  scenario.consoles?.forEach(({ id, level, position }, i) => {
    if (areaAt(level, position) < 0) tellOff('console-off-floor', `consoles[${i}].position`, id);
  });
  scenario.objects?.forEach(({ id, level, position }, i) => {
    if (position !== undefined && areaAt(level, position) < 0)
      tellOff('object-off-floor', `objects[${i}].position`, id);
  });
  scenario.populations.forEach((population, p) => {
    if (shut[p] === 0) return;
    const report = shut[p] === within[p] ? error : warning;
    issues.push(
      report(
        'no-way-out',
        `populations[${p}]`,
        `${shut[p]} of ${within[p]} persons of '${population.id}' have no way out even with all doors open; add a door or an exit to where they are.`,
        { found: String(shut[p]) },
      ),
    );
  });
}
