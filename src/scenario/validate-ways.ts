import type { Issue } from './issue.ts';
import { errorIssue, showNumber, showPoint, warningIssue } from './issues.ts';
import { isGiven, type Loose, type LooseScenario } from './salvage.ts';
import type { Door, Exit, Link } from './schema.ts';
import { checkLine, checkPolygon, lineLength } from './validate-geometry.ts';

const DOOR_WIDTH_MIN = 0.3;
const DOOR_WIDTH_MAX = 20;

/** Issues of doors, exits and links that need no compiled world. */
export function checkWays(scenario: LooseScenario): Issue[] {
  const issues: Issue[] = [];
  scenario.doors?.forEach((door, i) => {
    if (door) issues.push(...checkDoor(door, `doors[${i}]`));
  });
  const doorLevels = new Map(scenario.doors?.map((door) => [door?.id, door?.level]));
  scenario.exits?.forEach((exit, i) => {
    if (exit) issues.push(...checkExit(exit, `exits[${i}]`, scenario.levels?.length ?? 0, doorLevels));
  });
  issues.push(...checkDoorsOfExits(scenario.exits ?? []));
  const elevations = new Map(scenario.levels?.map((level) => [level?.id, level?.elevation]));
  scenario.links?.forEach((link, i) => {
    if (link) issues.push(...checkLink(link, `links[${i}]`, elevations));
  });
  return issues;
}

function checkDoor(door: Loose<Door>, path: string): Issue[] {
  if (door.line === undefined) return [];
  const issues = checkLine(door.line, `${path}.line`);
  if (issues.length > 0) return issues;
  const width = lineLength(door.line);
  if (width >= DOOR_WIDTH_MIN && width <= DOOR_WIDTH_MAX) return [];
  const message =
    `the door is ${showNumber(width)} m wide, from ${showPoint(door.line[0])} to ${showPoint(door.line[1])}; ` +
    `move its ends ${width < DOOR_WIDTH_MIN ? 'apart' : 'together, or draw several doors'}`;
  const expected = `${DOOR_WIDTH_MIN} … ${DOOR_WIDTH_MAX}`;
  return [errorIssue('door-width', `${path}.line`, message, { expected, found: showNumber(width), unit: 'm' })];
}

function checkExit(
  exit: Loose<Exit>,
  path: string,
  levelCount: number,
  doorLevels: ReadonlyMap<string | undefined, string | undefined>,
): Issue[] {
  const issues: Issue[] = [];
  const given = (['door', 'line', 'polygon'] as const).filter((key) => isGiven(exit, key));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    const mend = given.length === 0 ? 'add the one that fits' : 'keep one and leave the rest out';
    const message = `an exit has exactly one of door, line, polygon; this one has ${found}; ${mend}`;
    issues.push(errorIssue('exit-needs-one', path, message, { expected: 'exactly one of door, line, polygon', found }));
  }
  if (exit.line) issues.push(...checkLine(exit.line, `${path}.line`));
  if (exit.line && lineLength(exit.line) > 0 && lineLength(exit.line) < DOOR_WIDTH_MIN) {
    const width = showNumber(lineLength(exit.line));
    const message = `the exit is ${width} m wide, nobody fits through; move its ends apart`;
    issues.push(
      errorIssue('exit-width', `${path}.line`, message, { expected: `≥ ${DOOR_WIDTH_MIN}`, found: width, unit: 'm' }),
    );
  }
  if (exit.polygon) issues.push(...checkPolygon(exit.polygon, `${path}.polygon`));
  if (!isGiven(exit, 'level') && !isGiven(exit, 'door') && levelCount > 1) {
    const message = `the building has ${levelCount} levels; say on which one this exit lies with "level"`;
    issues.push(errorIssue('missing-field', `${path}.level`, message, { expected: 'id of a level', found: 'nothing' }));
  }
  const doorLevel = exit.door === undefined ? undefined : doorLevels.get(exit.door);
  if (doorLevel !== undefined && exit.level !== undefined && doorLevel !== exit.level) {
    const message = `door "${exit.door}" lies on level "${doorLevel}", not "${exit.level}"; leave "level" out, the door gives it`;
    issues.push(errorIssue('exit-level', `${path}.level`, message, { expected: doorLevel, found: exit.level }));
  }
  return issues;
}

function checkDoorsOfExits(exits: NonNullable<LooseScenario['exits']>): Issue[] {
  const issues: Issue[] = [];
  const first = new Map<string, number>();
  exits.forEach((exit, i) => {
    if (exit?.door === undefined) return;
    const before = first.get(exit.door);
    if (before === undefined) first.set(exit.door, i);
    else {
      const message = `door "${exit.door}" is already the door of exits[${before}]; leave one of the two exits out`;
      issues.push(errorIssue('door-of-two-exits', `exits[${i}].door`, message, { found: exit.door }));
    }
  });
  return issues;
}

function checkLink(
  link: Loose<Link>,
  path: string,
  elevations: ReadonlyMap<string | undefined, number | undefined>,
): Issue[] {
  const issues: Issue[] = [];
  const { from, to } = link;
  for (const [name, end] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (end?.line === undefined) continue;
    const faults = checkLine(end.line, `${path}.${name}.line`);
    issues.push(...faults);
    const width = lineLength(end.line);
    if (faults.length === 0 && width < DOOR_WIDTH_MIN && link.kind !== 'drop') {
      const message = `the ${link.kind ?? 'link'} is ${showNumber(width)} m wide here, nobody fits; move the ends of the line apart`;
      issues.push(
        errorIssue('link-width', `${path}.${name}.line`, message, {
          expected: `≥ ${DOOR_WIDTH_MIN}`,
          found: showNumber(width),
          unit: 'm',
        }),
      );
    }
  }
  if (from?.level !== undefined && from.level === to?.level) {
    const message = `both ends lie on level "${from.level}"; a link joins two levels: name the other one in "to", or draw a plain floor instead`;
    issues.push(errorIssue('link-same-level', `${path}.to.level`, message, { found: from.level }));
    return issues;
  }
  const low = from?.level === undefined ? undefined : elevations.get(from.level);
  const high = to?.level === undefined ? undefined : elevations.get(to.level);
  if (low === undefined || high === undefined) return issues;
  return [...issues, ...checkSlope(link, path, high - low)];
}

function checkSlope(link: Loose<Link>, path: string, climb: number): Issue[] {
  const issues: Issue[] = [];
  const rise = Math.abs(climb);
  if (rise === 0) {
    if (link.kind !== 'ramp') {
      const message = `both levels have the same elevation; give one of them its own, or make this link a ramp`;
      issues.push(
        errorIssue('link-same-elevation', path, message, { expected: 'two elevations', found: 'one', unit: 'm' }),
      );
    }
  } else if (link.kind === 'drop') {
    if (climb > 0) {
      const message = 'a drop goes down, but "to" is the higher level; swap "from" and "to"';
      issues.push(errorIssue('drop-upwards', path, message, { expected: '< 0', found: showNumber(climb), unit: 'm' }));
    }
    if (rise > 8) {
      const message = `a drop of ${showNumber(rise)} m is deadly for most; check the elevations of the two levels`;
      issues.push(
        warningIssue('unusual-value', path, message, { expected: '≤ 8', found: showNumber(rise), unit: 'm' }),
      );
    }
    return issues;
  }
  const [from, to] = [link.from?.line, link.to?.line];
  if (link.kind === 'drop' || from === undefined || to === undefined) return issues;
  const widths = [lineLength(from), lineLength(to)];
  const ratio = Math.min(...widths) / Math.max(...widths);
  if (ratio < 0.9) {
    const found = widths.map(showNumber).join(' and ');
    const message = `the two ends are ${found} m wide; make the lines equally wide, or split the ${link.kind ?? 'link'} in two`;
    const make = ratio < 0.5 ? errorIssue : warningIssue;
    issues.push(make('link-widths-differ', path, message, { expected: 'equal widths', found, unit: 'm' }));
  }
  const dx = (from[0][0] + from[1][0] - to[0][0] - to[1][0]) / 2;
  const dy = (from[0][1] + from[1][1] - to[0][1] - to[1][1]) / 2;
  const run = Math.sqrt(dx * dx + dy * dy);
  if (run < 0.1) {
    const message = `the two ends lie over each other (${showNumber(run)} m apart in plan); move "to" to where the ${link.kind ?? 'link'} ends in plan`;
    issues.push(errorIssue('link-no-run', path, message, { expected: '≥ 0.1', found: showNumber(run), unit: 'm' }));
    return issues;
  }
  const slope = Math.sqrt(run * run + rise * rise);
  if (link.length !== undefined && link.length < 0.99 * slope) {
    const message = `a length of ${showNumber(link.length)} m is shorter than the straight way of ${showNumber(slope)} m; leave "length" out or mend it`;
    issues.push(
      errorIssue('link-length', `${path}.length`, message, {
        expected: `≥ ${showNumber(slope)}`,
        found: showNumber(link.length),
        unit: 'm',
      }),
    );
  }
  if (rise > run) {
    const found = `${showNumber(rise)} up over ${showNumber(run)}`;
    const message = `the ${link.kind ?? 'link'} is steeper than 45° (${found} m); check the elevations and where the two lines lie`;
    issues.push(warningIssue('link-steep', path, message, { expected: 'at most 45°', found, unit: 'm' }));
  } else if (link.kind === 'ramp' && rise > 0.25 * run) {
    const found = `${showNumber(rise)} up over ${showNumber(run)}`;
    const message = `the ramp is steeper than 1 in 4 (${found} m); make it stairs, or check the elevations`;
    issues.push(warningIssue('link-steep', path, message, { expected: 'at most 1 in 4', found, unit: 'm' }));
  }
  return issues;
}
