import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rawZstd } from '../pack/zstd.test.support.js';
import { chisel } from './chisel.js';
import { catalogued, readWith } from './image.test.support.js';

const path = 'var/lib/chisel/manifest.wall';
const sha = (digit: string): string => digit.repeat(64);
const lines = [
  { jsonwall: '1.0', schema: '1.0', count: 12 },
  { kind: 'content', slice: 'libc6_libs', path: '/usr/lib/libc.so.6' },
  { kind: 'package', name: 'ca-certificates', version: '20230311', sha256: sha('9'), arch: 'all' },
  { kind: 'package', name: 'libc6', version: '2.39-0ubuntu8.3', sha256: sha('8'), arch: 'amd64' },
  { kind: 'path', path: '/etc/', mode: '0755', slices: ['ca-certificates_data', 'libc6_libs'] },
  {
    kind: 'path',
    path: '/etc/ssl/certs/ca-certificates.crt',
    mode: '0644',
    slices: ['ca-certificates_data'],
    sha256: sha('1'),
    final_sha256: sha('2'),
    size: 10,
  },
  { kind: 'path', path: '/usr/lib/libc.so.6', mode: '0755', slices: ['libc6_libs'], sha256: sha('3'), size: 5 },
  { kind: 'path', path: '/usr/lib/link', mode: '0777', slices: ['libc6_libs'], link: 'libc.so.6' },
  { kind: 'path', path: '/var/lib/chisel/manifest.wall', mode: '0644', slices: ['libc6_libs'] },
  { kind: 'slice', name: 'ca-certificates_data' },
  { kind: 'slice', name: 'libc6_libs' },
].map((line) => JSON.stringify(line));
const manifest = rawZstd(Buffer.from(`${lines.join('\n')}\n`));

test('packages, their slices, and files with their final digests', () => {
  const { components, gaps } = catalogued({
    'etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\nID_LIKE=debian\n',
    'etc/ssl/certs/ca-certificates.crt': 'certs',
    'usr/lib/libc.so.6': 'libc',
    'usr/lib/link': { link: 'libc.so.6' },
    [path]: manifest,
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.release, one.source, one.evidence[0]?.value]),
    [
      [
        'pkg:deb/ubuntu/ca-certificates@20230311?arch=all&distro=ubuntu-24.04',
        'Ubuntu',
        '24.04',
        null,
        'ca-certificates 20230311 all: ca-certificates_data',
      ],
      [
        'pkg:deb/ubuntu/libc6@2.39-0ubuntu8.3?arch=amd64&distro=ubuntu-24.04',
        'Ubuntu',
        '24.04',
        null,
        'libc6 2.39-0ubuntu8.3 amd64: libc6_libs',
      ],
    ],
  );
  assert.deepEqual(components[0]?.owns, [
    { path: 'etc/ssl/certs/ca-certificates.crt', digest: { algorithm: 'sha256', hex: sha('2') }, mayChange: true },
  ]);
  assert.deepEqual(components[1]?.owns, [
    { path: 'usr/lib/libc.so.6', digest: { algorithm: 'sha256', hex: sha('3') }, mayChange: false },
    { path: 'usr/lib/link', digest: null, mayChange: false },
    { path, digest: null, mayChange: false },
  ]);
  // Ubuntu publishes advisories by source packages, which the manifest does not name.
  assert.deepEqual(
    gaps.map(({ path: where, reason, detail }) => [where, reason, detail.includes('2 packages')]),
    [[path, 'unsupported', true]],
  );
});

test('what is no manifest, or a broken one, is a gap', () => {
  const table: readonly (readonly [string, Uint8Array, number, string])[] = [
    ['another schema', rawZstd(Buffer.from('{"jsonwall":"1.0","schema":"2.0"}\n')), 0, 'unsupported'],
    ['text', rawZstd(Buffer.from('hello\n')), 0, 'bad-database'],
    ['cut off', manifest.subarray(0, -30), 0, 'bad-database'],
    ['a bad line', rawZstd(Buffer.from([...lines, '{"kind":'].join('\n'))), 2, 'bad-database'],
  ];
  for (const [name, bytes, count, reason] of table) {
    const result = readWith(chisel, path, bytes);
    assert.deepEqual([result?.records.length, result?.gaps.map((gap) => gap.reason)], [count, [reason]], name);
  }
});

test('no line makes it throw', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.integer(),
    fc.constant(null),
    fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  );
  const line = fc.dictionary(fc.constantFrom('kind', 'name', 'version', 'path', 'slices', 'sha256'), value);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (objects) => {
      const text = [lines[0], ...objects.map((one) => JSON.stringify({ ...one }))].join('\n');
      catalogued({ [path]: rawZstd(Buffer.from(text)) });
    }),
    { numRuns: 300, seed: 7 },
  );
});
