// The scenes of the benches: what is simulated, for how long, and the same floor as a peer program wants it.

/** Depth of the floor behind an exit line on which a peer's walkers are taken out [m]. */
const APRON = 1;
/** Persons keep this far from the walls of the hall, so that every program takes the places [m]. */
const MARGIN = 0.25;
const EXIT_WIDTH = 4;
const PILLAR = 0.4;

/** In halls everybody has the same disc in every program. */
const SAME_BODY = { id: 'walker', body: { radius: 0.2, mass: 75 } };

const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** Square pillars on a regular lattice of `columns` × `rows` over a square of `size` metres. */
function pillarsOf(size, columns, rows) {
  const pillars = [];
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      const x = (size * column) / (columns + 1);
      const y = (size * row) / (rows + 1);
      pillars.push(rectangle(x - PILLAR / 2, y - PILLAR / 2, x + PILLAR / 2, y + PILLAR / 2));
    }
  }
  return pillars;
}

/**
 * A square hall with a 4 m exit in the middle of each wall.
 * @param count persons; `density` [1/m²]; `columns`, `rows` of pillars; `seconds` of simulated time at most
 */
function hall({ name, what, count, density, columns = 0, rows = 0, seconds }) {
  const size = Math.sqrt(count / density);
  const low = (size - EXIT_WIDTH) / 2;
  const high = (size + EXIT_WIDTH) / 2;
  const holes = pillarsOf(size, columns, rows);
  const exit = (id, a, b) => ({ id, level: 'hall', line: [a, b] });
  const floor = rectangle(0, 0, size, size);
  const exits = [
    exit('south', [low, 0], [high, 0]),
    exit('east', [size, low], [size, high]),
    exit('north', [high, size], [low, size]),
    exit('west', [0, high], [0, low]),
  ];
  return {
    name,
    what,
    seconds,
    scenario: {
      crashbar: 1,
      name: what,
      levels: [{ id: 'hall', outlines: [floor], holes }],
      exits,
      profiles: [SAME_BODY],
      populations: [
        {
          id: 'crowd',
          level: 'hall',
          polygon: rectangle(MARGIN, MARGIN, size - MARGIN, size - MARGIN),
          count,
          profile: 'walker',
        },
      ],
      settings: { seed: 7, rates: { record: 1 }, end: { time: seconds } },
    },
    peer: {
      floor,
      holes,
      exits: [
        { line: exits[0].line, polygon: rectangle(low, -APRON, high, 0) },
        { line: exits[1].line, polygon: rectangle(size, low, size + APRON, high) },
        { line: exits[2].line, polygon: rectangle(low, size, high, size + APRON) },
        { line: exits[3].line, polygon: rectangle(-APRON, low, 0, high) },
      ],
    },
  };
}

export const openHall = (count, density, seconds) =>
  hall({
    name: `open-hall-${count}`,
    what: `open hall, ${count} persons at ${density} /m²`,
    count,
    density,
    seconds,
  });

export const pillarHall = (columns, rows, { count = 1000, seconds = 200 } = {}) =>
  hall({
    name: `pillars-${columns * rows}`,
    what: `hall, ${count} persons at 0.5 /m², ${columns * rows} pillars`,
    count,
    density: 0.5,
    columns,
    rows,
    seconds,
  });

/**
 * A square hall with a 4 m exit in the middle of each wall, packed with hurried adults who push: bodies touch all over it. From 0.25 m
 * before the exits on everybody has a place.
 */
export function packedHall(count, density, seconds) {
  const { scenario, ...rest } = hall({
    name: `packed-hall-${count}`,
    what: `packed hall, ${count} hurried adults at ${density} /m²`,
    count,
    density,
    seconds,
  });
  const size = Math.sqrt(count / density);
  const polygon = rectangle(MARGIN, MARGIN, size - MARGIN, size - MARGIN);
  const profiles = [{ id: 'adult', motivation: 0.5 }];
  return {
    ...rest,
    scenario: { ...scenario, profiles, populations: [{ id: 'crowd', level: 'hall', polygon, count }] },
  };
}

/** Depth of the floor in `front` [m]. */
const FRONT_DEPTH = 100;

/**
 * A floor 100 m deep and as wide as `count` persons at `density` need, open along its whole far side: whatever its width, everybody walks
 * 0 to 100 m the same way, and the same share has left at any time.
 */
export function front(count, density, seconds) {
  const width = count / density / FRONT_DEPTH;
  const floor = rectangle(0, 0, FRONT_DEPTH, width);
  const line = [
    [FRONT_DEPTH, 0],
    [FRONT_DEPTH, width],
  ];
  const what = `floor 100 m deep, ${count} persons at ${density} /m²`;
  return {
    name: `front-${count}`,
    what,
    seconds,
    scenario: {
      crashbar: 1,
      name: what,
      levels: [{ id: 'floor', outlines: [floor] }],
      exits: [{ id: 'far side', level: 'floor', line }],
      profiles: [SAME_BODY],
      populations: [{ id: 'crowd', level: 'floor', count, profile: 'walker' }],
      settings: { seed: 7, rates: { record: 1 }, end: { time: seconds } },
    },
  };
}

/**
 * A room, a passage 1 m wide and 1 m long, and floor behind it that nobody queues on. The flow is counted in the middle of
 * the passage. Bodies are each program's standard ones.
 */
export function bottleneck(count, seconds) {
  const floor = [
    [-10, -5],
    [0, -5],
    [0, -0.5],
    [1, -0.5],
    [1, -3],
    [5, -3],
    [5, 3],
    [1, 3],
    [1, 0.5],
    [0, 0.5],
    [0, 5],
    [-10, 5],
  ];
  const line = [
    [5, -3],
    [5, 3],
  ];
  const what = `bottleneck 1 m wide, ${count} persons`;
  return {
    name: `bottleneck-${count}`,
    what,
    seconds,
    countAt: 0.5,
    scenario: {
      crashbar: 1,
      name: what,
      levels: [{ id: 'ground', outlines: [floor] }],
      exits: [{ id: 'way out', level: 'ground', line }],
      populations: [{ id: 'crowd', level: 'ground', polygon: rectangle(-9.75, -4.75, -2, 4.75), count }],
      settings: { seed: 7, rates: { record: 1 }, end: { time: seconds } },
    },
    peer: { floor, holes: [], exits: [{ line, polygon: rectangle(5, -3, 5 + APRON, 3) }] },
  };
}

/** What the comparison with a peer runs, in this order. */
export const PEER_SCENES = [
  openHall(1000, 1, 300),
  openHall(10_000, 1, 10),
  pillarHall(0, 0),
  pillarHall(4, 4),
  pillarHall(9, 10),
  pillarHall(19, 20),
  bottleneck(150, 300),
];

/** The same at sizes that end within seconds: whether everything works, not how fast it is. */
export const QUICK_PEER_SCENES = [
  openHall(200, 1, 10),
  pillarHall(0, 0, { count: 200, seconds: 10 }),
  pillarHall(4, 4, { count: 200, seconds: 10 }),
  bottleneck(40, 60),
];
