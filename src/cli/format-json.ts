const WIDTH = 118;

/**
 * JSON for people: whatever fits on a line of 118 characters is on one line, so that a point, an exit or a short wall
 * takes one line and not ten. Ends with a newline.
 */
export function formatJson(value: unknown): string {
  return `${spread(value, '')}\n`;
}

/** `used`: characters that the first line has already. */
function format(value: unknown, indent: string, used: number): string {
  const flat = flatten(value);
  return indent.length + used + flat.length <= WIDTH ? flat : spread(value, indent);
}

function spread(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value) && value.length > 0) {
    return `[\n${value.map((item) => inner + format(item, inner, 0)).join(',\n')}\n${indent}]`;
  }
  const fields = fieldsOf(value);
  if (fields !== undefined && fields.length > 0) {
    const lines = fields.map(([key, item]) => {
      const start = `${JSON.stringify(key)}: `;
      return inner + start + format(item, inner, start.length);
    });
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  return flatten(value);
}

function flatten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatten).join(', ')}]`;
  const fields = fieldsOf(value);
  if (fields === undefined) return JSON.stringify(value) ?? 'null';
  if (fields.length === 0) return '{}';
  return `{ ${fields.map(([key, item]) => `${JSON.stringify(key)}: ${flatten(item)}`).join(', ')} }`;
}

function fieldsOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).filter(([, item]) => item !== undefined);
}
