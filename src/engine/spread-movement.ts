import { exactExp } from '../math/index.ts';
import { PersonHarm, type World } from '../world/index.ts';
import { activityShown, type CrowdView, outlookOf, ownWeight, viewCrowd, weightsNow } from './crowd-view.ts';
import { type Engine, timeNow } from './engine.ts';
import type { Behaviour } from './minds.ts';
import { isUnalerted } from './unalerted.ts';

/** Perceived risk is renewed this often, for all at once [decisions]. */
export const SPREAD_EVERY = 5;
/** The same [s]. */
const SPREAD_TIME = SPREAD_EVERY / 10;

export const Stage = { normal: 0, investigating: 1, leaving: 2 } as const;
export type ContagionLaw = NonNullable<Behaviour['contagion']>;

/** Risk that the sight of people conveys who look round, walk, run: to so much, and no further, can they move others. */
const CONVEYED = [0, 0.3, 0.9, 1] as const;

/**
 * Perceived risk after `seconds` in which what is seen and heard stays as it is:
 *
 *     r' = −r / fade + cue (1 − r) + influence Σ_k A_k / (1 + A_k) (c_k − r)⁺ − inhibition · A_0 / (1 + A_0)        0 ≤ r ≤ 1
 *
 * `seen`: weighted sums A of those in sight who stand still (0), look round (1), walk (2), run (3); c = 0.3, 0.9, 1 is the risk that their
 * sight conveys. One runner alone makes A / (1 + A) half of what a whole crowd can: that is the first-runner effect. People who look round make
 * others look round, but hardly leave. Exact for constant A and cue, but for a c_k that is passed within the step.
 * @source three states from perceived risk: Lovreglio, Ronchi, Nilsson 2016; influence, more from nearer people and with unclear cues: Nilsson,
 * Johansson 2009. Form and numbers are ours; see docs/science.md for what they were fitted on
 */
export function nextRisk(
  risk: number,
  cue: number,
  seen: ArrayLike<number>,
  seconds: number,
  law: Pick<ContagionLaw, 'fade' | 'influence' | 'inhibition'>,
): number {
  let rate = 1 / law.fade + cue;
  let drive = cue - law.inhibition * (seen[0] / (1 + seen[0]));
  for (let k = 1; k < 4; k++) {
    if (CONVEYED[k] <= risk || seen[k] <= 0) continue;
    const pull = law.influence * (seen[k] / (1 + seen[k]));
    rate += pull;
    drive += pull * CONVEYED[k];
  }
  const end = drive / rate;
  const next = end + (risk - end) * exactExp(-rate * seconds);
  return Math.max(0, Math.min(1, next));
}

/**
 * People start because others do, and stay because others do: twice a second everybody's perceived risk from the cues they hear and whom they
 * see within `range`, weighted exp(−distance / decay); all by the stages of before, so that no order of persons matters. Then who is above
 * their own threshold looks what is the matter, and who is above the second one leaves, not sooner than `dwell` after.
 * Whoever was alerted otherwise counts as leaving, and their risk is followed no further. O(persons + places in sight of each other).
 */
export function spreadMovement(engine: Engine): void {
  const { world, minds } = engine;
  const { contagion, hearing } = world.views.groups;
  const law = minds.behaviour.contagion;
  if (contagion === undefined || law === undefined) return;
  const { persons, clock } = world.views;
  if (clock.tick[0] % SPREAD_EVERY !== 0) return;
  const undecided = (i: number): boolean => isUnalerted(world, i) && hearing?.asleep[i] !== 1;
  let first = 0;
  while (first < world.personCount && !undecided(first)) first++;
  if (first === world.personCount) return;
  viewCrowd(world, minds.opaque, minds.crowd);
  const { placeOf, places } = minds.crowd;
  // of the places that somebody looks from
  const sums = new Float64Array(4 * places.length);
  const summed = new Uint8Array(places.length);
  const own = ownWeight(law.decay);
  const around = new Float64Array(4);
  const { startTime } = persons;
  const { risk, stage, since } = contagion;
  const now = timeNow(world);
  for (let i = 0; i < world.personCount; i++) {
    if (startTime[i] !== Number.POSITIVE_INFINITY || !isUnalerted(world, i)) {
      stage[i] = Stage.leaving;
      continue;
    }
    const place = placeOf[i];
    if (place < 0) continue;
    if (hearing?.asleep[i] !== 1) {
      if (summed[place] === 0) {
        summed[place] = 1;
        sumAround(world, minds.crowd, place, law, sums);
      }
      const shown = activityShown(world, i);
      // nobody is moved by themselves
      for (let what = 0; what < 4; what++) {
        around[what] = Math.max(0, sums[4 * place + what] - (what === shown ? own : 0));
      }
      const cue = hearing === undefined ? 0 : hearing.cue[i];
      risk[i] = nextRisk(risk[i], cue, around, SPREAD_TIME, law);
    }
    if (persons.harm[i] >= PersonHarm.unconscious) continue;
    if (stage[i] === Stage.normal && risk[i] > contagion.investigate[i]) {
      stage[i] = Stage.investigating;
      since[i] = now;
      engine.emit({ t: now, type: 'person-investigates', person: i });
    } else if (
      stage[i] === Stage.investigating &&
      risk[i] > contagion.leave[i] &&
      now - since[i] >= contagion.dwell[i] - 1e-6
    ) {
      stage[i] = Stage.leaving;
      since[i] = now;
      persons.startTime[i] = now + persons.preMovement[i];
      engine.emit({
        t: now,
        type: 'person-alerted',
        person: i,
        by: hearing !== undefined && hearing.cue[i] > 0 ? 'sound' : 'others',
      });
    } else if (stage[i] === Stage.investigating && risk[i] < contagion.investigate[i] / 2) {
      stage[i] = Stage.normal;
      since[i] = now;
    }
  }
}

/** Weighted sums of those in sight of a place by what they do, to its row of `sums`. */
function sumAround(world: World, crowd: CrowdView, place: number, law: ContagionLaw, sums: Float64Array): void {
  const outlook = outlookOf(crowd, place, law.range, law.decay);
  const weights = weightsNow(world, outlook);
  const { places } = outlook;
  const { doing } = crowd;
  let still = 0;
  let looking = 0;
  let walking = 0;
  let running = 0;
  for (let n = 0; n < places.length; n++) {
    const weight = weights[n];
    const at = 4 * places[n];
    still += weight * doing[at];
    looking += weight * doing[at + 1];
    walking += weight * doing[at + 2];
    running += weight * doing[at + 3];
  }
  sums[4 * place] = still;
  sums[4 * place + 1] = looking;
  sums[4 * place + 2] = walking;
  sums[4 * place + 3] = running;
}
