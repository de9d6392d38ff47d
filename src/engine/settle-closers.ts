import { locateNearPortal, PersonState, type World } from '../world/index.ts';
import { DECISION_INTERVAL, DECISIONS_PER_SECOND, type Engine, timeNow } from './engine.ts';
import { isDoorwayTaken, setDoor } from './set-door.ts';

/** Doors with a closer shut when nobody was in them for its time. Nothing where no door has one. */
export function settleClosers(engine: Engine): void {
  const { world } = engine;
  const { locks } = world.views.groups;
  if (locks === undefined) return;
  const { doors } = world.scenario;
  let beside: Uint8Array | undefined;
  for (let d = 0; d < doors.length; d++) {
    const { closer } = doors[d];
    if (closer === undefined || world.views.doors.state[d] !== 0) continue;
    beside ??= doorsWithSomebodyNear(world);
    if (beside[d] === 1 && isDoorwayTaken(engine, d)) {
      locks.emptyTicks[d] = 0;
      continue;
    }
    if (++locks.emptyTicks[d] < closer * DECISIONS_PER_SECOND) continue;
    locks.emptyTicks[d] = 0;
    setDoor(engine, d, 'closed', 'door-closed', 'closer');
  }
}

/** 1 for every door that is the nearest portal of somebody. O(persons). */
function doorsWithSomebodyNear(world: World): Uint8Array {
  const near = new Uint8Array(world.doors.length);
  const { state, sheet, x, y } = world.views.persons;
  for (let i = 0; i < world.personCount; i++) {
    if (state[i] === PersonState.out) continue;
    const portal = locateNearPortal(world, sheet[i], x[i], y[i]);
    if (portal >= 0 && world.portals[portal].door >= 0) near[world.portals[portal].door] = 1;
  }
  return near;
}

/** Bodies in the way of a leaf: their number, and who they are in `found`. */
interface Sweep {
  readonly found: readonly number[];
  /** Unit vector in which the leaf would move them. */
  readonly nx: number;
  readonly ny: number;
}

/**
 * Bodies whose middle lies in the quarter circle through which a leaf swings to one side (`left` of the door's line from its first end, or not),
 * but for who opens it. Two leaves have half the width each.
 */
function findInSweep(world: World, door: number, left: boolean, opener: number): Sweep {
  const { line, leaf, hinge } = world.scenario.doors[door];
  const { portal } = world.doors[door];
  const { areas } = world.portals[portal];
  const { persons } = world.views;
  const ax = line[0][0] - world.origin[0];
  const ay = line[0][1] - world.origin[1];
  const bx = line[1][0] - world.origin[0];
  const by = line[1][1] - world.origin[1];
  const width = Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
  const ux = (bx - ax) / width;
  const uy = (by - ay) / width;
  const nx = left ? -uy : uy;
  const ny = left ? ux : -ux;
  const reach = leaf === 'double' ? width / 2 : width;
  const found: number[] = [];
  for (let i = 0; i < world.personCount; i++) {
    if (i === opener || persons.state[i] === PersonState.out) continue;
    if (persons.area[i] !== areas[0] && persons.area[i] !== areas[1]) continue;
    const px = persons.x[i] - ax;
    const py = persons.y[i] - ay;
    const out = px * nx + py * ny;
    if (out <= 0 || out >= reach) continue;
    const along = px * ux + py * uy;
    if (along < -persons.radius[i] || along > width + persons.radius[i]) continue;
    const fromFirst = Math.sqrt(along * along + out * out);
    const fromSecond = Math.sqrt((width - along) * (width - along) + out * out);
    const isIn =
      leaf === 'double'
        ? fromFirst < reach || fromSecond < reach
        : (hinge === 'first' ? fromFirst : fromSecond) < reach;
    if (isIn) found.push(i);
  }
  return { found, nx, ny };
}

/**
 * Whether a closed door that somebody opens has room to swing: nobody but them in its sweep. Whoever is there is pushed out of it with the force
 * `pull`, shared among them, against their own legs and whoever presses behind them: somebody alone gives way, a crowd does not. Doors without
 * `pull` always have room.
 * @source docs/science.md, “Doors”
 */
export function hasRoomToSwing(engine: Engine, door: number, opener: number): boolean {
  const { world } = engine;
  const { pull, swing } = world.scenario.doors[door];
  if (pull === undefined) return true;
  if (opener < 0) {
    // nobody is at it any more
    world.views.doors.openAt[door] = Number.POSITIVE_INFINITY;
    return false;
  }
  const { doors, groups, persons } = world.views;
  const { hindered } = groups.locks!;
  const sides = swing === 'both' ? [true, false] : [swing === 'left'];
  const sweeps = sides.map((left) => findInSweep(world, door, left, opener));
  const sweep = sweeps.reduce((best, one) => (one.found.length < best.found.length ? one : best));
  if (sweep.found.length === 0) {
    hindered[door] = 0;
    return true;
  }
  for (const i of sweep.found) {
    const change = (pull * DECISION_INTERVAL) / (sweep.found.length * persons.mass[i]);
    persons.vx[i] += change * sweep.nx;
    persons.vy[i] += change * sweep.ny;
  }
  if (hindered[door] === 0) {
    hindered[door] = 1;
    engine.emit({
      t: timeNow(world),
      type: 'door-hindered',
      door: world.doors[door].id,
      person: opener,
      inSweep: sweep.found.length,
      force: Math.round(doors.force[door]),
    });
  }
  return false;
}
