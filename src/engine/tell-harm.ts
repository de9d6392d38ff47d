import { locateNearPortal, PersonHarm } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';

/** Tells the trace that somebody came to harm: what, where, beside which portal, with which load and dose. */
export function tellHarm(engine: Engine, person: number): void {
  const { world } = engine;
  const { persons } = world.views;
  const { harm, sheet, x, y } = persons;
  const beside = locateNearPortal(world, sheet[person], x[person], y[person]);
  const portal = beside >= 0 ? beside : persons.portal[person];
  engine.emit({
    t: timeNow(world),
    type:
      harm[person] === PersonHarm.dead
        ? 'person-dead'
        : harm[person] === PersonHarm.unconscious
          ? 'person-unconscious'
          : 'person-injured',
    person,
    x: round(x[person] + world.origin[0]),
    y: round(y[person] + world.origin[1]),
    sheet: sheet[person],
    ...(portal >= 0 ? { portal: world.portals[portal].id } : {}),
    chestLoad: Math.round(persons.chestLoad[person]),
    dose: Math.round(1000 * persons.dose[person]) / 1000,
  });
}

const round = (value: number) => Math.round(1000 * value) / 1000;
