import type { World } from './world.ts';

/**
 * Start values of the column groups that a world has (`world.views.groups`), a line a group; called once, when persons have
 * their places and beliefs. `seed` as that of the persons.
 */
export function fillGroups(_world: World, _seed: number): void {
  // no group has start values yet
}
