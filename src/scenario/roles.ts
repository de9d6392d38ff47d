import { type Role, roleSchema } from './role-schema.ts';
import type { Scenario } from './schema.ts';

/**
 * Roles that a scenario may name without declaring them; a role of its own with one of these ids takes its place.
 *
 * - `keyholder`: unlocks every locked door there is a way to, the nearest first, then leaves.
 * - `breaker`: the same by force.
 * - `helper`: helps up who lies within 15 m, one after the other, and leaves when there is nobody left.
 * - `assailant`: attacks whoever is no assailant, nearest in sight first; looks for them where none is in sight.
 */
export const BUILT_IN_ROLES: readonly Role[] = [
  roleSchema.parse({
    id: 'keyholder',
    knows: 'doors',
    states: [
      {
        state: 'rounds',
        do: { act: 'unlock', doors: 'all', by: 'key' },
        next: [{ when: { action: 'ended' }, go: 'leave' }],
      },
      { state: 'leave', do: { act: 'leave' } },
    ],
  }),
  roleSchema.parse({
    id: 'breaker',
    knows: 'doors',
    states: [
      {
        state: 'break',
        do: { act: 'unlock', doors: 'all', by: 'force' },
        next: [{ when: { action: 'ended' }, go: 'leave' }],
      },
      { state: 'leave', do: { act: 'leave' } },
    ],
  }),
  roleSchema.parse({
    id: 'helper',
    states: [
      {
        state: 'leave',
        do: { act: 'leave' },
        next: [{ when: { near: { is: 'down', within: 15, seen: true } }, go: 'help' }],
      },
      {
        state: 'help',
        do: { act: 'help', who: { is: 'down', within: 15 } },
        next: [{ when: { action: 'ended' }, go: 'leave' }],
      },
    ],
  }),
  roleSchema.parse({
    id: 'assailant',
    hostileTo: 'others',
    states: [
      {
        state: 'look',
        do: { act: 'go', to: { person: { hostile: true, is: 'up' } }, within: 0.9 },
        next: [{ when: { sees: { hostile: true, is: 'up', within: 15 } }, go: 'attack' }],
      },
      {
        state: 'attack',
        do: {
          act: 'attack',
          who: { hostile: true, is: 'up', within: 20 },
          effects: [
            { effect: 'down', share: 0.5, lasts: 5 },
            { effect: 'stunned', share: 0.5, lasts: { distribution: 'lognormal', median: 3, sigma: 0.4 } },
          ],
          impulse: 40,
        },
        next: [{ when: { action: 'ended' }, go: 'look' }],
      },
    ],
  }),
];

/** The scenario's own role of that id, else the built-in one. */
export function findRole(scenario: Pick<Scenario, 'roles'>, id: string): Role | undefined {
  return scenario.roles?.find((role) => role.id === id) ?? BUILT_IN_ROLES.find((role) => role.id === id);
}
