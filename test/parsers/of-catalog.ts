import { buildElf, inlineBlob } from '../../src/binary/elf-builder.test.support.js';
import { buildAssembly } from '../../src/binary/pe-builder.test.support.js';
import { catalogImage } from '../../src/catalog/catalog-image.js';
import { imageOf } from '../../src/catalog/image.test.support.js';
import { everyCataloguer } from '../../src/catalog/index.js';
import { buildBerkeley, buildNdb } from '../../src/database/build.test.support.js';
import type { Cataloguer } from '../../src/model/index.js';
import { rpmHeaderOf } from '../packages.js';
import { rpmHeader, sqliteSeeds } from './of-database.js';
import type { Parser, Seed } from './parser.js';
import { seedsOfCataloguer } from './seeds.js';

/** What is made rather than kept: databases of rpm, and the metadata that `layer/archive` tells. */
const made: Readonly<Record<string, () => readonly Seed[]>> = {
  rpm: () => [
    ...sqliteSeeds(),
    { label: 'ndb', path: 'usr/lib/sysimage/rpm/Packages.db', bytes: buildNdb([rpmHeader]) },
    { label: 'Berkeley DB', path: 'var/lib/rpm/Packages', bytes: buildBerkeley([rpmHeader, rpmHeader], true) },
    {
      label: 'manifest',
      path: 'var/lib/rpmmanifest/container-manifest-2',
      bytes: Buffer.from(
        'bash\t5.1.8-2.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t1234\tx86_64\t0\tbash-5.1.8-2.cm2.src.rpm\n',
      ),
    },
  ],
  'windows-programs': () => [{ label: 'library', path: 'app/a.dll', bytes: library() }],
  compiled: () => [{ label: 'operator', path: 'usr/bin/operator', bytes: operator() }],
  'rpm-archive': () => [
    {
      label: 'header',
      path: 'RPM/header',
      bytes: rpmHeaderOf({
        1000: 'demo',
        1001: '1.2',
        1002: '3',
        1022: 'noarch',
        1014: 'MIT',
        1117: ['a'],
        1118: ['/'],
      }),
    },
  ],
};

/** A library for Windows with a version resource, and without CLI metadata (data directory 14). */
function library(): Uint8Array {
  const strings = { ProductName: 'A', ProductVersion: '1.2.3', CompanyName: 'B' };
  const bytes = buildAssembly({ name: 'x', version: [1, 0, 0, 0], strings });
  return bytes.fill(0, 0x58 + 96 + 14 * 8, 0x58 + 96 + 15 * 8);
}

/** A Go program with one text in `.rodata` and its header (pointer and length) in `.data`. */
function operator(): Uint8Array {
  const address = 0x400000;
  const blob = Buffer.from(inlineBlob('go1.21.3', 'path\texample.org/operator\n'));
  const text = Buffer.from('registry.example/a/agent:1.2.3'.padEnd(32));
  const start = Math.ceil(blob.length / 16) * 16;
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(BigInt(address + start), 0);
  header.writeBigUInt64LE(30n, 8);
  return buildElf({
    bits: 64,
    littleEndian: true,
    data: Buffer.concat([blob, Buffer.alloc(start - blob.length), text, header]),
    address,
    sections: [
      { name: '.go.buildinfo', at: 0, size: blob.length },
      { name: '.rodata', at: start, size: 32 },
      { name: '.data', at: start + 32, size: 16 },
    ],
  });
}

/** Reads the file and joins it with the whole files of the same cataloguer, as an image would have them together. */
function parserOf(cataloguer: Cataloguer): Parser {
  const { name } = cataloguer;
  const seeds = (): readonly Seed[] =>
    [...seedsOfCataloguer(name), ...(made[name]?.() ?? [])].filter(({ path }) => path !== undefined);
  let beside: Readonly<Record<string, Uint8Array>> | null = null;
  return {
    name: `catalog/${name}`,
    memoryMb: 96,
    seeds,
    parse(bytes, { path = '' }) {
      beside ??= Object.fromEntries(seeds().map((seed) => [seed.path ?? '', seed.bytes]));
      catalogImage(imageOf([{ ...beside, [path]: bytes }], [cataloguer]), [cataloguer]);
    },
  };
}

export const catalogParsers: readonly Parser[] = everyCataloguer.map(parserOf);
