import { makeScene, rectangle, tidy } from '../lib/scenes.mjs';

/** Middle to middle [m], persons who stand, speed and way of the push [m/s, m]. */
const SPACING = 0.35;
const STANDING = 5;
const SPEED = 0.7;
const WAY = 0.5;
/** Decision interval and relaxation of legs that stand [s]: the speed at the start of an interval whose mean is `SPEED`. */
const [INTERVAL, RELAX] = [0.1, 0.3];
const SET = (SPEED * INTERVAL) / RELAX / (1 - Math.exp(-INTERVAL / RELAX));

/** Masses of those who stand and of the one who is moved [kg]: so heavy that the row does not slow the push down. */
const MASS = 75;
const MASS_MOVED = 1000;

const stand = { preMovement: 3600, freeSpeed: 1.34 };

function makeRow(name, { radius, width, first, last }) {
  return makeScene(name, rectangle(-2, 0, 12, width), {
    exits: [
      {
        id: 'end',
        line: [
          [12, 0],
          [12, width],
        ],
      },
    ],
    profiles: [
      { id: 'standing', body: { radius, mass: MASS }, ...stand },
      { id: 'last', body: { radius, mass: MASS }, ...last },
    ],
    populations: [
      { id: 'last', position: [first, tidy(width / 2)], profile: 'last' },
      ...Array.from({ length: STANDING }, (_, k) => ({
        id: `standing ${k + 1}`,
        position: [tidy(SPACING * (k + 1)), tidy(width / 2)],
        profile: 'standing',
      })),
    ],
    settings: { end: { time: 8 } },
  });
}

export function makeScenes() {
  return {
    'pushed, chest depth': makeRow('a pushed row', { radius: 0.125, width: 3, first: 0, last: stand }),
    'pushed, discs of women': makeRow('a pushed row of discs', { radius: 0.174, width: 3, first: 0, last: stand }),
    'walks in, chest depth': makeRow('somebody walks into a row', {
      radius: 0.125,
      width: 0.45,
      first: -1,
      last: { motivation: 1, freeSpeed: tidy((SPEED * 1.34) / 2.5) },
    }),
  };
}

let start = 0;
export function intervene(scene, { views: { clock, persons } }) {
  if (!scene.startsWith('pushed')) return;
  if (clock.tick[0] === 0) {
    start = persons.x[0];
    persons.mass[0] = MASS_MOVED;
  }
  if (persons.x[0] - start < WAY) persons.vx[0] = SET;
}
