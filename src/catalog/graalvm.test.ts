import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { graalvm } from './graalvm.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const document = gzipSync(
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    components: [
      {
        type: 'library',
        group: 'io.netty',
        name: 'netty-common',
        version: '4.1.110.Final',
        purl: 'pkg:maven/io.netty/netty-common@4.1.110.Final',
      },
    ],
  }),
);
const names = Buffer.from('\0other\0sbom_length\0sbom\0', 'latin1');
const address = 0x400000;

/** Document, its length, names, and symbols (System V gABI: name, info, other, section, value, size). */
function image(length = document.length, text = ''): Uint8Array {
  const lengthAt = document.length;
  const namesAt = lengthAt + 8;
  const symbolsAt = namesAt + names.length;
  const symbols = Buffer.alloc(3 * 24);
  symbols.writeUInt32LE(names.indexOf('sbom_length'), 24);
  symbols.writeBigUInt64LE(BigInt(address + lengthAt), 32);
  symbols.writeUInt32LE(names.indexOf('\0sbom\0') + 1, 48);
  symbols.writeBigUInt64LE(BigInt(address), 56);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  const data = Buffer.concat([document, size, names, symbols, Buffer.from(`\0${text}\0`)]);
  return buildElf({
    bits: 64,
    littleEndian: true,
    address,
    data,
    sections: [
      { name: '.svm_heap', at: 0, size: document.length },
      { name: '.dynstr', at: namesAt, size: names.length },
      { name: '.dynsym', at: symbolsAt, size: symbols.length },
    ],
  });
}

test('the virtual machine that is compiled in', () => {
  for (const [text, version] of [
    ['com.oracle.svm.core.VM=GraalVM CE 25.0.2+10.1', '25.0.2%2B10.1'],
    ['com.oracle.svm.core.VM=Oracle GraalVM 21.0.2+13.1', '21.0.2%2B13.1'],
    ['com.oracle.svm.core.VM=GraalVM 22.3.1 Java 17 CE', '22.3.1'],
  ] as const) {
    const purls = catalogued({ 'app/server': image(document.length, text) }).components.map((one) => one.purl);
    assert.deepEqual(purls, [`pkg:generic/oracle/graalvm@${version}`, 'pkg:maven/io.netty/netty-common@4.1.110.Final']);
  }
});

test('the bill of materials inside a native image', () => {
  const { components, gaps } = catalogued({ 'app/server': image() });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.name, one.ecosystem, one.foundBy]),
    [['pkg:maven/io.netty/netty-common@4.1.110.Final', 'io.netty:netty-common', 'Maven', 'graalvm']],
  );
});

test('a length that leads out of the file is a gap', () => {
  assert.equal(readWith(graalvm, 'x', image(2 ** 40))?.gaps[0]?.reason, 'bad-bytes');
  assert.equal(readWith(graalvm, 'x', image(10))?.gaps[0]?.reason, 'bad-bytes');
});

test('broken native images', () => survivesMutations('app/server', image(), 300));
