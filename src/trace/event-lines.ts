import type { PersonEvent, TraceEvent } from './trace.ts';

/** Bytes there is room for at first. */
const ROOM = 98_304;
/** Most digits a person's number has. */
const DIGITS_MAX = 10;
/** UTF-8 takes at most this many bytes for a character of a JavaScript string. */
const BYTES_PER_CHARACTER = 3;

/** Events as lines of JSON in UTF-8, each as `JSON.stringify` writes it. */
export interface EventLines {
  append(event: TraceEvent): void;
  /** The event `alike[which[k]]` of person `persons[k]`, for k = 0 … `count` − 1. */
  appendEach(alike: readonly PersonEvent[], which: Uint8Array, persons: Int32Array, count: number): void;
  /** Bytes that wait. */
  readonly size: () => number;
  /** A copy of the bytes that wait, which then wait no more. */
  readonly take: () => Uint8Array;
}

/** Lines that wait to be handed on. */
export function createEventLines(): EventLines {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(ROOM);
  let size = 0;

  function reserve(length: number): void {
    if (size + length <= bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * bytes.length, size + length));
    larger.set(bytes.subarray(0, size));
    bytes = larger;
  }

  return {
    append(event) {
      const text = `${JSON.stringify(event)}\n`;
      reserve(BYTES_PER_CHARACTER * text.length);
      size += encoder.encodeInto(text, bytes.subarray(size)).written;
    },
    // Everybody starts and chooses at once, before the code of a run is compiled: one loop over bytes is so soonest.
    appendEach(alike, which, persons, count) {
      const befores = alike.map((event) => encoder.encode(beforePerson(event)));
      const behinds = alike.map((event) => encoder.encode(behindPerson(event)));
      const longest = alike.map((_, k) => befores[k].length + DIGITS_MAX + behinds[k].length);
      reserve(count * Math.max(0, ...longest));
      const out = bytes;
      let at = size;
      for (let k = 0; k < count; k++) {
        const before = befores[which[k]];
        const behind = behinds[which[k]];
        for (let j = 0; j < before.length; j++) out[at++] = before[j];
        let power = 1;
        while (10 * power <= persons[k]) power *= 10;
        for (let rest = persons[k]; power >= 1; power = power / 10) {
          const digit = Math.floor(rest / power);
          out[at++] = 48 + digit;
          rest -= digit * power;
        }
        for (let j = 0; j < behind.length; j++) out[at++] = behind[j];
      }
      size = at;
    },
    size: () => size,
    take() {
      const taken = bytes.slice(0, size);
      size = 0;
      return taken;
    },
  };
}

/** The line of an event up to the person's number, which follows time and type. */
function beforePerson({ t, type }: PersonEvent): string {
  return `{"t":${t},"type":"${type}","person":`;
}

/** The rest of the line. */
function behindPerson(event: PersonEvent): string {
  const rest = event.type === 'person-started' ? '' : `,"exit":${JSON.stringify(event.exit)},"why":"${event.why}"`;
  return `${rest}}\n`;
}
