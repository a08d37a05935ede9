import type { Random } from '../fuzz/random.js';
import type { Made } from './made.js';
import { base256, endBlocks, gnuLong, type Magic, octal, padded, paxHeader, rawBlock } from './raw.js';
import { rawSparse } from './raw-sparse.js';

/** Blocks of an archive and words for what is special in them. */
export interface Piece {
  readonly blocks: readonly Buffer[];
  readonly tags: readonly string[];
}

const names: readonly string[] = [
  'a',
  'dir/b',
  './c',
  '/abs',
  '../up',
  'd/../e',
  'x'.repeat(100),
  'n\xc3\xbc',
  'bad\xff\xc3',
  'sp ace',
  'back\\slash',
  'two//slashes',
];
const magics: readonly Magic[] = ['v7', 'ustar', 'ustar', 'star', 'gnu', 'gnu', 'odd'];

/** An archive of one to six pieces, most of them right, some as no tool writes them. */
export function rawMade(random: Random): Made {
  const pieces: Piece[] = [];
  const count = random.between(1, 6);
  for (let i = 0; i < count; i++) pieces.push(piece(random, i));
  pieces.push(end(random));
  return { bytes: Buffer.concat(pieces.flatMap((one) => one.blocks)), tags: pieces.flatMap((one) => one.tags) };
}

function piece(random: Random, index: number): Piece {
  const kind = random.below(20);
  if (kind < 7) return plain(random, index);
  if (kind < 12) return before(paxOf(random), plain(random, index));
  if (kind < 14) return before(longOf(random), plain(random, index));
  if (kind === 14) return before(both(random), plain(random, index));
  if (kind < 18) return rawSparse(random, index);
  if (kind === 18) return before(global(random), plain(random, index));
  return random.chance(0.5)
    ? { blocks: [Buffer.alloc(512)], tags: ['lone-zero-block'] }
    : before({ blocks: [Buffer.alloc(1024)], tags: ['end-inside'] }, plain(random, index));
}

export function before(first: Piece, then: Piece): Piece {
  return { blocks: [...first.blocks, ...then.blocks], tags: [...first.tags, ...then.tags] };
}

export function content(random: Random): Buffer {
  const size = random.pick([0, 1, 2, 511, 512, 513, 1500]);
  return Buffer.from(Array.from({ length: size }, () => 97 + random.below(26)));
}

function plain(random: Random, index: number): Piece {
  const tags: string[] = [];
  const magic = random.pick(magics);
  const [flag, flagTag] = flagOf(random);
  tags.push(`magic:${magic}`, ...flagTag);
  const hasBody = !'123456'.includes(flag);
  const body = hasBody || random.chance(0.1) ? content(random) : Buffer.alloc(0);
  if (!hasBody && body.length > 0) tags.push('size-without-content');
  const number = (value: number, length: number): string => numberText(value, length, random, tags);
  const slash = flag === '5' || random.chance(0.05) ? '/' : '';
  if (slash !== '' && flag !== '5') tags.push('slash');
  const name = random.pick(names);
  const block = rawBlock({
    name: slash === '' ? `${index}${name}`.slice(0, 100) : `${index}${name}`.slice(0, 99) + slash,
    flag,
    magic,
    mode: number(random.pick([0o644, 0o4755, 0, 0o100644]), 8),
    uid: number(random.pick([0, 1000, 2_097_151]), 8),
    gid: number(random.pick([0, 5]), 8),
    size: number(body.length, 12),
    mtime: number(random.pick([0, 1_500_000_000, 2 ** 33 - 1]), 12),
    link: flag === '1' || flag === '2' ? random.pick(names) : '',
    ...prefixOf(random, magic, tags),
    signed: random.chance(0.05),
  });
  const stored = hasBody || random.chance(0.5) ? [padded(body)] : [];
  return { blocks: [block, ...stored], tags };
}

function flagOf(random: Random): [string, string[]] {
  if (random.chance(0.5)) return [random.pick(['0', '\0']), []];
  if (random.chance(0.8)) return [random.pick(['1', '2', '3', '4', '5', '6', '7']), []];
  const flag = random.pick(['V', 'M', 'D', 'N', 'A', 'Z', 'I', 'X']);
  return [flag, [`flag:${flag}`]];
}

function prefixOf(random: Random, magic: Magic, tags: string[]): { readonly prefix?: string } {
  if (magic === 'v7' || !random.chance(0.2)) return {};
  tags.push('prefix');
  if (magic === 'gnu' && random.chance(0.5))
    return { prefix: `${octal(1_400_000_000, 12)}${octal(1_400_000_000, 12)}` };
  return { prefix: random.pick(['deep/er', 'p'.repeat(131), 'q'.repeat(155), 'r\xff']) };
}

/** A number as one or another tool writes it, now and then as none does. */
export function numberText(value: number, length: number, random: Random, tags: string[]): string {
  const digits = value.toString(8);
  switch (random.below(40)) {
    case 0:
      return `${digits.padStart(length - 2, '0')} \0`;
    case 1:
      return `${digits.padStart(length - 2, ' ')} \0`;
    case 2:
      return digits.padStart(length, '0');
    case 3:
      return base256(BigInt(value), length);
    case 4:
      return `${digits}\0`;
    case 5:
      return `${digits} `.padEnd(length, ' ');
    case 6:
      tags.push('number:leftover');
      return `${digits}\0${'7x'.repeat(6)}`.slice(0, length);
    case 7: {
      tags.push('number:odd');
      const odd = [
        '',
        ' ',
        '-1',
        '+5',
        '8',
        '0x1',
        `${digits}q`,
        `${digits} 7`,
        `\0${digits}`,
        '\xff\xff',
        '\x80',
        '\xff'.repeat(12),
      ];
      return random.pick(odd).slice(0, length);
    }
    default:
      return octal(value, length);
  }
}

function paxOf(random: Random, flag = 'x'): Piece {
  const tags = ['pax'];
  const records: [string, string][] = [];
  const count = random.between(0, 4);
  for (let i = 0; i < count; i++) {
    const [key, values] = random.pick(paxPool);
    const value = random.pick(values);
    records.push([key, value]);
    tags.push(`pax:${key}`);
    if (!sensible(key, value)) tags.push('pax:odd');
  }
  if (random.chance(0.04)) {
    const body = random.pick([
      '9 path=x',
      '5 a=\n',
      '12 path=abc',
      '06 a=b\n',
      'x',
      '7 =abc\n',
      '99 path=\n',
      '6 a=b\n\n',
      '10 path=a\n6 b=c\n',
    ]);
    const header = rawBlock({ name: 'pax', flag, magic: 'ustar', size: octal(body.length, 12) });
    return { blocks: [header, padded(Buffer.from(body))], tags: [...tags, 'pax:broken'] };
  }
  return { blocks: [paxHeader(records, flag)], tags };
}

const paxPool: readonly (readonly [string, readonly string[]])[] = [
  ['path', ['pax/name', 'p\xc3\xbc', 'q\xff', 'long/'.repeat(60), '', 'dir/', 'nul\0x', 'eq=ual', 'new\nline']],
  ['linkpath', ['pax/target', 'l\xc3\xbc', '', 'long/'.repeat(60), 'nul\0x']],
  ['size', ['0', '1', '512', '600', '', '-1', '0600', 'x', '99999999999999999999']],
  ['uid', ['0', '70000', '4000000000', '', '-1', 'x', '1.5']],
  ['gid', ['0', '70000', '4000000000', '']],
  [
    'mtime',
    [
      '0',
      '1500000000',
      '1500000000.123456789',
      '-1.5',
      '1.',
      '.5',
      '1.5x',
      '',
      '1e3',
      '99999999999.9',
      '1234567890.1234567890123',
    ],
  ],
  ['atime', ['1500000000.5', '', 'x']],
  ['uname', ['someone', 'nul\0x', '']],
  ['hdrcharset', ['BINARY', 'ISO-IR 10646 2000 UTF-8']],
  ['comment', ['of no use', '']],
  ['SCHILY.xattr.user.key', ['value', 'with\0nul', '']],
  ['SCHILY.realsize', ['12']],
  ['LIBARCHIVE.xattr.user.key', ['dmFsdWU']],
];

function sensible(key: string, value: string): boolean {
  if (value.includes('\0')) return key.startsWith('SCHILY.xattr');
  if (/^[ug]id|size$/.test(key)) return value === '' || (/^[1-9]?[0-9]{1,10}$/.test(value) && !value.startsWith('06'));
  return /^[amc]time$/.test(key) ? value === '' || /^-?\d+(\.\d+)?$/.test(value) : true;
}

function longOf(random: Random): Piece {
  const text = random.pick(['long/'.repeat(50), 'short', 'dir/', 'n\xff', `${'y'.repeat(511)}`, 'no-nul']);
  const nul = text === 'no-nul' ? '' : random.pick(['\0', '\0\0', '\0leftover']);
  const flag = random.chance(0.6) ? 'L' : 'K';
  return { blocks: [gnuLong(text + nul, flag)], tags: [`long:${flag}`] };
}

/** Several headers before one entry: which of them counts is where readers differ. */
function both(random: Random): Piece {
  const makers = [() => paxOf(random), () => longOf(random), () => global(random)];
  const first = random.pick(makers)();
  const joined = before(first, random.pick(makers)());
  return { blocks: joined.blocks, tags: [...joined.tags, 'two-headers'] };
}

function global(random: Random): Piece {
  const made = paxOf(random, 'g');
  return { blocks: made.blocks, tags: [...made.tags.map((tag) => tag.replace(/^pax/, 'global')), 'global'] };
}

function end(random: Random): Piece {
  switch (random.below(8)) {
    case 0:
      return { blocks: [], tags: ['no-end'] };
    case 1:
      return { blocks: [Buffer.alloc(512)], tags: ['one-end-block'] };
    case 2:
      return { blocks: [endBlocks, Buffer.from('anything behind the end'.repeat(40))], tags: ['behind-end'] };
    case 3:
      return { blocks: [Buffer.alloc(10240)], tags: [] };
    default:
      return { blocks: [endBlocks], tags: [] };
  }
}
