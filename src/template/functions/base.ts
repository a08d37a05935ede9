import { goBytes } from '../reflect.js';
import { GoError } from '../value.js';

const alphabet32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const alphabet64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** base32.StdEncoding.EncodeToString. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet32[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) out += alphabet32[(held << (5 - bits)) & 31] ?? '';
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

interface Base {
  readonly name: 'base32' | 'base64';
  readonly alphabet: string;
  /** Characters of one group, and bits of one character. */
  readonly group: number;
  readonly bits: number;
  /** How many characters may stand before the padding. */
  readonly lengths: readonly number[];
}

const base64: Base = { name: 'base64', alphabet: alphabet64, group: 4, bits: 6, lengths: [2, 3] };
const base32: Base = { name: 'base32', alphabet: alphabet32, group: 8, bits: 5, lengths: [2, 4, 5, 7] };

/** base64.StdEncoding.DecodeString: line breaks are skipped, padding is a must. Throws GoError with Go's text. */
export function decodeBase64(text: string): Uint8Array {
  return decode(text, base64);
}

/** base32.StdEncoding.DecodeString. */
export function decodeBase32(text: string): Uint8Array {
  return decode(text.replace(/[\r\n]/g, ''), base32);
}

function decode(text: string, base: Base): Uint8Array {
  const source = goBytes(text);
  const corrupt = (at: number): GoError => new GoError(`illegal ${base.name} data at input byte ${at}`);
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < base.alphabet.length; i++) values[base.alphabet.charCodeAt(i)] = i;
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  let count = 0;
  let at = 0;
  const skipBreaks = (): void => {
    while (source[at] === 10 || source[at] === 13) at += 1;
  };
  for (skipBreaks(); at < source.length; skipBreaks()) {
    const byte = source[at] ?? 0;
    if (byte === 61) {
      if (!base.lengths.includes(count)) throw corrupt(at);
      for (let missing = base.group - count; missing > 0; missing--) {
        skipBreaks();
        if (at >= source.length) throw corrupt(source.length);
        if (source[at] !== 61) throw corrupt(base.name === 'base32' ? at : at);
        at += 1;
      }
      skipBreaks();
      if (at < source.length) throw corrupt(at);
      return Uint8Array.from(out);
    }
    const value = values[byte] ?? -1;
    if (value < 0) throw corrupt(at);
    at += 1;
    count = (count + 1) % base.group;
    held = ((held << base.bits) | value) & 0xffff;
    bits += base.bits;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  if (count !== 0) throw corrupt(base.name === 'base64' ? source.length - count : source.length);
  return Uint8Array.from(out);
}
