import { goBytes } from '../reflect.js';
import { GoError } from '../value.js';

const alphabet32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const alphabet64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const padding = '='.charCodeAt(0);

/** The value of each byte, -1 where it has none. */
function valuesOf(alphabet: string): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

const values32 = valuesOf(alphabet32);
const values64 = valuesOf(alphabet64);

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

/** base64.StdEncoding.DecodeString: line breaks are skipped, padding is a must. Throws GoError with Go's text. */
export function decodeBase64(text: string): Uint8Array {
  const source = goBytes(text);
  const corrupt = (at: number): GoError => new GoError(`illegal base64 data at input byte ${at}`);
  const out: number[] = [];
  let held = 0;
  let count = 0;
  let at = 0;
  const skipBreaks = (): void => {
    while (source[at] === 10 || source[at] === 13) at += 1;
  };
  for (skipBreaks(); at < source.length; skipBreaks()) {
    const byte = source[at] ?? 0;
    if (byte === padding) {
      if (count < 2) throw corrupt(at);
      for (let missing = 4 - count; missing > 0; missing--) {
        skipBreaks();
        if (at >= source.length) throw corrupt(source.length);
        if (source[at] !== padding) throw corrupt(at - 1);
        at += 1;
      }
      skipBreaks();
      if (at < source.length) throw corrupt(at);
      return Uint8Array.from(out);
    }
    const value = values64[byte] ?? -1;
    if (value < 0) throw corrupt(at);
    at += 1;
    held = ((held << 6) | value) & 0xffff;
    if (count > 0) out.push((held >> (6 - 2 * count)) & 0xff);
    count = (count + 1) % 4;
  }
  if (count !== 0) throw corrupt(source.length - count);
  return Uint8Array.from(out);
}

/** base32.StdEncoding.DecodeString, with the offsets that it names. */
export function decodeBase32(text: string): Uint8Array {
  const source = goBytes(text.replace(/[\r\n]/g, ''));
  const corrupt = (at: number): GoError => new GoError(`illegal base32 data at input byte ${at}`);
  const out: number[] = [];
  for (let start = 0; start < source.length; start += 8) {
    let held = 0n;
    let count = 0;
    for (; count < 8; count++) {
      const at = start + count;
      const byte = source[at];
      if (byte === undefined) throw corrupt(start);
      const left = source.length - at - 1;
      if (byte === padding && count >= 2 && left < 8) {
        if (left + count < 7) throw corrupt(source.length);
        for (let k = 0; k < 7 - count; k++) {
          if (left > k && source[at + 1 + k] !== padding) throw corrupt(at + k);
        }
        if (count === 3 || count === 6) throw corrupt(at);
        break;
      }
      const value = values32[byte] ?? -1;
      if (value < 0) throw corrupt(at);
      held = (held << 5n) | BigInt(value);
    }
    held <<= BigInt(5 * (8 - count));
    for (let k = 0; k < Math.floor((count * 5) / 8); k++) out.push(Number((held >> BigInt(32 - 8 * k)) & 0xffn));
    if (count < 8) break;
  }
  return Uint8Array.from(out);
}
