import type { Random } from '../fuzz/random.js';

/** Longer than this no broken copy is made: a case is to take milliseconds. */
const maxBytes = 512 * 1024;

/** Numbers at which lengths, counts and offsets break: ends of widths, signs, and one beside. */
const extremes: readonly bigint[] = [0n, 1n, 7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n].flatMap((bits) =>
  bits === 0n ? [0n, 1n, 2n] : [(1n << bits) - 1n, 1n << bits, (1n << bits) + 1n],
);

const textNumbers: readonly string[] = [
  '0',
  '-1',
  '00000000',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '18446744073709551616',
  '77777777777',
  '1e308',
  '1e9',
  'NaN',
  '9'.repeat(40),
];

/** What parsers of text stumble over: brackets that nest, quotes that do not end, bytes that are no UTF-8. */
const pieces: readonly string[] = [
  '[',
  '{"a":',
  '(',
  '<a>',
  '<!DOCTYPE a [<!ENTITY b "&b;&b;">]>',
  '"',
  "'",
  '\\',
  '\\u0000',
  '\\ud800',
  '\0',
  '\n',
  '\r\n',
  '\t',
  ' ',
  ':',
  ',',
  '- ',
  '&a *a ',
  '../',
  '/',
  '__proto__',
  'constructor',
  'toString',
  '\xff\xfe',
  '\xed\xa0\x80',
  '\xc0\x80',
  '\xf4\x90\x80\x80',
  '%00',
  '$\x7bx}',
  '#',
  '/*',
  '=',
  '\x1b[2J',
];

function interesting(random: Random): Buffer {
  const width = random.pick([1, 2, 4, 8]);
  const value = BigInt.asUintN(8 * width, random.pick(extremes));
  const bytes = Buffer.alloc(8);
  const little = random.chance(0.5);
  if (little) bytes.writeBigUInt64LE(value);
  else bytes.writeBigUInt64BE(value << BigInt(64 - 8 * width));
  return bytes.subarray(0, width);
}

type Change = (bytes: Buffer, random: Random, others: readonly Uint8Array[]) => Buffer;

const place = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1);

function replaced(bytes: Buffer, from: number, to: number, middle: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)]);
}

const changes: readonly Change[] = [
  // One bit, one byte.
  (bytes, random) => {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  (bytes, random) => {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  // A number at its ends, in binary, mostly where the headers are, and in digits.
  (bytes, random) => {
    const number = interesting(random);
    const reach = random.chance(0.5) ? Math.min(bytes.length, 128) : bytes.length;
    const at = Math.min(random.below(reach), Math.max(0, bytes.length - number.length));
    number.copy(bytes, random.chance(0.6) ? at & ~(number.length - 1) : at);
    return bytes;
  },
  (bytes, random) => {
    const start = place(bytes, random);
    for (let at = start; at < bytes.length; at++) {
      if (!isDigit(bytes[at])) continue;
      let end = at;
      while (isDigit(bytes[end])) end++;
      return replaced(bytes, at, end, Buffer.from(random.pick(textNumbers)));
    }
    return bytes;
  },
  // Cut off, cut out, said twice, said very often.
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  (bytes, random) => {
    const from = place(bytes, random);
    return replaced(bytes, from, Math.min(bytes.length, from + random.between(1, 64)), Buffer.alloc(0));
  },
  (bytes, random) => {
    const from = place(bytes, random);
    const piece = bytes.subarray(from, from + random.between(1, 512));
    return replaced(bytes, from, from, piece);
  },
  (bytes, random) => {
    const from = place(bytes, random);
    const piece = bytes.subarray(from, from + random.between(1, 64));
    const times = random.pick([10, 100, 1000, 10_000]);
    const fitting = Math.min(times, Math.floor(maxBytes / Math.max(1, piece.length)));
    return replaced(bytes, from, from, Buffer.concat(Array.from({ length: fitting }, () => piece)));
  },
  // The beginning of one, the end of another.
  (bytes, random, others) => {
    const other = Buffer.from(random.pick(others));
    return Buffer.concat([bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))]);
  },
  // What parsers stumble over, once or nested deeply.
  (bytes, random) => {
    const piece = random.pick(pieces);
    const times = random.chance(0.8) ? 1 : random.pick([2, 100, 5000, 50_000]);
    const from = place(bytes, random);
    const to = random.chance(0.5) ? from : Math.min(bytes.length, from + random.between(1, 16));
    return replaced(bytes, from, to, Buffer.from(piece.repeat(times), 'latin1'));
  },
  // A stretch of one byte.
  (bytes, random) => {
    const from = place(bytes, random);
    const to = Math.min(bytes.length, from + random.between(1, 256));
    return replaced(bytes, from, to, Buffer.alloc(to - from, random.pick([0, 0xff, 0x20, 0x80, random.below(256)])));
  },
];

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** A broken copy: one to six changes, mostly few. */
export function mutated(seed: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let bytes: Buffer = Buffer.from(seed);
  const count = random.pick([1, 1, 1, 2, 2, 3, 6]);
  for (let i = 0; i < count; i++) {
    if (bytes.length === 0) bytes = Buffer.from(random.pick(others));
    if (bytes.length === 0) return bytes;
    bytes = random.pick(changes)(bytes, random, others);
    if (bytes.length > maxBytes) bytes = bytes.subarray(0, maxBytes);
  }
  // A copy of its own: views of a larger buffer hide reads past the end.
  return Uint8Array.from(bytes);
}
