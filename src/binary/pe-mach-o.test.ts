import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { inlineBlob, sourceOf } from './elf-builder.test.support.js';
import { readGoBuildInfo } from './go-buildinfo.js';
import { isFatMachO, isMachO, readMachO } from './mach-o.js';
import { readPe } from './pe.js';

const imageBase = 0x140000000;

/** A PE32+ file with one data section at 0x1000: imports at its start, exports at 0x80, a Go blob at 0x100. */
function buildPe(): Uint8Array {
  const blob = inlineBlob('go1.21.3', 'path\tx\n');
  const data = Buffer.alloc(0x100 + blob.length);
  data.writeUInt32LE(0x1040, 12); // import row: name at 0x1040; the next row is zeros
  data.write('kernel32.dll\0', 0x40, 'latin1');
  data.writeUInt32LE(1, 0x80 + 24);
  data.writeUInt32LE(0x10d0, 0x80 + 32);
  data.writeUInt32LE(0x10e0, 0xd0);
  data.write('Exported\0', 0xe0, 'latin1');
  data.set(blob, 0x100);
  const header = Buffer.alloc(0x200);
  header.write('MZ', 'latin1');
  header.writeUInt32LE(0x40, 0x3c);
  header.write('PE\0\0', 0x40, 'latin1');
  header.writeUInt16LE(0x8664, 0x44);
  header.writeUInt16LE(1, 0x46);
  header.writeUInt16LE(240, 0x54);
  header.writeUInt16LE(0x2022, 0x56);
  const optional = 0x58;
  header.writeUInt16LE(0x20b, optional);
  header.writeBigUInt64LE(BigInt(imageBase), optional + 24);
  header.writeUInt32LE(16, optional + 108);
  header.writeUInt32LE(0x1080, optional + 112);
  header.writeUInt32LE(0x1000, optional + 120);
  const section = optional + 240;
  header.write('.data', section, 'latin1');
  header.writeUInt32LE(data.length, section + 8);
  header.writeUInt32LE(0x1000, section + 12);
  header.writeUInt32LE(data.length, section + 16);
  header.writeUInt32LE(0x200, section + 20);
  header.writeUInt32LE(0xc0000040, section + 36);
  return Buffer.concat([header, data]);
}

/** A 64-bit little-endian Mach-O program: one segment with a Go section, one library, a UUID. */
function buildMachO(): Uint8Array {
  const blob = inlineBlob('go1.21.3', 'path\tx\n');
  const segment = Buffer.alloc(72 + 80);
  segment.writeUInt32LE(0x19, 0);
  segment.writeUInt32LE(segment.length, 4);
  segment.write('__DATA', 8, 'latin1');
  segment.writeBigUInt64LE(0x100000000n, 24);
  segment.writeBigUInt64LE(BigInt(blob.length), 32);
  segment.writeBigUInt64LE(512n, 40);
  segment.writeBigUInt64LE(BigInt(blob.length), 48);
  segment.writeUInt32LE(3, 56);
  segment.writeUInt32LE(3, 60);
  segment.writeUInt32LE(1, 64);
  segment.write('__go_buildinfo', 72, 'latin1');
  segment.write('__DATA', 88, 'latin1');
  segment.writeBigUInt64LE(0x100000000n, 104);
  segment.writeBigUInt64LE(BigInt(blob.length), 112);
  segment.writeUInt32LE(512, 120);
  const library = Buffer.alloc(56);
  library.writeUInt32LE(0xc, 0);
  library.writeUInt32LE(library.length, 4);
  library.writeUInt32LE(24, 8);
  library.write('/usr/lib/libSystem.B.dylib', 24, 'latin1');
  const uuid = Buffer.alloc(24, 0xab);
  uuid.writeUInt32LE(0x1b, 0);
  uuid.writeUInt32LE(24, 4);
  const commands = Buffer.concat([segment, library, uuid]);
  const header = Buffer.alloc(32);
  for (const [index, value] of [0xfeedfacf, 0x100000c, 0, 2, 3, commands.length].entries()) {
    header.writeUInt32LE(value, index * 4);
  }
  const out = Buffer.alloc(512 + blob.length);
  out.set(Buffer.concat([header, commands]));
  out.set(blob, 512);
  return out;
}

test('a PE library: machine, imports, exports, Go build info', () => {
  const source = sourceOf(buildPe());
  const pe = readPe(source);
  assert.deepEqual(
    [pe.bits, pe.architecture, pe.isLibrary, pe.isManaged, pe.imageBase, pe.needed, pe.exported],
    [64, 'amd64', true, false, imageBase, ['kernel32.dll'], ['Exported']],
  );
  assert.deepEqual(
    pe.sections.map(({ name, address }) => [name, address]),
    [['.data', 0x1000]],
  );
  assert.equal(readGoBuildInfo(source)?.path, 'x');
});

test('a Mach-O program: segments, libraries, UUID, Go build info; the same inside a universal one', () => {
  const thin = buildMachO();
  const [program] = readMachO(sourceOf(thin));
  assert.deepEqual(
    [program?.bits, program?.littleEndian, program?.architecture, program?.type, program?.needed, program?.uuid],
    [64, true, 'arm64', 'executable', ['/usr/lib/libSystem.B.dylib'], 'ab'.repeat(16)],
  );
  assert.equal(readGoBuildInfo(sourceOf(thin))?.path, 'x');
  const fat = Buffer.alloc(4096);
  for (const [index, value] of [0xcafebabe, 1, 0x100000c, 0, 4096, thin.length, 12].entries()) {
    fat.writeUInt32BE(value, index * 4);
  }
  const universal = Buffer.concat([fat, thin]);
  assert.deepEqual(
    readMachO(sourceOf(universal)).map((one) => one.sections.map(({ name, offset }) => [name, offset])),
    [[['__go_buildinfo', 4096 + 512]]],
  );
  assert.equal(readGoBuildInfo(sourceOf(universal))?.path, 'x');
});

test('a Java class is no universal binary', () => {
  const javaClass = Buffer.from('cafebabe0000003d', 'hex');
  assert.equal(isFatMachO(javaClass), false);
  assert.equal(isMachO(javaClass), false);
  assert.equal(isMachO(Buffer.from('cafebabe00000002', 'hex')), true);
  assert.equal(isMachO(new Uint8Array(3)), false);
});

test('what is broken is said', () => {
  const pe = buildPe();
  const edit = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy.set(values, at);
    return copy;
  };
  const table: readonly (readonly [string, () => unknown, string])[] = [
    ['no MZ', () => readPe(sourceOf(edit(pe, 0, 0))), 'bad-bytes'],
    ['only MZ', () => readPe(sourceOf(pe.subarray(0, 2))), 'truncated'],
    ['PE header past the end', () => readPe(sourceOf(edit(pe, 0x3c, 0, 0, 0, 0x7f))), 'truncated'],
    ['no PE header', () => readPe(sourceOf(edit(pe, 0x40, 0))), 'bad-bytes'],
    ['optional header of no kind', () => readPe(sourceOf(edit(pe, 0x58, 0, 0))), 'bad-bytes'],
    ['no Mach-O', () => readMachO(sourceOf(new Uint8Array(64))), 'bad-bytes'],
    ['cut Mach-O', () => readMachO(sourceOf(buildMachO().subarray(0, 60))), 'truncated'],
    ['a command of no size', () => readMachO(sourceOf(edit(buildMachO(), 36, 0, 0))), 'bad-bytes'],
  ];
  for (const [name, read, code] of table) {
    assert.throws(read, (error) => isTrowelError(error) && error.code === code, name);
  }
  // A DOS program is no Go program; it is no broken file either.
  assert.equal(readGoBuildInfo(sourceOf(edit(pe, 0x40, 0))), null);
});

test('edits and cuts end in an answer or a typed error', () => {
  for (const [whole, read] of [
    [buildPe(), readPe],
    [buildMachO(), readMachO],
  ] as const) {
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 6 }),
        (cut, edits) => {
          const bytes = Uint8Array.from(whole.subarray(0, whole.length - (cut % 300)));
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          try {
            read(sourceOf(bytes));
            readGoBuildInfo(sourceOf(bytes));
          } catch (error) {
            assert.ok(isTrowelError(error, 'bad-bytes', 'truncated', 'too-large'), String(error));
          }
        },
      ),
      { numRuns: 1500, seed: 7 },
    );
  }
});
