import { PersonState } from '../world/index.ts';
import { DECISION_INTERVAL, type Engine } from './engine.ts';
import { PHYSICS } from './kernel/physics.ts';

/** Whoever is within this of a person is found [m]. */
const REACH = 1.25;
/** Farthest that somebody may have come since persons were sorted into cells, and a hand's breadth for rounding [m]. */
const STRAY = PHYSICS.speedCap * DECISION_INTERVAL + 0.1;

/** Scratch of the phases that settle a step. */
export interface SettleScratch {
  /** Persons to be looked at in this step, ascending, `watchedCount` of them: the kernel leaves out who has nothing to settle. */
  readonly watched: Int32Array;
  watchedCount: number;
  /** Persons to be told of at once, and which of some events alike is each one's. */
  readonly told: Int32Array;
  readonly toldWhich: Uint8Array;
  /** Persons found by `findAround`. */
  readonly around: number[];
  /** Bodies underfoot of each standing person at this settle, and who has any. */
  readonly under: Uint8Array;
  readonly treading: number[];
  /** Those who lie, ascending. */
  readonly lying: number[];
  /** Those who fall at this settle, and why (`FallReason`). */
  readonly falling: number[];
  readonly reason: number[];
}

/** Scratch for a world, 10 bytes a person. */
export function createSettleScratch(personCount: number): SettleScratch {
  return {
    watched: new Int32Array(personCount),
    watchedCount: 0,
    told: new Int32Array(personCount),
    toldWhich: new Uint8Array(personCount),
    around: [],
    under: new Uint8Array(personCount),
    treading: [],
    lying: [],
    falling: [],
    reason: [],
  };
}

/**
 * Who is within 1.25 m of a person and on the same floor or just across an open portal, the person not included, in order of id.
 * Found by the kernel's cells, in which persons lie as they stood at some time of this step. The list is used again by the next call.
 */
export function findAround({ world, kernel, scratch }: Engine, person: number): readonly number[] {
  const { x, y, state, area, near } = world.views.persons;
  const { i32 } = world.views;
  const { x0, y0, perColumn, perRow, columns, rows } = kernel.grid;
  const starts = kernel.offsets.cellStart / 4;
  const order = kernel.offsets.order / 4;
  const list = scratch.around;
  list.length = 0;
  const px = x[person];
  const py = y[person];
  const far = REACH + STRAY;
  const columnOf = (place: number) => Math.min(Math.max(Math.trunc((place - x0) * perColumn), 1), columns - 2);
  const rowOf = (place: number) => Math.min(Math.max(Math.trunc((place - y0) * perRow), 1), rows - 2);
  const from = columnOf(px - far);
  const to = columnOf(px + far);
  const rowTo = rowOf(py + far);
  for (let row = rowOf(py - far); row <= rowTo; row++) {
    const end = i32[starts + row * columns + to + 1];
    for (let k = i32[starts + row * columns + from]; k < end; k++) {
      const j = i32[order + k];
      const dx = x[j] - px;
      const dy = y[j] - py;
      if (dx * dx + dy * dy > REACH * REACH || j === person) continue;
      if (state[j] === PersonState.out || state[j] === PersonState.leaving) continue;
      if (area[j] !== area[person] && area[j] !== near[person] && near[j] !== area[person]) continue;
      let at = list.length;
      for (; at > 0 && list[at - 1] > j; at--) list[at] = list[at - 1];
      list[at] = j;
    }
  }
  return list;
}
