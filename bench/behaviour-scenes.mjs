// The scenes of `npm run bench -- --behaviour`: halls of people who notice, hear and imitate, and a building in which every mechanism is at work.

const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const line = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y1],
];
/** Every part of behaviour, with its defaults. */
const BEHAVIOUR = {
  signs: {},
  hearing: {},
  contagion: {},
  knowledge: {},
  word: {},
  following: {},
  choice: {},
  inner: {},
};

/** The scenario without what people notice, hear, tell, imitate and feel: everybody knows every exit, and is alerted at 2 s. */
function withoutBehaviour(scene) {
  const { behaviour, ...scenario } = scene.scenario;
  const populations = scenario.populations.map(({ waits, ...one }) => ({
    ...one,
    ...(waits ? { alertedBy: 'alarm' } : {}),
    knows: 'all',
  }));
  const events = [{ id: 'alarm', at: 2, do: 'alert' }];
  return {
    ...scene,
    name: `${scene.name}-bare`,
    scenario: { ...scenario, signs: [], sounds: [], events, populations },
  };
}

/**
 * Four halls of 50 m × 40 m side by side, each open to the next ones by two ways of 4 m, with two exits of 3 m, four signs, and three sounds in
 * all; half of the `persons` know the exits of their own hall, the others none.
 */
export function noticingHalls(persons, seconds) {
  const halls = [
    [0, 0],
    [50, 0],
    [0, 40],
    [50, 40],
  ].map(([x, y], k) => ({ id: `hall ${k + 1}`, x, y, outer: x === 0 ? 0 : 100, side: x === 0 ? 0 : 180 }));
  const exits = halls.flatMap(({ id, y, outer }) =>
    [8, 28].map((at) => ({
      id: `${id}, exit ${at === 8 ? 1 : 2}`,
      level: 'floor',
      line: line(outer, y + at, outer, y + at + 3),
    })),
  );
  const what = `four halls, ${persons.toLocaleString('en')}, all behaviour`;
  const scene = {
    name: `behaviour-${persons}`,
    what,
    persons,
    scenario: {
      crashbar: 1,
      name: what,
      levels: [
        {
          id: 'floor',
          outlines: [rectangle(0, 0, 100, 80)],
          areas: halls.map(({ id, x, y }) => ({ id, polygon: rectangle(x, y, x + 50, y + 40) })),
          walls: [
            line(50, 0, 50, 10),
            line(50, 14, 50, 26),
            line(50, 30, 50, 50),
            line(50, 54, 50, 66),
            line(50, 70, 50, 80),
            line(0, 40, 15, 40),
            line(19, 40, 31, 40),
            line(35, 40, 65, 40),
            line(69, 40, 81, 40),
            line(85, 40, 100, 40),
          ].map((path) => ({ path, thickness: 0.2 })),
        },
      ],
      exits: exits,
      signs: halls.flatMap(({ id, y, outer, side }) =>
        [5, 12, 25, 32].map((at, k) => ({
          id: `${id}, sign ${k + 1}`,
          level: 'floor',
          position: [outer === 0 ? 0.05 : 99.95, y + at],
          facing: side,
          exit: `${id}, exit ${k < 2 ? 1 : 2}`,
          lit: true,
          size: 0.2,
          dynamic: k % 2 === 1,
        })),
      ),
      sounds: [
        { id: 'bell', level: 'floor', position: [25, 20], kind: 'bell', playing: true },
        { id: 'message', level: 'floor', position: [75, 20], kind: 'voice' },
        { id: 'second message', level: 'floor', position: [50, 79], kind: 'voice' },
      ],
      events: [
        { at: 2, do: 'sound', sound: 'message' },
        { at: 4, do: 'sound', sound: 'second message' },
      ],
      profiles: [{ id: 'visitor', preMovement: { distribution: 'lognormal', median: 5, sigma: 0.5, max: 20 } }],
      populations: halls.flatMap(({ id, x, y }, k) =>
        ['knowing', 'strange'].map((kind, half) => ({
          id: `${kind}, ${id}`,
          level: 'floor',
          polygon: rectangle(x + 0.5, y + 0.5, x + 49.5, y + 39.5),
          count: Math.floor(persons / 8) + (8 * Math.floor(persons / 8) + 2 * k + half < persons ? 1 : 0),
          profile: 'visitor',
          knows: kind === 'strange' ? [] : exits.filter((exit) => exit.id.startsWith(id)).map((exit) => exit.id),
          waits: true,
        })),
      ),
      behaviour: BEHAVIOUR,
      settings: { seed: 7, rates: { record: 1 }, end: { time: seconds } },
    },
  };
  return { ...scene, bare: withoutBehaviour(scene) };
}

const ROOMS = 14;
const ROOM = 8;
const DEPTH = 12;
const HALF = 4;

const states = (...rows) =>
  rows.map(([state, act, ...next]) => ({ state, do: act, next: next.map(([when, go]) => ({ when, go })) }));
const ended = { action: 'ended' };

/**
 * Twenty-eight rooms on both sides of a corridor, of which eight are locked; closers, six doors between rooms, four exits and two doors across the corridor: 40
 * doors. A gallery above one end, with a stair and a railing that some go over. `persons`: most leave as they notice, hear and are told; a tenth stay together in fours;
 * two hundred go by a table of their own; officers with keys, one who breaks locks, a guide, helpers, and two who attack.
 */
export function busyBuilding(persons, seconds) {
  const east = ROOMS * ROOM;
  const end = east + 16;
  const rooms = [
    { row: 'north', sign: 1 },
    { row: 'south', sign: -1 },
  ].flatMap(({ row, sign }) =>
    Array.from({ length: ROOMS }, (_, k) => ({
      id: `${row} room ${k + 1}`,
      row,
      k,
      x: ROOM * k,
      sign,
      y0: sign > 0 ? HALF : -HALF - DEPTH,
      y1: sign > 0 ? HALF + DEPTH : -HALF,
      isLocked: k % 4 === 3,
    })),
  );
  const locked = rooms.filter(({ isLocked, k }) => isLocked && k < 12);
  const roomDoors = rooms.map((room) => ({
    id: `${room.id}, door`,
    level: 'ground',
    line: line(room.x + 3.5, room.sign * HALF, room.x + 4.5, room.sign * HALF),
    state: locked.includes(room) ? 'locked' : 'closed',
    ...(locked.includes(room) ? { lock: { key: 'room key' } } : { closer: 3 }),
  }));
  const between = [1, 5, 9].flatMap((k) =>
    [1, -1].map((sign) => ({
      id: `between ${sign > 0 ? 'north' : 'south'} rooms ${k} and ${k + 1}`,
      level: 'ground',
      line: line(ROOM * k, sign * (HALF + 6), ROOM * k, sign * (HALF + 7)),
      state: 'closed',
    })),
  );
  const across = [ROOM * 5, ROOM * 9].map((x, k) => ({
    id: `across ${k + 1}`,
    level: 'ground',
    line: line(x, -1.5, x, 1.5),
    leaf: 'double',
    swing: 'both',
    state: 'closed',
  }));
  const exitDoors = [
    { id: 'west door', line: line(0, 1.5, 0, -1.5), leaf: 'double', state: 'closed' },
    { id: 'east door', line: line(end, -1.5, end, 1.5), leaf: 'double', state: 'closed' },
    { id: 'north door', line: line(east + 6, 12, east + 7.2, 12), state: 'chained' },
    { id: 'south door', line: line(east + 7.2, -12, east + 6, -12), state: 'closed', pull: 60 },
  ].map((door) => ({ ...door, level: 'ground' }));
  const tables = Math.floor(persons / 10);
  const actors = { officers: 8, breakers: 2, guides: 4, helpers: 20, attackers: 2, jumpers: 10 };
  const crowd = persons - tables - Object.values(actors).reduce((sum, count) => sum + count, 0);
  const inRooms = Math.floor((0.9 * crowd) / rooms.length);
  const onGallery = crowd - inRooms * rooms.length;
  const what = `28 rooms, 40 doors, ${persons.toLocaleString('en')}, every mechanism`;
  const scene = {
    name: `busy-building-${persons}`,
    what,
    persons,
    scenario: {
      crashbar: 1,
      name: what,
      levels: [
        {
          id: 'ground',
          outlines: [rectangle(0, -HALF - DEPTH, east, HALF + DEPTH), rectangle(east, -12, end, 12)],
          areas: rooms.map(({ id, x, y0, y1 }) => ({ id, polygon: rectangle(x, y0, x + ROOM, y1) })),
          walls: [
            ...[1, -1].map((sign) => ({ path: line(0, sign * HALF, east, sign * HALF), thickness: 0.1 })),
            ...[1, -1].flatMap((sign) =>
              Array.from({ length: ROOMS - 1 }, (_, k) => ({
                path: line(ROOM * (k + 1), sign * HALF, ROOM * (k + 1), sign * (HALF + DEPTH)),
                thickness: 0.1,
              })),
            ),
            ...[1, -1].map((sign) => ({ path: line(east, sign * HALF, east, sign * (HALF + DEPTH)), thickness: 0.1 })),
            ...across.map(({ line: [[x]] }) => ({ path: line(x, -HALF, x, HALF), thickness: 0.1 })),
          ],
        },
        { id: 'gallery', elevation: 3, outlines: [rectangle(east + 20, -6, east + 40, 6)] },
      ],
      doors: [...roomDoors, ...between, ...across, ...exitDoors],
      exits: exitDoors.map(({ id }) => ({ id: id.replace(' door', ' exit'), door: id })),
      links: [
        {
          id: 'stair',
          kind: 'stairs',
          from: { level: 'gallery', line: line(east + 20, 4, east + 20, 6) },
          to: { level: 'ground', line: line(end, 4, end, 6) },
        },
        {
          id: 'over the railing',
          kind: 'drop',
          from: { level: 'gallery', line: line(east + 20, -5, east + 20, -3) },
          to: { level: 'ground', line: line(end - 0.2, -5, end - 0.2, -3) },
          rail: 1.1,
          hang: true,
        },
      ],
      signs: [
        { id: 'west', level: 'ground', position: [0.05, 2.2], facing: 0, exit: 'west exit', lit: true, size: 0.2 },
        {
          id: 'east',
          level: 'ground',
          position: [end - 0.05, 2.2],
          facing: 180,
          exit: 'east exit',
          lit: true,
          size: 0.2,
        },
        {
          id: 'north',
          level: 'ground',
          position: [east + 6.6, 11.95],
          facing: 270,
          exit: 'north exit',
          lit: true,
          size: 0.2,
          dynamic: true,
        },
        {
          id: 'south',
          level: 'ground',
          position: [east + 6.6, -11.95],
          facing: 90,
          exit: 'south exit',
          lit: true,
          size: 0.2,
        },
      ],
      sounds: [
        { id: 'bell', level: 'ground', position: [30, 0], kind: 'bell', playing: true },
        { id: 'message', level: 'ground', position: [80, 0], kind: 'voice' },
      ],
      events: [{ at: 2, do: 'sound', sound: 'message' }],
      profiles: [{ id: 'visitor', preMovement: { distribution: 'lognormal', median: 5, sigma: 0.5, max: 20 } }],
      objects: Array.from({ length: actors.officers }, (_, k) => ({
        id: `keys ${k + 1}`,
        kind: 'room key',
        heldBy: `officer ${k + 1}`,
      })),
      consoles: [{ id: 'console', level: 'ground', position: [east + 1, 3], doors: ['between north rooms 1 and 2'] }],
      populations: [
        ...rooms.map(({ id, x, y0, y1, k }) => ({
          id: `in ${id}`,
          level: 'ground',
          polygon: rectangle(x + 0.5, y0 + 0.5, x + ROOM - 0.5, y1 - 0.5),
          count: inRooms,
          profile: 'visitor',
          knows: k % 3 === 0 ? [] : k % 3 === 1 ? ['west exit'] : ['west exit', 'east exit'],
          waits: true,
          ...(k % 5 === 4 ? { together: 6 } : {}),
        })),
        {
          id: 'on the gallery',
          level: 'gallery',
          polygon: rectangle(east + 22, -5, east + 39, 5),
          count: onGallery,
          knows: [],
          waits: true,
        },
        {
          id: 'jumpers',
          level: 'gallery',
          polygon: rectangle(east + 22, -5, east + 39, 5),
          count: actors.jumpers,
          role: 'jumps',
        },
        {
          id: 'by table',
          level: 'ground',
          polygon: rectangle(east + 1, -11, end - 1, 11),
          count: tables,
          role: 'visitor',
          profile: 'visitor',
        },
        ...Array.from({ length: actors.officers }, (_, k) => ({
          id: `officer ${k + 1}`,
          level: 'ground',
          position: [10 + 12 * k, 2.5],
          role: 'officer',
          uniform: true,
        })),
        {
          id: 'breakers',
          level: 'ground',
          polygon: rectangle(60, -3, 64, -1),
          count: actors.breakers,
          role: 'breaks locks',
        },
        {
          id: 'guides',
          level: 'ground',
          polygon: rectangle(2, -3, 100, 3),
          count: actors.guides,
          role: 'guide',
          uniform: true,
        },
        { id: 'helpers', level: 'ground', polygon: rectangle(2, -3, 100, 3), count: actors.helpers, role: 'helps' },
        {
          id: 'attackers',
          level: 'ground',
          polygon: rectangle(east + 1, -3, east + 6, 3),
          count: actors.attackers,
          role: 'attacks',
        },
      ],
      roles: [
        {
          id: 'officer',
          knows: 'doors',
          states: states(
            ['unlock', { act: 'unlock', doors: locked.map(({ id }) => `${id}, door`) }, [ended, 'leave']],
            ['leave', { act: 'leave' }],
          ),
        },
        {
          id: 'breaks locks',
          strength: 4500,
          states: states(
            ['break', { act: 'unlock', doors: 'all', by: 'force' }, [ended, 'console']],
            ['console', { act: 'operate', console: 'console' }, [ended, 'leave']],
            ['leave', { act: 'leave' }],
          ),
        },
        {
          id: 'guide',
          states: states(
            [
              'call',
              { act: 'call', say: 'this way', reach: 12, time: 2, tells: { exit: 'north exit', is: 'locked' } },
              [ended, 'wait'],
            ],
            ['wait', { act: 'wait' }, [{ none: { is: 'up', within: 12 }, after: 20 }, 'leave'], [{ after: 3 }, 'call']],
            ['leave', { act: 'leave' }],
          ),
        },
        {
          id: 'helps',
          states: states(
            ['look', { act: 'wait' }, [{ near: { is: 'down', within: 15 } }, 'help'], [{ after: 40 }, 'leave']],
            ['help', { act: 'help', who: { is: 'down', within: 15 } }, [ended, 'look']],
            ['leave', { act: 'leave' }],
          ),
        },
        {
          id: 'visitor',
          states: states(
            [
              'stay',
              { act: 'wait' },
              [{ sees: { of: ['attackers'], is: 'up', within: 10 } }, 'flee'],
              [
                {
                  near: { of: ['by table'], is: 'moving', within: 8 },
                  after: { distribution: 'lognormal', median: 2, sigma: 0.5 },
                },
                'leave',
              ],
              [{ after: { distribution: 'lognormal', median: 15, sigma: 0.4 } }, 'leave'],
            ],
            [
              'flee',
              { act: 'flee', from: { of: ['attackers'], is: 'up' }, hurry: 1 },
              [{ none: { of: ['attackers'], is: 'up', within: 15 } }, 'leave'],
            ],
            ['leave', { act: 'leave', hurry: 0.3 }, [{ am: 'stranded' }, 'railing']],
            ['railing', { act: 'go', to: { place: [end - 3, -4], level: 'ground' }, drops: 3.5 }, [ended, 'leave']],
          ),
        },
        {
          id: 'jumps',
          states: states(
            ['wait', { act: 'wait' }, [{ after: 10 }, 'over']],
            [
              'over',
              { act: 'go', to: { place: [end - 4, -4], level: 'ground' }, drops: 3.5, hurry: 1 },
              [ended, 'leave'],
            ],
            ['leave', { act: 'leave' }],
          ),
        },
        {
          id: 'attacks',
          hostileTo: ['by table', 'helpers'],
          states: states(
            [
              'strike',
              {
                act: 'attack',
                who: { hostile: true, is: 'up', within: 20 },
                every: 1,
                chance: 0.4,
                impulse: 40,
                effects: [
                  { effect: 'down', share: 0.5, lasts: 20 },
                  { effect: 'wounded', share: 0.3 },
                ],
              },
              [ended, 'on'],
            ],
            [
              'on',
              { act: 'wait' },
              [{ near: { hostile: true, is: 'up', within: 20 } }, 'strike'],
              [{ after: 20 }, 'leave'],
            ],
            ['leave', { act: 'leave' }],
          ),
        },
      ],
      behaviour: BEHAVIOUR,
      settings: { seed: 7, rates: { record: 1 }, end: { time: seconds } },
    },
  };
  return { ...scene, bare: withoutBehaviour(scene) };
}
