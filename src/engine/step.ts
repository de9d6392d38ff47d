import { applySchedule, startPersons } from './apply-schedule.ts';
import { chooseWays } from './choose-ways.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import { senseWays } from './sense-ways.ts';
import { settleDoorForces, settleTouches } from './settle-doors.ts';
import { settleCrossings, settleHarm, settlePatience } from './settle-persons.ts';

/** Above this local density [1/m²], or with somebody lighter than `LIGHT` in a crowd, bodies are stepped at 120 Hz. */
const PACKED = 6;
const LIGHT = 50;
const LIGHT_PACKED = 4;

/** One decision interval (0.1 s) of the world: decide once, move six or twelve times, settle once. */
export function step(engine: Engine): void {
  // decide
  applySchedule(engine);
  startPersons(engine);
  chooseWays(engine);
  senseWays(engine);
  steer(engine);
  // move
  move(engine);
  engine.world.views.clock.tick[0]++;
  // settle
  settleDoorForces(engine);
  settleTouches(engine);
  settleCrossings(engine);
  settleHarm(engine);
  settlePatience(engine);
}

function steer({ world, kernel, crew }: Engine): void {
  const present = kernel.sortPersons(world.personCount);
  kernel.gatherMotion(present);
  kernel.gatherSteering(present);
  crew.run('steerPersons', present, DECISION_INTERVAL);
}

function move(engine: Engine): void {
  const { world, kernel, crew } = engine;
  const { clock } = world.views;
  clock.substeps[0] = substepsNow(engine);
  const h = DECISION_INTERVAL / clock.substeps[0];
  for (let k = 0; k < clock.substeps[0]; k++) {
    const present = kernel.sortPersons(world.personCount);
    kernel.gatherMotion(present);
    crew.run('movePersons', present, h);
  }
}

/** 6 or 12 move steps: one rate for all, so that every contact is stepped alike on both sides. */
function substepsNow({ world }: Engine): number {
  if (world.scenario.settings.rates.move === 120) return 12;
  const { persons } = world.views;
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] === 3) continue;
    if (persons.packing[i] > PACKED || (persons.mass[i] < LIGHT && persons.packing[i] > LIGHT_PACKED)) return 12;
  }
  return 6;
}
