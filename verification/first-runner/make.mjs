import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRoom(name, side, count, { runner = false, sound, time = 60 } = {}) {
  const middle = side / 2;
  return makeScene(name, rectangle(0, 0, side, side), {
    exits: [
      {
        id: 'exit',
        line: [
          [side, middle - 1],
          [side, middle + 1],
        ],
      },
    ],
    profiles: [{ id: 'runner', motivation: 0.6 }],
    populations: [
      { id: 'people', count, waits: true },
      ...(runner
        ? [{ id: 'runner', polygon: rectangle(1, middle - 2, 4, middle + 2), count: 1, profile: 'runner' }]
        : []),
    ],
    ...(sound === undefined
      ? {}
      : { sounds: [{ id: 'alarm', level: 'ground', position: [1, 1], kind: sound, playing: true }] }),
    behaviour: { contagion: {}, ...(sound === undefined ? {} : { hearing: {} }) },
    settings: { rates: { record: 1 }, end: { time, stalled: 600 } },
  });
}

export const makeScenes = () => ({
  runner: makeRoom('a runner', 10, 50, { runner: true, time: 12 }),
  bell: makeRoom('a bell', 14, 80, { sound: 'bell' }),
  message: makeRoom('a message', 14, 80, { sound: 'voice', time: 30 }),
  nothing: makeRoom('nothing', 10, 50),
});
