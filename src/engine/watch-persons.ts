import type { Engine } from './engine.ts';

/**
 * Who is to be looked at when the step is settled: the kernel marks who may fall, lies, leaves, has crossed a portal, touches a
 * leaf, bears a load that may harm, or has lost patience. The phases that follow go through these alone and look closely.
 */
export function watchPersons({ world, kernel, crew, scratch }: Engine): void {
  crew.run('watchPersons', world.personCount, 0);
  const { i32 } = world.views;
  const { watched } = scratch;
  const marks = kernel.offsets.watched / 4;
  const words = Math.ceil(world.personCount / 4);
  let count = 0;
  for (let k = 0; k < words; k++) {
    const word = i32[marks + k];
    if (word === 0) continue;
    if (word & 0xff) watched[count++] = 4 * k;
    if (word & 0xff00) watched[count++] = 4 * k + 1;
    if (word & 0xff0000) watched[count++] = 4 * k + 2;
    if (word >>> 24) watched[count++] = 4 * k + 3;
  }
  scratch.watchedCount = count;
}
