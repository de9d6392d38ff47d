import { hashText } from '../math/index.ts';
import type { RunHeader, TracePortal } from '../trace/index.ts';
import type { World } from '../world/index.ts';
import type { Varied } from './parameters.ts';
import { ENGINE_VERSION } from './version.ts';

type Place = readonly [number, number];

/** Header of a run that starts now: plan and persons in plan coordinates; `varied` as `variedOf` gives it. */
export function describeRun(world: World, varied?: Varied): RunHeader {
  const { scenario, origin } = world;
  const toPlan = ([x, y]: Place): Place => [round(x + origin[0]), round(y + origin[1])];
  const { persons } = world.views;
  const areaName = (area: number) => (area < 0 ? '' : world.areas[area].id);
  return {
    format: 'crashbar-run',
    version: 2,
    engine: ENGINE_VERSION,
    name: scenario.name,
    scenarioHash:
      varied === undefined ? world.scenarioHash : hashText(`${world.scenarioHash} ${JSON.stringify(varied)}`),
    ...(varied === undefined ? {} : { varied }),
    scenario,
    seed: scenario.settings.seed,
    frameRate: scenario.settings.rates.record,
    quantum: 0.001,
    sheets: world.sheets.map(({ id, kind, plane, polygons }) => ({
      id,
      kind,
      plane: [plane[0] - plane[1] * origin[0] - plane[2] * origin[1], plane[1], plane[2]] as const,
      polygons: polygons.map((rings) => rings.map((ring) => ring.map(toPlan))),
    })),
    portals: world.portals.map((portal): TracePortal => {
      const kind = portal.exit >= 0 ? 'exit' : portal.link >= 0 ? 'link' : portal.door >= 0 ? 'door' : 'opening';
      return {
        id: portal.id,
        kind,
        sheet: world.areas[portal.areas[0]].sheet,
        line: [toPlan(portal.line[0]), toPlan(portal.line[1])],
        width: portal.width,
        areas: [areaName(portal.areas[0]), areaName(portal.areas[1])],
        ...(portal.region === undefined ? {} : { region: portal.region.map(toPlan) }),
        ...(portal.door < 0 ? {} : { door: world.doors[portal.door].id }),
        ...(portal.exit < 0 ? {} : { exit: world.exits[portal.exit].id }),
        ...(portal.link < 0 ? {} : { link: world.links[portal.link].id }),
      };
    }),
    persons: Array.from({ length: world.personCount }, (_, i) => ({
      population: scenario.populations[persons.population[i]]?.id ?? '',
      profile: world.profileIds[persons.profile[i]] ?? '',
      radius: round(persons.radius[i]),
      mass: round(persons.mass[i]),
      freeSpeed: round(persons.freeSpeed[i]),
    })),
    outcome: 'running',
    endTime: 0,
    stateHash: '',
  };
}

const round = (value: number) => Math.round(1e5 * value) / 1e5;
