// Writes the gallery's larger scenes, which are regular enough to be said shorter in a program than in JSON.
// `node scripts/make-gallery.mjs` rewrites them; with --check it only says which files differ (and exits with 1).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INCIDENT_VARIANTS, makeIncident } from './make-incident.mjs';
import { ROOT, setup } from './setup.mjs';

await setup();
const { formatJson } = await import('../dist/cli/format-json.js');

const SCENARIOS = join(ROOT, 'scenarios');

const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const tidy = (value) => Math.round(value * 1000) / 1000;

/** Widths of the bottleneck [m]; the first is the scene's `scenario.json`. */
export const BOTTLENECK_WIDTHS = [1.0, 0.5, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 5.0];

/** File of a bottleneck of the given width, relative to scenarios/. */
export function bottleneckFile(width) {
  return width === BOTTLENECK_WIDTHS[0] ? 'bottleneck/scenario.json' : `bottleneck/width-${width.toFixed(1)}.json`;
}

/**
 * A room, a passage 1 m long, the open. The flow of the whole run is that of a steady crowd only from about 115 persons
 * per metre of width (Liao et al. 2015), so the crowd grows with the width.
 */
function makeBottleneck(width) {
  const persons = Math.ceil((115 * width) / 10) * 10;
  const half = width / 2;
  const roomHalf = tidy(Math.max(3, half + 2));
  const crowdDepth = tidy(Math.ceil((persons / 2.5 / (2 * roomHalf)) * 2) / 2);
  const depth = crowdDepth + 2;
  return {
    crashbar: 1,
    name: `bottleneck ${width.toFixed(1)} m`,
    description: `A crowd of ${persons} leaves a room through a passage ${width.toFixed(1)} m wide and 1 m long, calmly and all at once. The size of the crowd is at least 115 persons per metre of width, from where on the mean flow no longer depends on it (Liao et al. 2015).`,
    levels: [
      {
        id: 'ground',
        outlines: [
          [
            [-depth, -roomHalf],
            [0, -roomHalf],
            [0, -half],
            [1, -half],
            [1, half],
            [0, half],
            [0, roomHalf],
            [-depth, roomHalf],
          ],
        ],
      },
    ],
    exits: [
      {
        id: 'passage',
        level: 'ground',
        line: [
          [1, -half],
          [1, half],
        ],
      },
    ],
    profiles: [{ id: 'adult' }],
    populations: [
      {
        id: 'crowd',
        level: 'ground',
        polygon: rectangle(-depth, -roomHalf, tidy(-depth + crowdDepth), roomHalf),
        count: persons,
        profile: 'adult',
      },
    ],
    settings: { end: { time: 600 } },
  };
}

/** Three equal floors over two stairwells with half-landings; everybody leaves by the ground floor. */
function makeThreeStorey() {
  const height = 3.5;
  const floors = ['ground floor', 'first floor', 'second floor'];
  const rooms = [0, 1, 2, 3];
  const roomEdge = 6.4;
  const corridorEdge = 9.2;
  const levels = [];
  const doors = [];
  const links = [];
  const populations = [];
  for (const [storey, floor] of floors.entries()) {
    levels.push({
      id: floor,
      elevation: storey * height,
      outlines: [rectangle(0, 0, 24, corridorEdge)],
      areas: [
        ...rooms.map((room) => ({
          id: `${floor}, office ${room + 1}`,
          polygon: rectangle(6 * room, 0, 6 * room + 6, roomEdge),
        })),
        { id: `${floor}, corridor`, polygon: rectangle(0, roomEdge, 24, corridorEdge) },
      ],
      walls: [
        {
          path: [
            [0, roomEdge],
            [24, roomEdge],
          ],
        },
        ...[6, 12, 18].map((x) => ({
          path: [
            [x, 0],
            [x, roomEdge],
          ],
        })),
      ],
    });
    for (const room of rooms) {
      const x = 6 * room + 3;
      doors.push({
        id: `${floor}, office ${room + 1}, door`,
        level: floor,
        line: [
          [tidy(x - 0.45), roomEdge],
          [tidy(x + 0.45), roomEdge],
        ],
        state: 'closed',
      });
      populations.push({
        id: `${floor}, office ${room + 1}`,
        level: floor,
        area: `${floor}, office ${room + 1}`,
        count: 12,
        profile: 'office worker',
      });
    }
  }
  for (const storey of [2, 1]) {
    for (const [side, wall, away] of [
      ['west', 0, -3],
      ['east', 24, 27],
    ]) {
      const landing = `${side} landing ${storey}`;
      const outer = away < 0 ? away - 1.4 : away + 1.4;
      levels.push({
        id: landing,
        elevation: (storey - 0.5) * height,
        outlines: [rectangle(Math.min(away, outer), 6.6, Math.max(away, outer), 9.2)],
      });
      const edge = (x, y0, y1) => [
        [x, y0],
        [x, y1],
      ];
      links.push(
        {
          id: `${side} stair ${storey}, upper flight`,
          kind: 'stairs',
          from: { level: floors[storey], line: edge(wall, 8, 9.2) },
          to: { level: landing, line: edge(away, 8, 9.2) },
        },
        {
          id: `${side} stair ${storey}, lower flight`,
          kind: 'stairs',
          from: { level: landing, line: edge(away, 6.6, 7.8) },
          to: { level: floors[storey - 1], line: edge(wall, 6.6, 7.8) },
        },
      );
    }
  }
  doors.push(
    {
      id: 'main door',
      level: floors[0],
      line: [
        [6.9, corridorEdge],
        [5.1, corridorEdge],
      ],
      leaf: 'double',
      state: 'closed',
    },
    {
      id: 'side door',
      level: floors[0],
      line: [
        [20.5, corridorEdge],
        [19.5, corridorEdge],
      ],
      state: 'closed',
    },
  );
  return {
    crashbar: 1,
    name: 'three storeys',
    description:
      'Three office floors, 48 persons each, over two stairwells 1.2 m wide with half-landings. Each starts after a pre-movement time of his or her own and leaves by the main or the side exit on the ground floor.',
    levels,
    doors,
    exits: [
      { id: 'main exit', door: 'main door' },
      { id: 'side exit', door: 'side door' },
    ],
    links,
    profiles: [
      {
        id: 'office worker',
        preMovement: { distribution: 'lognormal', median: 20, sigma: 0.6, max: 90 },
      },
    ],
    populations,
    settings: { end: { time: 600 } },
  };
}

/** Numbers of the factory scene; the account that it follows gives none, so all are ours. */
const FACTORY = {
  cagesPerRow: 10,
  /** Of the ten cages of each row, these hold three captives, the others two: 2 × (3·3 + 7·2) = 46. */
  cagesOfThree: [1, 4, 8],
  firstRelease: 5,
  releaseInterval: 6,
  /** Captives of the first five cages of a row stay put for longer than those freed when others are leaving already. */
  cagesFirst: 5,
};

/** Weak from captivity: slower, lighter and easier to harm than the average, and desperate. */
const captive = (id, preMovement) => ({
  id,
  body: {
    radius: { distribution: 'normal', mean: 0.176, sd: 0.014, min: 0.15, max: 0.21 },
    mass: { distribution: 'normal', mean: 62, sd: 9, min: 42, max: 90 },
  },
  freeSpeed: { distribution: 'normal', mean: 1.15, sd: 0.2, min: 0.6, max: 1.7 },
  motivation: { distribution: 'uniform', min: 0.8, max: 1 },
  preMovement,
  patience: { distribution: 'lognormal', median: 45, sigma: 0.4 },
  susceptibility: { distribution: 'lognormal', median: 0.7, sigma: 0.25 },
});

/** Captives in cages, released row by row, run for a lit fire exit that is chained (or, unchained, only closed). */
function makeFactory(unchained) {
  const { cagesPerRow, cagesOfThree, firstRelease, releaseInterval, cagesFirst } = FACTORY;
  const west = 2.4;
  const pitch = 2;
  const rows = [
    { name: 'north', front: 1.5, back: 4 },
    { name: 'south', front: -1.5, back: -4 },
  ];
  const cages = rows.flatMap((row) =>
    Array.from({ length: cagesPerRow }, (_, place) => ({
      id: `${row.name} cage ${place + 1}`,
      row,
      place,
      x0: tidy(west + pitch * place),
      x1: tidy(west + pitch * (place + 1)),
    })),
  );
  const east = tidy(west + pitch * cagesPerRow);
  const upper = {
    id: 'upper level',
    elevation: 3.4,
    outlines: [rectangle(0, -4, 24, 4), rectangle(24, -1.5, 27, 1.5)],
    areas: [
      ...cages.map((cage) => ({
        id: cage.id,
        polygon: rectangle(
          cage.x0,
          Math.min(cage.row.front, cage.row.back),
          cage.x1,
          Math.max(cage.row.front, cage.row.back),
        ),
      })),
      { id: 'reinforced cell', polygon: rectangle(0, -1.5, west, 1.5) },
      {
        id: 'cell block',
        polygon: [
          [west, -1.5],
          [east, -1.5],
          [east, -4],
          [24, -4],
          [24, 4],
          [east, 4],
          [east, 1.5],
          [west, 1.5],
        ],
      },
      { id: 'landing', polygon: rectangle(24, -1.5, 27, 1.5) },
    ],
    walls: [
      {
        id: 'reinforced wall',
        path: [
          [west, -1.5],
          [west, 1.5],
        ],
        thickness: 0.2,
      },
      {
        id: 'wall to the landing',
        path: [
          [24, -1.5],
          [24, 1.5],
        ],
        thickness: 0.2,
      },
      ...rows.flatMap((row) => [
        {
          id: `${row.name} row, fronts and end`,
          path: [
            [0, row.front],
            [east, row.front],
            [east, row.back],
          ],
          thickness: 0.06,
        },
        ...Array.from({ length: cagesPerRow }, (_, place) => ({
          path: [
            [tidy(west + pitch * place), row.front],
            [tidy(west + pitch * place), row.back],
          ],
          thickness: 0.06,
        })),
      ]),
    ],
    holes: [rectangle(0, 1.5, west, 4), rectangle(0, -4, west, -1.5)],
  };
  const lower = {
    id: 'lower level',
    elevation: 0,
    outlines: [
      rectangle(32.5, -3.5, 41.5, 3.5),
      rectangle(10.5, -3.5, 32.5, -1.9),
      rectangle(20.75, -7.5, 22.25, -3.5),
      rectangle(14, -16.5, 30, -7.5),
    ],
    areas: [
      { id: 'stair hall', polygon: rectangle(32.5, -3.5, 41.5, 3.5) },
      { id: 'corridor', polygon: rectangle(10.5, -3.5, 32.5, -1.9) },
      { id: 'side hallway', polygon: rectangle(20.75, -7.5, 22.25, -3.5) },
      { id: 'garage', polygon: rectangle(14, -16.5, 30, -7.5) },
    ],
  };
  const doors = [
    ...cages.map((cage) => {
      const middle = (cage.x0 + cage.x1) / 2;
      return {
        id: `${cage.id}, door`,
        level: 'upper level',
        line: [
          [tidy(middle - 0.4), cage.row.front],
          [tidy(middle + 0.4), cage.row.front],
        ],
        state: 'locked',
        releaseTime: releaseInterval,
      };
    }),
    {
      id: 'reinforced door',
      level: 'upper level',
      line: [
        [west, -0.45],
        [west, 0.45],
      ],
      state: 'locked',
      strength: 20000,
    },
    {
      id: 'double door',
      level: 'upper level',
      line: [
        [24, -0.9],
        [24, 0.9],
      ],
      leaf: 'double',
      state: 'open',
    },
    {
      id: 'fire door',
      level: 'lower level',
      line: [
        [41.5, -0.6],
        [41.5, 0.6],
      ],
      leaf: 'double',
      state: unchained ? 'closed' : 'chained',
    },
    {
      id: 'garage door',
      level: 'lower level',
      line: [
        [17, -16.5],
        [18.2, -16.5],
      ],
      state: 'closed',
    },
  ];
  return {
    crashbar: 1,
    name: unchained ? 'factory breakout, unchained' : 'factory breakout',
    description: `46 captives, two or three to a cage, are let out of their cages in two rows at the same time, one lock every ${releaseInterval} s. They know of one way out: down the stair, straight ahead, under the lit sign. ${unchained ? 'In this variant its door is closed but not locked.' : 'Its door is chained. Another exit, through the garage, is open, but none of them knows of it; who finds the fire door chained looks further.'}`,
    levels: [upper, lower],
    doors,
    exits: [
      { id: 'fire exit', door: 'fire door' },
      { id: 'garage exit', door: 'garage door' },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        from: {
          level: 'upper level',
          line: [
            [27, -0.7],
            [27, 0.7],
          ],
        },
        to: {
          level: 'lower level',
          line: [
            [32.5, -0.7],
            [32.5, 0.7],
          ],
        },
      },
    ],
    signs: [
      { id: 'EXIT', level: 'lower level', position: [41.4, 0], facing: 180, exit: 'fire exit', lit: true, size: 0.2 },
    ],
    profiles: [
      captive('captive freed early', { distribution: 'lognormal', median: 30, sigma: 0.3, max: 60 }),
      captive('captive freed late', { distribution: 'lognormal', median: 8, sigma: 0.5, max: 40 }),
    ],
    populations: cages.map((cage) => ({
      id: cage.id,
      level: 'upper level',
      area: cage.id,
      count: cagesOfThree.includes(cage.place) ? 3 : 2,
      profile: cage.place < cagesFirst ? 'captive freed early' : 'captive freed late',
      knows: ['fire exit'],
      alertedBy: `${cage.id} unlocked`,
    })),
    events: Array.from({ length: cagesPerRow }, (_, place) =>
      rows.map((row) => ({
        id: `${row.name} cage ${place + 1} unlocked`,
        at: firstRelease + releaseInterval * place,
        do: 'unlock',
        door: `${row.name} cage ${place + 1}, door`,
      })),
    ).flat(),
    settings: { end: { time: 420, stalled: 90 } },
  };
}

/** Numbers of the office floor; ours. */
const OFFICE = { rooms: 8, room: 4.5, depth: 5, corridor: 2.2, lobby: 6, hall: 16 };

/**
 * An office floor: lobby with the entrance that everybody came in by, a corridor with rooms on both sides, an open-plan hall with a fire exit at the far
 * end. Its door is shut, so who sees no sign of it knows nothing of it.
 */
function makeOffice(name, what, sign) {
  const { rooms, room, depth, corridor, lobby, hall } = OFFICE;
  const half = corridor / 2;
  const east = tidy(lobby + rooms * room);
  const end = tidy(east + hall);
  const rows = [
    { front: half, back: half + depth },
    { front: -half, back: -half - depth },
  ];
  const wall = (x0, y0, x1, y1) => ({
    path: [
      [tidy(x0), tidy(y0)],
      [tidy(x1), tidy(y1)],
    ],
  });
  const door = (id, line, more = {}) => ({
    id,
    level: 'floor',
    line: line.map(([x, y]) => [tidy(x), tidy(y)]),
    ...more,
  });
  const places = rows.flatMap((row, k) =>
    Array.from({ length: rooms }, (_, place) => ({
      id: `room ${k * rooms + place + 1}`,
      row,
      x: tidy(lobby + room * place),
    })),
  );
  const signs = [
    { id: 'over the fire exit', position: [tidy(end - 0.1), 0], facing: 180 },
    { id: 'in the corridor', position: [tidy(east - 0.1), 0], facing: 180 },
    { id: 'in the hall', position: [tidy(east + hall / 2), tidy(half + depth - 0.1)], facing: 270 },
  ];
  return {
    crashbar: 1,
    name,
    description: `144 people on an office floor, who all came in by the main entrance. ${what} A spoken message tells them to leave; they also go by what others do.`,
    levels: [
      {
        id: 'floor',
        outlines: [rectangle(0, tidy(-half - depth), end, tidy(half + depth))],
        walls: [
          ...rows.flatMap(({ front, back }) => [
            wall(lobby, front, east, front),
            wall(lobby, front, lobby, back),
            ...Array.from({ length: rooms }, (_, place) =>
              wall(lobby + room * (place + 1), front, lobby + room * (place + 1), back),
            ),
          ]),
          wall(east, -half, east, half),
        ],
      },
    ],
    doors: [
      ...places.map(({ id, row, x }) =>
        door(
          id,
          [
            [x + 1.8, row.front],
            [x + 2.7, row.front],
          ],
          { state: 'closed' },
        ),
      ),
      door('hall door', [
        [east, -0.8],
        [east, 0.8],
      ]),
      door('entrance door', [
        [0, -0.6],
        [0, 0.6],
      ]),
      door(
        'fire door',
        [
          [end, -0.6],
          [end, 0.6],
        ],
        { state: 'closed' },
      ),
    ],
    exits: [
      { id: 'main entrance', door: 'entrance door' },
      { id: 'fire exit', door: 'fire door' },
    ],
    ...(sign === undefined
      ? {}
      : { signs: signs.map((place) => ({ ...place, level: 'floor', exit: 'fire exit', size: 0.15, ...sign })) }),
    sounds: [
      {
        id: 'message in the corridor',
        level: 'floor',
        position: [tidy((lobby + east) / 2), 0],
        kind: 'voice',
        loudness: 95,
      },
      { id: 'message in the hall', level: 'floor', position: [tidy(east + hall / 2), 0], kind: 'voice', loudness: 95 },
    ],
    profiles: [
      { id: 'clerk', preMovement: { distribution: 'lognormal', median: 15, sigma: 0.6, max: 90 }, patience: 120 },
    ],
    populations: [
      {
        id: 'hall',
        level: 'floor',
        polygon: rectangle(tidy(east + 1), tidy(-half - depth + 0.5), tidy(end - 1), tidy(half + depth - 0.5)),
        count: 80,
        profile: 'clerk',
        knows: ['main entrance'],
        waits: true,
      },
      ...places.map(({ id, row, x }) => ({
        id,
        level: 'floor',
        polygon: rectangle(
          tidy(x + 0.4),
          tidy(Math.min(row.front, row.back) + 0.5),
          tidy(x + room - 0.4),
          tidy(Math.max(row.front, row.back) - 0.5),
        ),
        count: 4,
        profile: 'clerk',
        knows: ['main entrance'],
        waits: true,
      })),
    ],
    events: [
      { at: 5, do: 'sound', sound: 'message in the corridor' },
      { at: 5, do: 'sound', sound: 'message in the hall' },
    ],
    behaviour: { signs: {}, hearing: {}, contagion: {}, knowledge: {}, word: {}, choice: {} },
    settings: { end: { time: 400 } },
  };
}

/** Numbers of the detention wing; ours. */
const WING = { cellsPerRow: 12, cell: 2.2, depth: 3, corridor: 3, lobby: 5 };

/** Cells on both sides of a corridor, opened with keys by one officer or two, or at a console; the gate to the yard is locked too. */
function makeDetentionWing(name, what, officers) {
  const { cellsPerRow, cell, depth, corridor, lobby } = WING;
  const end = tidy(lobby + cellsPerRow * cell);
  const half = corridor / 2;
  const rows = [
    { name: 'north', front: half, back: half + depth },
    { name: 'south', front: -half, back: -half - depth },
  ];
  const cells = rows.flatMap((row) =>
    Array.from({ length: cellsPerRow }, (_, place) => ({
      id: `${row.name} cell ${place + 1}`,
      row,
      x: tidy(lobby + cell * place),
    })),
  );
  const leave = { state: 'leave', do: { act: 'leave' } };
  return {
    crashbar: 1,
    name,
    description: `24 cells with 36 persons, none of whom can get out alone. ${what} Locks take 4 to 7 s each; the gate to the yard is locked, too.`,
    levels: [
      {
        id: 'wing',
        outlines: [rectangle(0, -half - depth, end, half + depth)],
        walls: [
          ...rows.flatMap(({ front, back }) => [
            {
              path: [
                [lobby, front],
                [end, front],
              ],
            },
            ...Array.from({ length: cellsPerRow }, (_, place) => ({
              path: [
                [tidy(lobby + cell * place), front],
                [tidy(lobby + cell * place), back],
              ],
            })),
          ]),
        ],
      },
    ],
    doors: [
      ...cells.map(({ id, row, x }) => ({
        id,
        level: 'wing',
        line: [
          [tidy(x + 0.7), row.front],
          [tidy(x + 1.5), row.front],
        ],
        state: 'locked',
        lock: { key: 'cell keys' },
      })),
      {
        id: 'gate',
        level: 'wing',
        line: [
          [0, 0.7],
          [0, -0.7],
        ],
        state: 'locked',
        strength: 15000,
        lock: { key: 'gate key' },
      },
    ],
    exits: [{ id: 'yard', door: 'gate' }],
    profiles: [{ id: 'officer', freeSpeed: 1.4, preMovement: 5 }],
    populations: [
      ...officers.map((role, k) => ({
        id: `officer ${k + 1}`,
        level: 'wing',
        position: [tidy(2 + 1.2 * k), 3],
        profile: 'officer',
        role,
        alertedBy: 'alarm',
      })),
      ...cells.map(({ id, row, x }, k) => ({
        id: `in ${id}`,
        level: 'wing',
        polygon: rectangle(
          tidy(x + 0.3),
          Math.min(row.front, row.back) + 0.5,
          tidy(x + cell - 0.3),
          Math.max(row.front, row.back) - 0.5,
        ),
        count: k % 2 === 0 ? 2 : 1,
        alertedBy: 'alarm',
      })),
    ],
    events: [{ id: 'alarm', at: 5, do: 'alert' }],
    objects: officers.flatMap((_, k) => [
      { id: `cell keys ${k + 1}`, kind: 'cell keys', heldBy: `officer ${k + 1}` },
      { id: `gate key ${k + 1}`, kind: 'gate key', heldBy: `officer ${k + 1}` },
    ]),
    consoles: [
      { id: 'console', level: 'wing', position: [1, 3.5], doors: cells.map(({ id }) => id), key: 'cell keys' },
    ],
    roles: [
      {
        id: 'key rounds',
        knows: 'doors',
        states: [
          { state: 'gate', do: { act: 'unlock', doors: ['gate'] }, next: [{ when: { action: 'ended' }, go: 'cells' }] },
          {
            state: 'cells',
            do: { act: 'unlock', doors: cells.map(({ id }) => id) },
            next: [{ when: { action: 'ended' }, go: 'leave' }],
          },
          leave,
        ],
      },
      {
        id: 'gang release',
        knows: 'doors',
        states: [
          {
            state: 'console',
            do: { act: 'operate', console: 'console' },
            next: [{ when: { action: 'ended' }, go: 'gate' }],
          },
          { state: 'gate', do: { act: 'unlock', doors: ['gate'] }, next: [{ when: { action: 'ended' }, go: 'leave' }] },
          leave,
        ],
      },
    ],
    settings: { end: { time: 400 } },
  };
}

/** Numbers of the night club; ours. */
const CLUB = { length: 26, depth: 16, guests: 340, staff: 6 };

/**
 * A night club whose guests all came in by the front and hardly know the other ways out. The door behind the stage, under a lit sign, is chained
 * (`chained`) against those who would come in without paying.
 */
function makeNightClub(chained) {
  const { length, depth, guests, staff } = CLUB;
  const door = (id, line, rest) => ({ id, level: 'floor', line, ...rest });
  const sign = (id, position, facing, exit) => ({ id, level: 'floor', position, facing, exit, lit: true, size: 0.15 });
  return {
    crashbar: 1,
    name: chained ? 'night club, back door chained' : 'night club',
    description: `${guests} guests on a floor of ${length} m × ${depth} m with a stage and a bar. Nearly all know the way they came in only, through a passage of 2.4 m with a door of 1.8 m; staff and those who notice a sign know the bar door and the back door, too. ${chained ? 'The back door beside the stage is chained.' : 'The back door beside the stage is merely shut.'} Fire is seen on the stage at 5 s.`,
    levels: [
      {
        id: 'floor',
        outlines: [rectangle(0, 0, length, depth), rectangle(-7, 6.8, 0, 9.2)],
        areas: [
          { id: 'dance floor', polygon: rectangle(0, 0, length, depth) },
          { id: 'entrance passage', polygon: rectangle(-7, 6.8, 0, 9.2) },
        ],
        holes: [rectangle(22, 5, length, 11)],
        furniture: [{ id: 'bar', polygon: rectangle(8, 13.4, 16, 14.2), height: 1.1 }],
      },
    ],
    doors: [
      door(
        'front door',
        [
          [-7, 7.1],
          [-7, 8.9],
        ],
        { leaf: 'double', state: 'open' },
      ),
      door(
        'bar door',
        [
          [18, depth],
          [16.9, depth],
        ],
        { state: 'closed' },
      ),
      door(
        'back door',
        [
          [length, 2],
          [length, 3.2],
        ],
        { state: chained ? 'chained' : 'closed' },
      ),
    ],
    exits: [
      { id: 'front', door: 'front door' },
      { id: 'bar exit', door: 'bar door' },
      { id: 'back exit', door: 'back door' },
    ],
    signs: [
      sign('over the bar door', [17.45, 15.95], 270, 'bar exit'),
      sign('over the back door', [25.95, 2.6], 180, 'back exit'),
    ],
    profiles: [
      {
        id: 'guest',
        motivation: 0.5,
        preMovement: { distribution: 'lognormal', median: 8, sigma: 0.5, max: 40 },
        patience: { distribution: 'lognormal', median: 40, sigma: 0.4, min: 10 },
      },
      { id: 'staff', motivation: 0.3, preMovement: { distribution: 'lognormal', median: 4, sigma: 0.4, max: 15 } },
    ],
    populations: [
      {
        id: 'guests',
        level: 'floor',
        polygon: rectangle(4, 1, 21.5, 13),
        count: guests,
        profile: 'guest',
        knows: ['front'],
        alertedBy: 'fire',
      },
      {
        id: 'regulars',
        level: 'floor',
        polygon: rectangle(10, 1, 21.5, 13),
        count: 20,
        profile: 'guest',
        knows: ['front', 'bar exit', 'back exit'],
        familiar: ['front'],
        alertedBy: 'fire',
      },
      {
        id: 'staff',
        level: 'floor',
        polygon: rectangle(8, 14.4, 16, 15.6),
        count: staff,
        profile: 'staff',
        uniform: true,
        alertedBy: 'fire',
      },
    ],
    events: [{ id: 'fire', at: 5, do: 'alert' }],
    behaviour: { signs: {}, knowledge: {}, word: {}, following: {}, choice: {}, inner: {} },
    settings: { end: { time: 600 } },
  };
}

/** Numbers of the stand; the log of the experiments gives no widths, so they are ours. */
const STAND = { rows: 10, pitch: 0.8, bench: 0.35, seats: 30, aisle: 1.2, leaf: 1.2, passage: 6 };

/**
 * A block of seats that empties by two gangways, a cross aisle and a vomitory to a door of two leaves. `leaves` of them open; `taken`: share of the seats; a
 * steward stands in the vomitory or not.
 */
function makeVomitory(name, what, { leaves = 2, taken = 1, steward = false }) {
  const { rows, pitch, bench, seats, aisle, leaf, passage } = STAND;
  const block = seats / 2;
  const width = tidy(2 * aisle + block);
  const middle = width / 2;
  const ends = Array.from({ length: rows }, (_, k) => tidy(k * pitch));
  const [door0, door1] = [tidy(middle - leaf), tidy(middle - leaf + leaves * leaf)];
  return {
    crashbar: 1,
    name: `vomitory, ${name}`,
    description: `${rows} rows of ${seats} seats, ${Math.round(taken * seats) * rows} of them taken, two gangways and a cross aisle of ${aisle} m, a vomitory of ${tidy(2 * leaf)} m. ${what}`,
    levels: [
      {
        id: 'stand',
        outlines: [
          rectangle(0, -aisle, width, tidy(rows * pitch)),
          rectangle(tidy(middle - leaf), tidy(-aisle - passage), tidy(middle + leaf), -aisle),
        ],
        holes: ends.map((y) => rectangle(aisle, y, tidy(aisle + block), tidy(y + bench))),
      },
    ],
    doors: [
      {
        id: 'vomitory door',
        level: 'stand',
        line: [
          [door0, tidy(-aisle - passage)],
          [door1, tidy(-aisle - passage)],
        ],
        leaf: leaves === 2 ? 'double' : 'single',
        state: 'open',
      },
    ],
    exits: [{ id: 'concourse', door: 'vomitory door' }],
    populations: [
      ...ends.map((y, k) => ({
        id: `row ${k + 1}`,
        level: 'stand',
        polygon: rectangle(aisle, tidy(y + bench), tidy(aisle + block), tidy(y + pitch)),
        count: Math.round(taken * seats),
      })),
      ...(steward
        ? [
            {
              id: 'steward',
              level: 'stand',
              position: [middle, tidy(-aisle - passage / 2)],
              role: 'stands',
              uniform: true,
            },
          ]
        : []),
    ],
    ...(steward
      ? {
          roles: [
            {
              id: 'stands',
              states: [
                {
                  state: 'stand',
                  do: { act: 'wait' },
                  next: [{ when: { none: { is: 'up', within: 40 } }, go: 'leave' }],
                },
                { state: 'leave', do: { act: 'leave' } },
              ],
            },
          ],
        }
      : {}),
    settings: { end: { time: 600 } },
  };
}

/** Numbers of the school and the ward; ours. */
const SCHOOL = { rooms: 6, room: 8, depth: 7, corridor: 3, pupils: 20 };

/** A school corridor with classrooms; somebody with a weapon comes in by the entrance. Teachers have their classes hide behind locked doors, or run. */
function makeSchool(hides) {
  const { rooms, room, depth, corridor, pupils } = SCHOOL;
  const end = rooms * room;
  const places = Array.from({ length: rooms }, (_, k) => ({ id: `classroom ${k + 1}`, x: room * k }));
  const seesThreat = { near: { of: ['intruder'], within: 25 } };
  return {
    crashbar: 1,
    name: hides ? 'school, hide' : 'school, run',
    description: `Six classrooms on a corridor, ${rooms * pupils} pupils and six teachers. Somebody with a weapon comes in by the entrance at the left. ${hides ? 'Classes stay, and teachers lock the doors from inside.' : 'Everybody runs for the exit at the far end as soon as a shot is heard.'} Numbers are abstract: attempts at a rate, with a chance.`,
    levels: [
      {
        id: 'ground',
        outlines: [rectangle(-3, 0, end + 3, corridor), rectangle(0, corridor, end, corridor + depth)],
        areas: [
          ...places.map(({ id, x }) => ({ id, polygon: rectangle(x, corridor, x + room, corridor + depth) })),
          { id: 'corridor', polygon: rectangle(-3, 0, end + 3, corridor) },
        ],
        walls: [
          {
            path: [
              [0, corridor],
              [end, corridor],
            ],
          },
          ...places.slice(1).map(({ x }) => ({
            path: [
              [x, corridor],
              [x, corridor + depth],
            ],
          })),
        ],
      },
    ],
    doors: places.map(({ id, x }) => ({
      id: `${id}, door`,
      level: 'ground',
      line: [
        [x + 3.5, corridor],
        [x + 4.5, corridor],
      ],
      state: 'closed',
    })),
    exits: [
      {
        id: 'entrance',
        level: 'ground',
        line: [
          [-3, 0.5],
          [-3, 2.5],
        ],
      },
      {
        id: 'far exit',
        level: 'ground',
        line: [
          [end + 3, 0.5],
          [end + 3, 2.5],
        ],
      },
    ],
    profiles: [
      {
        id: 'pupil',
        body: { table: 'children' },
        freeSpeed: { distribution: 'uniform', min: 1, max: 1.5 },
        motivation: 0.5,
      },
    ],
    populations: [
      { id: 'intruder', level: 'ground', position: [-2, 1.5], role: 'intruder' },
      ...places.flatMap(({ id, x }) => [
        {
          id: `teacher of ${id}`,
          level: 'ground',
          position: [x + 4, corridor + 1.2],
          role: hides ? `locks ${id}` : 'runs',
        },
        {
          id: `class of ${id}`,
          level: 'ground',
          polygon: rectangle(x + 0.5, corridor + 2, x + room - 0.5, corridor + depth - 0.5),
          count: pupils,
          profile: 'pupil',
          role: hides ? 'stays' : 'runs',
        },
      ]),
    ],
    roles: [
      {
        id: 'intruder',
        hostileTo: 'others',
        states: [
          {
            state: 'come',
            do: { act: 'go', to: { place: [4, 1.5] } },
            next: [
              { when: { sees: { hostile: true, is: 'up', within: 25 } }, go: 'shoot' },
              { when: { action: 'ended' }, go: 'walk on' },
            ],
          },
          {
            state: 'walk on',
            do: { act: 'go', to: { place: [end, 1.5] } },
            next: [
              { when: { sees: { hostile: true, is: 'up', within: 25 } }, go: 'shoot' },
              { when: { action: 'ended' }, go: 'wait' },
            ],
          },
          {
            state: 'shoot',
            do: {
              act: 'attack',
              who: { hostile: true, is: 'up', within: 25, seen: true },
              with: 'shot',
              spread: 4,
              every: 1.5,
              rounds: 1,
              effects: [
                { effect: 'dead', share: 0.2 },
                { effect: 'unconscious', share: 0.4 },
                { effect: 'wounded', share: 0.4 },
              ],
            },
            next: [{ when: { action: 'ended' }, go: 'walk on' }],
          },
          { state: 'wait', do: { act: 'wait' }, next: [{ when: { sees: { hostile: true, is: 'up' } }, go: 'shoot' }] },
        ],
      },
      {
        id: 'runs',
        states: [
          { state: 'lesson', do: { act: 'wait' }, next: [{ when: { ...seesThreat, after: 8 }, go: 'run' }] },
          { state: 'run', do: { act: 'leave', exit: 'far exit', hurry: 1 } },
        ],
      },
      ...(hides
        ? [
            { id: 'stays', states: [{ state: 'lesson', do: { act: 'wait' } }] },
            ...places.map(({ id }) => ({
              id: `locks ${id}`,
              states: [
                { state: 'lesson', do: { act: 'wait' }, next: [{ when: { ...seesThreat, after: 8 }, go: 'lock' }] },
                { state: 'lock', do: { act: 'hide', in: [id], locks: true, hurry: 1 } },
              ],
            })),
          ]
        : []),
    ],
    settings: { end: { time: 180, stalled: 100 } },
  };
}

/** A ward whose patients cannot walk far by themselves, and porters who bring one after the other to the exit. */
function makeWard(porters) {
  const beds = 8;
  return {
    crashbar: 1,
    name: `ward, ${porters} porters`,
    description: `A ward with ${beds} patients in wheelchairs or unsteady on their feet, and ${porters} porters. A patient alone moves at 0.3 m/s; with a porter at 1.2 m/s. Who has brought one out does not come back.`,
    levels: [{ id: 'ground', outlines: [rectangle(0, 0, 30, 6), rectangle(30, 2, 45, 4)] }],
    exits: [
      {
        id: 'way out',
        level: 'ground',
        line: [
          [45, 2.2],
          [45, 3.8],
        ],
      },
    ],
    profiles: [
      { id: 'patient', body: { radius: 0.3, mass: 95 }, freeSpeed: 0.3 },
      { id: 'porter', freeSpeed: 1.4, preMovement: 5 },
    ],
    populations: [
      ...Array.from({ length: beds }, (_, k) => ({
        id: `bed ${k + 1}`,
        level: 'ground',
        position: [3 + 3 * k, k % 2 === 0 ? 1 : 5],
        profile: 'patient',
      })),
      ...(porters === 0
        ? []
        : [
            {
              id: 'porters',
              level: 'ground',
              polygon: rectangle(25, 1, 29, 5),
              count: porters,
              profile: 'porter',
              role: 'porter',
            },
          ]),
    ],
    roles: [
      {
        id: 'porter',
        states: [
          {
            state: 'fetch',
            do: {
              act: 'assist',
              who: { of: Array.from({ length: beds }, (_, k) => `bed ${k + 1}`), is: 'unassisted' },
              speed: 1.2,
              time: { distribution: 'uniform', min: 5, max: 15 },
            },
            next: [
              { when: { action: 'failed' }, go: 'leave' },
              { when: { action: 'done' }, go: 'leave' },
            ],
          },
          { state: 'leave', do: { act: 'leave' } },
        ],
      },
    ],
    settings: { end: { time: 300 } },
  };
}

/** Every generated file, by path relative to scenarios/. */
export function makeGallery() {
  const files = new Map();
  for (const width of BOTTLENECK_WIDTHS) files.set(bottleneckFile(width), makeBottleneck(width));
  files.set('three-storey/scenario.json', makeThreeStorey());
  files.set(
    'detention-wing/scenario.json',
    makeDetentionWing('detention wing, key rounds', 'One officer opens the gate and then one cell after the other.', [
      'key rounds',
    ]),
  );
  files.set(
    'detention-wing/two-officers.json',
    makeDetentionWing(
      'detention wing, two officers',
      'Two officers, each with keys, open the gate and then the cells.',
      ['key rounds', 'key rounds'],
    ),
  );
  files.set(
    'detention-wing/gang-release.json',
    makeDetentionWing(
      'detention wing, gang release',
      'One officer releases all cells at a console, then opens the gate.',
      ['gang release'],
    ),
  );
  files.set(
    'office-signed-exits/scenario.json',
    makeOffice('office, signed exits', 'Signs show the way to a fire exit that none of them has ever used.', {}),
  );
  files.set(
    'office-signed-exits/dynamic.json',
    makeOffice('office, dynamic signs', 'Flashing signs show the way to a fire exit that none of them has ever used.', {
      dynamic: true,
    }),
  );
  files.set(
    'office-signed-exits/unsigned.json',
    makeOffice('office, unsigned exit', 'No sign shows the fire exit, which none of them has ever used.', undefined),
  );
  files.set('night-club/scenario.json', makeNightClub(true));
  files.set('night-club/unchained.json', makeNightClub(false));
  files.set(
    'vomitory/scenario.json',
    makeVomitory('one leaf closed', 'One of the two leaves of its door is closed.', { leaves: 1 }),
  );
  files.set('vomitory/both-leaves.json', makeVomitory('both leaves open', 'Both leaves of its door are open.', {}));
  files.set(
    'vomitory/half.json',
    makeVomitory('every second seat', 'Both leaves of its door are open.', { taken: 0.5 }),
  );
  files.set(
    'vomitory/steward.json',
    makeVomitory(
      'a steward in the way',
      'Both leaves of its door are open; a steward stands in the middle of the vomitory.',
      { steward: true },
    ),
  );
  files.set('school/scenario.json', makeSchool(true));
  files.set('school/run.json', makeSchool(false));
  files.set('ward/scenario.json', makeWard(4));
  files.set('ward/eight-porters.json', makeWard(8));
  files.set('factory-breakout/scenario.json', makeFactory(false));
  files.set('factory-breakout/unchained.json', makeFactory(true));
  for (const variant of Object.keys(INCIDENT_VARIANTS)) {
    files.set(`factory-breakout/${variant}.json`, makeIncident(makeFactory(false), variant));
  }
  return new Map([...files].map(([file, scenario]) => [file, formatJson(scenario)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  let different = 0;
  for (const [file, text] of makeGallery()) {
    const path = join(SCENARIOS, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    different++;
    process.stdout.write(`${check ? 'differs' : 'written'}: scenarios/${file}\n`);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (check && different > 0) process.exitCode = 1;
}
