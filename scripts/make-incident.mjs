// The factory with everybody who acts in it: rescuers, guards, assailants. `make-gallery.mjs` writes its files.

const CAPTIVES = 'captive';
const line = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y1],
];
const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** The assailants notice rescuer A on the gallery (the one who comes early) or in the corridor, and set out so much later [s]; ours. */
const SET_OUT = { early: 0.5, eight: 9 };
/** Where the six gather, when they have noticed A on the gallery. */
const GATHER = [22.4, -2.7];
/** Where they go when they come: the eight to the mouth of the side hallway. */
const COME_TO = { six: { area: 'stair hall' }, eight: { place: [22.6, -2.7], level: 'lower level' } };
/** Distance of the first of the six at which A shoots [m]; ours. */
const SHOOTS_AT = 5;

const A = ['rescuer A'];
const B = ['rescuer B'];
const RESCUERS = [...A, ...B];
const GUARDS = ['guard 1', 'guard 2'];
/** Those from whom a captive turns back. */
const CAPTORS = ['six', 'eight'];

/** Out of action for good, as far as this night goes. */
const down = (lasts) => [{ effect: 'down', share: 1, lasts }];

/** Who is in the way and on his feet is put down. */
const CLEAR = {
  act: 'attack',
  who: { of: ['six'], is: 'up', within: 1.6 },
  every: 0.7,
  chance: 0.8,
  impulse: 50,
  effects: down(40),
};

const row = (state, action, ...next) => ({ state, do: action, next: next.map(([when, go]) => ({ when, go })) });

function rolesOf(cages) {
  const north = cages.filter((cage) => cage.startsWith('north')).map((cage) => `${cage}, door`);
  const south = cages.filter((cage) => cage.startsWith('south')).map((cage) => `${cage}, door`);
  const ended = { action: 'ended' };
  const done = { action: 'done' };
  const stunEarly = [{ sees: { of: ['early'], is: 'up', within: 6 } }, 'stun'];
  return [
    {
      id: 'rescuer A',
      hostileTo: ['early', 'six', 'eight', 'sleepers'],
      states: [
        row('to the cell', { act: 'go', to: { door: 'reinforced door' } }, [ended, 'speak']),
        row('speak', { act: 'call', who: { of: B }, say: 'who I am', reach: 6, claims: 0.2, time: 2 }, [
          ended,
          'free B',
        ]),
        row('free B', { act: 'unlock', doors: ['reinforced door'] }, [ended, 'put down']),
        row(
          'put down',
          { act: 'attack', who: { of: GUARDS, is: 'up' }, chance: 0.8, effects: down(600), impulse: 40 },
          [ended, 'look round'],
        ),
        row(
          'look round',
          { act: 'wait' },
          [{ none: { of: GUARDS, is: 'up' }, after: 3 }, 'go to B'],
          [{ near: { of: GUARDS, is: 'up' } }, 'put down'],
        ),
        row('go to B', { act: 'go', to: { person: { of: B } }, within: 1 }, [ended, 'stop B']),
        row('stop B', { act: 'call', who: { of: B, within: 3 }, say: 'enough' }, [ended, 'see whether B stops']),
        row(
          'see whether B stops',
          { act: 'wait' },
          [{ near: { of: B, is: 'moving' } }, 'take keys'],
          [{ after: 1.5 }, 'go to B'],
        ),
        row('take keys', { act: 'take', object: 'cage keys' }, [ended, 'open cages']),
        row('open cages', { act: 'unlock', doors: north, order: 'given' }, [ended, 'to the landing']),
        row('to the landing', { act: 'go', to: { place: [26.2, 1], level: 'upper level' }, hurry: 1 }, [
          ended,
          'wait for B',
        ]),
        row(
          'wait for B',
          { act: 'wait' },
          [{ near: { of: B, in: ['landing'], within: 6 } }, 'tell who he is'],
          [{ after: 40 }, 'to the railing'],
        ),
        row('tell who he is', { act: 'call', who: { of: B }, say: 'what I am', claims: 0.3, time: 1.5 }, [
          ended,
          'to the railing',
        ]),
        row('to the railing', { act: 'go', to: { place: [31.7, 1.2], level: 'upper level' }, hurry: 1 }, [
          ended,
          'down',
        ]),
        row(
          'down',
          { act: 'go', to: { place: [34, -1], level: 'lower level' }, within: 1, drops: 3.5, hurry: 1 },
          stunEarly,
          [done, 'in the hall'],
        ),
        row(
          'stun',
          {
            act: 'attack',
            who: { of: ['early'], is: 'up', within: 7 },
            with: 'device',
            reach: 6,
            chance: 0.9,
            every: 0.5,
            effects: [{ effect: 'stunned', share: 1, lasts: 60 }],
          },
          [ended, 'down'],
        ),
        row('in the hall', { act: 'wait' }, stunEarly, [{ near: { of: B, in: ['stair hall'] } }, 'see B run']),
        row('see B run', { act: 'wait' }, stunEarly, [{ after: 0.8 }, 'tell B']),
        row(
          'tell B',
          {
            act: 'call',
            who: { of: B },
            reach: 15,
            say: 'no way there',
            tells: { exit: 'fire exit', is: 'locked' },
            time: 0.6,
          },
          [ended, 'see whether B comes'],
        ),
        row('see whether B comes', { act: 'wait' }, [{ heard: 'all right' }, 'to the corridor'], stunEarly, [
          { after: 3.5 },
          'tell B',
        ]),
        row(
          'to the corridor',
          { act: 'go', to: { place: [31.8, -2.8], level: 'lower level' }, within: 0.8, hurry: 1 },
          [ended, 'wait for them'],
        ),
        row(
          'wait for them',
          { act: 'wait' },
          [{ sees: { of: ['six'], is: 'up', within: SHOOTS_AT + 1.3 } }, 'shoot'],
          [{ after: 15 }, 'over them'],
        ),
        row(
          'shoot',
          {
            act: 'attack',
            who: { of: ['six'], is: 'up', within: 12 },
            with: 'shot',
            reach: SHOOTS_AT + 1.3,
            spread: 2,
            every: 0.5,
            impulse: 200,
            effects: down(90),
          },
          [ended, 'over them'],
        ),
        row(
          'over them',
          { act: 'go', to: { place: [23.8, -2.8], level: 'lower level' }, hurry: 0.2, barge: 300 },
          [{ sees: { of: ['six'], is: 'up', within: 1.3 }, am: 'free' }, 'clear the way'],
          [ended, 'on'],
        ),
        row('clear the way', CLEAR, [ended, 'over them']),
        row('on', { act: 'go', to: { area: 'side hallway' }, hurry: 1, barge: 400 }, [ended, 'leave']),
        row('leave', { act: 'leave', exit: 'garage exit', hurry: 1 }),
      ],
    },
    {
      id: 'rescuer B',
      hostileTo: [...GUARDS, 'early', 'six', 'eight', 'sleepers'],
      strength: 4500,
      states: [
        row('try the door', { act: 'unlock', doors: ['reinforced door'], by: 'force' }, [ended, 'wait']),
        row('wait', { act: 'wait' }, [{ unlocked: 'reinforced door' }, 'strike']),
        row('strike', { act: 'attack', who: { of: GUARDS, is: 'up' }, chance: 0.8, effects: down(600), impulse: 50 }, [
          ended,
          'strike on',
        ]),
        row(
          'strike on',
          { act: 'attack', who: { of: GUARDS, is: 'down' }, every: 0.8, chance: 1, rounds: 1000, effects: down(600) },
          [{ heard: 'enough' }, 'break cages'],
        ),
        row('break cages', { act: 'unlock', doors: south, by: 'force', order: 'given' }, [ended, 'to A']),
        row(
          'to A',
          { act: 'follow', who: { of: A }, gap: 1.5, lost: 20, hurry: 1 },
          [
            { near: { of: A, in: ['gallery', 'stair hall'] }, trusts: { in: 'rescuer A', least: 0.5 } },
            'follow A down',
          ],
          [{ near: { of: A, in: ['gallery', 'stair hall'] } }, 'with the crowd'],
        ),
        row(
          'follow A down',
          { act: 'follow', who: { of: A }, drops: 3.5, gap: 1, lost: 20, hurry: 1 },
          [{ near: { of: A, in: ['stair hall'], within: 4 } }, 'with the crowd'],
          [ended, 'with the crowd'],
        ),
        row('with the crowd', { act: 'leave', hurry: 1 }, [{ heard: 'no way there' }, 'give way']),
        row('give way', { act: 'wait' }, [{ after: { distribution: 'uniform', min: 1, max: 3 } }, 'answer']),
        row('answer', { act: 'call', say: 'all right', reach: 40, trust: 1, time: 0.5 }, [ended, 'follow A']),
        row(
          'follow A',
          { act: 'follow', who: { of: A }, gap: 1, lost: 20, hurry: 0.4, barge: 300 },
          [{ near: { of: A, is: 'held', within: 8 } }, 'free A'],
          [{ near: { of: ['eight'], is: 'up', within: 2.5 } }, 'through them'],
          [{ sees: { of: ['six'], is: 'up', within: 1.3 } }, 'clear the way'],
          [{ near: { of: A, is: 'down', within: 4 }, after: 2 }, 'help A'],
          [ended, 'leave'],
        ),
        row('free A', { act: 'free', who: { of: A }, hurry: 1 }, [ended, 'follow A']),
        row(
          'through them',
          { act: 'follow', who: { of: A }, gap: 0.8, lost: 5, hurry: 1, barge: 400 },
          [{ near: { of: A, is: 'held', within: 8 } }, 'free A'],
          [ended, 'leave'],
        ),
        row('clear the way', CLEAR, [ended, 'follow A']),
        row('help A', { act: 'help', who: { of: A }, time: 2 }, [ended, 'follow A']),
        row('leave', { act: 'leave', exit: 'garage exit', hurry: 1, barge: 400 }),
      ],
    },
    {
      id: 'guard',
      hostileTo: RESCUERS,
      states: [
        row('watch', { act: 'wait' }, [{ am: 'struck' }, 'fight'], [{ sees: { of: B, is: 'up', within: 6 } }, 'fight']),
        row(
          'fight',
          {
            act: 'attack',
            who: { of: B, is: 'up' },
            chance: 0.3,
            effects: [{ effect: 'stunned', share: 0.5, lasts: 2 }],
          },
          [ended, 'watch'],
        ),
      ],
    },
    ...cages.map((cage) => ({
      id: `captive of ${cage}`,
      states: [
        row('locked in', { act: 'wait' }, [{ unlocked: `${cage}, door` }, 'stay put']),
        row(
          'stay put',
          { act: 'wait' },
          [
            {
              near: { of: cages, is: 'moving', within: 8 },
              after: { distribution: 'lognormal', median: 1.5, sigma: 0.5, max: 6 },
            },
            'run',
          ],
          [{ after: { distribution: 'lognormal', median: 63, sigma: 0.15, min: 20 } }, 'run'],
        ),
        row('run', { act: 'leave' }, [{ at: ['corridor'], sees: { of: CAPTORS, is: 'up', within: 12 } }, 'turn back']),
        // from those who held them they run back to the others
        row('turn back', { act: 'go', to: { area: 'stair hall' }, hurry: 0.5 }, [ended, 'cower']),
        row('cower', { act: 'wait' }, [{ after: { distribution: 'uniform', min: 5, max: 15 } }, 'run']),
      ],
    })),
    {
      id: 'early',
      hostileTo: [...B, ...cages],
      states: [
        row('rest', { act: 'wait' }, [{ near: { of: A, in: ['gallery'] } }, 'notice']),
        row('notice', { act: 'wait' }, [{ after: SET_OUT.early }, 'come']),
        row('come', { act: 'go', to: { area: 'stair hall' }, hurry: 0.6 }, [
          { sees: { of: B, is: 'up', within: 3 } },
          'strike',
        ]),
        row('strike', { act: 'attack', who: { of: B, is: 'up' }, effects: [{ effect: 'stunned', share: 1 }] }, [
          ended,
          'come',
        ]),
      ],
    },
    ...['six', 'eight'].map((group) => ({
      id: `${group} who respond`,
      hostileTo: [...RESCUERS, ...cages],
      states: [
        ...(group === 'six'
          ? [
              row('rest', { act: 'wait' }, [{ near: { of: A, in: ['gallery'] } }, 'gather']),
              row('gather', { act: 'go', to: { place: GATHER, level: 'lower level' }, within: 0.7, hurry: 0.9 }, [
                { near: { of: A, in: ['corridor'] } },
                'come',
              ]),
            ]
          : [
              row('rest', { act: 'wait' }, [{ near: { of: A, in: ['corridor'] } }, 'notice']),
              row('notice', { act: 'wait' }, [{ after: SET_OUT.eight }, 'come']),
            ]),
        row(
          'come',
          { act: 'go', to: COME_TO[group], hurry: 1 },
          [{ am: 'down', near: { of: A, is: 'up', within: 0.8 } }, 'grab'],
          [{ sees: { of: RESCUERS, is: 'up', within: 1.5 } }, 'strike'],
        ),
        row(
          'strike',
          {
            act: 'attack',
            who: { of: RESCUERS, is: 'up' },
            chance: 0.15,
            effects: [{ effect: 'stunned', share: 0.25, lasts: 1 }],
          },
          [{ am: 'down', near: { of: A, is: 'up', within: 0.8 } }, 'grab'],
          [ended, 'come'],
        ),
        row(
          'grab',
          { act: 'grab', who: { of: A, is: 'up' }, reach: 0.8, breaks: 0.03 },
          [{ am: 'up' }, 'come'],
          [ended, 'lie'],
        ),
        row('lie', { act: 'wait' }, [{ am: 'up', after: 5 }, 'come']),
      ],
    })),
    {
      id: 'woken',
      hostileTo: RESCUERS,
      states: [
        row('get up', { act: 'wait' }, [{ after: { distribution: 'uniform', min: 40, max: 90 } }, 'come']),
        row('come', { act: 'go', to: { place: [12, -2.7], level: 'lower level' }, hurry: 0.3 }),
      ],
    },
  ];
}

const withRole = (scenario, id, changeRow) => ({
  ...scenario,
  roles: scenario.roles.map((role) => (role.id === id ? { ...role, states: role.states.map(changeRow) } : role)),
});
const cagesOf = (scenario) => scenario.doors.map(({ id }) => id).filter((id) => / cage \d+, door$/.test(id));

const northOf = (scenario) => cagesOf(scenario).filter((id) => id.startsWith('north'));

/** Variants: what is changed, and what becomes of the scenario. */
export const INCIDENT_VARIANTS = {
  incident: { name: 'the incident', change: (scenario) => scenario },
  'incident-unchained': {
    name: 'the incident, fire exit unchained',
    change: (scenario) => ({
      ...scenario,
      doors: scenario.doors.map((door) => (door.id === 'fire door' ? { ...door, state: 'closed' } : door)),
    }),
  },
  'incident-keys-duplicated': {
    name: 'the incident, keys duplicated',
    change: (scenario) => ({
      ...withRole(scenario, 'rescuer B', (row) =>
        row.state === 'break cages'
          ? // done with their own row, they go on with the other from its far end
            { ...row, do: { ...row.do, by: 'key', doors: [...row.do.doors, ...northOf(scenario).reverse()] } }
          : row,
      ),
      objects: [...scenario.objects, { id: 'second cage keys', kind: 'cage keys', heldBy: 'rescuer B' }],
    }),
  },
  'incident-gang-release': {
    name: 'the incident, gang release',
    change: (scenario) => ({
      ...withRole(scenario, 'rescuer A', (row) =>
        row.state === 'open cages' ? { ...row, do: { act: 'operate', console: 'cage console' } } : row,
      ),
      consoles: [{ id: 'cage console', level: 'upper level', position: [3.4, 1], doors: cagesOf(scenario) }],
    }),
  },
  'incident-sign-off': {
    name: 'the incident, sign off',
    // who believed the lit sign knows of no way out now, and looks for one room by room
    change: (scenario) => ({
      ...scenario,
      signs: scenario.signs.map((sign) => (sign.exit === 'fire exit' ? { ...sign, lit: false } : sign)),
      populations: scenario.populations.map((one) => (one.knows?.includes('fire exit') ? { ...one, knows: [] } : one)),
      behaviour: { ...scenario.behaviour, signs: {}, knowledge: {} },
    }),
  },
  'incident-guide': {
    name: 'the incident, a guide in the hall',
    change: (scenario) => ({
      ...scenario,
      populations: [
        ...scenario.populations,
        { id: 'guide', level: 'lower level', position: [34, -1], profile: 'guard', role: 'guide', uniform: true },
      ],
      roles: [
        ...scenario.roles,
        {
          id: 'guide',
          states: [
            row(
              'send away',
              { act: 'call', say: 'not that way', reach: 9, time: 3, tells: { exit: 'fire exit', is: 'locked' } },
              [{ action: 'ended' }, 'again'],
            ),
            row('again', { act: 'wait' }, [{ after: 60, none: { is: 'up', within: 12 } }, 'leave'], [{}, 'send away']),
            row('leave', { act: 'leave', exit: 'garage exit' }),
          ],
        },
      ],
    }),
  },
  'incident-nobody-comes': {
    name: 'the incident, no assailants',
    change: (scenario) => ({
      ...scenario,
      roles: scenario.roles.map((role) =>
        role.id === 'early' || role.id.endsWith('who respond')
          ? { ...role, states: [row('rest', { act: 'wait' })] }
          : role,
      ),
    }),
  },
};

/** The incident on the factory's building (`base`, as the gallery has it). */
export function makeIncident(base, variant) {
  const { name, change } = INCIDENT_VARIANTS[variant];
  const [upper, lower] = base.levels;
  const captives = base.populations;
  const cages = captives.map(({ id }) => id);
  // beside the stair, from the landing to a railing above the stair hall
  const gallery = rectangle(27, 0.9, 32.3, 1.5);
  const quarters = rectangle(2.5, -5, 10.5, 0);
  const dormitory = rectangle(12, -1.8, 20, 3.5);
  const scenario = {
    ...base,
    name,
    description:
      'The night in the factory with everybody who acts in it: two rescuers, two guards, 46 captives, 29 assailants of whom 14 sleep. Nothing but roles, locks, things, a drop, signs and sounds makes it; the building is that of the factory breakout, with a railing at the landing, quarters and a dormitory.',
    levels: [
      {
        ...upper,
        outlines: [...upper.outlines, gallery],
        areas: [...upper.areas, { id: 'gallery', polygon: gallery }],
      },
      {
        ...lower,
        outlines: [...lower.outlines, quarters, dormitory],
        areas: [
          ...lower.areas.map((area) => (area.id === 'corridor' ? { ...area, ceiling: 2.1 } : area)),
          { id: 'quarters', polygon: quarters },
          { id: 'dormitory', polygon: dormitory },
        ],
        walls: [
          { path: line(10.5, -5, 10.5, -3.5), thickness: 0.1 },
          { path: line(10.5, -1.9, 10.5, 0), thickness: 0.1 },
          { path: line(12, -1.85, 20, -1.85), thickness: 0.1 },
          // lockers along the wall leave 0.9 m of the corridor's 1.6 m
          { id: 'lockers', path: line(24.4, -2.25, 29.4, -2.25), thickness: 0.7 },
        ],
      },
    ],
    doors: [
      ...base.doors.map((door) => {
        if (door.id.endsWith('cage 1, door') || / cage \d+, door$/.test(door.id)) {
          const { releaseTime, ...rest } = door;
          return {
            ...rest,
            strength: 4000,
            lock: { key: 'cage keys', byForce: { distribution: 'uniform', min: 5, max: 9 } },
          };
        }
        if (door.id === 'reinforced door') return { ...door, lock: { key: 'reinforced key', byForce: 4 } };
        return door;
      }),
      { id: 'dormitory door', level: 'lower level', line: line(15.5, -1.85, 16.5, -1.85), state: 'closed' },
    ],
    links: [
      ...base.links,
      {
        id: 'over the railing',
        kind: 'drop',
        from: { level: 'upper level', line: line(32.3, 0.95, 32.3, 1.45) },
        to: { level: 'lower level', line: line(32.5, 0.95, 32.5, 1.45) },
        rail: 1.1,
        hang: true,
      },
    ],
    profiles: [
      ...base.profiles,
      { id: 'strong', body: { table: 'men' }, freeSpeed: 1.5, patience: 120 },
      { id: 'unreadable', body: { table: 'men' }, freeSpeed: 1.5, patience: 120, showsFear: 0 },
      { id: 'guard', body: { table: 'men' }, freeSpeed: 1.35 },
      { id: 'fit', body: { table: 'men' }, freeSpeed: 1.8 },
    ],
    populations: [
      {
        id: 'rescuer A',
        level: 'upper level',
        position: [25.5, 0],
        profile: 'strong',
        role: 'rescuer A',
        uniform: true,
      },
      {
        id: 'rescuer B',
        level: 'upper level',
        position: [1.6, 0],
        profile: 'unreadable',
        role: 'rescuer B',
        trusts: [{ in: 'rescuer A', start: 0.4 }],
        knows: ['fire exit'],
      },
      { id: 'guard 1', level: 'upper level', position: [7, 0.7], profile: 'guard', role: 'guard' },
      { id: 'guard 2', level: 'upper level', position: [10, -0.7], profile: 'guard', role: 'guard' },
      ...captives.map(({ alertedBy, profile, ...captive }) => ({
        ...captive,
        knows: ['fire exit'],
        profile: 'captive',
        role: `captive of ${captive.id}`,
      })),
      {
        id: 'early',
        level: 'lower level',
        position: [20, -2.7],
        profile: 'guard',
        role: 'early',
      },
      {
        id: 'six',
        level: 'lower level',
        polygon: rectangle(6.5, -4.5, 9.5, -1),
        count: 6,
        profile: 'fit',
        role: 'six who respond',
      },
      {
        id: 'eight',
        level: 'lower level',
        polygon: rectangle(3, -4.8, 6, -0.3),
        count: 8,
        profile: 'fit',
        role: 'eight who respond',
      },
      {
        id: 'sleepers',
        level: 'lower level',
        area: 'dormitory',
        count: 14,
        profile: 'guard',
        role: 'woken',
        asleep: true,
        waits: true,
      },
    ],
    objects: [
      { id: 'cage keys', heldBy: 'guard 2' },
      { id: 'reinforced key', heldBy: 'rescuer A' },
    ],
    roles: rolesOf(cages),
    behaviour: { hearing: {}, knowledge: {}, inner: { talk: 20, step: 0.05, hurry: 0.2 } },
    events: [],
    settings: {
      end: { time: 420, stalled: 120 },
      bodies: { climb: { distribution: 'uniform', min: 0.2, max: 0.25 }, surprise: 0.5 },
    },
  };
  const captiveProfile = base.profiles.find(({ id }) => id === 'captive freed early');
  return change({
    ...scenario,
    profiles: [
      ...scenario.profiles.filter(({ id }) => !id.startsWith('captive')),
      { ...captiveProfile, id: CAPTIVES, preMovement: 0, motivation: { distribution: 'uniform', min: 0.6, max: 0.85 } },
    ],
  });
}
