import { makeScene, rectangle } from '../lib/scenes.mjs';

function makeRamp(name, slow, helper) {
  return makeScene(
    `NIST 2.10, ${name}`,
    [rectangle(0, 0, 5, 4), rectangle(5, 1.25, 17, 2.75), rectangle(17, 0, 22, 4)],
    {
      exits: [
        {
          id: 'out',
          line: [
            [22, 1.5],
            [22, 2.5],
          ],
        },
      ],
      profiles: [
        { id: 'able', freeSpeed: 1.25 },
        { id: 'slow', freeSpeed: 0.5, body: { radius: 0.3, mass: 110 } },
      ],
      roles: helper
        ? [
            {
              id: 'helper',
              states: [
                {
                  state: 'assist',
                  do: { act: 'assist', who: { of: ['slow'] }, speed: 1, time: 2 },
                  next: [{ when: { action: 'ended' }, go: 'leave' }],
                },
                { state: 'leave', do: { act: 'leave' } },
              ],
            },
          ]
        : undefined,
      populations: [
        { id: 'crowd', polygon: rectangle(0.3, 0.3, 4.7, 3.7), count: helper ? 23 : 24, profile: 'able' },
        { id: 'slow', position: [0.6, 2], profile: slow ? 'slow' : 'able' },
        ...(helper ? [{ id: 'helper', position: [1.3, 2], profile: 'able', role: 'helper' }] : []),
      ],
      settings: { end: { time: 240 } },
    },
  );
}

export const makeScenes = () => ({
  able: makeRamp('able', false, false),
  slow: makeRamp('slow', true, false),
  helped: makeRamp('helped', true, true),
});
