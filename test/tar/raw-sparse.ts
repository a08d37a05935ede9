import type { Random } from '../fuzz/random.js';
import { before, content, numberText, type Piece } from './from-raw.js';
import { octal, padded, paxHeader, rawBlock } from './raw.js';

interface Map {
  readonly extents: readonly (readonly [number, number])[];
  readonly stored: Buffer;
  readonly realSize: number;
}

/** A sparse file in one of the formats; the map lies now and then. */
export function rawSparse(random: Random, index: number): Piece {
  const tags: string[] = ['sparse'];
  const map = mapOf(random, tags);
  const kind = random.pick(['old', '0.0', '0.1', '1.0', 'star'] as const);
  tags.push(`sparse:${kind}`);
  if (kind === 'old' || kind === 'star') return { blocks: oldSparse(map, index, kind, random, tags), tags };
  return paxSparse(map, index, kind, random, tags);
}

function mapOf(random: Random, tags: string[]): Map {
  const count = random.pick([0, 1, 2, 4, 5, 6, 25, 26, 30]);
  const extents: [number, number][] = [];
  const stored: Buffer[] = [];
  let at = random.pick([0, 512, 1024]);
  // Tools find holes in blocks: all stretches but the last are whole blocks.
  const aligned = random.chance(0.8);
  if (!aligned) tags.push('sparse:unaligned');
  for (let i = 0; i < count; i++) {
    const some = content(random);
    const bytes = aligned && i < count - 1 ? padded(some) : some;
    extents.push([at, bytes.length]);
    stored.push(bytes);
    at += bytes.length + random.pick([0, 512, 4096, 10_000]);
  }
  let realSize = at + random.pick([0, 1, 5000]);
  // GNU tar ends a map with an empty extent where the file ends in a hole.
  if (random.chance(0.5)) extents.push([realSize, 0]);
  const found = extents[random.below(extents.length)];
  if (found !== undefined && random.chance(0.15)) {
    tags.push('sparse:lie');
    found[random.below(2)] = random.pick([0, 1, 600, 2 ** 33, found[0] + 1]);
  }
  if (random.chance(0.05)) {
    tags.push('sparse:lie');
    realSize = random.pick([0, realSize + 1, Math.max(0, realSize - 1)]);
  }
  if (extents.length === 1) tags.push('sparse:one');
  const [lastOffset = 0, lastLength = 0] = extents.at(-1) ?? [];
  if (lastOffset + lastLength !== realSize) tags.push('sparse:open-end');
  return { extents, stored: Buffer.concat(stored), realSize };
}

function oldSparse(map: Map, index: number, kind: 'old' | 'star', random: Random, tags: string[]): Buffer[] {
  const number = (value: number): string => numberText(value, 12, random, tags).padEnd(12, '\0');
  const pairs = map.extents.map(([offset, length]) => number(offset) + number(length));
  const first = pairs.splice(0, 4);
  const header = rawBlock({
    name: `${index}sparse`,
    flag: 'S',
    magic: kind === 'old' ? 'gnu' : 'star',
    size: octal(map.stored.length, 12),
    at: [
      [386, first.join('')],
      [482, pairs.length > 0 ? '\x01' : '\0'],
      [483, octal(map.realSize, 12)],
    ],
  });
  const more: Buffer[] = [];
  while (pairs.length > 0) {
    const block = Buffer.alloc(512);
    block.write(pairs.splice(0, 21).join(''), 0, 'latin1');
    block[504] = pairs.length > 0 ? 1 : 0;
    more.push(block);
  }
  return [header, ...more, padded(map.stored)];
}

function paxSparse(map: Map, index: number, kind: '0.0' | '0.1' | '1.0', random: Random, tags: string[]): Piece {
  const [major = '', minor = ''] = kind.split('.');
  const flat = map.extents.flat();
  const records: [string, string][] = [];
  if (kind === '1.0' || random.chance(0.7)) records.push(['GNU.sparse.major', major], ['GNU.sparse.minor', minor]);
  if (random.chance(0.8)) records.push(['GNU.sparse.name', `${index}sparse-name`]);
  const size = String(map.realSize);
  const sizeKeys = random.pick([
    ['GNU.sparse.realsize'],
    ['GNU.sparse.size'],
    ['GNU.sparse.size', 'GNU.sparse.realsize'],
    [],
  ]);
  for (const key of sizeKeys)
    records.push([key, sizeKeys.length === 2 && random.chance(0.2) ? String(map.realSize + 1) : size]);
  if (kind !== '1.0')
    records.push(['GNU.sparse.numblocks', String(map.extents.length + (random.chance(0.03) ? 1 : 0))]);
  if (kind === '0.1') records.push(['GNU.sparse.map', flat.join(',')]);
  if (kind === '0.0') {
    flat.forEach((value, i) => {
      records.push([i % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes', String(value)]);
    });
  }
  if (random.chance(0.1)) records.push(['path', 'of/pax']);
  if (sizeKeys.length !== 1) tags.push('sparse:sizes');
  const list = Buffer.from(`${[map.extents.length, ...flat].join('\n')}\n`);
  const body = kind === '1.0' ? Buffer.concat([padded(list), map.stored]) : map.stored;
  const header = rawBlock({
    name: `GNUSparseFile.0/${index}`,
    flag: random.pick(['0', '0', '0', '\0', '7']),
    magic: random.pick(['ustar', 'ustar', 'ustar', 'gnu']),
    size: octal(body.length, 12),
  });
  return before({ blocks: [paxHeader(records)], tags }, { blocks: [header, padded(body)], tags: [] });
}
