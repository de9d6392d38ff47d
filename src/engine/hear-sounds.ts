import { exactExp, exactPow } from '../math/index.ts';
import { locateArea, PersonHarm, PersonState, type World } from '../world/index.ts';
import { type Engine, timeNow } from './engine.ts';
import { findSoundPaths, type HearingLaw, type SoundPaths, type SoundSource, soundLevelAt } from './sound-paths.ts';
import { isUnalerted } from './unalerted.ts';

/** Each person listens this often, staggered by id [decisions]. */
const LISTEN_EVERY = 10;
/** The same [s]. */
const LISTEN_TIME = LISTEN_EVERY / 10;

export type SoundKind = 'bell' | 'voice' | 'noise' | 'danger';

/** Paths of the scenario's sounds for the doors as they are; made anew when a door changes. */
export interface SoundMap {
  doors: string;
  readonly paths: (SoundPaths | undefined)[];
  /** Noise in each area [dB]. */
  readonly ambient: Float64Array;
  /** Levels of the sounds at persons, row = person, for where they stood (x, y) and the doors (`version`); empty where there would be too many. */
  readonly levels: Float64Array;
  readonly at: Float64Array;
  readonly versions: Int32Array;
  version: number;
}

/** Most levels that are kept. */
const LEVELS_MAX = 2_000_000;

export function createSoundMap(world: World): SoundMap {
  const law = world.scenario.behaviour?.hearing;
  const ambient = new Float64Array(world.areas.length).fill(law?.ambient ?? 0);
  for (const place of law?.areas ?? []) {
    for (const area of world.areas) {
      if (area.id === place.area && world.sheets[area.sheet].id === place.level) ambient[area.index] = place.ambient;
    }
  }
  const sounds = world.scenario.sounds ?? [];
  const levels = law === undefined ? 0 : world.personCount * sounds.length;
  const kept = levels <= LEVELS_MAX ? levels : 0;
  return {
    doors: '',
    paths: sounds.map(() => undefined),
    ambient,
    levels: new Float64Array(kept),
    at: new Float64Array(kept > 0 ? 2 * world.personCount : 0),
    versions: new Int32Array(kept > 0 ? world.personCount : 0),
    version: 0,
  };
}

/** Starts a sound of the scenario, for `duration` seconds or until it is silenced; an `event` that is already sounding goes on. */
export function startSound(engine: Engine, id: string, duration: number | undefined): void {
  const { world } = engine;
  const { sounds } = world.views.groups;
  const k = world.scenario.sounds?.findIndex((sound) => sound.id === id) ?? -1;
  if (sounds === undefined || k < 0) return;
  sounds.until[k] = duration === undefined ? Infinity : timeNow(world) + duration;
  if (sounds.playing[k] === 1) return;
  sounds.playing[k] = 1;
  engine.emit({ t: timeNow(world), type: 'sound-started', sound: id });
}

export function stopSound(engine: Engine, id: string): void {
  const { world } = engine;
  const { sounds } = world.views.groups;
  const k = world.scenario.sounds?.findIndex((sound) => sound.id === id) ?? -1;
  if (sounds === undefined || k < 0 || sounds.playing[k] === 0) return;
  sounds.playing[k] = 0;
  engine.emit({ t: timeNow(world), type: 'sound-ended', sound: id });
}

/** Rate at which a kind of sound makes feel at risk, by the law of contagion [1/s]. */
function cueOf(engine: Engine, kind: SoundKind): number {
  const law = engine.minds.behaviour.contagion;
  if (law === undefined || kind === 'noise') return 0;
  return law[kind];
}

/**
 * What each person hears of the sounds that play, once a second, staggered by id. A sound is heard where its level is not below the noise
 * of the area. It wakes who sleeps, alerts who waits (bell, voice, danger; where contagion is simulated it makes feel at risk instead), and
 * is kept as `heard` and `cue`. O(persons × sounds playing): portals of the area and walls on the straight way.
 */
export function hearSounds(engine: Engine): void {
  const { world, minds } = engine;
  const { hearing, sounds, inner } = world.views.groups;
  const law = minds.behaviour.hearing;
  if (hearing === undefined || law === undefined || sounds === undefined) return;
  const { persons, clock } = world.views;
  const now = timeNow(world);
  const list = world.scenario.sounds ?? [];
  let playing = 0;
  for (let k = 0; k < list.length; k++) {
    if (sounds.playing[k] === 1 && sounds.until[k] <= now + 1e-6) stopSound(engine, list[k].id);
    playing += sounds.playing[k];
  }
  const from = clock.tick[0] % LISTEN_EVERY;
  if (playing === 0) {
    for (let i = from; i < world.personCount; i += LISTEN_EVERY) {
      hearing.heard[i] = 0;
      hearing.cue[i] = 0;
    }
    return;
  }
  const paths = pathsNow(engine, law);
  const frightens = inner !== undefined && list.some(({ kind }, k) => kind === 'danger' && sounds.playing[k] === 1);
  for (let i = from; i < world.personCount; i += LISTEN_EVERY) {
    const state = persons.state[i];
    if (state === PersonState.out || state === PersonState.leaving || persons.harm[i] >= PersonHarm.unconscious)
      continue;
    // a bell tells nothing to who is alerted already; danger frightens them all the same
    if (persons.startTime[i] !== Infinity && hearing.asleep[i] === 0 && !frightens) continue;
    const ambient = minds.sounds.ambient[persons.area[i]];
    let loudest = -1;
    let heard = 0;
    let cue = 0;
    let alarm = -1;
    let alarmLevel = 0;
    let danger = false;
    for (let k = 0; k < list.length; k++) {
      const path = paths[k];
      if (sounds.playing[k] === 0 || path === undefined) continue;
      const level = levelAt(engine, path, k, i, law);
      if (level < ambient) continue;
      if (loudest < 0 || level > heard) {
        loudest = k;
        heard = level;
      }
      cue = Math.max(cue, cueOf(engine, list[k].kind));
      if (list[k].kind === 'danger') danger = true;
      if (list[k].kind !== 'noise' && (alarm < 0 || level > alarmLevel)) {
        alarm = k;
        alarmLevel = level;
      }
    }
    hearing.heard[i] = heard;
    hearing.cue[i] = cue;
    if (loudest < 0) continue;
    if (hearing.asleep[i] === 1) {
      wake(engine, i, heard, LISTEN_TIME, list[loudest].id);
      continue;
    }
    if (danger && inner !== undefined) {
      inner.fear[i] = Math.min(1, inner.fear[i] + (minds.behaviour.inner?.alarm ?? 0) * LISTEN_TIME);
    }
    if (alarm >= 0) alertBySound(engine, i, alarmLevel, list[alarm].id);
  }
}

/** Level of a scenario's sound at a person [dB]; looked up where they have not moved since. */
function levelAt(engine: Engine, path: SoundPaths, sound: number, person: number, law: HearingLaw): number {
  const { world, minds } = engine;
  const { sheet, area, x, y } = world.views.persons;
  const { levels, at, versions, version } = minds.sounds;
  const count = minds.sounds.paths.length;
  const kept = levels.length > 0;
  if (kept && (versions[person] !== version || at[2 * person] !== x[person] || at[2 * person + 1] !== y[person])) {
    levels.fill(Number.NaN, person * count, (person + 1) * count);
    versions[person] = version;
    at[2 * person] = x[person];
    at[2 * person + 1] = y[person];
  }
  const known = kept ? levels[person * count + sound] : Number.NaN;
  if (!Number.isNaN(known)) return known;
  const level = soundLevelAt(world, path, minds.opaque, law, sheet[person], area[person], x[person], y[person]);
  if (kept) levels[person * count + sound] = level;
  return level;
}

/** Paths of all scenario sounds for the doors as they are now. */
function pathsNow(engine: Engine, law: HearingLaw): readonly (SoundPaths | undefined)[] {
  const { world, minds } = engine;
  const map = minds.sounds;
  const doors = world.views.doors.state.join('');
  if (doors !== map.doors) {
    map.doors = doors;
    map.paths.fill(undefined);
    map.version++;
  }
  world.scenario.sounds?.forEach((sound, k) => {
    if (world.views.groups.sounds?.playing[k] !== 1 || map.paths[k] !== undefined) return;
    const sheet = world.sheets.findIndex(({ kind, id }) => kind === 'level' && id === sound.level);
    const x = sound.position[0] - world.origin[0];
    const y = sound.position[1] - world.origin[1];
    const area = Math.max(0, locateArea(world, sheet, x, y));
    map.paths[k] = findSoundPaths(world, { sheet, area, x, y, loudness: sound.loudness }, law);
  });
  return map.paths;
}

/**
 * Time to wake at a level [s]: `delay` at just the waking level, halved by every 10 dB more; Infinity below it.
 * @source our choice
 */
export function wakeTime(level: number, wakeLevel: number, delay: number): number {
  return level < wakeLevel ? Infinity : delay * exactPow(2, (wakeLevel - level) / 10);
}

/** A sleeper hears `level` for `seconds`: they are so much nearer to waking, or awake. */
function wake(engine: Engine, person: number, level: number, seconds: number, sound: string | undefined): void {
  const { world } = engine;
  const { hearing } = world.views.groups;
  if (hearing === undefined) return;
  const time = wakeTime(level, hearing.wakeLevel[person], hearing.wakeDelay[person]);
  if (time === Infinity) return;
  hearing.waking[person] = time <= seconds ? 1 : Math.min(1, hearing.waking[person] + seconds / time);
  if (hearing.waking[person] < 1 - 1e-6) return;
  hearing.asleep[person] = 0;
  engine.emit({
    t: timeNow(world),
    type: 'person-woke',
    person,
    level: Math.round(10 * level) / 10,
    ...(sound === undefined ? {} : { sound }),
  });
}

function alertBySound(engine: Engine, person: number, level: number, sound: string | undefined): void {
  const { world, minds } = engine;
  const { persons } = world.views;
  if (minds.behaviour.contagion !== undefined) return;
  if (!isUnalerted(world, person)) return;
  persons.startTime[person] = timeNow(world) + persons.preMovement[person];
  engine.emit({
    t: timeNow(world),
    type: 'person-alerted',
    person,
    by: 'sound',
    level: Math.round(10 * level) / 10,
    ...(sound === undefined ? {} : { sound }),
  });
}

/**
 * A sound that somebody or something makes once, for `seconds`: everybody hears it now, as they would one of the scenario's. Wakes, alerts or
 * makes feel at risk, frightens (kind `danger`). Nothing where nobody hears. O(persons).
 */
export function makeSound(
  engine: Engine,
  source: SoundSource,
  kind: SoundKind,
  seconds: number,
  name: string,
  by?: number,
): void {
  const { world, minds } = engine;
  const law = minds.behaviour.hearing;
  const { hearing, contagion, inner } = world.views.groups;
  if (hearing === undefined || law === undefined) return;
  const { persons } = world.views;
  engine.emit({
    t: timeNow(world),
    type: 'sound-made',
    sound: name,
    loudness: source.loudness,
    x: Math.round(1000 * (source.x + world.origin[0])) / 1000,
    y: Math.round(1000 * (source.y + world.origin[1])) / 1000,
    sheet: source.sheet,
    ...(by === undefined ? {} : { by }),
  });
  const paths = findSoundPaths(world, source, law);
  const rate = cueOf(engine, kind);
  for (let i = 0; i < world.personCount; i++) {
    const state = persons.state[i];
    if (i === by || state === PersonState.out || state === PersonState.leaving) continue;
    if (persons.harm[i] >= PersonHarm.unconscious) continue;
    const { sheet, area, x, y } = persons;
    const level = soundLevelAt(world, paths, minds.opaque, law, sheet[i], area[i], x[i], y[i]);
    if (level < minds.sounds.ambient[area[i]]) continue;
    hearing.heard[i] = Math.max(hearing.heard[i], level);
    if (hearing.asleep[i] === 1) {
      wake(engine, i, level, seconds, name);
      continue;
    }
    if (contagion !== undefined && rate > 0)
      contagion.risk[i] = 1 - (1 - contagion.risk[i]) * exactExp(-rate * seconds);
    const fright = minds.behaviour.inner?.alarm ?? 0;
    if (inner !== undefined && kind === 'danger') inner.fear[i] = Math.min(1, inner.fear[i] + fright * seconds);
    if (kind !== 'noise') alertBySound(engine, i, level, name);
  }
}
