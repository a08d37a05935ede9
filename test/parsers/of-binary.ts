import { buildElf, goProgram, pointerBlob, sourceOf } from '../../src/binary/elf-builder.test.support.js';
import {
  isElf,
  isMachO,
  isPe,
  parseModuleInfo,
  readAssembly,
  readCompilers,
  readElf,
  readElfNamedAddresses,
  readElfSymbols,
  readGoBuildInfo,
  readGoLinkedTexts,
  readGoStrings,
  readMachO,
  readPackageNote,
  readPacked,
  readPe,
  readVersionStrings,
} from '../../src/binary/index.js';
import { buildAssembly } from '../../src/binary/pe-builder.test.support.js';
import type { Parser, Seed } from './parser.js';
import { seedsOfCataloguer } from './seeds.js';

const modules =
  'path\tx\nmod\tx\tv1.0.0\th1:a=\ndep\ty\tv2.0.0\th1:b=\n=>\tz\tv3.0.0\th1:c=\nbuild\t-ldflags="-X main.v=1"\n';

/** Programs of all cataloguers that read some. */
function programs(wanted: (bytes: Uint8Array) => boolean): readonly Seed[] {
  const ofCataloguers = ['elf', 'go', 'rust', 'graalvm', 'dotnet', 'binaries', 'compiled', 'kernel'].flatMap((name) =>
    seedsOfCataloguer(name),
  );
  const old = pointerBlob('go1.17', modules, { address: 0x1000, size: 8, littleEndian: true });
  const built: readonly Seed[] = [
    { label: 'Go', bytes: goProgram('go1.21.3', modules) },
    {
      label: 'Go before 1.18',
      bytes: buildElf({
        bits: 64,
        littleEndian: true,
        data: old,
        address: 0x1000,
        sections: [{ name: '.go.buildinfo', at: 0, size: old.length }],
      }),
    },
    { label: '32 bits, big-endian', bytes: buildElf({ bits: 32, littleEndian: false, data: old, address: 0x1000 }) },
    {
      label: 'assembly',
      bytes: buildAssembly({
        name: 'A',
        version: [1, 2, 3, 4],
        strings: { ProductVersion: '1.2.3', CompanyName: 'c' },
      }),
    },
    { label: 'Mach-O', bytes: machO() },
    { label: 'universal', bytes: universal() },
  ];
  return [...built, ...ofCataloguers].filter(({ bytes }) => wanted(bytes));
}

/** 64-bit little-endian: one segment without sections, one library, a UUID (mach-o/loader.h). */
function machO(): Uint8Array {
  const segment = Buffer.alloc(72);
  segment.writeUInt32LE(0x19, 0);
  segment.writeUInt32LE(72, 4);
  segment.write('__DATA', 8, 'latin1');
  segment.writeBigUInt64LE(0x100000000n, 24);
  segment.writeBigUInt64LE(64n, 32);
  segment.writeBigUInt64LE(256n, 40);
  segment.writeBigUInt64LE(64n, 48);
  const library = Buffer.alloc(48);
  library.writeUInt32LE(0xc, 0);
  library.writeUInt32LE(48, 4);
  library.writeUInt32LE(24, 8);
  library.write('/usr/lib/libSystem', 24, 'latin1');
  const uuid = Buffer.alloc(24, 0xab);
  uuid.writeUInt32LE(0x1b, 0);
  uuid.writeUInt32LE(24, 4);
  const commands = Buffer.concat([segment, library, uuid]);
  const header = Buffer.alloc(32);
  for (const [at, value] of [0xfeedfacf, 0x100000c, 0, 2, 3, commands.length].entries()) {
    header.writeUInt32LE(value, at * 4);
  }
  return Buffer.concat([header, commands, Buffer.alloc(512)]);
}

function universal(): Uint8Array {
  const program = machO();
  const header = Buffer.alloc(48);
  for (const [at, value] of [0xcafebabe, 1, 0x100000c, 0, 48, program.length, 4].entries()) {
    header.writeUInt32BE(value, at * 4);
  }
  return Buffer.concat([header, program]);
}

export const binaryParsers: readonly Parser[] = [
  {
    name: 'elf',
    memoryMb: 32,
    seeds: () => programs(isElf),
    parse(bytes) {
      const source = sourceOf(bytes);
      const elf = readElf(source);
      readElfSymbols(source, elf);
      readElfNamedAddresses(source, elf, () => true, 10_000);
      readCompilers(source, elf);
      readPackageNote(elf);
    },
  },
  {
    name: 'go-buildinfo',
    memoryMb: 32,
    seeds: () => programs(() => true),
    parse(bytes) {
      const source = sourceOf(bytes);
      readGoBuildInfo(source);
      readGoLinkedTexts(source, () => true);
    },
  },
  {
    name: 'go-modules',
    memoryMb: 16,
    seeds: () => [{ label: 'modules', bytes: Buffer.from(modules) }],
    parse: (bytes) => parseModuleInfo(Buffer.from(bytes).toString('utf8')),
  },
  {
    name: 'go-strings',
    memoryMb: 32,
    seeds: () => programs(isElf),
    parse: (bytes) => readGoStrings(sourceOf(bytes), () => true),
  },
  {
    name: 'pe',
    memoryMb: 32,
    // Kernels begin like one, and have little of it.
    seeds: () => programs((bytes) => isPe(bytes) && bytes.length < 4000),
    parse(bytes) {
      const source = sourceOf(bytes);
      const file = readPe(source);
      readAssembly(source, file);
      readVersionStrings(source, file);
    },
  },
  { name: 'mach-o', memoryMb: 32, seeds: () => programs(isMachO), parse: (bytes) => readMachO(sourceOf(bytes)) },
  { name: 'packed', memoryMb: 16, seeds: () => programs(() => true), parse: (bytes) => readPacked(sourceOf(bytes)) },
];
