import type { ChronicleEntry } from '../analysis/index.ts';
import { formatCount, formatNumber, formatTime } from './format-value.ts';

type AnyEvent = ChronicleEntry['events'][number];
type EventType = AnyEvent['type'];
/** The event of a type; several types may share one shape. */
type EventOf<T extends EventType, E = AnyEvent> = E extends { readonly type: EventType }
  ? T extends E['type']
    ? E
    : never
  : never;

/** Who a number is: the population's name where one person makes it up. */
export interface Cast {
  readonly populationOf: (person: number) => string;
  /** Persons of a population. */
  readonly sizeOf: (population: string) => number;
}

/** Words of one line: who it happened to, and whether these are several. */
interface Words {
  readonly who: string;
  readonly many: boolean;
  readonly name: (person: number) => string;
  readonly all: readonly AnyEvent[];
}

const s = ({ many }: Words, one: string, several: string): string => (many ? several : one);
const by = (person: number | undefined, { name }: Words): string => (person === undefined ? '' : ` by ${name(person)}`);
const greatest = ({ all }: Words, field: string): number =>
  all.reduce((most, event) => Math.max(most, Number((event as unknown as Record<string, unknown>)[field] ?? 0)), 0);
const BELIEFS = { unknown: 'may be open or not', open: 'is open', locked: 'is locked' } as const;
const FALLS = { shoved: 'are pushed over', tripped: 'trip over a body', fainted: 'faint', knocked: 'are knocked down' };
const FALL = { shoved: 'is pushed over', tripped: 'trips over a body', fainted: 'faints', knocked: 'is knocked down' };
const WHY = {
  start: '',
  nearer: ', now the better way',
  'found-locked': ' after finding a door locked',
  'gave-up': ' after giving up waiting',
  'door-changed': ' because a door has changed',
  learnt: ' by what they have learnt',
} as const;
const WITH = { hand: 'struck', shot: 'shot', device: 'stunned' } as const;
const EFFECTS = {
  none: 'to no effect',
  stunned: 'and is stunned',
  down: 'and goes down',
  wounded: 'and is wounded',
  unconscious: 'and loses consciousness',
  dead: 'and dies',
} as const;
/** Words for the quarters of 0 … 1. */
const FEELINGS = {
  fear: ['calm', 'uneasy', 'afraid', 'terrified'],
  distress: ['at ease', 'ill at ease', 'distressed', 'in great distress'],
  fatigue: ['rested', 'a little tired', 'tired', 'exhausted'],
} as const;
const DEEDS = {
  released: 'was let out',
  freed: 'was freed',
  fights: 'sees an enemy struck',
  violence: 'sees somebody struck',
  claim: 'hears what they say of themselves',
} as const;
const HOW = { key: 'with a key', force: 'by force', console: 'from a console' } as const;

function doorChanged(change: string) {
  return (e: EventOf<'door-opened'>, w: Words): string => {
    if (e.by === 'schedule') return `${e.door} is ${change}, as scheduled.`;
    if (e.by === 'closer') return `${e.door} shuts by itself.`;
    return `${e.door} is ${change}${w.who === '' ? '' : ` by ${w.who}`}.`;
  };
}

function harmed(one: string, several: string) {
  return (e: EventOf<'person-dead'>, w: Words): string => {
    const where = e.portal === undefined ? '' : ` at ${e.portal}`;
    return `${w.who} ${s(w, one, several)}${where}; chest load ${formatNumber(greatest(w, 'chestLoad'))} N${w.many ? ' at most' : ''}.`;
  };
}

/** A sentence for each type of event; the compiler keeps the list complete. `null`: not told. */
const SENTENCES: { readonly [T in EventType]: ((e: EventOf<T>, w: Words) => string) | null } = {
  'run-started': null,
  'state-hash': null,
  'portal-crossed': null,
  'inner-state': null,
  'run-resumed': () => 'The run was resumed from a snapshot.',
  'run-ended': (e) => `The run ends (${e.outcome}); ${formatCount(e.out)} are out.`,
  'persons-alerted': (e) =>
    `${e.event ?? 'The alarm'}: ${formatCount(e.persons)} ${e.persons === 1 ? 'person is' : 'people are'} alerted.`,
  'person-alerted': (e, w) =>
    `${w.who} ${s(w, 'is', 'are')} alerted by ${e.by === 'sound' ? (e.sound ?? 'a sound') : e.by === 'word' ? 'word of mouth' : 'what others do'}.`,
  'person-investigates': (_, w) => `${w.who} ${s(w, 'looks', 'look')} what is the matter.`,
  'person-woke': (e, w) => `${w.who} ${s(w, 'wakes', 'wake')}${e.sound === undefined ? '' : ` by ${e.sound}`}.`,
  'person-started': (_, w) => `${w.who} ${s(w, 'sets', 'set')} out.`,
  'person-searches': (_, w) => `${w.who} ${s(w, 'knows', 'know')} no way out and ${s(w, 'looks', 'look')} for one.`,
  'person-follows': (e, w) => `${w.who} ${s(w, 'follows', 'follow')} others through ${e.portal}.`,
  'person-arrived': (_, w) => `${w.who} ${s(w, 'comes', 'come')} in.`,
  'person-never-arrived': (_, w) => `${w.who} found no place free to come in.`,
  'waypoint-reached': (e, w) => `${w.who} ${s(w, 'comes', 'come')} to ${e.waypoint}.`,
  'waypoint-served': (e, w) => `${w.who} ${s(w, 'is', 'are')} next at ${e.waypoint}.`,
  'waypoint-left': (e, w) => `${w.who} ${s(w, 'goes', 'go')} on from ${e.waypoint}.`,
  'waypoint-skipped': (e, w) =>
    `${w.who} ${s(w, 'knows', 'know')} no way to ${e.waypoint} and ${s(w, 'leaves', 'leave')} it out.`,
  'waypoint-held': (e) => `Nobody may leave ${e.waypoint} from now on.`,
  'waypoint-opened': (e) => `Whoever is ready may leave ${e.waypoint} from now on.`,
  'itinerary-done': (_, w) => `${w.who} ${s(w, 'has', 'have')} done everything and ${s(w, 'leaves', 'leave')}.`,
  'itinerary-left': (e, w) => {
    if (e.why === 'alerted') return `${w.who} ${s(w, 'drops', 'drop')} what they were about.`;
    if (e.why === 'swept-out')
      return `${w.who} ${s(w, 'is', 'are')} swept out by others before they had done everything.`;
    return `${w.who} ${s(w, 'knows', 'know')} no way to the exits they were to take, and ${s(w, 'takes', 'take')} any.`;
  },
  'person-diverted': (e, w) => `${w.who} ${s(w, 'changes', 'change')} to ${e.itinerary} at ${e.diversion}.`,
  'exit-chosen': (e, w) => `${w.who} ${s(w, 'makes', 'make')} for ${e.exit}${WHY[e.why]}.`,
  'sign-seen': (e, w) => `${w.who} ${s(w, 'sees', 'see')} ${e.sign}.`,
  'belief-changed': (e, w) =>
    `${w.who} ${s(w, 'learns', 'learn')} by ${e.by} that ${e.portal} ${BELIEFS[e.belief]}${e.from === undefined ? '' : `, from ${w.name(e.from)}`}.`,
  'person-told': (e, w) =>
    `${w.name(e.from)} tells ${w.who} that ${e.portal} ${BELIEFS[e.belief]}; ${s(w, 'they', 'they')} ${e.believed ? 'believe it' : 'do not believe it'}.`,
  'sound-started': (e) => `${e.sound} sounds.`,
  'sound-ended': (e) => `${e.sound} falls silent.`,
  'sound-made': (e, w) => `${e.sound}${by(e.by, w)}, ${formatNumber(greatest(w, 'loudness'))} dB at 1 m.`,
  'door-opened': doorChanged('opened'),
  'door-closed': doorChanged('closed'),
  'door-locked': doorChanged('locked'),
  'door-chained': doorChanged('chained'),
  'door-unlocked': doorChanged('unlocked'),
  'door-found-locked': (e, w) =>
    `${w.who} ${s(w, 'finds', 'find')} ${e.door} ${e.state}${e.first && !w.many ? ', the first to do so' : ''}.`,
  'door-hindered': (e, w) =>
    `${w.who} cannot pull ${e.door} open: ${e.inSweep > 0 ? 'people stand in its way' : 'it is pressed shut'}.`,
  'door-forced': (e) => `${e.door} gives way to the crowd at ${formatNumber(e.force)} N.`,
  'lock-released': (e, w) =>
    `${w.who} ${s(w, 'releases', 'release')} the lock of ${e.door} ${HOW[e.how]}, in ${formatTime(e.seconds)}.`,
  'force-attempt': (e, w) =>
    `${w.who} ${e.success ? s(w, 'breaks', 'break') : s(w, 'fails to break', 'fail to break')} the lock of ${e.door}.`,
  'console-operated': (e, w) =>
    `${w.who} ${s(w, 'operates', 'operate')} ${e.console}: ${formatCount(e.released)} released${e.failed > 0 ? `, ${formatCount(e.failed)} failed` : ''}.`,
  'gave-up-waiting': (e, w) => `${w.who} ${s(w, 'gives', 'give')} up waiting at ${e.portal}.`,
  'person-stranded': (_, w) => `${w.who} ${s(w, 'knows', 'know')} of no way out any more.`,
  'person-out': (e, w) => `${w.who} ${s(w, 'is', 'are')} out by ${e.exit}.`,
  'person-injured': harmed('is injured', 'are injured'),
  'person-unconscious': harmed('loses consciousness', 'lose consciousness'),
  'person-dead': harmed('dies', 'die'),
  'person-fell': (e, w) => `${w.who} ${s(w, FALL[e.why], FALLS[e.why])}${e.onto > 0 ? ', onto others who lie' : ''}.`,
  'person-got-up': (_, w) => `${w.who} ${s(w, 'gets', 'get')} up again.`,
  'pile-grew': (_, w) => `Bodies lie ${formatCount(greatest(w, 'layers'))} above one another.`,
  'inner-turn': (e, w) =>
    `${w.who} ${s(w, 'is', 'are')} ${e.rises || e.quarter === 0 ? '' : 'no more than '}${FEELINGS[e.state][e.quarter]}${e.rises ? '' : e.quarter === 0 ? ' again' : ' now'}.`,
  'trust-moved': (e, w) =>
    `${w.who} ${s(w, 'trusts', 'trust')} ${w.name(e.by)} ${e.trust > e.before ? 'more' : 'less'}, ${formatNumber(e.trust)} of 1: ${DEEDS[e.why]}.`,
  'call-heard': (e, w) =>
    `${w.who} ${s(w, 'hears', 'hear')} ${w.name(e.by)} say “${e.say}” and ${e.heeded ? s(w, 'heeds', 'heed') : s(w, 'does not heed', 'do not heed')} it; trust ${formatNumber(e.trust)} of 1.`,
  barged: (e, w) =>
    `${w.name(e.by)} shoves ${w.who} aside with ${formatNumber(e.force)} N${greatest(w, 'contact') > 0 ? ` and leans on ${w.many ? 'them' : 'that person'} with up to ${formatNumber(greatest(w, 'contact'))} N` : ''}.`,
  'climbed-over': (e, w) =>
    `${w.who} ${s(w, 'climbs', 'climb')} over a heap of bodies${w.many ? '' : `, ${formatNumber(e.way)} m at ${formatNumber(e.speed)} m/s`}.`,
  'helped-up': (e, w) => `${w.name(e.by)} helps ${w.who} up.`,
  assisted: (e, w) => `${w.name(e.by)} assists ${w.who}.`,
  'role-state': (e, w) => `${w.who}${e.role === w.who ? '' : `, ${e.role}`}: ${e.state} (was ${e.from}).`,
  'object-taken': (e, w) =>
    `${w.who} ${s(w, 'takes', 'take')} ${e.object}${e.from < 0 ? '' : ` from ${w.name(e.from)}`}.`,
  'object-given': (e, w) =>
    `${w.who} ${s(w, 'is', 'are')} given ${e.object}${e.from < 0 ? '' : ` by ${w.name(e.from)}`}.`,
  'person-struck': (e, w) => `${w.who} ${s(w, 'is', 'are')} ${WITH[e.with]} by ${w.name(e.by)} ${EFFECTS[e.effect]}.`,
  'attempt-missed': (e, w) => `${w.name(e.by)} misses ${w.who}.`,
  'person-stunned': (e, w) =>
    `${w.who} ${s(w, 'is', 'are')} stunned by ${w.name(e.by)}, for ${formatTime(greatest(w, 'seconds'))} at least.`,
  'person-downed': (e, w) =>
    `${w.who} ${s(w, 'is', 'are')} put down by ${w.name(e.by)}, for ${formatTime(greatest(w, 'seconds'))} at least.`,
  grabbed: (e, w) => `${w.name(e.by)} grabs ${w.who}.`,
  'freed-by': (e, w) => {
    if (e.by < 0) return `${w.name(e.holder)} lets go of ${w.who}.`;
    return `${w.who} ${s(w, 'is', 'are')} freed from ${w.name(e.holder)}${w.many || e.by !== e.person ? ` by ${w.name(e.by)}` : ' by their own effort'}.`;
  },
  called: (e, w) =>
    `${w.who} ${s(w, 'calls', 'call')} “${e.say}”: ${formatCount(e.heard)} hear it, ${formatCount(e.believed)} believe it.`,
  hidden: (e, w) => `${w.who} ${s(w, 'hides', 'hide')} in ${e.area}${e.locked ? ', the door locked' : ''}.`,
  'drop-taken': (e, w) => `${w.who} ${s(w, 'goes', 'go')} down ${e.link}, ${formatNumber(e.height)} m, ${e.outcome}.`,
};

/** Persons named one by one at most. */
const NAMED_MAX = 3;

/** The name of a person for a reader: that of their population where it is theirs alone. */
function nameOf(person: number, cast: Cast): string {
  const population = cast.populationOf(person);
  return cast.sizeOf(population) === 1 ? population : `person ${person} of ${population}`;
}

function nameAll(persons: readonly number[], cast: Cast): string {
  if (persons.length === 0) return '';
  const names = persons.map((person) => nameOf(person, cast));
  if (names.length === 1) return names[0] as string;
  if (names.length <= NAMED_MAX) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  const populations = [...new Set(persons.map((person) => cast.populationOf(person)))];
  if (populations.length > 1) return `${formatCount(persons.length)} people`;
  return `${formatCount(persons.length)} of ${populations[0]}`;
}

/** One line of a chronology in plain words, not escaped; `undefined` where the entry is not told. */
export function narrateEntry(entry: ChronicleEntry, cast: Cast): string | undefined {
  const [event] = entry.events;
  const tell = SENTENCES[event.type] as ((e: AnyEvent, w: Words) => string) | null;
  if (tell === null) return undefined;
  const words: Words = {
    who: nameAll(entry.persons, cast),
    many: entry.persons.length > 1,
    name: (person) => nameOf(person, cast),
    all: entry.events,
  };
  const text = tell(event, words);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The whole chronology as text, a line an entry, times in front. */
export function narrate(entries: readonly ChronicleEntry[], cast: Cast): string {
  const lines: string[] = [];
  for (const entry of entries) {
    const text = narrateEntry(entry, cast);
    if (text === undefined) continue;
    const from = formatTime(entry.t);
    const until = formatTime(entry.until);
    lines.push(`${(from === until ? from : `${from} – ${until}`).padEnd(20)} ${text}`);
  }
  return lines.join('\n');
}

/** Names and sizes of populations, of a run's persons. O(persons). */
export function castOf(persons: readonly { readonly population: string }[]): Cast {
  const sizes = new Map<string, number>();
  for (const { population } of persons) sizes.set(population, (sizes.get(population) ?? 0) + 1);
  return {
    populationOf: (person) => persons[person]?.population ?? 'nobody known',
    sizeOf: (population) => sizes.get(population) ?? 0,
  };
}
