import { findAreasWithWayOut, portalDistances } from './graph.ts';
import { travelField } from './travel-field.ts';
import type { World } from './world.ts';

/**
 * Builds, before a run begins, the travel fields that its first decisions would build: those of all portals of the areas in
 * which persons are, then of the areas they can come through, then of the other areas with a way out (routes are looked for
 * backwards from the exits), with the distances from portal to portal; no fields to dead ends. What is built already stays. A run is the same to the
 * bit with and without: fields are no state.
 * `onProgress(done, total)`: after every field. For costs see `castField`.
 * @throws where 4 GiB are not enough for them.
 */
export function prepareFields(world: World, onProgress?: (done: number, total: number) => void): void {
  const areas = listAreas(world);
  const asked: number[] = [];
  for (const area of areas) {
    for (const portal of world.areas[area].portals) {
      const side = world.portals[portal].areas[0] === area ? 0 : 1;
      if (world.deadEnds[2 * portal + 1 - side] === 0) asked.push(2 * portal + side);
    }
  }
  asked.forEach((node, k) => {
    travelField(world, node >> 1, node & 1);
    onProgress?.(k + 1, asked.length);
  });
  for (const area of areas) portalDistances(world, area);
}

/** Areas whose fields a run asks for, those with persons first, then by the number of portals between. */
function listAreas(world: World): number[] {
  const listed = new Uint8Array(world.areas.length);
  const areas: number[] = [];
  const list = (area: number): void => {
    if (area < 0 || listed[area] === 1 || world.areas[area].kind === 'outside') return;
    listed[area] = 1;
    areas.push(area);
  };
  const { area: areaOf } = world.views.persons;
  const starts = new Uint8Array(world.areas.length);
  for (let i = 0; i < world.personCount; i++) if (areaOf[i] >= 0) starts[areaOf[i]] = 1;
  starts.forEach((is, area) => {
    if (is === 1) list(area);
  });
  for (let k = 0; k < areas.length; k++) {
    for (const index of world.areas[areas[k]].portals) {
      const portal = world.portals[index];
      const side = portal.areas[0] === areas[k] ? 0 : 1;
      if (portal.onlyFrom < 0 || portal.onlyFrom === side) list(portal.areas[1 - side]);
    }
  }
  findAreasWithWayOut(world).forEach((is, area) => {
    if (is === 1) list(area);
  });
  return areas;
}
