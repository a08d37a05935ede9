import { hasInvalidBytes } from '../text.js';
import { GoError, type GoFunc, GoInt } from '../value.js';
import { checkSize, define, type Environment } from './args.js';

const digits = '0123456789';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

/** How often unfit bytes are thrown away before they are taken: only a source that repeats itself gets there. */
const mostDraws = 100;

/** A random number below `limit`, every one as likely: bytes that would favour some are thrown away. */
export function randomBelow(limit: number, random: Environment['random']): number {
  const bound = 2 ** 32 - (2 ** 32 % limit);
  for (let draw = 0; ; draw++) {
    const bytes = random(4);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (value < bound || draw === mostDraws) return value % limit;
  }
}

function randomText(count: number, alphabet: string, random: Environment['random']): string {
  if (count <= 0) return '';
  checkSize(count, 'random text');
  let out = '';
  const bound = 256 - (256 % alphabet.length);
  for (let draw = 0; out.length < count; draw++) {
    const before = out.length;
    for (const byte of random(Math.min(count - out.length, 1024))) {
      if (byte < bound || draw > mostDraws) out += alphabet[byte % alphabet.length] ?? '';
    }
    if (out.length > before) draw = 0;
  }
  return out;
}

function uuid(random: Environment['random']): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function shuffle(text: string, random: Environment['random']): string {
  const chars = [...text].map((char) => (hasInvalidBytes(char) ? '\ufffd' : char));
  for (let i = chars.length - 1; i > 0; i--) {
    const j = randomBelow(i + 1, random);
    [chars[i], chars[j]] = [chars[j] ?? '', chars[i] ?? ''];
  }
  return chars.join('');
}

/** sprig's functions that draw lots, from the environment's bytes. */
export function randomFunctions({ random }: Environment): readonly GoFunc[] {
  const text = (name: string, alphabet: string): GoFunc =>
    define(name, ['int'], (a) => randomText(a.int(0), alphabet, random));
  return [
    text('randAlphaNum', letters + digits),
    text('randAlpha', letters),
    text('randNumeric', digits),
    text('randAscii', printable),
    define('randBytes', ['int'], (a) => {
      if (a.int(0) < 0) throw new GoError('runtime error: makeslice: len out of range');
      checkSize(a.int(0), 'randBytes');
      return Buffer.from(random(a.int(0))).toString('base64');
    }),
    define('randInt', ['int', 'int'], (a) => {
      const size = a.int(1) - a.int(0);
      if (size <= 0) throw new GoError('invalid argument to Intn');
      if (size > 2 ** 32) throw new GoError('a range of random numbers is over the limit of 2^32');
      return new GoInt('int', a.int(0) + randomBelow(size, random));
    }),
    define('uuidv4', [], () => uuid(random)),
    define('shuffle', ['string'], (a) => shuffle(a.str(0), random)),
  ];
}
