import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRoom(together) {
  return makeScene(`NIST 2.9, ${together ? 'together' : 'apart'}`, rectangle(0, 0, 15, 20), {
    exits: [
      {
        id: 'out',
        line: [
          [7, 0],
          [8, 0],
        ],
      },
    ],
    profiles: [
      { id: 'fast', freeSpeed: 1.25 },
      { id: 'slow', freeSpeed: 0.5 },
      { id: 'others', freeSpeed: 0.2 },
    ],
    populations: [
      {
        id: 'group',
        polygon: rectangle(5, 15, 10, 19),
        count: 5,
        profiles: [
          { profile: 'fast', share: 4 },
          { profile: 'slow', share: 1 },
        ],
        ...(together ? { together: 3 } : {}),
      },
      { id: 'others', polygon: rectangle(1, 1, 14, 12), count: 10, profile: 'others' },
    ],
    settings: { end: { time: 240 } },
  });
}

export const makeScenes = () => ({ together: makeRoom(true), apart: makeRoom(false) });
