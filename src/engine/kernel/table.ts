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

/** Pointers, u32 each: columns of the person table, scratch (`sorted…` are copies in cell order), and tables of the plan. */
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
  'blockedTime',
  'oncoming',
  'portal',
  'exit',
  'harm',
  'posture',
  'pace',
  'waitedTime',
  'bestPotential',
  'push',
  'levelSpeed',
  'profile',
  'stairFactors',
  'restWay',
  'bodyRadius',
  'goal',
  'leafImpulse',
  'unsensed',
  'order',
  'cellOf',
  'cellStart',
  'flow',
  'flowHere',
  'sortedX',
  'sortedY',
  'bodiesFrom',
  'bodiesTo',
  'traits',
  'aims',
  'contacts',
  'contactInfo',
  'scratch',
  'sheets',
  'areas',
  'portals',
  'links',
  'segments',
  'wallCellStart',
  'wallCellItems',
  'doorState',
  'tick',
  'lastProgressTick',
  'settledVx',
  'settledVy',
  'leanX',
  'leanY',
  'dose',
  'susceptibility',
  'patience',
  'watched',
  'laws',
  'wallRunOf',
  'wallRuns',
  'rethink',
  'route',
  'routes',
  'choice',
  'goals',
  'tryTime',
  'blocks',
  'blockLanes',
] as const;
export type PointerName = (typeof POINTERS)[number];
/** Those of the plan and of single numbers, which have places already. */
export const TABLE_POINTERS: readonly PointerName[] = POINTERS.slice(POINTERS.indexOf('sheets'));

/** Numbers, f32 each unless the name is in `INTEGER_NUMBERS`; see `physics.ts` for values and sources. */
export const NUMBERS = [
  'gridX0',
  'gridY0',
  'gridInverseCell',
  'gridInverseRow',
  'gridColumns',
  'gridRows',
  'gridBlocks',
  'radiusMax',
  'speedMax',
  'present',
  'strayed',
  'stepsDone',
  'elapsed',
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
  'margin',
  'strayMost',
  'legsStray',
  'followTime',
  'passMargin',
  'passRight',
  'empty',
] as const;
export type NumberName = (typeof NUMBERS)[number];
export const INTEGER_NUMBERS: readonly NumberName[] = [
  'gridColumns',
  'gridRows',
  'gridBlocks',
  'present',
  'strayed',
  'stepsDone',
  'empty',
];

/** Cells of a block of flow directions along x and y, as powers of two. */
export const BLOCK_COLUMN = 3;
export const BLOCK_ROW = 1;
/** Places listed for one person at most, and the farthest that one can be from one's own place in the order; see `assembly/list-contacts.ts`. */
export const CONTACTS_MAX = 16;
export const CONTACT_FAR = 32_766;
/** Scratch of one thread: places of neighbours, what four persons see; see `assembly/neighbours.ts` [bytes]. */
export const SCRATCH_BYTES = 8192 + 64 + 1584 + 4 * 112 * 512;
/**
 * Bits of `contactInfo`: how many are listed; cells to be scanned instead; who has left the margin for which contacts were listed; from
 * `INFO_WALLS_SHIFT` on, near walls of the cell's list, or all of it.
 */
export const INFO_COUNT = 255;
export const INFO_SCAN = 256;
export const INFO_STRAYED = 512;
export const INFO_PERSONS = 1023;
export const INFO_WALLS_SHIFT = 10;
export const WALLS_MAX = 20;
export const WALLS_ALL = 1 << 20;

/** Bytes of the rows of the plan's tables; what lies where is said in `plan-tables.ts`. */
export const ROW_BYTES = { sheet: 96, area: 48, portal: 128, link: 48 } as const;

/** Route tables that the kernel knows at once; a person's `route` is the slot of theirs, 1 …, or 0. */
export const ROUTE_SLOTS = 256;
/** What `choosePersons` leaves in `choice`, where the host is to look, instead of a node or −1 for no way. */
export const CHOICE_ASKED = -2;
/** How `choosePersons` marks in `unsensed` whose `choice` is a node, and who is on the way to another exit now; `choice` is then `WHYS` · exit + why. */
export const MARK_NODE = 1;
export const MARK_EXIT = 2;
/** Why an exit is another: the person's `rethink`, or one of these. */
export const WHYS = 8;
export const WHY_LEARNT = 5;
export const WHY_START = 6;
