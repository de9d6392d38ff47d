import { drawImport, type ImportPortal, type ImportSheet } from '../report/index.ts';
import type { Scenario, ScenarioInput } from '../scenario/index.ts';
import type { World } from '../world/index.ts';

type Place = readonly [number, number];

/**
 * Picture of an imported scenario as SVG: as the compiled world has it (walkable floor, areas, portals from jamb to jamb),
 * or, where it does not compile, as it was drawn.
 */
export function drawPreview(input: ScenarioInput, world: World | undefined): string {
  return drawImport(input.name, world === undefined ? sheetsOfScenario(input) : sheetsOfWorld(world));
}

function sheetsOfWorld(world: World): ImportSheet[] {
  const { scenario, origin } = world;
  const plan = ([x, y]: Place): Place => [x + origin[0], y + origin[1]];
  return world.sheets
    .filter(({ kind }) => kind === 'level')
    .map((sheet): ImportSheet => {
      const level = scenario.levels[sheet.source];
      const own = (area: number): boolean => area >= 0 && world.areas[area].sheet === sheet.index;
      const portals = world.portals
        .filter(({ areas }) => own(areas[0]) || own(areas[1]))
        .map((portal): ImportPortal => {
          const line: [Place, Place] = [plan(portal.line[0]), plan(portal.line[1])];
          const door = portal.door >= 0 ? scenario.doors[portal.door] : undefined;
          const exit = portal.exit >= 0 ? scenario.exits[portal.exit].id : undefined;
          const link = portal.link >= 0 ? scenario.links[portal.link].id : undefined;
          const names = [exit, door?.id === exit ? undefined : door?.id, link].filter((name) => name !== undefined);
          return {
            name: names.length > 0 ? names.join(' · ') : '',
            kind:
              exit !== undefined
                ? 'exit'
                : link !== undefined
                  ? 'link'
                  : door !== undefined && door.leaf !== 'none'
                    ? 'door'
                    : 'opening',
            line,
            ...(portal.region === undefined ? {} : { region: portal.region.map(plan) }),
            ...(door === undefined ? {} : { swing: swingOf(door) }),
          };
        });
      return {
        title: `Level ${level.id}${scenario.levels.length > 1 ? `, ${level.elevation} m` : ''}`,
        floor: sheet.polygons.map((rings) => rings.map((ring) => ring.map(plan))),
        areas: world.areas
          .filter(({ sheet: index, kind }) => index === sheet.index && kind === 'room')
          .map(({ id, polygons, size }) => ({
            name: id,
            rings: polygons.flatMap((rings) => rings.map((ring) => ring.map(plan))),
            size,
          })),
        furniture: level.furniture.map(({ polygon }) => polygon),
        portals,
        regions: regionsOf(scenario.populations, level.id),
      };
    });
}

function sheetsOfScenario(input: ScenarioInput): ImportSheet[] {
  return input.levels.map((level): ImportSheet => {
    const isHere = (one: { level?: string }): boolean =>
      one.level === level.id || (one.level === undefined && input.levels.length === 1);
    const doors = (input.doors ?? []).filter(isHere);
    return {
      title: `Level ${level.id}, as drawn (it cannot be run)`,
      floor: [[...(level.outlines as Place[][]), ...((level.holes ?? []) as Place[][])]],
      areas: [],
      furniture: (level.furniture ?? []).map(({ polygon }) => polygon as Place[]),
      portals: [
        ...doors.map(
          (door): ImportPortal => ({
            name: door.id,
            kind: door.leaf === 'none' ? 'opening' : 'door',
            line: door.line as [Place, Place],
          }),
        ),
        ...input.exits.filter(isHere).flatMap((exit): ImportPortal[] => {
          const line = (exit.line ?? doors.find(({ id }) => id === exit.door)?.line) as [Place, Place] | undefined;
          const region = exit.polygon as Place[] | undefined;
          if (line === undefined && region === undefined) return [];
          return [
            {
              name: exit.id,
              kind: 'exit',
              line: line ?? [region![0], region![1]],
              ...(region === undefined ? {} : { region }),
            },
          ];
        }),
      ],
      regions: regionsOf(input.populations ?? [], level.id),
    };
  });
}

function regionsOf(
  populations: readonly { id: string; level: string; polygon?: readonly (readonly number[])[]; count?: number }[],
  level: string,
): ImportSheet['regions'] {
  return populations
    .filter((one) => one.level === level && one.polygon !== undefined)
    .map(({ id, polygon, count }) => ({
      name: count === undefined ? id : `${id} (${count})`,
      ring: polygon!.map(([x, y]): Place => [x, y]),
    }));
}

/** Leaves of a door where they stand open at a right angle. */
function swingOf(door: Scenario['doors'][number]): NonNullable<ImportPortal['swing']> {
  if (door.leaf === 'none') return [];
  const [a, b] = door.line;
  const sides = door.swing === 'both' ? [1, -1] : [door.swing === 'left' ? 1 : -1];
  const leaf = (hinge: Place, latch: Place, side: number) => {
    const [dx, dy] = [latch[0] - hinge[0], latch[1] - hinge[1]];
    return { hinge, latch, tip: [hinge[0] - side * dy, hinge[1] + side * dx] as Place };
  };
  const middle: Place = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  return sides.flatMap((side) => {
    if (door.leaf === 'double') return [leaf(a, middle, side), leaf(b, middle, -side)];
    return door.hinge === 'first' ? [leaf(a, b, side)] : [leaf(b, a, -side)];
  });
}
