import { rectangle } from '../lib/scenes.mjs';

function makeGallery(height, link) {
  return {
    crashbar: 1,
    name: `drop of ${height} m`,
    levels: [
      { id: 'hall', outlines: [rectangle(0, 0, 40, 10)], areas: [{ id: 'floor', polygon: rectangle(0, 0, 40, 10) }] },
      { id: 'gallery', elevation: height, outlines: [rectangle(0, 10.3, 40, 15)] },
    ],
    exits: [
      {
        id: 'out',
        level: 'hall',
        line: [
          [1, 0],
          [39, 0],
        ],
      },
    ],
    links: [
      {
        id: 'edge',
        kind: 'drop',
        from: {
          level: 'gallery',
          line: [
            [0.5, 10.3],
            [39.5, 10.3],
          ],
        },
        to: {
          level: 'hall',
          line: [
            [0.5, 10],
            [39.5, 10],
          ],
        },
        ...link,
      },
    ],
    roles: [
      {
        id: 'jumper',
        states: [
          {
            state: 'down',
            do: { act: 'go', to: { area: 'floor' }, within: 4, drops: height + 0.5 },
            next: [
              { when: { action: 'ended' }, go: 'leave' },
              { when: { after: 60 }, go: 'leave' },
            ],
          },
          { state: 'leave', do: { act: 'leave' } },
        ],
      },
    ],
    profiles: [{ id: 'jumper', preMovement: { distribution: 'uniform', min: 0, max: 100 } }],
    populations: [{ id: 'jumpers', level: 'gallery', count: 100, role: 'jumper', profile: 'jumper' }],
    settings: { end: { time: 300 } },
  };
}

export const makeScenes = () => ({
  vault: makeGallery(3, {}),
  hang: makeGallery(3, { hang: true }),
  ...Object.fromEntries([2, 2.5, 4, 6, 10].map((height) => [`${height} m`, makeGallery(height, {})])),
});
