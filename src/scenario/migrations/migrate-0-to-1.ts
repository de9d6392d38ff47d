/**
 * The draft format to version 1: `crashbar` 0 or missing becomes 1, a level's one `outline` its `outlines`, a door's
 * ends `from` and `to` its `line`, an exit's `segment` its `line`. Whatever else there is stays as it is; a field that
 * already has its new name wins. Never throws, whatever the value.
 */
export function migrate0To1(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return {
    ...value,
    crashbar: 1,
    ...mapped(value, 'levels', (level) => renamed(level, 'outline', 'outlines', (outline) => [outline])),
    ...mapped(value, 'doors', (door) => {
      if (Object.hasOwn(door, 'line') || !Object.hasOwn(door, 'from') || !Object.hasOwn(door, 'to')) return door;
      const { from, to, ...rest } = door;
      return { ...rest, line: [from, to] };
    }),
    ...mapped(value, 'exits', (exit) => renamed(exit, 'segment', 'line', (segment) => segment)),
  };
}

/** Whether a value without a version was written for the draft: it has a field that only the draft had. */
export function looksLikeDraft(value: unknown): boolean {
  const some = (key: string, field: string) => {
    const parts = isRecord(value) ? value[key] : undefined;
    return Array.isArray(parts) && parts.some((part) => isRecord(part) && Object.hasOwn(part, field));
  };
  return some('levels', 'outline') || some('doors', 'from') || some('exits', 'segment');
}

function mapped(
  value: Record<string, unknown>,
  key: string,
  change: (part: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const parts = value[key];
  return Array.isArray(parts) ? { [key]: parts.map((part) => (isRecord(part) ? change(part) : part)) } : {};
}

function renamed(
  part: Record<string, unknown>,
  from: string,
  to: string,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  if (!Object.hasOwn(part, from) || Object.hasOwn(part, to)) return part;
  const { [from]: value, ...rest } = part;
  return { ...rest, [to]: change(value) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
