import { PersonState } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { startSound, stopSound } from './hear-sounds.ts';
import { isDoorwayTaken, RETHINK, setDoor } from './set-door.ts';
import { holdWaypoint } from './stages/serve-waypoints.ts';
import { isAbsentUnalerted, isUnalerted } from './unalerted.ts';

/** Order of the scenario's events by time, then by place in the file. */
export function scheduleOf(engine: Pick<Engine, 'world'>): Int32Array {
  const { events } = engine.world.scenario;
  return Int32Array.from(events.map((_, k) => k)).sort((a, b) => events[a].at - events[b].at || a - b);
}

/**
 * Scheduled events whose time has come. A door that is to close while somebody stands in it waits, and all later events with it,
 * until the doorway is free.
 */
export function applySchedule(engine: Engine): void {
  const { world, schedule } = engine;
  const { clock, doors } = world.views;
  const { events } = world.scenario;
  while (clock.nextEvent[0] < schedule.length) {
    const index = schedule[clock.nextEvent[0]];
    const event = events[index];
    if (event.at > timeNow(world) + 1e-9) break;
    if (event.do === 'sound') startSound(engine, event.sound, event.duration);
    else if (event.do === 'silence') stopSound(engine, event.sound);
    else if (event.do === 'hold' || event.do === 'release') holdWaypoint(engine, event.waypoint, event.do === 'hold');
    else if (event.do !== 'alert') {
      const door = world.doors.findIndex((candidate) => candidate.id === event.door);
      const closes = event.do === 'close' || event.do === 'lock' || event.do === 'chain';
      if (closes && doors.state[door] === 0 && isDoorwayTaken(engine, door)) break;
      if (event.do === 'open') setDoor(engine, door, 'open', 'door-opened', 'schedule');
      else if (event.do === 'unlock') {
        if (doors.state[door] >= 2) setDoor(engine, door, 'closed', 'door-unlocked', 'schedule');
      } else if (event.do === 'close') setDoor(engine, door, 'closed', 'door-closed', 'schedule');
      else if (event.do === 'lock') setDoor(engine, door, 'locked', 'door-locked', 'schedule');
      else setDoor(engine, door, 'chained', 'door-chained', 'schedule');
    }
    alertPopulations(engine, event.id, event.do === 'alert' ? event.populations : undefined, event.do === 'alert');
    clock.nextEvent[0]++;
  }
}

/** Alerts those who wait for this event by name, or whom it names, or (an alert that names nobody) all who were not yet alerted. */
function alertPopulations(
  engine: Engine,
  event: string | undefined,
  named: readonly string[] | undefined,
  all: boolean,
): void {
  const { world } = engine;
  const { persons } = world.views;
  const { populations } = world.scenario;
  const now = timeNow(world);
  const called = populations.map(
    ({ id, alertedBy }) =>
      (event !== undefined && alertedBy === event) || (all && (named === undefined || named.includes(id))),
  );
  let count = 0;
  for (let i = 0; i < world.personCount; i++) {
    if (!called[persons.population[i]]) continue;
    if (!isUnalerted(world, i) && !isAbsentUnalerted(world, i)) continue;
    persons.startTime[i] = now + persons.preMovement[i];
    // an alert reaches everybody it names, asleep or not
    if (world.views.groups.hearing !== undefined) world.views.groups.hearing.asleep[i] = 0;
    count++;
  }
  if (count > 0) {
    engine.emit({ t: now, type: 'persons-alerted', persons: count, ...(event === undefined ? {} : { event }) });
  }
}

/** Those whose pre-movement time is over start walking. */
export function startPersons(engine: Engine): void {
  const { world, kernel, scratch } = engine;
  const { state, startTime, rethink } = world.views.persons;
  const { told, toldWhich } = scratch;
  const now = timeNow(world);
  let count = 0;
  // whoever waits has state 0
  for (let i = 0; ; i++) {
    i = kernel.findByte(state.byteOffset, i, world.personCount, false);
    if (i === world.personCount) break;
    if (startTime[i] > now + 1e-9) continue;
    state[i] = PersonState.walking;
    rethink[i] = RETHINK.newArea;
    told[count++] = i;
  }
  if (count === 0) return;
  toldWhich.fill(0, 0, count);
  engine.emitEach([{ t: now, type: 'person-started', person: -1 }], toldWhich, told, count);
}
