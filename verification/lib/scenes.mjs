/** Building blocks of the cases' scenarios. Coordinates in metres. */

/** Corners of a rectangle, counter-clockwise. */
export const rectangle = (x0, y0, x1, y1) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** Rounds to a tenth of a millimetre, so that generated files and messages stay readable. */
export const tidy = (value) => Math.round(value * 1e4) / 1e4;

/**
 * A scenario of one level. `outline` is one polygon or a list of polygons; the rest goes into the scenario as it is.
 */
export function makeScene(name, outline, { exits, populations, holes = [], walls = [], ...rest }) {
  const outlines = typeof outline[0][0] === 'number' ? [outline] : outline;
  return {
    crashbar: 1,
    name,
    levels: [{ id: 'ground', outlines, holes, walls }],
    exits: exits.map((exit) => (exit.door === undefined ? { level: 'ground', ...exit } : exit)),
    populations: populations.map((population) => ({ level: 'ground', ...population })),
    ...rest,
  };
}

/**
 * A room, a passage of a given width and length in the middle of its front wall, the open behind it. The crowd fills the
 * back of the room at 2.5 /m². The crowd walks in +x; the exit line is the far end of the passage.
 */
export function makeBottleneck({ width, length, persons, profile, settings = {} }) {
  const half = tidy(width / 2);
  const roomHalf = tidy(Math.max(3, half + 2));
  const crowdDepth = tidy(Math.ceil((persons / 2.5 / (2 * roomHalf)) * 2) / 2);
  const back = tidy(-crowdDepth - 2);
  const passage = [
    [0, -half],
    [length, -half],
    [length, half],
    [0, half],
  ];
  const room = [[back, -roomHalf], [0, -roomHalf], ...(length > 0 ? passage : []), [0, roomHalf], [back, roomHalf]];
  return makeScene(`bottleneck ${width} m`, room, {
    exits: [
      {
        id: 'passage',
        line: [
          [length, -half],
          [length, half],
        ],
      },
    ],
    profiles: [profile],
    populations: [
      {
        id: 'crowd',
        polygon: rectangle(back, -roomHalf, tidy(back + crowdDepth), roomHalf),
        count: persons,
        profile: profile.id,
      },
    ],
    settings: { end: { time: 600 }, ...settings },
  });
}

/** The built-in adult, with what a case changes. */
export const adult = (more = {}) => ({ id: 'adult', ...more });
