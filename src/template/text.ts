/**
 * Go strings are bytes; see value.ts for how the bytes that are no UTF-8 are kept. Every function here takes and gives
 * such strings.
 */

const loneByte = /[\u{DC80}-\u{DCFF}]/u;
const loneBytes = /[\u{DC80}-\u{DCFF}]/gu;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether some bytes of the string are not valid UTF-8. */
export function hasInvalidBytes(text: string): boolean {
  return loneByte.test(text);
}

/** The bytes of a Go string. */
export function goBytes(text: string): Uint8Array {
  if (!loneByte.test(text)) return Buffer.from(text, 'utf8');
  const out = Buffer.alloc(byteLength(text));
  let at = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) {
      out[at] = code - 0xdc00;
      at += 1;
    } else {
      at += out.write(char, at, 'utf8');
    }
  }
  return out;
}

/** The string of some bytes; each byte that is not part of valid UTF-8 stands for itself. */
export function goString(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeLoose(bytes);
  }
}

function decodeLoose(bytes: Uint8Array): string {
  const parts: string[] = [];
  let good = 0;
  let at = 0;
  while (at < bytes.length) {
    const size = runeLength(bytes, at);
    if (size === 0) {
      if (at > good) parts.push(strict.decode(bytes.subarray(good, at)));
      parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
      at += 1;
      good = at;
    } else {
      at += size;
    }
  }
  if (at > good) parts.push(strict.decode(bytes.subarray(good, at)));
  return parts.join('');
}

/**
 * How many bytes the valid UTF-8 sequence at `at` has, 0 where there is none.
 *
 * Follows: The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences), as utf8.DecodeRune does.
 */
export function runeLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > bytes.length) return 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let i = 2; i < size; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return size;
}

/** `len` of a Go string: its bytes. */
export function byteLength(text: string): number {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes === text.length || !loneByte.test(text)) return bytes;
  return bytes - 2 * (text.match(loneBytes)?.length ?? 0);
}

/** `utf8.RuneCountInString`: a byte that is no UTF-8 counts as one. */
export function runeCount(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) i += 1;
    count += 1;
  }
  return count;
}

/** `s[from:to]`, in bytes. */
export function byteSlice(text: string, from: number, to: number): string {
  if (byteLength(text) === text.length) return text.slice(from, to);
  return goString(goBytes(text).subarray(from, to));
}

/** Whether Go prints the character as it is (`unicode.IsPrint`). `code` is a code point. */
export function isPrint(code: number): boolean {
  if (code <= 0xff) return (code >= 0x20 && code <= 0x7e) || (code >= 0xa1 && code !== 0xad);
  return printable.test(String.fromCodePoint(code));
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** Orders two strings as Go does: by bytes. */
export function compareBytes(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Code units order as bytes do, but for surrogates: pairs are above all, and a lone one stands for a byte.
    if (x < 0x80 || y < 0x80 || (x < 0xd800 && y < 0xd800)) return x < y ? -1 : 1;
    return Buffer.compare(goBytes(a), goBytes(b));
  }
  return a.length < b.length ? -1 : 1;
}
