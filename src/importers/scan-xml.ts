/** An element of an XML text, with its attributes and children; text between elements is dropped. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
}

/** Elements and depth at most: a plan has thousands, a trap millions. */
const ELEMENTS_MAX = 1_000_000;
const DEPTH_MAX = 64;

/**
 * Reads the elements of an XML text. Comments, declarations and text are passed over; a document type is refused, since only
 * traps need entities. Returns the root, or why there is none. Never throws. O(n).
 */
export function scanXml(text: string): { readonly root?: XmlElement; readonly fault?: string } {
  const top: XmlElement = { name: '', attributes: {}, children: [] };
  const open: XmlElement[] = [top];
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4);
      if (end < 0) return { fault: 'a comment does not end' };
      at = end + 3;
      continue;
    }
    if (text.startsWith('<?', at)) {
      const end = text.indexOf('?>', at + 2);
      if (end < 0) return { fault: 'a declaration does not end' };
      at = end + 2;
      continue;
    }
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at);
      if (end < 0) return { fault: 'a section of characters does not end' };
      at = end + 3;
      continue;
    }
    if (text.startsWith('<!', at)) return { fault: 'it declares a document type, which is not read' };
    const end = findTagEnd(text, at);
    if (end < 0) return { fault: `a tag does not end (at character ${at + 1}); the file was cut off` };
    const body = text.slice(at + 1, end);
    at = end + 1;
    if (body.startsWith('/')) {
      const closed = open.pop()!;
      if (open.length === 0 || closed.name !== body.slice(1).trim()) {
        return { fault: `</${body.slice(1).trim().slice(0, 40)}> closes nothing that is open` };
      }
      continue;
    }
    const name = /^[^\s/]+/.exec(body)?.[0];
    if (name === undefined) return { fault: `there is a tag without a name at character ${at}` };
    const attributes: Record<string, string> = Object.create(null);
    for (const found of body.slice(name.length).matchAll(/([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      attributes[found[1]!] = found[2] ?? found[3]!;
    }
    const element: XmlElement = { name, attributes, children: [] };
    open[open.length - 1]!.children.push(element);
    if (!body.endsWith('/')) open.push(element);
    count++;
    if (count > ELEMENTS_MAX) return { fault: `it has more than ${ELEMENTS_MAX} elements` };
    if (open.length > DEPTH_MAX) return { fault: `elements lie more than ${DEPTH_MAX} deep in each other` };
  }
  if (open.length > 1)
    return { fault: `<${open[open.length - 1]!.name.slice(0, 40)}> is not closed; the file was cut off` };
  const root = top.children[0];
  return root === undefined ? { fault: 'it has no elements' } : { root };
}

/** Where a tag ends; a `>` inside quotes does not end it. */
function findTagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

/** All elements of a name below one, at any depth, in order. */
export function findElements(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...findElements(child, name)]);
}
