import type { Issue } from '../scenario/index.ts';
import type { RunHeader } from './trace.ts';

const OUTCOMES = ['running', 'everyone-out', 'stalled', 'time-over', 'interrupted'];
/** So many issues are told one by one, the rest as a number. */
const ISSUES_MAX = 100;

/** UTF-8 bytes of run.json: JSON, indented, a newline at the end. Same header, same bytes. */
export function encodeRunHeader(header: RunHeader): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(header, undefined, 1)}\n`);
}

interface Check {
  readonly issues: Issue[];
  count: number;
}

function complain(check: Check, path: string, expected: string, found: unknown): void {
  check.count++;
  if (check.issues.length >= ISSUES_MAX) return;
  const text = found === undefined ? 'nothing' : (JSON.stringify(found)?.slice(0, 60) ?? typeof found);
  check.issues.push({
    code: 'run-header-wrong',
    path: `run.json ${path}`,
    message: `${path} should be ${expected}, found ${text}. The file was not written by Crashbar, or was changed since.`,
    expected,
    found: text,
    severity: 'error',
  });
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function checkText(check: Check, fields: Fields, key: string, path: string): void {
  if (typeof fields[key] !== 'string') complain(check, `${path}${key}`, 'a text', fields[key]);
}

function checkNumber(check: Check, fields: Fields, key: string, path: string, least: number, most: number): void {
  const value = fields[key];
  if (!isNumber(value) || value < least || value > most) {
    complain(check, `${path}${key}`, `a number of ${least} … ${most}`, value);
  }
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isNumber(value[0]) && isNumber(value[1]);
}

function checkRing(check: Check, value: unknown, path: string): void {
  if (!Array.isArray(value) || value.length < 3 || !value.every(isPoint)) {
    complain(check, path, 'a ring of at least three points [x, y] in m', value);
  }
}

function checkList(check: Check, value: unknown, path: string, one: (fields: Fields, path: string) => void): void {
  if (!Array.isArray(value)) {
    complain(check, path, 'a list', value);
    return;
  }
  value.forEach((item: unknown, i) => {
    if (isFields(item)) one(item, `${path}[${i}].`);
    else complain(check, `${path}[${i}]`, 'an object', item);
  });
}

function checkSheet(check: Check, sheet: Fields, path: string): void {
  checkText(check, sheet, 'id', path);
  if (sheet.kind !== 'level' && sheet.kind !== 'link') complain(check, `${path}kind`, '"level" or "link"', sheet.kind);
  const plane = sheet.plane;
  if (!Array.isArray(plane) || plane.length !== 3 || !plane.every(isNumber)) {
    complain(check, `${path}plane`, 'three numbers', plane);
  }
  if (!Array.isArray(sheet.polygons)) {
    complain(check, `${path}polygons`, 'a list of polygons', sheet.polygons);
    return;
  }
  sheet.polygons.forEach((polygon: unknown, i) => {
    const place = `${path}polygons[${i}]`;
    if (!Array.isArray(polygon) || polygon.length === 0) complain(check, place, 'a list of rings', polygon);
    else polygon.forEach((ring: unknown, j) => void checkRing(check, ring, `${place}[${j}]`));
  });
}

function checkPortal(check: Check, portal: Fields, path: string, sheetCount: number): void {
  checkText(check, portal, 'id', path);
  if (!['opening', 'door', 'exit', 'link'].includes(portal.kind as string)) {
    complain(check, `${path}kind`, '"opening", "door", "exit" or "link"', portal.kind);
  }
  if (!Number.isInteger(portal.sheet) || (portal.sheet as number) < 0 || (portal.sheet as number) >= sheetCount) {
    complain(check, `${path}sheet`, `a sheet's index, 0 … ${sheetCount - 1}`, portal.sheet);
  }
  const line = portal.line;
  if (!Array.isArray(line) || line.length !== 2 || !line.every(isPoint)) {
    complain(check, `${path}line`, 'two points [x, y] in m', line);
  }
  if (portal.region !== undefined) checkRing(check, portal.region, `${path}region`);
  checkNumber(check, portal, 'width', path, 0, 1e6);
  for (const key of ['door', 'exit', 'link']) {
    if (portal[key] !== undefined) checkText(check, portal, key, path);
  }
  const areas = portal.areas;
  if (!Array.isArray(areas) || areas.length !== 2 || !areas.every((name) => typeof name === 'string')) {
    complain(check, `${path}areas`, 'two names of areas', areas);
  }
}

function checkPerson(check: Check, person: Fields, path: string): void {
  checkText(check, person, 'population', path);
  checkText(check, person, 'profile', path);
  checkNumber(check, person, 'radius', path, 0, 10);
  checkNumber(check, person, 'mass', path, 0, 1e5);
  checkNumber(check, person, 'freeSpeed', path, 0, 100);
}

/**
 * Reads run.json. Either a header whose every field has its type and range, or the issues: all of them up to a hundred,
 * then a count. `scenario` is passed on as it is: its own validator judges it. Never throws.
 */
export function decodeRunHeader(bytes: Uint8Array): { readonly header?: RunHeader; readonly issues: readonly Issue[] } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const message = `run.json is not JSON in UTF-8: ${found}. It was cut off, or is another file.`;
    return { issues: [{ code: 'run-header-not-json', path: 'run.json', message, found, severity: 'error' }] };
  }
  const check: Check = { issues: [], count: 0 };
  if (!isFields(value)) {
    complain(check, 'the file', 'an object', value);
    return { issues: check.issues };
  }
  if (value.format !== 'crashbar-run') complain(check, 'format', '"crashbar-run"', value.format);
  if (value.version !== 1 && value.version !== 2) {
    complain(check, 'version', '1 or 2 (this program reads no other)', value.version);
  }
  // Of another format or version, the other fields would only confuse.
  if (check.count > 0) return { issues: check.issues };

  for (const key of ['engine', 'name', 'scenarioHash', 'stateHash']) checkText(check, value, key, '');
  if (value.varied !== undefined && !(isFields(value.varied) && Object.values(value.varied).every(isNumber))) {
    complain(check, 'varied', 'numbers by the name of the parameter', value.varied);
  }
  checkNumber(check, value, 'seed', '', 0, Number.MAX_SAFE_INTEGER);
  checkNumber(check, value, 'frameRate', '', 1e-3, 1e4);
  checkNumber(check, value, 'quantum', '', 1e-6, 1);
  checkNumber(check, value, 'endTime', '', 0, 1e9);
  if (!OUTCOMES.includes(value.outcome as string)) {
    complain(check, 'outcome', `one of ${OUTCOMES.join(', ')}`, value.outcome);
  }
  checkList(check, value.sheets, 'sheets', (sheet, path) => checkSheet(check, sheet, path));
  const sheetCount = Array.isArray(value.sheets) ? value.sheets.length : 0;
  if (sheetCount > 65_535) complain(check, 'sheets', 'at most 65535', sheetCount);
  checkList(check, value.portals, 'portals', (portal, path) => checkPortal(check, portal, path, sheetCount));
  checkList(check, value.persons, 'persons', (person, path) => checkPerson(check, person, path));
  if (check.count > check.issues.length) {
    check.issues.push({
      code: 'run-header-wrong',
      path: 'run.json',
      message: `run.json has ${check.count - check.issues.length} more faults of these kinds.`,
      severity: 'error',
    });
  }
  return check.count > 0 ? { issues: check.issues } : { header: value as unknown as RunHeader, issues: [] };
}
