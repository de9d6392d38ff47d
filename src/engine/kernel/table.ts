/**
 * What the kernel finds where: a table of pointers and a table of numbers in the first, reserved page of the world's
 * memory. The order of these lists is the order in memory; `assembly/table.ts` repeats it and a test compares the two.
 */

/**
 * Words (i32) by which the threads of a crew agree, in front of the pointer table: bytes 256 … 1023. Words that different
 * threads write lie 64 bytes apart, on cache lines of their own. Not state: all zero without a crew. `crew.ts` says how they are used.
 */
export const CREW_WORDS = {
  /** Odd: the job below is open. Rises by one when a job is opened and when it is closed. */
  gate: 64,
  /** First item of the job that nobody has taken. */
  next: 80,
  /** Helpers at work on the job. */
  active: 96,
  /** Helpers that sleep until the gate changes. */
  sleepers: 112,
  /** The job: index of the phase, items, items taken at once, the phase's argument (f32). */
  phase: 128,
  count: 129,
  chunk: 130,
  argument: 131,
  /** Number of a helper whose phase threw, or 0; characters of what it says, one a word. */
  failed: 144,
  failureLength: 145,
  failureText: 146,
} as const;
export const CREW_FAILURE_MAX = 110;

export const POINTER_TABLE_OFFSET = 1024;
export const NUMBER_TABLE_OFFSET = 2048;

/** Pointers, u32 each. The first ones are columns of the person table; `sorted…` are copies in cell order. */
export const POINTERS = [
  'x',
  'y',
  'vx',
  'vy',
  'radius',
  'mass',
  'wantX',
  'wantY',
  'headX',
  'headY',
  'wishX',
  'wishY',
  'wishSpeed',
  'timeGap',
  'pushNow',
  'potential',
  'chestLoad',
  'chestLoadMax',
  'packing',
  'sheet',
  'area',
  'near',
  'state',
  'crossedA',
  'crossedB',
  'touched',
  'goal',
  'leafImpulse',
  'order',
  'cellOf',
  'cellStart',
  'sortedX',
  'sortedY',
  'sortedVx',
  'sortedVy',
  'sortedRadius',
  'sortedMass',
  'sortedArea',
  'sortedNear',
  'sortedHeadX',
  'sortedHeadY',
  'sortedPotential',
  'sortedGoal',
  'sheets',
  'segments',
  'wallCellStart',
  'wallCellItems',
  'blockedTime',
  'oncoming',
] as const;
export type PointerName = (typeof POINTERS)[number];

/** Numbers, f32 each unless the name is in `INTEGER_NUMBERS`; see `physics.ts` for values and sources. */
export const NUMBERS = [
  'gridX0',
  'gridY0',
  'gridInverseCell',
  'gridColumns',
  'gridRows',
  'gridReachNear',
  'gridReachFar',
  'stiffness',
  'dampingShare',
  'capShare',
  'friction',
  'slideDamping',
  'relaxTime',
  'speedCap',
  'clearance',
  'loadTime',
  'steerStrength',
  'steerRange',
  'anticipation',
  'turnShare',
  'cutNear',
  'cutFar',
  'wallBuffer',
  'grip',
  'leafTouch',
  'laneShare',
] as const;
export type NumberName = (typeof NUMBERS)[number];
export const INTEGER_NUMBERS: readonly NumberName[] = ['gridColumns', 'gridRows', 'gridReachNear', 'gridReachFar'];

/** Words of one row of the `sheets` table: x0, y0, 1 / wall cell (f32), columns, rows, first wall cell (i32). */
export const SHEET_WORDS = 8;
