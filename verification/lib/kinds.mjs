/**
 * What can be measured. A kind has
 *
 *     observe(run, options)          one scene with one seed → a value; runs in a worker
 *     watch(options)                 { see(world) } called every 0.1 s, for what the trace does not hold
 *     compileOnly                    the scene is compiled, not run
 *     reduce(values, options)        values of the measure's scenes with one seed → a number (default: the only value)
 *     reduceEnsemble(table, options) values by seed and scene → one number
 *
 * `run` = { library, scenario, world, trace, result, seed, watcher, cache }. Lengths [m], times [s]; NaN: cannot be told.
 */
import { isOnFloor } from './inside.mjs';
import { watchOverlaps } from './overlaps.mjs';

const mean = (values) =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

function cached(run, key, make) {
  if (!run.cache.has(key)) run.cache.set(key, make());
  return run.cache.get(key);
}

const personsOut = (run) => cached(run, 'out', () => run.library.listPersonsOut(run.trace.events));
const personRows = (run) => cached(run, 'rows', () => run.library.groupRowsByPerson(run.trace.trajectory));

/** Central difference over ± 0.5 s, as the laboratory's data are evaluated. */
const velocities = (run) =>
  cached(run, 'velocities', () => {
    const { trajectory } = run.trace;
    return run.library.computeVelocities(
      trajectory,
      Math.max(1, Math.round(trajectory.frameRate / 2)),
      personRows(run),
    );
  });

/** Times at which persons pass: exits (default, all or one), or first crossings of `line` by `population`. */
function passingTimes(run, { exit, line, population }) {
  if (line === undefined) {
    return personsOut(run)
      .filter((out) => exit === undefined || out.exit === exit)
      .map(({ t }) => t);
  }
  const crossings = run.library.findCrossings(run.trace.trajectory, line, { personRows: personRows(run) });
  return run.library
    .keepFirstCrossings(crossings)
    .filter(({ person }) => population === undefined || run.trace.header.persons[person].population === population)
    .map(({ time }) => time);
}

function widthOf(run, { exit, line, width }) {
  if (width !== undefined) return width;
  const wanted = run.scenario.exits.find(({ id }) => exit === undefined || id === exit);
  const [[ax, ay], [bx, by]] = line ?? wanted.line;
  return Math.hypot(bx - ax, by - ay);
}

const flowOf = (run, options) => run.library.measureFlow(passingTimes(run, options), widthOf(run, options));
const orNaN = (value) => value ?? Number.NaN;

/** Time of the last of everybody; NaN where anybody stayed inside. */
function timeOut(run) {
  const { complete, lastOut } = run.library.measureEvacuation(personsOut(run), run.trace.header.persons.length);
  return complete ? lastOut : Number.NaN;
}

/**
 * Samples [density, mean speed along +x] of a box every 0.5 s within `window`; with `across` [m], the width of a single
 * file, the density is per metre of length.
 */
function sampleBox(run, { box, window: [from, to], sheet = 0, across = 1 }) {
  const { trajectory } = run.trace;
  const [x0, y0, x1, y1] = box;
  const ring = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  const { density, speed } = run.library.measureArea(trajectory, [ring], velocities(run).vx, sheet);
  const step = Math.max(1, Math.round(trajectory.frameRate / 2));
  const samples = [];
  for (let f = 0; f < trajectory.frameCount; f += step) {
    const t = f / trajectory.frameRate;
    if (t >= from && t <= to) samples.push([density[f] * across, speed[f]]);
  }
  return samples;
}

/** Mean density of the samples, and mean speed of those with anybody inside. */
function meanPoint(samples) {
  return {
    density: mean(samples.map(([density]) => density)),
    speed: mean(samples.filter(([, speed]) => !Number.isNaN(speed)).map(([, speed]) => speed)),
    samples: samples.filter(([, speed]) => !Number.isNaN(speed)),
  };
}
const observePoint = (run, options) => meanPoint(sampleBox(run, options));

/** Kladek's law, v = v0 (1 − exp(−γ (1/ρ − 1/ρmax))). */
const kladek = (density, [v0, gamma, densityMax]) => v0 * (1 - Math.exp(-gamma * (1 / density - 1 / densityMax)));

/** Mean speed in each of `bins` [from, to, low, high], of bins with at least `least` samples. */
function binSamples(samples, { bins, least = 10 }) {
  return bins
    .map(([from, to, low, high]) => {
      const inside = samples.filter(([density]) => density >= from && density < to).map(([, speed]) => speed);
      return { from, to, low, high, count: inside.length, speed: mean(inside) };
    })
    .filter(({ count }) => count >= least);
}
function shareOfBins(samples, options) {
  const bins = binSamples(samples, options);
  return bins.length === 0
    ? Number.NaN
    : bins.filter(({ speed, low, high }) => speed >= low && speed <= high).length / bins.length;
}

/** Mean density in a box over the time between the passing of the 10th and the 90th percentile of persons. */
function boxDensity(run, options) {
  const times = passingTimes(run, options);
  const drop = Math.ceil(times.length / 10);
  if (times.length < 10) return { mean: Number.NaN, max: Number.NaN };
  const window = [times[drop], times[times.length - 1 - drop]];
  const densities = sampleBox(run, { box: options.box, window }).map(([density]) => density);
  return { mean: mean(densities), max: Math.max(...densities) };
}

/** Persons with their free speed as drawn, by population. */
function drawnSpeeds({ world }) {
  const { persons } = world.views;
  const speeds = new Map(world.scenario.populations.map(({ id }) => [id, []]));
  for (let i = 0; i < world.personCount; i++) {
    speeds.get(world.scenario.populations[persons.population[i]].id).push(persons.freeSpeed[i]);
  }
  return speeds;
}

const standardDeviation = (values) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
};

/** Forces of legs along (nx, ny) of everybody, as the engine has them: push and will to walk, at most the floor's grip. */
function legForce({ views, personCount }, [nx, ny], { grip, relaxTime }) {
  const { persons } = views;
  let sum = 0;
  for (let i = 0; i < personCount; i++) {
    const share = persons.mass[i] / relaxTime;
    let fx = persons.pushNow[i] * persons.wantX[i] + share * (persons.wishX[i] - persons.vx[i]);
    let fy = persons.pushNow[i] * persons.wantY[i] + share * (persons.wishY[i] - persons.vy[i]);
    const size = Math.hypot(fx, fy);
    const most = grip * persons.mass[i];
    if (size > most) {
      fx *= most / size;
      fy *= most / size;
    }
    sum += fx * nx + fy * ny;
  }
  return sum;
}

/** When a person first is `threshold` [m] from where they were at the start, linear between frames [s]; NaN where never. */
function onsetOf(run, person, threshold) {
  const { trajectory } = run.trace;
  const { start, rows, frame } = personRows(run);
  const first = rows[start[person]];
  let before = [0, 0];
  for (let k = start[person]; k < start[person + 1]; k++) {
    const way = Math.hypot(trajectory.x[rows[k]] - trajectory.x[first], trajectory.y[rows[k]] - trajectory.y[first]);
    const t = frame[rows[k]] / trajectory.frameRate;
    if (way >= threshold) return before[0] + ((threshold - before[1]) / (way - before[1])) * (t - before[0]);
    before = [t, way];
  }
  return Number.NaN;
}

/** Onset and place [s, m] of the persons of a row who moved, in order of the row; a front is told from three of them on. */
function observeFront(run, { persons: [first, last], threshold }) {
  const { trajectory } = run.trace;
  const points = [];
  for (let person = first; person <= last; person++) {
    const onset = onsetOf(run, person, threshold);
    if (!Number.isNaN(onset)) points.push([onset, trajectory.x[personRows(run).rows[personRows(run).start[person]]]]);
  }
  return { points };
}

/** Whether a person of the trace belongs to `population` (any where left out). */
const isOf = (run, person, population) =>
  population === undefined || run.trace.header.persons[person].population === population;

/** Mean over a box in a fixed window: density, and mean chest load of those inside [1/m², N]. */
function boxLoads(run, { box: [x0, y0, x1, y1], window: [from, to] }) {
  const { trajectory } = run.trace;
  const loads = [];
  let frames = 0;
  for (
    let f = Math.ceil(from * trajectory.frameRate);
    f <= to * trajectory.frameRate && f < trajectory.frameCount;
    f++
  ) {
    frames++;
    for (let row = trajectory.frameStart[f]; row < trajectory.frameStart[f + 1]; row++) {
      const inside =
        trajectory.x[row] >= x0 && trajectory.x[row] <= x1 && trajectory.y[row] >= y0 && trajectory.y[row] <= y1;
      if (inside) loads.push(trajectory.chestLoad[row]);
    }
  }
  return { density: loads.length / frames / ((x1 - x0) * (y1 - y0)), loads };
}

/** Simpson's rule with 2000 steps. */
function integrate(f, from, to) {
  const n = 2000;
  const h = (to - from) / n;
  let sum = f(from) + f(to);
  for (let k = 1; k < n; k++) sum += (k % 2 === 1 ? 4 : 2) * f(from + k * h);
  return (sum * h) / 3;
}

const normalDensity = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Distribution functions of a second hand, by integrals of the densities, for `pre-movement-distance`. */
const CUMULATIVE = {
  uniform: (x, { min, max }) => Math.min(1, Math.max(0, (x - min) / (max - min))),
  lognormal: (x, { median, sigma }) => (x <= 0 ? 0 : integrate(normalDensity, -8, Math.log(x / median) / sigma)),
  weibull: (x, { scale, shape }) => (x <= 0 ? 0 : 1 - Math.exp(-((x / scale) ** shape))),
  gamma: (x, { scale, shape }) => {
    // z = u², which is smooth at 0
    const density = (u) => u ** (2 * shape - 1) * Math.exp(-u * u);
    return integrate(density, 0, Math.sqrt(x / scale)) / integrate(density, 0, 7);
  },
};

/** Persons who are not out at the end, though they could walk: they stand and are conscious. Who lies under others is none of them. */
function leftAble({ library, world }) {
  const { PersonHarm, PersonPosture, PersonState } = library;
  const { state, harm, posture } = world.views.persons;
  let left = 0;
  for (let i = 0; i < world.personCount; i++) {
    const isInside = state[i] !== PersonState.out && state[i] !== PersonState.leaving;
    if (isInside && harm[i] < PersonHarm.unconscious && posture[i] === PersonPosture.standing) left++;
  }
  return left;
}

export const KINDS = {
  /** Time at which the last person is out [s]. */
  'time-out': { observe: timeOut },

  /** The same, mean over all seeds [s]. */
  'ensemble-time-out': { observe: timeOut, reduceEnsemble: (table) => mean(table.map(([time]) => time)) },

  /** Time at which the last of a population passes `line`; NaN unless `count` of them do [s]. */
  'time-of-last': {
    observe: (run, options) => {
      const times = passingTimes(run, options);
      return times.length < options.count ? Number.NaN : times[times.length - 1];
    },
  },

  /** Least step between the times of consecutive scenes [s]: at least 0 where they are in order. */
  'least-step-of-time-of-last': {
    observe: (run, options) => KINDS['time-of-last'].observe(run, options),
    reduce: (times) => Math.min(...times.slice(1).map((time, k) => time - times[k])),
  },
  'least-step-of-time-out': {
    observe: timeOut,
    reduce: (times) => Math.min(...times.slice(1).map((time, k) => time - times[k])),
  },

  /** The same of the means over all seeds [s]. */
  'ensemble-least-step-of-time-out': {
    observe: timeOut,
    reduceEnsemble: (table) => {
      const times = table[0].map((_, scene) => mean(table.map((row) => row[scene])));
      return Math.min(...times.slice(1).map((time, k) => time - times[k]));
    },
  },

  /** Time out of the first scene over that of the second. */
  'ratio-of-time-out': { observe: timeOut, reduce: ([first, second]) => first / second },

  /** The same of the means over all seeds. */
  'ensemble-ratio-of-time-out': {
    observe: timeOut,
    reduceEnsemble: (table) => mean(table.map(([first]) => first)) / mean(table.map(([, second]) => second)),
  },
  /** Time of the last lock released by a person; NaN unless `count` of them were [s]. */
  'time-of-last-release': {
    observe: (run, { count }) => {
      const releases = run.library.measureReleases(run.trace)?.releases ?? [];
      return releases.length === count ? releases[count - 1].t : Number.NaN;
    },
  },

  /** Time between the first and the last person out of a population, all of whom must be out [s]. */
  'spread-of-time-out': {
    observe: (run, { population }) => {
      const all = run.trace.header.persons.filter(
        (person) => population === undefined || person.population === population,
      );
      const times = personsOut(run)
        .filter(({ person }) => isOf(run, person, population))
        .map(({ t }) => t);
      return times.length === all.length ? Math.max(...times) - Math.min(...times) : Number.NaN;
    },
  },

  /**
   * Share of those who went down a drop to whom one of `outcomes` happened (any but `unhurt` where left out), of those with one of `of` (all); who landed on
   * somebody left out. All seeds together.
   */
  'share-hurt-by-drop': {
    observe: ({ trace }, { outcomes, of } = {}) => {
      const drops = trace.events.filter(({ type, onto }) => type === 'drop-taken' && onto < 0);
      const all = drops.filter(({ outcome }) => of?.includes(outcome) ?? true);
      const hurt = all.filter(({ outcome }) => outcomes?.includes(outcome) ?? outcome !== 'unhurt');
      return { hurt: hurt.length, all: all.length };
    },
    reduceEnsemble: (table) => {
      const all = table.flat();
      return all.reduce((sum, one) => sum + one.hurt, 0) / all.reduce((sum, one) => sum + one.all, 0);
    },
  },

  /**
   * Greatest distance of the sample of pre-movement times from the distribution function `law` (`uniform`, `lognormal`, `weibull`), times √n:
   * Kolmogorov and Smirnov's statistic, above 1.358 with a probability of 5 %.
   */
  'pre-movement-distance': {
    compileOnly: true,
    observe: ({ world }, { law }) => {
      const times = [...world.views.persons.preMovement].slice(0, world.personCount).sort((a, b) => a - b);
      const cumulative = CUMULATIVE[law.distribution];
      let worst = 0;
      times.forEach((time, k) => {
        const at = cumulative(time, law);
        worst = Math.max(worst, Math.abs(at - k / times.length), Math.abs(at - (k + 1) / times.length));
      });
      return worst * Math.sqrt(times.length);
    },
  },

  /** Persons who got out, as a share of all. */
  'share-out': { observe: (run) => run.result.out / run.world.personCount },

  /** Persons harmed: injured, unconscious or dead. */
  harmed: { observe: ({ result }) => result.injured + result.unconscious + result.dead },

  /** Persons who are not out at the end, though they could walk: standing and conscious. */
  'left-able': { observe: leftAble },

  /** Persons who died. */
  dead: { observe: ({ result }) => result.dead },

  /** Share of those who got out (of a population, or all) that took `exit`. */
  'share-by-exit': {
    observe: (run, { exit, population }) => {
      const out = personsOut(run).filter(({ person }) => isOf(run, person, population));
      return out.length === 0 ? Number.NaN : out.filter((one) => one.exit === exit).length / out.length;
    },
  },

  /** Share of the persons (of a population) with an event of a type, until `time` [s] where given. */
  'share-with-event': {
    observe: (run, { event, population, time = Number.POSITIVE_INFINITY }) => {
      const all = run.trace.header.persons.flatMap((_, person) => (isOf(run, person, population) ? [person] : []));
      const met = new Set(run.trace.events.flatMap((one) => (one.type === event && one.t <= time ? [one.person] : [])));
      return all.length === 0 ? Number.NaN : all.filter((person) => met.has(person)).length / all.length;
    },
  },

  /** Share by an exit in the first scene less that in the second. */
  'difference-of-share-by-exit': {
    observe: (run, options) => KINDS['share-by-exit'].observe(run, options),
    reduce: ([one, other]) => one - other,
  },

  /** Persons who did not leave by the exit assigned to their population (`exits` by population), the ones still inside included. */
  'persons-by-other-exits': {
    observe: (run, { exits }) => {
      const right = personsOut(run).filter(
        ({ person, exit }) => exits[run.trace.header.persons[person].population] === exit,
      );
      return run.trace.header.persons.length - right.length;
    },
  },

  /** Share of the persons of a run who passed a link. */
  'share-over-link': {
    observe: ({ trace }, { link }) => {
      const portals = new Set(trace.header.portals.filter((portal) => portal.link === link).map(({ id }) => id));
      const passed = trace.events.filter(({ type, portal }) => type === 'portal-crossed' && portals.has(portal));
      return new Set(passed.map(({ person }) => person)).size / trace.header.persons.length;
    },
  },

  /** Persons out per second from `from` on, until the end of the run [1/s]. */
  'flow-late': {
    observe: (run, { from, until }) => {
      const times = personsOut(run).map(({ t }) => t);
      return times.filter((t) => t >= from && t < until).length / (until - from);
    },
  },

  /** Speed at which a push runs along a row of persons: way over time from the first to the last of them to be moved [m/s]. */
  'front-speed': {
    observe: observeFront,
    reduce: ([{ points }]) => {
      if (points.length < 3) return Number.NaN;
      const [from, to] = [points[0], points[points.length - 1]];
      return Math.abs(to[1] - from[1]) / (to[0] - from[0]);
    },
  },
  /** How many of a row a push moves by `threshold` [m]. */
  'persons-moved': { observe: observeFront, reduce: ([{ points }]) => points.length },

  /** Time from one end of a link to the other, of the first person [s]. */
  'time-on-link': {
    observe: ({ trace }) => {
      const links = new Set(trace.header.portals.filter(({ kind }) => kind === 'link').map(({ id }) => id));
      const times = trace.events
        .filter((event) => event.type === 'portal-crossed' && event.person === 0 && links.has(event.portal))
        .map(({ t }) => t);
      return times.length < 2 ? Number.NaN : times[times.length - 1] - times[0];
    },
  },

  /** Greatest difference between the time drawn for a person and the time of the event of their setting out [s]. */
  'start-time-error': {
    observe: ({ world, trace }) => {
      const started = new Map(trace.events.filter(({ type }) => type === 'person-started').map((e) => [e.person, e.t]));
      let worst = 0;
      for (let i = 0; i < world.personCount; i++) {
        worst = Math.max(worst, Math.abs((started.get(i) ?? Number.NaN) - world.views.persons.preMovement[i]));
      }
      return Math.round(worst * 1e4) / 1e4;
    },
  },

  /** Greatest way that anybody went before their own start [m]. */
  'way-before-start': {
    observe: (run) => {
      const { trajectory } = run.trace;
      const { start, rows, frame } = personRows(run);
      let worst = 0;
      for (let i = 0; i < run.world.personCount; i++) {
        const first = rows[start[i]];
        for (let k = start[i]; k < start[i + 1]; k++) {
          if (frame[rows[k]] / trajectory.frameRate >= run.world.views.persons.preMovement[i]) break;
          const way = Math.hypot(
            trajectory.x[rows[k]] - trajectory.x[first],
            trajectory.y[rows[k]] - trajectory.y[first],
          );
          worst = Math.max(worst, way);
        }
      }
      return worst;
    },
  },

  /** Least and greatest pre-movement time drawn must lie in the band: the one farther from `centre` is returned [s]. */
  'pre-movement-extreme': {
    compileOnly: true,
    observe: ({ world }, { centre }) => {
      const times = [...world.views.persons.preMovement].slice(0, world.personCount);
      return times.reduce((worst, t) => (Math.abs(t - centre) > Math.abs(worst - centre) ? t : worst));
    },
  },

  /** Recorded positions off every floor of their sheet, beyond 1 mm [count]. */
  'positions-off-floor': {
    observe: ({ trace }) => {
      const { trajectory, header } = trace;
      let off = 0;
      for (let row = 0; row < trajectory.person.length; row++) {
        const polygons = header.sheets[trajectory.sheet[row]].polygons;
        if (!polygons.some((rings) => isOnFloor(rings, trajectory.x[row], trajectory.y[row], 0.001))) off++;
      }
      return off;
    },
  },

  /** Greatest difference of a population's mean free speed, as drawn, from `means` [m/s]. */
  'drawn-speed-mean-error': {
    compileOnly: true,
    observe: (run, { means }) => {
      const speeds = drawnSpeeds(run);
      return Math.max(...Object.entries(means).map(([id, value]) => Math.abs(mean(speeds.get(id)) - value)));
    },
  },

  /** Greatest difference of the share of a population within [low, high] from 68.3 %, the share within ± σ. */
  'drawn-speed-share-error': {
    compileOnly: true,
    observe: (run, { intervals }) => {
      const speeds = drawnSpeeds(run);
      const errors = Object.entries(intervals).map(([id, [low, high]]) => {
        const all = speeds.get(id);
        return Math.abs(all.filter((speed) => speed >= low && speed <= high).length / all.length - 0.6827);
      });
      return Math.max(...errors);
    },
  },

  /** Extreme free speed drawn in a population: the `least` or the `greatest` [m/s]. */
  'drawn-speed-extreme': {
    compileOnly: true,
    observe: (run, { population, which }) => {
      const speeds = drawnSpeeds(run).get(population);
      return which === 'least' ? Math.min(...speeds) : Math.max(...speeds);
    },
  },

  /** Density and speed in a box, as a point of the fundamental diagram: how far from Kladek's law `reference`, at worst. */
  'fundamental-error': {
    observe: observePoint,
    reduce: (points, { reference }) =>
      Math.max(...points.map(({ density, speed }) => Math.abs(speed / kladek(density, reference) - 1))),
  },
  /** Greatest rise of speed from one scene to the next denser one [m/s]. */
  'fundamental-rise': {
    observe: observePoint,
    reduce: (points) => {
      const sorted = [...points].sort((a, b) => a.density - b.density);
      return Math.max(...sorted.slice(1).map(({ speed }, k) => speed - sorted[k].speed));
    },
  },
  /** Greatest specific flow, density × speed, of the scenes [1/(m·s)]. */
  'fundamental-capacity': {
    observe: observePoint,
    reduce: (points) => Math.max(...points.map(({ density, speed }) => density * speed)),
  },
  /** Share of density bins whose mean speed lies between their bounds. */
  'fundamental-share': {
    observe: observePoint,
    reduce: (points, options) =>
      shareOfBins(
        points.flatMap(({ samples }) => samples),
        options,
      ),
  },

  /** Least difference of mean speed, second half of the scenes minus first, of the density bins that both have [m/s]. */
  'fundamental-lead': {
    observe: observePoint,
    reduce: (points, options) => {
      const halves = [points.slice(0, points.length / 2), points.slice(points.length / 2)];
      const [slow, fast] = halves.map((half) =>
        binSamples(
          half.flatMap(({ samples }) => samples),
          options,
        ),
      );
      const steps = slow.flatMap(({ from, speed }) =>
        fast.filter((bin) => bin.from === from).map((bin) => bin.speed - speed),
      );
      return steps.length === 0 ? Number.NaN : Math.min(...steps);
    },
  },
  /** Specific flow of the first scene over that of the second. */
  'ratio-of-specific-flow': {
    observe: observePoint,
    reduce: ([first, second]) => (first.density * first.speed) / (second.density * second.speed),
  },

  /** Flow past an exit or a line, middle 80 % of ranks [1/s]. */
  flow: { observe: (run, options) => orNaN(flowOf(run, options).flowMiddle) },
  /** The same over the whole duration [1/s]. */
  'flow-whole': { observe: (run, options) => orNaN(flowOf(run, options).flowWhole) },
  /** Flow over width, middle 80 % of ranks [1/(m·s)]. */
  'specific-flow': { observe: (run, options) => orNaN(flowOf(run, options).specificFlowMiddle) },
  /** Longest gap between two who pass; where some who could walk do not, at least the time that they waited in vain [s]. */
  'longest-gap': {
    observe: (run, options) => {
      const { gapMax, last, count } = flowOf(run, options);
      const inVain = count < run.world.personCount && leftAble(run) > 0 ? run.result.endTime - (last ?? 0) : 0;
      return Math.max(gapMax ?? 0, inVain);
    },
  },
  /** 90th percentile of the gaps between those who pass [s]. */
  'gap-90': { observe: (run, options) => orNaN(flowOf(run, options).gap90) },
  /** Least rise of flow from one scene to the next [1/s]. */
  'least-rise-of-flow': {
    observe: (run, options) => orNaN(flowOf(run, options).flowMiddle),
    reduce: (flows) => Math.min(...flows.slice(1).map((flow, k) => flow - flows[k])),
  },
  /** Mean flow of the first scene over that of the second, both over all seeds. */
  'ensemble-ratio-of-flow': {
    observe: (run, options) => orNaN(flowOf(run, options).flowMiddle),
    reduceEnsemble: (table) => mean(table.map(([first]) => first)) / mean(table.map(([, second]) => second)),
  },
  /** Flow past line `after` over flow past line `before`, middle 80 % each. */
  'ratio-of-flows': {
    observe: (run, { after, before }) =>
      flowOf(run, { line: after }).flowMiddle / flowOf(run, { line: before }).flowMiddle,
  },

  /** Flow past line `first` less flow out of the exit `second`, middle 80 % each [1/s]. */
  'difference-of-flows': {
    observe: (run, { first, second }) =>
      flowOf(run, { line: first }).flowMiddle - flowOf(run, { exit: second }).flowMiddle,
  },

  /** Mean density in a box while the middle 80 % pass [1/m²]. */
  'density-in-box': { observe: (run, options) => boxDensity(run, options).mean },
  /** Greatest density in a box, sampled every 0.5 s, while the middle 80 % pass [1/m²]. */
  'density-peak': { observe: (run, options) => boxDensity(run, options).max },
  /** Least rise of density in a box from one scene to the next, while the middle 80 % pass [1/m²]. */
  'least-rise-of-density': {
    observe: (run, options) => boxDensity(run, options).mean,
    reduce: (densities) => Math.min(...densities.slice(1).map((density, k) => density - densities[k])),
  },
  /** Mean density in a box in a fixed window [1/m²]. */
  'density-in-window': { observe: (run, options) => boxLoads(run, options).density },
  /** Quantile of the chest loads of everybody in a box in a fixed window [N]. */
  'load-in-window': {
    observe: (run, options) => {
      const loads = boxLoads(run, options).loads.sort((a, b) => a - b);
      return loads.length === 0
        ? Number.NaN
        : loads[Math.min(loads.length - 1, Math.floor(options.quantile * loads.length))];
    },
  },
  /** Mean chest load in a box in a fixed window, first scene over second. */
  'ratio-of-loads': {
    observe: (run, options) => mean(boxLoads(run, options).loads),
    reduce: ([first, second]) => first / second,
  },
  /** Mean density in a box in `late` over that in `early` (windows of time). */
  'growth-of-density': {
    observe: (run, { box, early, late }) => {
      const at = (window) => mean(sampleBox(run, { box, window }).map(([density]) => density));
      return at(late) / at(early);
    },
  },

  /** Mean speed in its own direction of everybody in a box; `directions` by population [m/s]. */
  'speed-in-box': {
    observe: (run, { box: [x0, y0, x1, y1], window: [from, to], directions }) => {
      const { trajectory, header } = run.trace;
      const { vx } = velocities(run);
      const speeds = [];
      for (
        let f = Math.ceil(from * trajectory.frameRate);
        f <= to * trajectory.frameRate && f < trajectory.frameCount;
        f++
      ) {
        for (let row = trajectory.frameStart[f]; row < trajectory.frameStart[f + 1]; row++) {
          const x = trajectory.x[row];
          const y = trajectory.y[row];
          if (x < x0 || x > x1 || y < y0 || y > y1 || Number.isNaN(vx[row])) continue;
          speeds.push(vx[row] * directions[header.persons[trajectory.person[row]].population]);
        }
      }
      return mean(speeds);
    },
  },

  /** Least number of steps of movement in a decision interval after `from`. */
  'least-substeps': {
    watch: ({ from }) => ({
      least: Number.POSITIVE_INFINITY,
      see({ views: { clock } }) {
        if (clock.tick[0] > 10 * from) this.least = Math.min(this.least, clock.substeps[0]);
      },
    }),
    observe: ({ watcher }) => watcher.least,
  },

  /** Root mean square of everybody's speed after `from` [m/s]. */
  'rms-speed': {
    watch: ({ from }) => ({
      sum: 0,
      count: 0,
      see({ views: { clock, persons }, personCount }) {
        if (clock.tick[0] <= 10 * from) return;
        for (let i = 0; i < personCount; i++) this.sum += persons.vx[i] ** 2 + persons.vy[i] ** 2;
        this.count += personCount;
      },
    }),
    observe: ({ watcher }) => Math.sqrt(watcher.sum / watcher.count),
  },

  /** Numbers of persons' places, speeds and loads that are not finite, looked for every second. */
  'not-finite': {
    watch: () => ({
      found: 0,
      see({ views: { clock, persons }, personCount }) {
        if (clock.tick[0] % 10 !== 0) return;
        for (const name of ['x', 'y', 'vx', 'vy', 'chestLoad', 'dose', 'potential']) {
          for (let i = 0; i < personCount; i++) if (Number.isNaN(persons[name][i])) this.found++;
        }
      },
    }),
    observe: ({ watcher }) => watcher.found,
  },

  /** Persons who overlap another deeply and for long outside a crush: see `lib/overlaps.mjs`. */
  'lasting-overlaps': {
    watch: watchOverlaps,
    observe: ({ watcher }) => watcher.pairs.size,
  },

  /** Force on the first door over the sum of what legs push towards it, means over the time after `from`. */
  'force-over-push': {
    watch: ({ from, towards, legs }) => ({
      force: 0,
      push: 0,
      see(world) {
        if (world.views.clock.tick[0] <= 10 * from) return;
        this.force += world.views.doors.forceNow[0];
        this.push += legForce(world, towards, legs);
      },
    }),
    observe: ({ watcher }) => watcher.force / watcher.push,
  },

  /**
   * Density where the mean chest load is `load`: a column of `width` in front of x = `front` is cut into bins `depth` deep,
   * each bin's density and mean load averaged over the time after `from`, and read off between the two bins around it [1/m²].
   */
  'density-at-load': {
    observe: ({ trace: { trajectory } }, { load, front, width, depth, bins, from }) => {
      const count = new Array(bins).fill(0);
      const sum = new Array(bins).fill(0);
      let frames = 0;
      for (let f = Math.ceil(from * trajectory.frameRate); f < trajectory.frameCount; f++) {
        frames++;
        for (let row = trajectory.frameStart[f]; row < trajectory.frameStart[f + 1]; row++) {
          const bin = Math.floor((front - trajectory.x[row]) / depth);
          if (bin < 0 || bin >= bins) continue;
          count[bin]++;
          sum[bin] += trajectory.chestLoad[row];
        }
      }
      const points = count
        .map((persons, bin) => ({ density: persons / frames / width / depth, load: sum[bin] / persons }))
        .filter((point) => Number.isFinite(point.load))
        .sort((a, b) => a.load - b.load);
      const above = points.findIndex((point) => point.load >= load);
      if (above <= 0) return Number.NaN;
      const [low, high] = [points[above - 1], points[above]];
      return low.density + ((load - low.load) / (high.load - low.load)) * (high.density - low.density);
    },
  },

  /** Time until a dose of 1 under a constant load on a person of susceptibility 1, by the engine's own steps [s]. */
  'time-to-dose': {
    observe: ({ library }, { load }) => {
      let dose = 0;
      let ticks = 0;
      while (dose < 1 && ticks < 1e6) {
        dose = library.nextDose(dose, load, 1, 0.1);
        ticks++;
      }
      return Math.round(ticks) / 10;
    },
  },

  /** Difference of two scenes' mean time out, in standard deviations of a single run (pooled). */
  'ensemble-difference-of-time-out': {
    observe: timeOut,
    reduceEnsemble: (table) => {
      const [first, second] = [0, 1].map((scene) => table.map((row) => row[scene]));
      const spread = Math.sqrt((standardDeviation(first) ** 2 + standardDeviation(second) ** 2) / 2);
      return Math.abs(mean(first) - mean(second)) / spread;
    },
  },
};
