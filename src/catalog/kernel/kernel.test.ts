import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { buildElf } from '../../binary/elf-builder.test.support.js';
import { type CatalogFile, TrowelError } from '../../model/index.js';
import { rawZstd } from '../../pack/zstd.test.support.js';
import { catalogued, readWith } from '../image.test.support.js';
import { kernelVersion } from './image.js';
import { kernel } from './index.js';

function moduleWith(...texts: readonly string[]): Uint8Array {
  const data = Buffer.from(`${texts.join('\0')}\0`);
  const sections = [{ name: '.modinfo', at: 0, size: data.length }];
  return buildElf({ bits: 64, littleEndian: true, data, address: 0, sections });
}

/** The header of an x86 boot image: Linux, Documentation/arch/x86/boot.rst. */
function bootImage(version: string): Uint8Array {
  const bytes = Buffer.alloc(0x4000);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0x3000, 0x20e);
  bytes.write(`${version}\0`, 0x3200, 'latin1');
  return bytes;
}

const banner = 'Linux version 5.10.121-linuxkit (root@buildkit) (gcc 10) #1 SMP\n\0';

function arm64Image(): Uint8Array {
  const bytes = Buffer.alloc(8192);
  bytes.write('ARM\x64', 56, 'latin1');
  bytes.write(banner, 4000, 'latin1');
  return bytes;
}

/** Linux, drivers/firmware/efi/libstub/zboot-header.S. */
function zboot(payload: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4096);
  head.write('MZ', 0, 'latin1');
  head.write('zimg', 4, 'latin1');
  head.writeUInt32LE(4096, 8);
  head.writeUInt32LE(payload.length, 12);
  head.write('gzip', 24, 'latin1');
  return Buffer.concat([head, payload]);
}

test('kernels in each of their wrappings', () => {
  const table: readonly (readonly [string, Uint8Array, string, string])[] = [
    [
      'boot/vmlinuz-6.1.0-18-amd64',
      bootImage('6.1.0-18-amd64 (debian-kernel@x) #1 SMP'),
      '6.1.0-18-amd64',
      'version in a kernel',
    ],
    ['kernel', bootImage('5.10.121-linuxkit (root@x) #1'), '5.10.121-linuxkit', 'version in a kernel'],
    ['boot/Image', arm64Image(), '5.10.121-linuxkit', 'version in a kernel'],
    ['boot/vmlinuz', gzipSync(arm64Image()), '5.10.121-linuxkit', 'version in a kernel'],
    ['boot/vmlinuz', zboot(gzipSync(arm64Image())), '5.10.121-linuxkit', 'version in a kernel'],
    ['boot/vmlinuz-6.6.8', zboot(Buffer.from('fd377a585a000001', 'hex')), '6.6.8', 'name of a kernel'],
    [
      'boot/vmlinux',
      buildElf({ bits: 64, littleEndian: true, data: Buffer.from(banner), address: 0 }),
      '5.10.121-linuxkit',
      'version in a kernel',
    ],
  ];
  for (const [path, bytes, version, what] of table) {
    const [one] = catalogued({ [path]: bytes }).components.filter(({ foundBy }) => foundBy === 'kernel');
    assert.deepEqual([one?.purl, one?.evidence[0]?.what], [`pkg:generic/linux-kernel@${version}`, what], path);
    assert.deepEqual(one?.owns, [{ path, digest: null, mayChange: false, listed: false }]);
  }
});

test('the name by which NVD knows a kernel', () => {
  const [one] = catalogued({ 'boot/vmlinuz-6.1.0-18-amd64': bootImage('6.1.0-18-amd64 x') }).components;
  assert.deepEqual(one?.cpes, ['cpe:2.3:o:linux:linux_kernel:6.1.0\\-18\\-amd64:*:*:*:*:*:*:*']);
});

test('modules say what they are and for which kernel', () => {
  const folder = 'usr/lib/modules/6.1.0-18-amd64';
  const plain = moduleWith(
    'version=1.8',
    'license=GPL',
    'srcversion=ABC',
    'intree=Y',
    'name=8021q',
    'vermagic=6.1.0-18-amd64 SMP preempt',
  );
  const { components, gaps } = catalogued({
    [`${folder}/kernel/net/8021q/8021q.ko`]: plain,
    [`${folder}/kernel/net/quiet.ko.gz`]: gzipSync(
      moduleWith('license=GPL', 'name=quiet', 'vermagic=6.1.0-18-amd64 SMP'),
    ),
    [`${folder}/updates/dkms/nvidia.ko.zst`]: rawZstd(
      moduleWith('version=550.54', 'license=NVIDIA', 'name=nvidia', 'vermagic=6.1.0-18-amd64 SMP'),
    ),
    [`${folder}/extra/closed.ko.xz`]: Buffer.from('fd377a585a000001', 'hex'),
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.version, one.licenses, one.grade, one.evidence[0]?.value]),
    [
      ['pkg:generic/8021q@1.8', '1.8', ['GPL'], 'claimed', '8021q for 6.1.0-18-amd64, built with it, srcversion ABC'],
      ['pkg:generic/closed', null, [], 'inferred', 'closed for 6.1.0-18-amd64'],
      ['pkg:generic/nvidia@550.54', '550.54', ['NVIDIA'], 'claimed', 'nvidia for 6.1.0-18-amd64'],
      ['pkg:generic/quiet', null, ['GPL'], 'claimed', 'quiet for 6.1.0-18-amd64, built with it'],
    ],
  );
});

test('what is named like a kernel and is none is not wanted, and what is broken is a gap', () => {
  for (const path of ['usr/share/doc/kernel', 'opt/vmlinuz', 'x/Image']) {
    assert.equal(readWith(kernel, path, 'text that is long enough'.repeat(40)), null, path);
  }
  const path = 'lib/modules/1/kernel/a.ko';
  const table: readonly (readonly [string, Uint8Array, string])[] = [
    ['no section', buildElf({ bits: 64, littleEndian: true, data: Buffer.from('x'), address: 0 }), 'bad-bytes'],
    ['no ELF', Buffer.from('hello'), 'truncated'],
  ];
  for (const [name, bytes, reason] of table) {
    const result = readWith(kernel, path, bytes);
    assert.deepEqual([result?.records.length, result?.gaps[0]?.reason], [0, reason], name);
  }
});

test('mutations: answers or gaps', () => {
  const originals: readonly (readonly [string, Uint8Array])[] = [
    ['boot/vmlinuz', bootImage('6.1.0 x')],
    ['boot/vmlinuz', zboot(gzipSync(arm64Image()))],
    ['lib/modules/1/kernel/a.ko', moduleWith('name=a', 'vermagic=1 x')],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 10 }),
      ([path, original], changes) => {
        const bytes = Uint8Array.from(original);
        for (const [at, value] of changes) bytes[at % Math.min(bytes.length, 0x300)] = value;
        readWith(kernel, path, bytes);
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});

test('an uncompressed kernel of any size is searched through a window, its banner across the edge of two', () => {
  // With debug information a vmlinux has hundreds of MB, more than a layer's pass gives at once.
  const sizeBytes = 300 * 1024 ** 2;
  const at = 64 * 1024 * 3 - 5;
  const head = Buffer.from(buildElf({ bits: 64, littleEndian: true, data: Buffer.alloc(64), address: 0 })).subarray(
    0,
    64,
  );
  let most = 0;
  const file: CatalogFile = {
    head: { path: 'boot/vmlinux', type: 'file', mode: 0o644, sizeBytes, link: null },
    sizeBytes,
    slice(offset, length) {
      most = Math.max(most, length);
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - offset)));
      if (offset === 0) head.copy(bytes);
      const words = Buffer.from(banner, 'latin1');
      for (let place = 0; place < words.length; place++) {
        const index = at + place - offset;
        if (index >= 0 && index < bytes.length) bytes[index] = words[place] ?? 0;
      }
      return bytes;
    },
    bytes() {
      throw new TrowelError('too-large', { what: 'the whole file' });
    },
  };
  assert.equal(kernelVersion(file)?.version, '5.10.121-linuxkit');
  assert.ok(most <= 1024 ** 2, `${most} bytes at once`);
});
