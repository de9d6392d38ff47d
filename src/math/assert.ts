/**
 * Stops on a programmer's mistake. Stays on in every build; use it at the door of a phase, not per person.
 * @throws Error with `message` when `condition` is false.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
