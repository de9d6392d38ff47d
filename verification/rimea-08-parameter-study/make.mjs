import { rectangle, tidy } from '../lib/scenes.mjs';

const ROOMS = 18;
const STOREYS = 3;
const RISE = 3;
const RUN = 5;
/** Free speeds [m/s]. */
const SPEEDS = {
  '1.0 m/s': 1,
  '0.75 m/s': 0.75,
  '0.5 m/s': 0.5,
  '0.5–1.0 m/s': { distribution: 'uniform', min: 0.5, max: 1 },
  '0.25–1.25 m/s': { distribution: 'uniform', min: 0.25, max: 1.25 },
};
const END = 2 * ROOMS;

/** Walls of one row of rooms: between the rooms, and along the corridor at `front` with a gap of 1 m a room. */
function wallsOfRow(back, front) {
  const between = Array.from({ length: ROOMS - 1 }, (_, k) => ({
    path: [
      [2 * (k + 1), back],
      [2 * (k + 1), front],
    ],
  }));
  const along = Array.from({ length: ROOMS + 1 }, (_, k) => ({
    path: [
      [Math.max(0, 2 * k - 0.5), front],
      [Math.min(END, 2 * k + 0.5), front],
    ],
  }));
  return [...between, ...along];
}

/** The hall at the corridor's end: the lower a storey, the more flights have come down beside it. */
const hallEnd = (storey) => END + 3 + (RUN + 2) * (STOREYS - 1 - storey);

function makeStorey(storey) {
  return {
    id: `storey ${storey}`,
    elevation: RISE * storey,
    outlines: [rectangle(0, 0, END, 7), rectangle(END, 1, hallEnd(storey), 6)],
    walls: [...wallsOfRow(0, 2.95), ...wallsOfRow(7, 4.05)],
  };
}

const lineAt = (x) => [
  [x, 1],
  [x, 2.2],
];

function makeBuilding(freeSpeed) {
  const storeys = Array.from({ length: STOREYS }, (_, k) => k);
  return {
    crashbar: 1,
    name: 'RiMEA 8',
    levels: storeys.map(makeStorey),
    links: storeys.slice(1).map((storey) => ({
      id: `stair ${storey}`,
      kind: 'stairs',
      from: { level: `storey ${storey}`, line: lineAt(hallEnd(storey)) },
      to: { level: `storey ${storey - 1}`, line: lineAt(hallEnd(storey) + RUN) },
    })),
    exits: [
      {
        id: 'street',
        level: 'storey 0',
        line: [
          [hallEnd(0), 3],
          [hallEnd(0), 4.2],
        ],
      },
    ],
    profiles: [{ id: 'guest', freeSpeed }],
    populations: storeys.flatMap((storey) =>
      Array.from({ length: 2 * ROOMS }, (_, k) => {
        const x = 2 * (k % ROOMS);
        const y = k < ROOMS ? 0 : 4.1;
        return {
          id: `room ${storey}.${k + 1}`,
          level: `storey ${storey}`,
          polygon: rectangle(tidy(x + 0.3), tidy(y + 0.3), tidy(x + 1.7), tidy(y + 2.6)),
          count: 4,
          profile: 'guest',
        };
      }),
    ),
    settings: { rates: { record: 1 }, end: { time: 1800 } },
  };
}

export function makeScenes() {
  return Object.fromEntries(Object.entries(SPEEDS).map(([name, speed]) => [name, makeBuilding(speed)]));
}
