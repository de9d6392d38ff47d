import type { Issue } from './issue.ts';
import { errorIssue, suggestWord, warningIssue } from './issues.ts';
import { isGiven, type Loose, type LooseScenario } from './salvage.ts';
import type { Distribution, Population, Waypoint } from './schema.ts';
import { checkPolygon } from './validate-geometry.ts';
import { type Band, checkDistribution } from './validate-people.ts';

const DWELL = { what: 'dwell time', unit: 's', possible: [0, 86_400], usual: [0, 7200] } as const satisfies Band;
const GAP = {
  what: 'time between arrivals',
  unit: 's',
  possible: [0, 86_400],
  usual: [0, 7200],
} as const satisfies Band;

/** Issues of waypoints, itineraries, diversions, zones and arrivals that need no compiled world. */
export function checkStages(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  scenario.waypoints?.forEach((waypoint, i) => {
    if (waypoint) checkWaypoint(waypoint, `waypoints[${i}]`, issues);
  });
  scenario.zones?.forEach((zone, i) => {
    if (zone?.polygon) issues.push(...checkPolygon(zone.polygon, `zones[${i}].polygon`));
  });
  scenario.diversions?.forEach((diversion, i) => {
    if (diversion?.polygon) issues.push(...checkPolygon(diversion.polygon, `diversions[${i}].polygon`));
  });
  checkNames(scenario, issues);
  checkCircles(scenario.itineraries ?? [], issues);
  checkUse(scenario, issues);
  scenario.populations?.forEach((population, i) => {
    if (!population) return;
    checkWalks(population, `populations[${i}]`, issues);
    checkArrivals(population, `populations[${i}]`, scenario.settings?.end?.time, issues);
  });
  return issues;
}

function checkWaypoint(waypoint: Loose<Waypoint>, path: string, issues: Issue[]): void {
  const given = (['polygon', 'position'] as const).filter((key) => isGiven(waypoint, key));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'neither' : 'both';
    const mend = given.length === 0 ? 'add the one that fits' : 'keep one and leave the other out';
    const message = `a waypoint has exactly one of polygon, position; this one has ${found}; ${mend}`;
    issues.push(
      errorIssue('waypoint-needs-one', path, message, { expected: 'exactly one of polygon, position', found }),
    );
  }
  if (isGiven(waypoint, 'radius') && !isGiven(waypoint, 'position')) {
    const message = 'a radius is that of a round region about a "position"; add one, or leave "radius" out';
    issues.push(
      errorIssue('waypoint-radius', `${path}.radius`, message, { expected: 'position', found: 'nothing', unit: 'm' }),
    );
  }
  if (waypoint.polygon) issues.push(...checkPolygon(waypoint.polygon, `${path}.polygon`));
  if (waypoint.dwell !== undefined) {
    issues.push(...checkDistribution(waypoint.dwell as Distribution, DWELL, `${path}.dwell`));
  }
  const serves = waypoint.dwell !== undefined || waypoint.throughput !== undefined || waypoint.held === true;
  if (waypoint.capacity !== undefined && !serves && waypoint.cycle === undefined && waypoint.places === undefined) {
    const message =
      'nobody stays here, so nobody waits for a free server; add a "dwell" [s] or a "throughput" [1/s], or leave "capacity" out';
    issues.push(
      warningIssue('waypoint-serves-nobody', `${path}.capacity`, message, {
        expected: 'dwell or throughput',
        found: 'neither',
      }),
    );
  }
}

/** Everything that these parts name is there. */
function checkNames(scenario: LooseScenario, issues: Issue[]): void {
  const ids = (parts: readonly ({ readonly id?: string } | undefined)[] | undefined) =>
    new Set((parts ?? []).flatMap((part) => (part?.id === undefined ? [] : [part.id])));
  const known = {
    level: ids(scenario.levels),
    exit: ids(scenario.exits),
    waypoint: ids(scenario.waypoints),
    itinerary: ids(scenario.itineraries),
  };
  const refer = (kind: keyof typeof known, name: string | undefined, path: string): void => {
    if (name === undefined || known[kind].has(name)) return;
    const mend = suggestWord(name, issues.length < 200 ? [...known[kind]] : [], 'add it, or name another');
    const message = `there is no ${kind} ${JSON.stringify(name)}; ${mend}`;
    issues.push(errorIssue('unknown-name', path, message, { expected: `id of a ${kind}`, found: name }));
  };
  for (const kind of ['waypoints', 'zones', 'diversions'] as const) {
    scenario[kind]?.forEach((part, i) => {
      refer('level', part?.level, `${kind}[${i}].level`);
    });
  }
  scenario.diversions?.forEach((diversion, i) => {
    diversion?.to?.forEach((way, j) => {
      refer('itinerary', way?.itinerary, `diversions[${i}].to[${j}].itinerary`);
    });
  });
  scenario.itineraries?.forEach((itinerary, i) => {
    itinerary?.stops?.forEach((stop, j) => {
      const path = `itineraries[${i}].stops[${j}]`;
      if (typeof stop === 'string') refer('waypoint', stop, path);
      else {
        stop?.any?.forEach((branch, k) => {
          const here = `${path}.any[${k}]`;
          refer('waypoint', branch?.waypoint, `${here}.waypoint`);
          refer('itinerary', branch?.itinerary, `${here}.itinerary`);
          if (branch?.waypoint === undefined || branch.itinerary === undefined) return;
          const message = 'one goes to a waypoint or on with an itinerary; keep one of the two';
          issues.push(
            errorIssue('branch-needs-one', here, message, {
              expected: 'at most one of waypoint, itinerary',
              found: 'both',
            }),
          );
        });
      }
    });
    if (Array.isArray(itinerary?.end)) {
      itinerary.end.forEach((exit, j) => {
        refer('exit', exit as string | undefined, `itineraries[${i}].end[${j}]`);
      });
    }
  });
  scenario.populations?.forEach((population, i) => {
    refer('itinerary', population?.itinerary, `populations[${i}].itinerary`);
    population?.itineraries?.forEach((way, j) => {
      refer('itinerary', way?.itinerary, `populations[${i}].itineraries[${j}].itinerary`);
    });
  });
  scenario.events?.forEach((event, i) => {
    if (event !== undefined && 'waypoint' in event) refer('waypoint', event.waypoint, `events[${i}].waypoint`);
  });
}

/** A place where one itinerary names another. */
interface Call {
  readonly from: number;
  readonly to: number;
  readonly path: string;
  /** Nothing of the naming one is left to do afterwards. */
  readonly isLast: boolean;
  /** No waypoint need lie before it. */
  readonly isEmpty: boolean;
}

/**
 * An itinerary may come back to itself in its last stop, so that somebody goes round and round; but not in the middle, for then
 * there would be ever more to be done, and not without a waypoint on the way.
 */
function checkCircles(itineraries: NonNullable<LooseScenario['itineraries']>, issues: Issue[]): void {
  const indexOf = new Map(itineraries.map((itinerary, i) => [itinerary?.id, i]));
  const calls: Call[] = [];
  itineraries.forEach((itinerary, from) => {
    const stops = itinerary?.stops ?? [];
    let isEmpty = true;
    stops.forEach((stop, j) => {
      if (typeof stop === 'string' || stop === undefined) isEmpty = false;
      else {
        stop.any?.forEach((branch, k) => {
          const to = branch?.itinerary === undefined ? undefined : indexOf.get(branch.itinerary);
          if (to === undefined) return;
          const isLast = j === stops.length - 1 || itineraries[to]?.end !== undefined;
          calls.push({ from, to, path: `itineraries[${from}].stops[${j}].any[${k}].itinerary`, isLast, isEmpty });
        });
        if (stop.any?.every((branch) => branch?.waypoint !== undefined)) isEmpty = false;
      }
    });
  });
  const group = groupsInCircles(itineraries.length, calls);
  const emptyGroup = groupsInCircles(
    itineraries.length,
    calls.filter((call) => call.isEmpty),
  );
  for (const { from, to, path, isLast, isEmpty } of calls) {
    const name = itineraries[to]?.id ?? '';
    const isEndless = !isLast && group[from] === group[to];
    if (!isEndless && !(isEmpty && emptyGroup[from] === emptyGroup[to])) continue;
    const message = isEndless
      ? `the itinerary ${JSON.stringify(name)} comes back to itself with stops left to do, so it would never end; name it in the last stop only`
      : `the itinerary ${JSON.stringify(name)} comes back to itself without a waypoint between; put one before it`;
    issues.push(errorIssue('itinerary-circle', path, message, { expected: 'an itinerary that ends', found: name }));
  }
}

/** For each node a number that those have in common which can be reached from each other (Tarjan, without recursion). */
function groupsInCircles(count: number, calls: readonly Call[]): Int32Array {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of calls) out[from].push(to);
  const group = new Int32Array(count).fill(-1);
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const open: number[] = [];
  let next = 0;
  for (let start = 0; start < count; start++) {
    if (order[start] >= 0) continue;
    const path: [node: number, edge: number][] = [[start, 0]];
    order[start] = low[start] = next++;
    open.push(start);
    while (path.length > 0) {
      const top = path[path.length - 1];
      const [node, edge] = top;
      if (edge < out[node].length) {
        top[1]++;
        const to = out[node][edge];
        if (order[to] < 0) {
          order[to] = low[to] = next++;
          open.push(to);
          path.push([to, 0]);
        } else if (group[to] < 0) low[node] = Math.min(low[node], order[to]);
        continue;
      }
      path.pop();
      if (path.length > 0) low[path[path.length - 1][0]] = Math.min(low[path[path.length - 1][0]], low[node]);
      if (low[node] < order[node]) continue;
      for (let member = -1; member !== node; ) {
        member = open.pop()!;
        group[member] = node;
      }
    }
  }
  return group;
}

/** What is written and reached by nobody is a slip. */
function checkUse(scenario: LooseScenario, issues: Issue[]): void {
  const used = new Set<string>();
  const called = new Set<string>();
  for (const itinerary of scenario.itineraries ?? []) {
    // of what could not be read nobody knows whom it names
    if (itinerary?.stops?.every((stop) => typeof stop === 'string' || stop?.any?.every(Boolean)) !== true) return;
    for (const stop of itinerary.stops) {
      if (typeof stop === 'string') used.add(stop);
      else {
        for (const branch of stop?.any ?? []) {
          if (branch?.waypoint !== undefined) used.add(branch.waypoint);
          if (branch?.itinerary !== undefined) called.add(branch.itinerary);
        }
      }
    }
  }
  for (const population of scenario.populations ?? []) {
    if (population?.itinerary !== undefined) called.add(population.itinerary);
    for (const way of population?.itineraries ?? []) if (way?.itinerary !== undefined) called.add(way.itinerary);
  }
  for (const diversion of scenario.diversions ?? []) {
    for (const way of diversion?.to ?? []) if (way?.itinerary !== undefined) called.add(way.itinerary);
  }
  const tell = (kind: string, id: string | undefined, path: string, by: string) => {
    const message = `no ${by} names the ${kind} ${JSON.stringify(id)}, so nobody goes there; name it, or leave it out`;
    issues.push(warningIssue('nobody-goes', path, message, { expected: by, found: 'none' }));
  };
  scenario.waypoints?.forEach((waypoint, i) => {
    if (waypoint?.id !== undefined && !used.has(waypoint.id))
      tell('waypoint', waypoint.id, `waypoints[${i}].id`, 'itinerary');
  });
  scenario.itineraries?.forEach((itinerary, i) => {
    if (itinerary?.id !== undefined && !called.has(itinerary.id))
      tell('itinerary', itinerary.id, `itineraries[${i}].id`, 'population');
  });
}

function checkWalks(population: Loose<Population>, path: string, issues: Issue[]): void {
  if (population.asleep === true && (isGiven(population, 'itinerary') || isGiven(population, 'itineraries'))) {
    const message = 'somebody asleep goes nowhere before they are woken; leave "asleep" or the itinerary out';
    issues.push(
      errorIssue('itinerary-asleep', `${path}.asleep`, message, { expected: 'awake, or no itinerary', found: 'both' }),
    );
  }
  const given = (['itinerary', 'itineraries', 'role'] as const).filter((key) => isGiven(population, key));
  if (given.length <= 1) return;
  const found = given.join(' and ');
  const message = `who goes where is said by exactly one of itinerary, itineraries, role; this population has ${found}; keep one`;
  issues.push(
    errorIssue('itinerary-or-role', path, message, { expected: 'one of itinerary, itineraries, role', found }),
  );
}

function checkArrivals(population: Loose<Population>, path: string, end: number | undefined, issues: Issue[]): void {
  const { arrives } = population;
  if (arrives === undefined) return;
  const here = `${path}.arrives`;
  const ways = (['times', 'schedule', 'every', 'rate'] as const).filter((key) => isGiven(arrives, key));
  if (ways.length !== 1) {
    const found = ways.length === 0 ? 'none of them' : ways.join(' and ');
    const mend = ways.length === 0 ? 'add the one that fits' : 'keep one and leave the rest out';
    const message = `when they come is said by exactly one of times, schedule, every, rate; this has ${found}; ${mend}`;
    issues.push(
      errorIssue('arrivals-need-one', here, message, {
        expected: 'exactly one of times, schedule, every, rate',
        found,
      }),
    );
  }
  if (isGiven(population, 'density')) {
    const message = 'how many come in the course of the run is a "count", not a density; give a count';
    issues.push(errorIssue('arrivals-count', `${path}.density`, message, { expected: 'count', found: 'density' }));
  }
  if (isGiven(population, 'role')) {
    const message =
      'who has a role is there from the start, so that every actor is known; leave "arrives" or "role" out';
    issues.push(errorIssue('arrivals-with-role', here, message, { expected: 'one of arrives, role', found: 'both' }));
  }
  for (const key of ['from', 'to'] as const) {
    if (arrives[key] === undefined || isGiven(arrives, 'every') || isGiven(arrives, 'rate')) continue;
    const message = `"${key}" belongs to "every" and "rate"; leave it out, ${ways[0] ?? 'the other'} says when they come`;
    issues.push(
      errorIssue('arrivals-field', `${here}.${key}`, message, { expected: 'nothing', found: key, unit: 's' }),
    );
  }
  if (arrives.batch !== undefined && isGiven(arrives, 'schedule')) {
    const message = '"batch" does not go with "schedule", whose entries have a count; leave it out';
    issues.push(errorIssue('arrivals-field', `${here}.batch`, message, { expected: 'nothing', found: 'batch' }));
  }
  const isBefore = (from: number, to: number, at: string) => {
    if (from <= to) return;
    const message = `"from" ${from} s lies after "to" ${to} s; swap them`;
    issues.push(
      errorIssue('min-above-max', at, message, { expected: 'from ≤ to', found: `${from} > ${to}`, unit: 's' }),
    );
  };
  arrives.schedule?.forEach((part, k) => {
    if (part?.from !== undefined && part.to !== undefined) isBefore(part.from, part.to, `${here}.schedule[${k}]`);
  });
  if (arrives.from !== undefined && arrives.to !== undefined) isBefore(arrives.from, arrives.to, here);
  if (arrives.every !== undefined) {
    const every = arrives.every as Distribution;
    issues.push(...checkDistribution(every, GAP, `${here}.every`));
    if (every === 0 && population.count === undefined) {
      const message = 'without time between them endlessly many would come at once; give a gap above 0 s, or a "count"';
      issues.push(errorIssue('arrivals-endless', `${here}.every`, message, { expected: '> 0', found: '0', unit: 's' }));
    }
  }
  if (end === undefined) return;
  const first =
    arrives.times?.reduce((least: number, time) => Math.min(least, time ?? Infinity), Infinity) ??
    arrives.schedule?.reduce((least: number, part) => Math.min(least, part?.from ?? Infinity), Infinity) ??
    arrives.from ??
    0;
  if (first <= end || first === Infinity) return;
  const message = `the first comes at ${first} s, after the run has ended at ${end} s; make it earlier or raise settings.end.time`;
  issues.push(
    warningIssue('event-after-end', here, message, { expected: `≤ ${end}`, found: String(first), unit: 's' }),
  );
}
