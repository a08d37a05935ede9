import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { readCompilers } from './compilers.js';
import { type ElfFile, readElf } from './elf.js';
import { buildElf } from './elf-builder.test.support.js';
import { readGoLinkedTexts } from './go-linked.js';
import { readPackageNote } from './package-note.js';
import { readPacked } from './packed.js';
import type { ByteSource } from './source.js';

function sourceOf(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.length, slice: (offset, length) => bytes.subarray(offset, offset + length) };
}

function elfWith(words: string, sections: readonly { name: string; at: number; size: number }[] = []): Uint8Array {
  return buildElf({ bits: 64, littleEndian: true, data: Buffer.from(words, 'latin1'), address: 0x1000, sections });
}

function withNote(content: string, owner = 'FDO', type = 0xcafe1a7e): ElfFile {
  return { ...readElf(sourceOf(elfWith('x'))), notes: [{ owner, type, content: Buffer.from(content) }] };
}

test('package notes as the specification shows them', () => {
  const json =
    '{"type":"rpm","name":"systemd","version":"255~rc2-1.fc40","architecture":"x86_64","os":"fedora","osVersion":"40","osCpe":"cpe:/o:fedoraproject:fedora:40","debugInfoUrl":"https://debuginfod.fedoraproject.org/"}';
  assert.deepEqual(readPackageNote(withNote(`${json}\0\0`)), {
    type: 'rpm',
    name: 'systemd',
    version: '255~rc2-1.fc40',
    architecture: 'x86_64',
    os: 'fedora',
    osVersion: '40',
    osCpe: 'cpe:/o:fedoraproject:fedora:40',
  });
  assert.equal(readPackageNote(withNote(json, 'GNU')), null);
  assert.equal(readPackageNote(withNote(json, 'FDO', 1)), null);
  for (const bad of ['', '{', '[]', 'null', '7', '{"version":"1"}', '{"name":7}']) {
    assert.equal(readPackageNote(withNote(bad)), null, bad);
  }
  assert.equal(readPackageNote(withNote('{"name":"a","version":["1"]}'))?.version, null);
});

const systemd = '/usr/lib/x86_64-linux-gnu/libsystemd.so.0';

test('the note in a real library', { skip: existsSync(systemd) ? false : 'no libsystemd on this machine' }, (t) => {
  const bytes = readFileSync(systemd);
  const note = readPackageNote(readElf(sourceOf(bytes)));
  if (!bytes.includes('{"type":"')) {
    t.skip('this libsystemd was built without a note');
    return;
  }
  assert.equal(note?.name, 'systemd');
});

test('compilers: each once, unreadable texts left out', () => {
  const words = '\0GCC: (Debian 12.2.0-14) 12.2.0\0\x01\x02\0GCC: (Debian 12.2.0-14) 12.2.0\0Linker: LLD 14\0';
  const elf = elfWith(words, [{ name: '.comment', at: 0, size: words.length }]);
  assert.deepEqual(readCompilers(sourceOf(elf), readElf(sourceOf(elf))), [
    'GCC: (Debian 12.2.0-14) 12.2.0',
    'Linker: LLD 14',
  ]);
  const none = elfWith(words);
  assert.deepEqual(readCompilers(sourceOf(none), readElf(sourceOf(none))), []);
});

test('packed programs: the mark in the headers and at the end, the version in the words of the unpacker', () => {
  const words =
    '$Info: This file is packed with the UPX executable packer http://upx.sf.net $\n\0$Id: UPX 3.96 Copyright (C) 1996-2020 the UPX Team. All Rights Reserved. $\n\0';
  const packed = elfWith(`\x0d\x2f\x9f\x01UPX!\x0d\x16${'\xaa'.repeat(9000)}${words}${'\xbb'.repeat(300)}UPX!\x0d`);
  assert.deepEqual(readPacked(sourceOf(packed)), { packer: 'UPX', version: '3.96', offset: packed.indexOf(0x55) });
  // As in a program of Go packed with UPX 4.24: the code that unpacks lies far from both ends.
  for (const before of [200_000, 1024 * 1024 - 90, 1024 * 1024]) {
    const far = elfWith(`\x0d\x2f\x9f\x01UPX!${'\xaa'.repeat(before)}${words}${'\xbb'.repeat(200_000)}UPX!\x0d`);
    assert.equal(readPacked(sourceOf(far))?.version, '3.96', String(before));
  }
  const nameless = elfWith(`\x0d\x2f\x9f\x01UPX!${'\xaa'.repeat(9000)}UPX!\x0d`);
  assert.equal(readPacked(sourceOf(nameless))?.version, null);
  // A program that speaks of the mark is none.
  assert.equal(readPacked(sourceOf(elfWith(`text UPX! text${'a'.repeat(100_000)}`))), null);
  assert.equal(readPacked(sourceOf(Buffer.from('#!/bin/sh\necho UPX!\n'))), null);
  const exe = Buffer.concat([
    Buffer.from(`MZ${'\0'.repeat(400)}UPX0\0\0\0\0UPX1\0\0\0\0.rsrc\0${'\0'.repeat(300)}3.96\0UPX!`, 'latin1'),
    Buffer.alloc(9000),
  ]);
  assert.equal(readPacked(sourceOf(exe))?.version, '3.96');
});

/** Variables in `.data` and texts behind them: a text before a zero byte, one before another text. */
function linkedElf(): Uint8Array {
  const address = 0x1000;
  const texts = Buffer.from('v1.2.3\0v4.5.6no end', 'latin1');
  const data = Buffer.alloc(32 + texts.length);
  data.writeBigUInt64LE(BigInt(address + 32), 0);
  data.writeBigUInt64LE(6n, 8);
  data.writeBigUInt64LE(BigInt(address + 32 + 7), 16);
  data.writeBigUInt64LE(6n, 24);
  texts.copy(data, 32);
  return buildElf({ bits: 64, littleEndian: true, data, address, sections: [{ name: '.data', at: 0, size: 32 }] });
}

test('a linked text is one that a variable points to and a zero byte ends', () => {
  const elf = linkedElf();
  assert.deepEqual(
    readGoLinkedTexts(sourceOf(elf), () => true).map(({ variable, value }) => [variable, value]),
    [[null, 'v1.2.3']],
  );
  assert.deepEqual(
    readGoLinkedTexts(sourceOf(elf), () => false),
    [],
  );
  assert.deepEqual(
    readGoLinkedTexts(sourceOf(Buffer.from('no program')), () => true),
    [],
  );
});

test('mutated programs: a result or a TrowelError, never anything else', () => {
  const words = `${'\0'.repeat(40)}UPX!$Id: UPX 3.96 UPX!`;
  const seeds = [linkedElf(), elfWith(words, [{ name: '.comment', at: 0, size: words.length }])];
  const cases = fc.tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 16 }),
    fc.nat(),
  );
  fc.assert(
    fc.property(cases, ([seed, changes, length]) => {
      const copy = Uint8Array.from(seed);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      const source = sourceOf(copy.subarray(0, 1 + (length % copy.length)));
      readPacked(source);
      try {
        const elf = readElf(source);
        readCompilers(source, elf);
        readPackageNote(elf);
        readGoLinkedTexts(source, () => true);
      } catch (error) {
        if (!isTrowelError(error)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
