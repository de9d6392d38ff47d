import { expect, test } from 'vitest';
import { eventsOf, runScene, type SceneRun } from '../support/run-scene.ts';

const SEEDS = Array.from({ length: 20 }, (_, k) => k + 1);

/** What of a run the beats ask for. */
function look({ trace }: SceneRun) {
  const { header, trajectory, events } = trace;
  const populationOf = (person: number) => header.persons[person].population;
  const personsOf = (wanted: (population: string) => boolean) =>
    header.persons.flatMap(({ population }, person) => (wanted(population) ? [person] : []));
  const [a] = personsOf((population) => population === 'rescuer A');
  const [b] = personsOf((population) => population === 'rescuer B');
  const captives = personsOf((population) => / cage \d+$/.test(population));
  const crossing = (person: number, portal: string) =>
    eventsOf(trace, 'portal-crossed').find((event) => event.person === person && event.portal === portal)?.t ??
    Infinity;
  const states = (person: number) => eventsOf(trace, 'role-state').filter((event) => event.person === person);
  return { header, trajectory, events, populationOf, personsOf, a, b, captives, crossing, states, trace };
}

type Scene = ReturnType<typeof look>;

/** Rows of a frame that lie in a box of a level. */
function countIn(
  { trajectory, header }: Scene,
  frame: number,
  level: string,
  [x0, y0, x1, y1]: readonly number[],
): number {
  const sheet = header.sheets.findIndex(({ id }) => id === level);
  let count = 0;
  for (let row = trajectory.frameStart[frame]; row < trajectory.frameStart[frame + 1]; row++) {
    const { x, y } = trajectory;
    if (trajectory.sheet[row] === sheet && x[row] >= x0 && x[row] <= x1 && y[row] >= y0 && y[row] <= y1) count++;
  }
  return count;
}

/** Place of a person in a frame. */
function placeIn({ trajectory }: Scene, frame: number, person: number): readonly [number, number] | undefined {
  for (let row = trajectory.frameStart[frame]; row < trajectory.frameStart[frame + 1]; row++) {
    if (trajectory.person[row] === person) return [trajectory.x[row], trajectory.y[row]];
  }
  return undefined;
}

/** The beats of the account that come out of roles, locks, things, drops and sounds, by typed events and positions. */
const BEATS: Readonly<Record<string, (scene: Scene) => boolean>> = {
  '1 the reinforced lock holds against its prisoner': ({ trace, a, b, crossing }) => {
    const attempts = eventsOf(trace, 'force-attempt').filter(({ door }) => door === 'reinforced door');
    const released = eventsOf(trace, 'lock-released').find(({ door }) => door === 'reinforced door');
    return (
      attempts.length > 0 &&
      attempts.every(({ person, success }) => person === b && !success) &&
      released?.person === a &&
      crossing(b, 'reinforced door') > released.t
    );
  },
  '2 both guards down; B strikes on until A speaks': ({ trace, a, b, states, populationOf }) => {
    const downed = eventsOf(trace, 'person-downed').filter(({ person }) => populationOf(person).startsWith('guard'));
    const called = eventsOf(trace, 'called').find(({ say, person }) => say === 'enough' && person === a);
    const goes = states(b).find(({ from }) => from === 'strike on');
    const blows = eventsOf(trace, 'person-struck').filter(({ by }) => by === b);
    return (
      new Set(downed.map(({ person }) => person)).size === 2 &&
      called !== undefined &&
      goes !== undefined &&
      goes.t >= called.t &&
      goes.t - called.t < 0.3 &&
      blows.length >= 3
    );
  },
  '3 keys taken off a guard who is down': ({ trace, a, populationOf }) =>
    eventsOf(trace, 'object-taken').some(
      ({ object, person, from }) =>
        object === 'cage keys' && person === a && from >= 0 && populationOf(from).startsWith('guard'),
    ),
  '4 one row by key, the other by force, at the same time': ({ trace, a, b }) => {
    const locks = eventsOf(trace, 'lock-released').filter(({ door }) => door.includes('cage'));
    const keyed = locks.filter(({ how, person }) => how === 'key' && person === a);
    const forced = locks.filter(({ how, person }) => how === 'force' && person === b);
    return keyed.length === 10 && forced.length === 10 && keyed[0].t < forced[9].t && forced[0].t < keyed[9].t;
  },
  '5 the freed stay, one runs, then all, before the last cage is open': ({ trace, captives }) => {
    const locks = eventsOf(trace, 'lock-released').filter(({ door }) => door.includes('cage'));
    const runs = eventsOf(trace, 'role-state').filter(
      ({ person, state }) => state === 'run' && captives.includes(person),
    );
    const stays = eventsOf(trace, 'role-state').filter(({ state }) => state === 'stay put');
    const freed = stays.filter(({ t }) => t <= runs[0].t).map(({ person }) => person);
    const soon = runs.filter(({ person, t }) => freed.includes(person) && t <= runs[0].t + 10);
    return (
      runs[0].t - locks[0].t >= 3 &&
      freed.length >= 5 &&
      soon.length >= 0.9 * freed.length &&
      locks[locks.length - 1].t > runs[0].t + 10
    );
  },
  '6 the two are at the stair head before the last captive, though they start later': ({
    a,
    b,
    captives,
    crossing,
  }) => {
    const last = Math.max(...captives.map((person) => crossing(person, 'stair:upper')).filter(Number.isFinite));
    return crossing(a, 'double door') < last && crossing(b, 'double door') < last;
  },
  '7 people head for the lit exit sign': ({ trace, captives }) => {
    const first = new Map<number, string>();
    for (const { person, exit } of eventsOf(trace, 'exit-chosen')) if (!first.has(person)) first.set(person, exit);
    return captives.filter((person) => first.get(person) === 'fire exit').length > 0.8 * captives.length;
  },
  '8 chained, found out by the first, later ones keep coming, crush in the front only': ({
    trace,
    captives,
    trajectory,
  }) => {
    const found = eventsOf(trace, 'door-found-locked').filter(({ door }) => door === 'fire door');
    const coming = eventsOf(trace, 'portal-crossed').filter(
      ({ portal, t, person }) => portal === 'stair:lower' && t > found[0].t && captives.includes(person),
    );
    // of the crowd in the stair hall; who is trodden on in the corridor belongs to other beats
    const hurt = [...eventsOf(trace, 'person-unconscious'), ...eventsOf(trace, 'person-dead')].filter(
      ({ x }) => x > 32.5,
    );
    const front = hurt.filter(({ x, portal }) => portal === 'fire exit' || x > 39.5);
    let load = 0;
    const { frameStart, frameCount, x, chestLoad } = trajectory;
    for (let row = 0; row < frameStart[frameCount]; row++) if (x[row] > 39.5) load = Math.max(load, chestLoad![row]);
    return coming.length > 0 && front.length > 0 && front.length === hurt.length && load > 1100;
  },
  '9 packed at the door, clear floor opposite': (scene) => {
    const found = eventsOf(scene.trace, 'door-found-locked').find(({ door }) => door === 'fire door');
    if (found === undefined) return false;
    const { frameRate, frameCount } = scene.trajectory;
    for (let frame = Math.round(found.t * frameRate); frame < frameCount; frame += frameRate) {
      const far = countIn(scene, frame, 'lower level', [33, -3.5, 37, 3.5]) / 28;
      if (far >= 0.5) continue;
      for (let x = 39.5; x <= 40.3; x += 0.2) {
        for (let y = -1.4; y <= 0.2; y += 0.2) {
          if (countIn(scene, frame, 'lower level', [x, y, x + 1.2, y + 1.2]) / 1.44 >= 6) return true;
        }
      }
    }
    return false;
  },
  '10 both go over the railing and land clear': ({ trace, a, b }) => {
    const drops = eventsOf(trace, 'drop-taken');
    return [a, b].every((one) => drops.some(({ person, onto }) => person === one && onto < 0));
  },
  '11 one comes early and is stunned before he can strike': ({ trace, a, personsOf }) => {
    const [early] = personsOf((population) => population === 'early');
    const stun = eventsOf(trace, 'person-stunned').find(({ person, by }) => person === early && by === a);
    const tries = [...eventsOf(trace, 'person-struck'), ...eventsOf(trace, 'attempt-missed')];
    return stun !== undefined && !tries.some(({ by, t }) => by === early && t < stun.t);
  },
  '12 B is told, believes, and gives way after a while': ({ trace, a, b, states }) => {
    const told = eventsOf(trace, 'person-told').filter(
      ({ person, from, believed }) => person === b && from === a && believed,
    );
    const follows = states(b).find(({ state }) => state === 'follow A');
    const gives = states(b).find(({ state }) => state === 'give way');
    return told.length > 0 && follows !== undefined && gives !== undefined && follows.t > gives.t;
  },
  '13 the first of six is shot, three fall within 2 s': ({ trace, personsOf }) => {
    const six = personsOf((population) => population === 'six');
    const shot = eventsOf(trace, 'person-struck').find(
      ({ person, with: what }) => what === 'shot' && six.includes(person),
    );
    if (shot === undefined) return false;
    const falls = eventsOf(trace, 'person-fell').filter(
      ({ t, person }) => t >= shot.t && t <= shot.t + 2 && six.includes(person),
    );
    return falls.length >= 3;
  },
  '15 a man on the ground grabs A, B frees A': ({ trace, a, b }) => {
    const held = eventsOf(trace, 'grabbed').find(({ person }) => person === a);
    return held !== undefined && eventsOf(trace, 'freed-by').some(({ person, by }) => person === a && by === b);
  },
  '16 a second group is met and passed within 15 s': (scene) => {
    const { personsOf, trajectory, a, b, crossing } = scene;
    const eight = personsOf((population) => population === 'eight');
    const hallway = scene.header.portals.find(
      ({ areas }) => areas.includes('corridor') && areas.includes('side hallway'),
    );
    for (let frame = 0; frame < trajectory.frameCount; frame += 2) {
      for (const one of [a, b]) {
        const place = placeIn(scene, frame, one);
        if (place === undefined || place[1] > -1.8) continue;
        for (const other of eight) {
          const there = placeIn(scene, frame, other);
          if (there === undefined || Math.hypot(there[0] - place[0], there[1] - place[1]) > 0.8) continue;
          return Math.abs(crossing(one, hallway!.id) - frame / trajectory.frameRate) < 15;
        }
      }
    }
    return false;
  },
  '17 both leave by the exit that A knows': ({ trace, a, b }) =>
    [a, b].every((one) =>
      eventsOf(trace, 'person-out').some(({ person, exit }) => person === one && exit === 'garage exit'),
    ),
  '18 sleepers wake by the noise, none before it': ({ trace }) => {
    const noise = eventsOf(trace, 'sound-made')[0];
    const woken = eventsOf(trace, 'person-woke');
    return noise !== undefined && woken.length > 0 && woken.every(({ t }) => t >= noise.t);
  },
};

/** Beats that do not come out of honest physics with these numbers yet; why is said in scenarios/README.md. */
const OPEN: readonly string[] = [
  '13 the first of six is shot, three fall within 2 s',
  '15 a man on the ground grabs A, B frees A',
  '16 a second group is met and passed within 15 s',
];

test('the beats of the incident come out in at least 18 of 20 seeds', () => {
  const scenes = SEEDS.map((seed) => look(runScene('factory-breakout/incident.json', seed)));
  const table = Object.entries(BEATS).map(([beat, holds]) => ({
    beat,
    count: scenes.filter(holds).length,
    not: SEEDS.filter((_, k) => !holds(scenes[k])),
  }));
  console.log(
    table
      .map(
        ({ beat, count, not }) =>
          `${String(count).padStart(2)}/${SEEDS.length}  ${beat}${count === SEEDS.length ? '' : ` (not with ${not.join(' ')})`}`,
      )
      .join('\n'),
  );
  for (const { beat, count } of table) {
    if (!OPEN.includes(beat)) expect(count, beat).toBeGreaterThanOrEqual(18);
  }
});
