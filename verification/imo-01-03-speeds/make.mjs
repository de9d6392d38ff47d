import { makeScene, rectangle } from '../lib/scenes.mjs';

const profiles = [{ id: 'walker', freeSpeed: 1 }];

function makeStair(direction) {
  const [from, to] = direction === 'up' ? [0, 5] : [5, 0];
  const lineAt = (x) => [
    [x, 0],
    [x, 2],
  ];
  return {
    crashbar: 1,
    name: `IMO ${direction === 'up' ? 2 : 3}`,
    levels: [
      { id: 'start', elevation: from, outlines: [rectangle(0, 0, 1.5, 2)] },
      { id: 'end', elevation: to, outlines: [rectangle(10.16, 0, 11.66, 2)] },
    ],
    links: [
      {
        id: 'stair',
        kind: 'stairs',
        length: 10,
        speed: { up: 1, down: 1 },
        from: { level: 'start', line: lineAt(1.5) },
        to: { level: 'end', line: lineAt(10.16) },
      },
    ],
    exits: [{ id: 'end', level: 'end', line: lineAt(11.66) }],
    profiles,
    populations: [{ id: 'walker', level: 'start', position: [0.5, 1], profile: 'walker' }],
    settings: { end: { time: 60 } },
  };
}

export function makeScenes() {
  const corridor = makeScene('IMO 1', rectangle(-0.5, 0, 40, 2), {
    exits: [
      {
        id: 'end',
        line: [
          [40, 0],
          [40, 2],
        ],
      },
    ],
    profiles,
    populations: [{ id: 'walker', position: [0, 1], profile: 'walker' }],
    settings: { end: { time: 60 } },
  });
  return { corridor, up: makeStair('up'), down: makeStair('down') };
}
