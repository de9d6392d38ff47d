/** Escapes text for HTML and SVG, both content and quoted attributes. Control characters that XML forbids are dropped. */
export function escapeText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
  );
}

/** Cuts a text to `length` characters with an ellipsis; never inside a surrogate pair. */
export function shortenText(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** A time: `7.7 s` below 100 s, `138 s` below 10 minutes, `12 min 31 s`, `1 h 2 min`. */
export function formatTime(seconds: number): string {
  if (Math.abs(seconds) < 99.95) return `${trimZero(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 600) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const rest = Math.round(whole / 60) % 60;
  const hours = Math.floor(Math.round(whole / 60) / 60);
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

/** A number to `digits` significant digits, never in scientific notation, thousands apart by a narrow space. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const places = Math.max(0, Math.min(12, digits - 1 - magnitude));
  const text = value.toFixed(places);
  const [whole, fraction] = text.split('.') as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A count of things as text, thousands apart. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** `1 person`, `2 people`. */
export function countOf(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** A share as `12 %`; `< 1 %` and `> 99 %` where rounding would say none or all. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}

/** Ties numbers to their units in running text, so that no line breaks between them. For text, not for markup. */
export function tieUnits(text: string): string {
  return text.replace(/(\d) (?=(?:s|N|m|m²|min|h|%|\/m²|\/s)(?![\p{L}]))/gu, '$1\u00a0');
}
