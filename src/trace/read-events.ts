import type { TraceEvent } from './trace.ts';

type Kind = 'number' | 'text' | 'flag' | 'number?' | 'text?';

/** The fields of every type of event, besides `t` and `type`. The compiler keeps the list of types complete. */
const EVENT_FIELDS = {
  'run-started': { persons: 'number' },
  'run-resumed': {},
  'run-ended': { outcome: 'text', out: 'number', stateHash: 'text' },
  'state-hash': { hash: 'text' },
  'persons-alerted': { event: 'text?', persons: 'number' },
  'person-started': { person: 'number' },
  'exit-chosen': { person: 'number', exit: 'text', why: 'text' },
  'door-opened': { door: 'text', by: 'text', person: 'number?' },
  'door-closed': { door: 'text', by: 'text', person: 'number?' },
  'door-locked': { door: 'text', by: 'text', person: 'number?' },
  'door-chained': { door: 'text', by: 'text', person: 'number?' },
  'door-unlocked': { door: 'text', by: 'text', person: 'number?' },
  'door-found-locked': { person: 'number', door: 'text', state: 'text', first: 'flag' },
  'door-forced': { door: 'text', force: 'number' },
  'gave-up-waiting': { person: 'number', portal: 'text' },
  'portal-crossed': { person: 'number', portal: 'text', direction: 'number' },
  'person-out': { person: 'number', exit: 'text' },
  'person-injured': harmFields(),
  'person-unconscious': harmFields(),
  'person-dead': harmFields(),
  'person-fell': { person: 'number', x: 'number', y: 'number', sheet: 'number', why: 'text', onto: 'number' },
  'person-got-up': { person: 'number', x: 'number', y: 'number', sheet: 'number', after: 'number' },
  'climbed-over': {
    person: 'number',
    x: 'number',
    y: 'number',
    sheet: 'number',
    way: 'number',
    seconds: 'number',
    speed: 'number',
    layers: 'number',
  },
  'trust-moved': { person: 'number', by: 'number', why: 'text', before: 'number', trust: 'number' },
  'call-heard': { person: 'number', by: 'number', say: 'text', trust: 'number', heeded: 'flag' },
  barged: { person: 'number', by: 'number', force: 'number' },
  'pile-grew': { x: 'number', y: 'number', sheet: 'number', layers: 'number' },
  'person-stranded': { person: 'number', reason: 'text' },
  'sign-seen': { person: 'number', sign: 'text' },
  'belief-changed': { person: 'number', portal: 'text', belief: 'text', by: 'text', from: 'number?' },
  'person-told': { person: 'number', from: 'number', portal: 'text', belief: 'text', believed: 'flag' },
  'sound-started': { sound: 'text' },
  'sound-ended': { sound: 'text' },
  'sound-made': { sound: 'text', loudness: 'number', x: 'number', y: 'number', sheet: 'number', by: 'number?' },
  'person-woke': { person: 'number', level: 'number', sound: 'text?' },
  'person-investigates': { person: 'number' },
  'person-alerted': { person: 'number', by: 'text', sound: 'text?', level: 'number?' },
  'person-searches': { person: 'number' },
  'person-follows': { person: 'number', portal: 'text' },
  'inner-state': {
    person: 'number',
    fear: 'number',
    distress: 'number',
    fatigue: 'number',
    trust: 'number',
    shown: 'number?',
  },
  'role-state': { person: 'number', role: 'text', from: 'text', state: 'text' },
  'lock-released': { door: 'text', person: 'number', how: 'text', seconds: 'number' },
  'force-attempt': { door: 'text', person: 'number', success: 'flag', strength: 'number', needed: 'number' },
  'console-operated': { console: 'text', person: 'number', released: 'number', failed: 'number' },
  'object-taken': { object: 'text', person: 'number', from: 'number' },
  'object-given': { object: 'text', person: 'number', from: 'number' },
  'person-struck': { person: 'number', by: 'number', with: 'text', effect: 'text' },
  'attempt-missed': { person: 'number', by: 'number', with: 'text' },
  'person-stunned': { person: 'number', by: 'number', seconds: 'number' },
  'person-downed': { person: 'number', by: 'number', seconds: 'number' },
  'person-arrived': { person: 'number', x: 'number', y: 'number', sheet: 'number', waited: 'number' },
  'person-never-arrived': { person: 'number', due: 'number' },
  'waypoint-reached': { person: 'number', waypoint: 'text' },
  'waypoint-served': { person: 'number', waypoint: 'text' },
  'waypoint-left': { person: 'number', waypoint: 'text' },
  'waypoint-skipped': { person: 'number', waypoint: 'text', reason: 'text' },
  'waypoint-held': { waypoint: 'text' },
  'waypoint-opened': { waypoint: 'text' },
  'itinerary-done': { person: 'number' },
  'itinerary-left': { person: 'number', why: 'text' },
  'person-diverted': { person: 'number', diversion: 'text', itinerary: 'text' },
  grabbed: { person: 'number', by: 'number' },
  'freed-by': { person: 'number', by: 'number', holder: 'number' },
  called: { person: 'number', say: 'text', heard: 'number', believed: 'number' },
  'helped-up': { person: 'number', by: 'number' },
  assisted: { person: 'number', by: 'number' },
  hidden: { person: 'number', area: 'text', locked: 'flag' },
  'door-hindered': { door: 'text', person: 'number', inSweep: 'number', force: 'number' },
  'drop-taken': { person: 'number', link: 'text', height: 'number', outcome: 'text', onto: 'number' },
} as const satisfies Record<TraceEvent['type'], Record<string, Kind>>;

function harmFields() {
  return {
    person: 'number',
    x: 'number',
    y: 'number',
    sheet: 'number',
    portal: 'text?',
    chestLoad: 'number',
    dose: 'number',
  } as const;
}

/** So many lines are told one by one, the rest as a number. */
const FAULTS_MAX = 100;

function findEventFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not an event';
  const event = value as Record<string, unknown>;
  if (typeof event.t !== 'number') return 'has no time t';
  if (typeof event.type !== 'string' || !Object.hasOwn(EVENT_FIELDS, event.type)) {
    return `has a type that is not known: ${JSON.stringify(event.type)?.slice(0, 60)}`;
  }
  const fields: Record<string, Kind> = EVENT_FIELDS[event.type as TraceEvent['type']];
  for (const [name, kind] of Object.entries(fields)) {
    const found = event[name];
    if (kind.endsWith('?') && found === undefined) continue;
    const type = kind.startsWith('number') ? 'number' : kind === 'flag' ? 'boolean' : 'string';
    if (typeof found !== type) return `(${event.type}) should have a ${type} "${name}"`;
  }
  return undefined;
}

/**
 * Reads events.ndjson: the events of all whole lines, and a sentence for every line that is none. A last line without its
 * newline is torn (the run was stopped while writing) and is left out. Any bytes may be given; none make it throw.
 */
export function readEvents(bytes: Uint8Array): {
  readonly events: readonly TraceEvent[];
  readonly damage: readonly string[];
} {
  const events: TraceEvent[] = [];
  const damage: string[] = [];
  const decoder = new TextDecoder();
  let faults = 0;
  const complain = (text: string): void => {
    faults++;
    if (faults <= FAULTS_MAX) damage.push(text);
  };
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    line++;
    const end = bytes.indexOf(10, start);
    if (end < 0) {
      complain(`events.ndjson line ${line} (byte ${start}): torn, ${bytes.length - start} bytes without an end, lost`);
      break;
    }
    let value: unknown;
    let fault: string | undefined;
    try {
      value = JSON.parse(decoder.decode(bytes.subarray(start, end)));
      fault = findEventFault(value);
    } catch {
      fault = 'is not JSON';
    }
    if (fault === undefined) events.push(value as TraceEvent);
    else complain(`events.ndjson line ${line} (byte ${start}): ${fault}, lost`);
    start = end + 1;
  }
  if (faults > FAULTS_MAX) damage.push(`events.ndjson: ${faults - FAULTS_MAX} more lines lost`);
  return { events, damage };
}
