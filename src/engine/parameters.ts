import { DOSE, type DoseLaw } from './dose.ts';
import { FALLS, type FallLaw } from './falls.ts';
import { PHYSICS, type Physics } from './kernel/physics.ts';
import { PUSH, type PushForces } from './motivation.ts';

/** The numbers of the model that no scenario sets. */
export interface ModelParameters {
  readonly physics: Physics;
  readonly dose: DoseLaw;
  readonly push: PushForces;
  readonly falls: FallLaw;
}

const STANDARD: ModelParameters = { physics: PHYSICS, dose: DOSE, push: PUSH, falls: FALLS };

/** Parameters that are not the standard ones, by name (`dose.threshold`), in order of name. */
export type Varied = Readonly<Record<string, number>>;

/** What in `parts` differs from the standard; undefined where nothing does. */
export function variedOf(parts: Partial<ModelParameters>): Varied | undefined {
  const found: [string, number][] = [];
  for (const group of ['dose', 'falls', 'physics', 'push'] as const) {
    const standard: Readonly<Record<string, number>> = STANDARD[group];
    for (const [key, value] of Object.entries(parts[group] ?? {})) {
      if (standard[key] !== value) found.push([`${group}.${key}`, value]);
    }
  }
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The standard with these numbers in it, as parts for `createRun`; `unknown` names those that are no parameters of this engine
 * (a run recorded by another version).
 */
export function applyVaried(varied: Varied): { readonly parts: ModelParameters; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const groups: Record<string, Record<string, number>> = {
    dose: { ...STANDARD.dose },
    physics: { ...STANDARD.physics },
    push: { ...STANDARD.push },
    falls: { ...STANDARD.falls },
  };
  for (const [name, value] of Object.entries(varied)) {
    const [group, key] = name.split('.', 2) as [string, string | undefined];
    if (key !== undefined && groups[group] !== undefined && key in groups[group]) groups[group][key] = value;
    else unknown.push(name);
  }
  return { parts: groups as unknown as ModelParameters, unknown };
}

/** One thing that is not known well, with the ends of the range that the sources leave open. */
export interface UncertainParameter {
  /** Short name, for the command line and JSON. */
  readonly id: string;
  /** What it is, in words that follow “over the …”. */
  readonly name: string;
  /** Values in words: at the low end, in the standard, at the high end. */
  readonly values: readonly [low: string, standard: string, high: string];
  /** S from a publication, E fitted or measured, M quoted from memory, D a design value for which no data exist. */
  readonly mark: string;
  /** What the range rests on. */
  readonly basis: string;
  readonly low: Varied;
  readonly high: Varied;
  /** True where it changes nothing but harm: without any harm a run is the same to the bit. */
  readonly harmOnly: boolean;
}

/**
 * What casualties and times of a run hang on and nobody knows well, each with the range that its sources leave open. A sensitivity
 * study runs every scene at both ends of each, one at a time. Low and high are ends of the number, not of the harm.
 * @source docs/science.md, “Harm” and “How sure is that?”
 */
export const UNCERTAIN_PARAMETERS: readonly UncertainParameter[] = [
  {
    id: 'stiffness',
    name: 'stiffness of a contact',
    values: ['60 kN/m', '80 kN/m', '120 kN/m'],
    mark: 'E',
    basis: 'fitted to two pairs of density and load of the Itaewon inquiry, which are simulation outputs themselves',
    low: { 'physics.stiffness': 60_000 },
    high: { 'physics.stiffness': 120_000 },
    harmOnly: false,
  },
  {
    id: 'push',
    name: 'force with which people push',
    values: ['0, 60, 150 N', '0, 100, 300 N', '30, 200, 450 N'],
    mark: 'D',
    basis:
      'calm, hurried, desperate; single pushes were measured, sustained ones were not; at most what the floor carries',
    low: { 'push.calm': 0, 'push.hurried': 60, 'push.desperate': 150 },
    high: { 'push.calm': 30, 'push.hurried': 200, 'push.desperate': 450 },
    harmOnly: false,
  },
  {
    id: 'lethal-time',
    name: 'time in which 1112 N kill',
    values: ['240 s', '300 s', '360 s'],
    mark: 'S',
    basis: 'the published 4 to 6 minutes, each time with the law through the other point, 15 s at 6227 N',
    low: { 'dose.referenceTime': 240, 'dose.exponent': 1.609 },
    high: { 'dose.referenceTime': 360, 'dose.exponent': 1.845 },
    harmOnly: true,
  },
  {
    id: 'threshold',
    name: 'load from which harm is counted',
    values: ['450 N', '600 N', '800 N'],
    mark: 'D',
    basis: 'one tolerance test: 623 N, 800 N with the arms braced, women less; nobody was measured for minutes',
    low: { 'dose.threshold': 450 },
    high: { 'dose.threshold': 800 },
    harmOnly: true,
  },
  {
    id: 'faint',
    name: 'share of the lethal dose that takes consciousness',
    values: ['0.05', '0.1', '0.2'],
    mark: 'D',
    basis: 'about 30 s under a lethal load, one expert’s figure, taken as half to twice',
    low: { 'dose.unconscious': 0.05 },
    high: { 'dose.unconscious': 0.2 },
    harmOnly: true,
  },
  {
    id: 'recovery',
    name: 'time of recovery',
    values: ['60 s', '120 s', '240 s'],
    mark: 'D',
    basis: 'no data; half to twice',
    low: { 'dose.recoveryTime': 60 },
    high: { 'dose.recoveryTime': 240 },
    harmOnly: true,
  },
  {
    id: 'fracture',
    name: 'load that breaks ribs',
    values: ['2300 N', '2550 N', '4050 N'],
    mark: 'M',
    basis: 'static limit less its deviation, static limit, dynamic limit of one study, as quoted',
    low: { 'dose.fractureMean': 2300 },
    high: { 'dose.fractureMean': 4050 },
    harmOnly: true,
  },
  {
    id: 'susceptibility',
    name: 'load that people of a kind stand, against a grown man',
    values: ['× 0.8', '× 1', '× 1.25'],
    mark: 'D',
    basis: 'direction from one tolerance test, size not known',
    low: { 'dose.susceptibility': 0.8 },
    high: { 'dose.susceptibility': 1.25 },
    harmOnly: true,
  },
  {
    id: 'balance',
    name: 'shove that takes somebody’s balance',
    values: ['× 0.7', '× 1', '× 1.5'],
    mark: 'D',
    basis: 'ankle and one step hold a standing adult in the laboratory; what holds in a crowd nobody measured',
    low: { 'falls.balance': 0.7 },
    high: { 'falls.balance': 1.5 },
    harmOnly: false,
  },
  {
    id: 'trip',
    name: 'rate of tripping over a lying body',
    values: ['0.02 /s', '0.05 /s', '0.1 /s'],
    mark: 'D',
    basis: 'no data; at 1.3 m/s, with the square of the speed',
    low: { 'falls.tripRate': 0.02 },
    high: { 'falls.tripRate': 0.1 },
    harmOnly: false,
  },
];

/** Both ends of a parameter as parts for `createRun`. */
export function partsAt(parameter: UncertainParameter, end: 'low' | 'high'): ModelParameters {
  return applyVaried(parameter[end]).parts;
}
