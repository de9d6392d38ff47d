import { PersonState } from '../world/index.ts';
import { applySchedule, startPersons } from './apply-schedule.ts';
import { chooseWays } from './choose-ways.ts';
import { drawBursts } from './draw-bursts.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import { feel } from './feel.ts';
import { followOthers } from './follow-others.ts';
import { hearSounds } from './hear-sounds.ts';
import { keepTogether } from './keep-together.ts';
import { proveWords } from './learn.ts';
import { actRoles } from './roles/act-roles.ts';
import { steerActors } from './roles/steer-actors.ts';
import { seeSigns } from './see-signs.ts';
import { senseWays } from './sense-ways.ts';
import { settleClosers } from './settle-closers.ts';
import { settleDoorForces, settleTouches } from './settle-doors.ts';
import { settleFalls } from './settle-falls.ts';
import { settleCrossings, settleHarm, settlePatience } from './settle-persons.ts';
import { spreadMovement } from './spread-movement.ts';
import { spreadWord } from './spread-word.ts';
import { applyZones } from './stages/apply-zones.ts';
import { arrivePersons } from './stages/arrive.ts';
import { holdAtExits } from './stages/hold-at-exits.ts';
import { steerStages } from './stages/steer-stages.ts';
import { walkItineraries } from './stages/walk-itineraries.ts';
import { settleDrops } from './take-drop.ts';
import { watchPersons } from './watch-persons.ts';
import { watchFlows } from './weigh-exits.ts';

/** Above this local density [1/m²], or with somebody lighter than `LIGHT` in a crowd, bodies are stepped at 120 Hz. */
const PACKED = 6;
const LIGHT = 50;
const LIGHT_PACKED = 4;

/** The behaviour before people move, and after, in this order. */
const DECIDE = Object.entries({
  arrive: arrivePersons,
  schedule: applySchedule,
  hear: hearSounds,
  signs: seeSigns,
  word: spreadWord,
  contagion: spreadMovement,
  feel,
  start: startPersons,
  itineraries: walkItineraries,
  roles: actRoles,
  follow: followOthers,
  choose: chooseWays,
  bursts: drawBursts,
  sense: senseWays,
  actors: steerActors,
  stages: steerStages,
  exits: holdAtExits,
  zones: applyZones,
  groups: keepTogether,
});
const SETTLE = Object.entries({
  watch: watchPersons,
  falls: settleFalls,
  'door forces': settleDoorForces,
  touches: settleTouches,
  closers: settleClosers,
  flows: watchFlows,
  words: proveWords,
  crossings: settleCrossings,
  drops: settleDrops,
  harm: settleHarm,
  patience: settlePatience,
});

/** One decision interval (0.1 s) of the world: decide once, move six or twelve times, settle once. */
export function step(engine: Engine): void {
  const { lap } = engine.stopwatch;
  lap('between steps');
  for (const [phase, decide] of DECIDE) {
    decide(engine);
    lap(phase);
  }
  const present = sortPersons(engine);
  engine.crew.run('steerPersons', present, DECISION_INTERVAL);
  lap('steer');
  move(engine);
  engine.world.views.clock.tick[0]++;
  for (const [phase, settle] of SETTLE) {
    settle(engine);
    lap(phase);
  }
}

function sortPersons({ world, kernel, crew, stopwatch }: Engine): number {
  const present = kernel.sortPersons(world.personCount);
  kernel.numbers.present(present);
  stopwatch.lap('sort');
  crew.run('gatherPersons', present, 0);
  stopwatch.lap('gather');
  return present;
}

/** Where more than this share of those present strayed from the ways for which contacts were listed, everybody's are listed anew. */
const STRAYED_SHARE = 1 / 32;

/**
 * Moves everybody by one decision interval. Contacts are listed for all that is left of it. Who strays from the way for which that holds, and
 * whom they touch, look for contacts anew; where many do or somebody strays far, persons are sorted and listed anew.
 */
function move(engine: Engine): void {
  const { world, kernel, crew, stopwatch } = engine;
  const { clock } = world.views;
  const { numbers } = kernel;
  clock.substeps[0] = substepsNow(engine);
  const h = DECISION_INTERVAL / clock.substeps[0];
  let left = clock.substeps[0];
  // steering has sorted them and listed their contacts
  let present = numbers.present();
  while (left > 0) {
    if (left < clock.substeps[0]) {
      present = sortPersons(engine);
      crew.run('listContacts', present, h * left);
      stopwatch.lap('list contacts');
    }
    numbers.strayed(0);
    let done = 0;
    let holds = true;
    while (done < left && holds) {
      done++;
      numbers.elapsed(h * done);
      crew.run('movePersons', present, h);
      kernel.swapBodies();
      numbers.stepsDone(done);
      if (done < left && numbers.strayed() > 0) {
        holds = numbers.strayed() === 1 && Boolean(kernel.wakeAround(present, h, Math.ceil(STRAYED_SHARE * present)));
      }
    }
    stopwatch.lap('move');
    crew.run('settleMotion', present, h);
    stopwatch.lap('settle motion');
    left -= done;
  }
}

/** 6 or 12 move steps: one rate for all, so that every contact is stepped alike on both sides. */
function substepsNow({ world, kernel }: Engine): number {
  if (world.scenario.settings.rates.move === 120) return 12;
  const { packing, mass, state } = world.views.persons;
  if (!kernel.anyAbove(packing.byteOffset, world.personCount, LIGHT_PACKED)) return 6;
  for (let i = 0; i < world.personCount; i++) {
    if (packing[i] <= LIGHT_PACKED || state[i] === PersonState.out) continue;
    if (packing[i] > PACKED || mass[i] < LIGHT) return 12;
  }
  return 6;
}
