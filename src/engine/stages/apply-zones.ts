import { PersonState } from '../../world/index.ts';
import type { Engine } from '../engine.ts';
import { isInPatch } from './serve-waypoints.ts';

/** Slower than this share of what one wishes to do counts as blocked [–]; as in `sense-ways.ts`. */
const BLOCKED_SHARE = 1 / 3;

/** In zones everybody wishes to walk slower or faster by their factor; who does what they wish is not blocked. O(persons × zones of their sheet). */
export function applyZones({ world }: Engine): void {
  const zones = world.stages?.zones;
  if (zones === undefined || zones.length === 0) return;
  const { persons } = world.views;
  for (let i = 0; i < world.personCount; i++) {
    if (persons.state[i] === PersonState.out || persons.wishSpeed[i] === 0) continue;
    let factor = 1;
    for (const zone of zones) if (isInPatch(world, zone, i)) factor *= zone.speed;
    if (factor === 1) continue;
    persons.wishSpeed[i] *= factor;
    const forward = persons.vx[i] * persons.wantX[i] + persons.vy[i] * persons.wantY[i];
    if (forward < BLOCKED_SHARE * persons.wishSpeed[i]) continue;
    persons.blockedTime[i] = 0;
    persons.pushNow[i] = 0;
  }
}
