import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

const [HALF, ARM] = [2.5, 1.2];

/** Waiting area, inlet at x = 0 and open floor, up to the mouth of an arm at x = 4.1: the side y > 0 seen from the middle. */
function sideOf(inlet, persons) {
  const back = tidy(-persons / 3 / (2 * HALF));
  const i = tidy(inlet / 2);
  return [
    [back, HALF],
    [0, HALF],
    [0, i],
    [0.1, i],
    [0.1, HALF],
    [4.1, HALF],
    [4.1, ARM],
  ];
}

const makeRun = (name, outline, line, areas, persons) =>
  makeScene(name, outline, {
    exits: [{ id: 'end', line }],
    populations: areas.map((polygon, k) => ({ id: `stream ${k + 1}`, polygon, count: persons })),
    settings: { rates: { record: 2 }, end: { time: 600 } },
  });

function makeCorner(inlet, persons) {
  const side = sideOf(inlet, persons);
  const [near, far] = [8.1, tidy(8.1 + 2 * ARM)];
  const outline = [
    ...side.map(([x, y]) => [x, -y]),
    [far, -ARM],
    [far, ARM + 4],
    [near, ARM + 4],
    [near, ARM],
    ...[...side].reverse(),
  ];
  const line = [
    [far, ARM + 4],
    [near, ARM + 4],
  ];
  return makeRun(`HERMES EO, inlet ${inlet} m`, outline, line, [rectangle(side[0][0], -HALF, 0, HALF)], persons);
}

/** Both streams walk to the middle of the T at x = 8.1 + 1.2 and leave upwards. */
function makeT(inlet, persons) {
  const side = sideOf(inlet, persons);
  const middle = 8.1 + ARM;
  const mirror = ([x, y]) => [tidy(2 * middle - x), y];
  const low = side.map(([x, y]) => [x, -y]);
  const [left, right] = [8.1, tidy(middle + ARM)];
  const outline = [
    ...low,
    ...[...low].reverse().map(mirror),
    ...side.map(mirror),
    [right, ARM],
    [right, ARM + 4],
    [left, ARM + 4],
    [left, ARM],
    ...[...side].reverse(),
  ];
  const line = [
    [right, ARM + 4],
    [left, ARM + 4],
  ];
  const area = rectangle(side[0][0], -HALF, 0, HALF);
  return makeRun(`HERMES KO, inlets ${inlet} m`, outline, line, [area, area.map(mirror).reverse()], persons);
}

export function makeScenes() {
  return {
    'corner 0.5 m': makeCorner(0.5, 50),
    'corner 0.6 m': makeCorner(0.6, 50),
    'corner 0.8 m': makeCorner(0.8, 100),
    'corner 1.0 m': makeCorner(1, 100),
    'corner 1.5 m': makeCorner(1.5, 100),
    'T 0.5 m': makeT(0.5, 50),
    'T 0.8 m': makeT(0.8, 100),
    'T 1.2 m': makeT(1.2, 150),
    'T 2.4 m': makeT(2.4, 150),
  };
}
