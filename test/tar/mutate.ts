import type { Random } from '../fuzz/random.js';
import type { Made } from './made.js';
import { sealed } from './raw.js';

const fields: readonly (readonly [number, string])[] = [
  [0, 'name'],
  [100, 'mode'],
  [108, 'uid'],
  [116, 'gid'],
  [124, 'size'],
  [136, 'mtime'],
  [148, 'checksum'],
  [156, 'flag'],
  [157, 'link'],
  [257, 'magic'],
  [265, 'owner'],
  [329, 'device'],
  [345, 'prefix'],
  [386, 'sparse'],
  [500, 'rest'],
];

/** Where header blocks begin, as far as a plain walk over sizes finds them. */
export function headersOf(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 512 <= bytes.length; ) {
    const stated = Number.parseInt(
      bytes
        .toString('latin1', at + 148, at + 155)
        .replace(/[\0 ].*$/s, '')
        .trim(),
      8,
    );
    let sum = 256;
    for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += bytes[at + i] ?? 0;
    if (stated !== sum) {
      at += 512;
      continue;
    }
    found.push(at);
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135).trim(), 8);
    at += 512 + (Number.isFinite(size) ? Math.ceil(size / 512) * 512 : 0);
  }
  return found;
}

/** Words for the types of headers that a plain walk over an archive meets. */
export function headerTags(bytes: Buffer): string[] {
  return [...new Set(headersOf(bytes).map((at) => `has:${String.fromCharCode(bytes[at + 156] ?? 0)}`))];
}

/** Breaks an archive in one of the ways in which archives are broken. */
export function mutated(made: Made, random: Random): Made {
  const headers = headersOf(made.bytes);
  if (headers.length === 0) return made;
  const bytes = Buffer.from(made.bytes);
  const at = random.pick(headers);
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return flipped(bytes, at, true, made.tags, random);
    case 3:
      return flipped(bytes, at, false, made.tags, random);
    case 4:
    case 5:
      return cut(bytes, headers, made.tags, random);
    case 6:
      return {
        bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 512)]),
        tags: [...made.tags, 'block-away'],
      };
    case 7:
      return {
        bytes: Buffer.concat([bytes.subarray(0, at + 512), bytes.subarray(at)]),
        tags: [...made.tags, 'block-twice'],
      };
    default:
      return { bytes: Buffer.concat([bytes, made.bytes]), tags: [...made.tags, 'end-inside', 'concatenated'] };
  }
}

/** One byte of a header is another one; the checksum is made right again, or not. */
function flipped(bytes: Buffer, at: number, seal: boolean, tags: readonly string[], random: Random): Made {
  // A header is mostly text that is harmless: every field has the same chance.
  const which = random.below(fields.length);
  const [from, field] = fields[which] ?? [0, 'name'];
  const to = fields[which + 1]?.[0] ?? 512;
  const place = at + random.between(from, Math.min(to, from + 16) - 1);
  bytes[place] = random.chance(0.5)
    ? (bytes[place] ?? 0) ^ (1 << random.below(8))
    : random.pick([0, 32, 48, 49, 55, 56, 128, 255]);
  if (seal) sealed(bytes.subarray(at, at + 512));
  return { bytes, tags: [...tags, `flip:${field}`, seal ? 'sealed' : 'unsealed'] };
}

/** Cut at, before and behind the boundaries: of blocks, headers, content, its padding and the end. */
function cut(bytes: Buffer, headers: readonly number[], tags: readonly string[], random: Random): Made {
  const places = headers.flatMap((at) => [at, at + 1, at + 257, at + 511, at + 512, at + 513, at + 1024]);
  places.push(bytes.length - 1, bytes.length - 512, bytes.length - 513, bytes.length - 1024);
  const place = Math.max(0, Math.min(bytes.length, random.pick(places)));
  return { bytes: bytes.subarray(0, place), tags: [...tags, 'cut'] };
}
