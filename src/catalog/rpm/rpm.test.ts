import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { programMissing, sharedData, sharedMissing } from '../../../test/paths.js';
import { buildBerkeley, buildNdb, u32 } from '../../database/build.test.support.js';
import type { Component, JsonValue } from '../../model/index.js';
import { catalogued, readWith, type TestLayer } from '../image.test.support.js';
import { object } from '../shape.js';
import { sourceOf } from './component.js';
import { readRpmHeader, rpmTag } from './header.js';
import { header, type Value } from './header.test.support.js';
import { rpm } from './index.js';

const real = sharedData('rpmdb');
const skip = real === null ? sharedMissing : false;
const osRelease = 'ID=rocky\nVERSION_ID="9.4"\nID_LIKE="rhel centos fedora"\n';

const sha256 = (digit: string): string => digit.repeat(64);

const bash = header({
  [rpmTag.name]: 'bash',
  [rpmTag.version]: '5.1.8',
  [rpmTag.release]: '9.el9',
  [rpmTag.epoch]: { int32: [1] },
  [rpmTag.arch]: 'x86_64',
  [rpmTag.sourceRpm]: 'bash-5.1.8-9.el9.src.rpm',
  [rpmTag.license]: 'GPLv3+',
  [rpmTag.vendor]: 'Rocky Enterprise Software Foundation',
  [rpmTag.installTime]: { int32: [1_700_000_000] },
  [rpmTag.fileDigestAlgorithm]: { int32: [8] },
  [rpmTag.dirNames]: ['/etc/', '/usr/bin/', '/usr/share/doc/'],
  [rpmTag.dirIndexes]: { int32: [0, 1, 1, 2, 0, 1, 0] },
  [rpmTag.baseNames]: ['bashrc', 'bash', 'sh', 'bash', 'ghost', 'replaced', 'varies'],
  [rpmTag.fileModes]: { int16: [0o100644, 0o100755, 0o120777, 0o040755, 0o100644, 0o100755, 0o100644] },
  [rpmTag.fileFlags]: { int32: [1 | 16, 0, 0, 0, 64, 0, 0] },
  [rpmTag.fileVerifyFlags]: { int32: [-1 >>> 0, -1 >>> 0, -1 >>> 0, -1 >>> 0, -1 >>> 0, -1 >>> 0, 0xfffffffe] },
  [rpmTag.fileDigests]: [sha256('a'), sha256('b'), '', '', '', sha256('c'), sha256('d')],
  [rpmTag.fileStates]: { int16: [0, 0, 0, 0, 0, 1, 0] },
});
const key = header({ [rpmTag.name]: 'gpg-pubkey', [rpmTag.version]: 'fd431d51', [rpmTag.release]: '4ae0493b' });

const files: TestLayer = {
  'etc/os-release': osRelease,
  'etc/bashrc': 'rc',
  'etc/ghost': 'g',
  'etc/varies': 'v',
  'usr/bin/bash': 'bash',
  'usr/bin/replaced': 'other',
  'usr/bin/sh': { link: 'bash' },
  bin: { link: 'usr/bin' },
};

test('a package, its purl, source, files and digests, from each format', () => {
  const table: readonly (readonly [string, Uint8Array])[] = [
    ['var/lib/rpm/Packages', buildBerkeley([new Uint8Array(4), key, bash], true)],
    ['usr/share/rpm/Packages', buildBerkeley([new Uint8Array(4), key, bash], false)],
    ['usr/lib/sysimage/rpm/Packages.db', buildNdb([key, bash])],
  ];
  for (const [path, bytes] of table) {
    const { components, gaps } = catalogued({ ...files, [path]: bytes });
    assert.deepEqual(gaps, [], path);
    assert.equal(components.length, 1, path);
    const [one] = components;
    assert.deepEqual(
      [one?.purl, one?.version, one?.ecosystem, one?.release, one?.source, one?.licenses, one?.supplier],
      [
        'pkg:rpm/rocky/bash@5.1.8-9.el9?arch=x86_64&distro=rocky-9.4&epoch=1&upstream=bash-5.1.8-9.el9.src.rpm',
        '1:5.1.8-9.el9',
        'Rocky Linux',
        '9',
        { name: 'bash', version: '1:5.1.8-9.el9' },
        ['GPLv3+'],
        'Rocky Enterprise Software Foundation',
      ],
    );
    // No directory, no file that another package replaced; config, ghost and unverified files may change.
    assert.deepEqual(one?.owns, [
      { path: 'etc/bashrc', digest: { algorithm: 'sha256', hex: sha256('a') }, mayChange: true },
      { path: 'usr/bin/bash', digest: { algorithm: 'sha256', hex: sha256('b') }, mayChange: false },
      { path: 'usr/bin/sh', digest: null, mayChange: false },
      { path: 'etc/ghost', digest: null, mayChange: true },
      { path: 'etc/varies', digest: { algorithm: 'sha256', hex: sha256('d') }, mayChange: true },
    ]);
    assert.deepEqual(one?.evidence.find(({ what }) => what === 'rpm install time')?.value, '2023-11-14T22:13:20.000Z');
  }
});

test('the source package of a file name', () => {
  const table: readonly (readonly [string | null, number | null, string, unknown])[] = [
    ['util-linux-2.32.1-42.el8_8.src.rpm', null, '2.32.1-42.el8_8', { name: 'util-linux', version: '2.32.1-42.el8_8' }],
    ['perl-5.26-1.src.rpm', 4, '5.26-1', { name: 'perl', version: '4:5.26-1' }],
    ['perl-5.26-1.src.rpm', 0, '1.28-1', { name: 'perl', version: '5.26-1' }],
    ['nvidia-1.0-2.nosrc.rpm', null, '1.0-2', { name: 'nvidia', version: '1.0-2' }],
    ['short-1.src.rpm', null, '1', null],
    ['(none)', null, '1', null],
    [null, null, '1', null],
  ];
  for (const [file, epoch, version, expected] of table)
    assert.deepEqual(sourceOf(file, epoch, version), expected, file ?? '');
});

test('what rpm installed on a distribution of another format has no ecosystem', () => {
  const layer = {
    ...files,
    'etc/os-release': 'ID=debian\nVERSION_ID=12\n',
    'var/lib/rpm/Packages.db': buildNdb([bash]),
  };
  const [one] = catalogued(layer).components;
  assert.deepEqual([one?.ecosystem, one?.release], [null, null]);
});

test('a root file system inside the image has its own distribution and its own files', () => {
  const { components } = catalogued({
    'etc/os-release': 'ID=debian\nVERSION_ID=12\n',
    'srv/root/etc/os-release': osRelease,
    'srv/root/usr/bin/bash': 'bash',
    'usr/bin/bash': 'another',
    'srv/root/var/lib/rpm/Packages.db': buildNdb([bash]),
    'srv/bare/var/lib/rpm/Packages.db': buildNdb([bash]),
  });
  assert.deepEqual(
    components.map((one) => [one.locations[0]?.path, one.ecosystem, one.owns.map(({ path }) => path)]),
    [
      ['srv/bare/var/lib/rpm/Packages.db', null, []],
      ['srv/root/var/lib/rpm/Packages.db', 'Rocky Linux', ['srv/root/usr/bin/bash']],
    ],
  );
});

test('the list that images without rpm have', () => {
  const path = 'var/lib/rpmmanifest/container-manifest-2';
  const row =
    'filesystem\t1.1-14.cm2\t1700000000\t1699999999\tMicrosoft Corporation\t(none)\t7596\tx86_64\t0\tfilesystem-1.1-14.cm2.src.rpm\n';
  const { components, gaps } = catalogued({
    'etc/os-release': 'ID=mariner\nVERSION_ID="2.0"\n',
    [path]: `${row}broken line\n`,
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.release, one.source?.name, one.supplier]),
    [
      [
        'pkg:rpm/mariner/filesystem@1.1-14.cm2?arch=x86_64&distro=mariner-2.0&upstream=filesystem-1.1-14.cm2.src.rpm',
        'Azure Linux',
        '2',
        'filesystem',
        'Microsoft Corporation',
      ],
    ],
  );
  assert.deepEqual(
    gaps.map((gap) => [gap.reason, gap.detail]),
    [['bad-database', '1 lines that name no package, the first is line 2']],
  );
});

test('headers: the last entry of a tag counts, and no count is believed', () => {
  const twice = Uint8Array.from(header({ 1: 'x', 2: 'y' }));
  twice.set(u32(1, false), 8 + 16); // the second entry takes the first one's tag
  assert.equal(readRpmHeader(twice).text(1), 'y');
  const large = Uint8Array.from(header({ 1: ['a', 'b'], 2: { int32: [7] } }));
  large.set(u32(0xffffffff, false), 8 + 12);
  large.set(u32(0xffffffff, false), 8 + 16 + 12);
  assert.deepEqual(readRpmHeader(large).texts(1).slice(0, 2), ['a', 'b']);
  assert.deepEqual(readRpmHeader(large).numbers(2), [7]);
  for (const bad of [new Uint8Array(0), new Uint8Array(8), Uint8Array.of(0, 0, 0, 1, 255, 0, 0, 0)]) {
    assert.throws(() => readRpmHeader(bad), { code: 'bad-bytes' });
  }
});

/** A header with an immutable region, and the digest that a builder puts beside it in another header. */
function signed(tags: Readonly<Record<number, Value>>): Uint8Array {
  const plain = Buffer.from(header({ 63: '', ...tags }));
  const count = plain.readUInt32BE(0);
  const data = plain.subarray(8 + count * 16);
  const index = Buffer.from(plain.subarray(8, 8 + count * 16));
  const word = (value: number): Buffer => Buffer.from(u32(value, false));
  // The region's marker is the first entry, of 16 bytes at the end of the data; so is the trailer there.
  Buffer.concat([word(63), word(7), word(data.length), word(16)]).copy(index);
  const trailer = Buffer.concat([word(63), word(7), word(2 ** 32 - count * 16), word(16)]);
  const built = Buffer.concat([index, data, trailer]);
  const digest = createHash('sha256')
    .update(Buffer.concat([Buffer.from('8eade80100000000', 'hex'), word(count), word(data.length + 16), built]))
    .digest('hex');
  const extra = Buffer.concat([word(273), word(6), word(data.length + 16), word(1)]);
  const all = Buffer.concat([data, trailer, Buffer.from(`${digest}\0`)]);
  return Buffer.concat([word(count + 1), word(all.length), index, extra, all]);
}

test('a header is held to its own digest', () => {
  const whole = signed({ [rpmTag.name]: 'whole', [rpmTag.version]: '1', [rpmTag.release]: '1' });
  const edited = Buffer.from(signed({ [rpmTag.name]: 'edited', [rpmTag.version]: '1', [rpmTag.release]: '1' }));
  edited[edited.indexOf('edited')] = 0x45;
  const { components, gaps } = catalogued({ 'var/lib/rpm/Packages.db': buildNdb([whole, edited]) });
  assert.deepEqual(
    components.map((one) => [one.name, one.grade, one.evidence[1]?.what]),
    [
      ['Edited', 'inferred', 'rpm header digest that its bytes do not have'],
      ['whole', 'claimed', 'rpm header digest, as computed'],
    ],
  );
  assert.deepEqual(
    gaps.map(({ reason, detail }) => [reason, detail]),
    [['bad-database', 'the header of Edited is not what its digest says']],
  );
});

test('damage is a gap, and what is whole is returned', () => {
  const nameless = header({ [rpmTag.version]: '1' });
  const table: readonly (readonly [string, string, Uint8Array, number, RegExp | null])[] = [
    [
      'a header that is none',
      'Packages.db',
      buildNdb([bash, new Uint8Array(20).fill(255)]),
      1,
      /no header of a package/,
    ],
    ['a package without a name', 'Packages.db', buildNdb([nameless, bash]), 1, /without name or version/],
    ['another format', 'Packages', buildNdb([bash]), 0, /no Berkeley DB/],
    ['text', 'rpmdb.sqlite', Buffer.from('not a database'.repeat(20)), 0, /no SQLite/],
    ['cut off', 'Packages.db', buildNdb([bash, bash]).slice(0, -100), 1, /package 2 is damaged/],
    ['an empty SQLite file, which is an empty database', 'rpmdb.sqlite', new Uint8Array(0), 0, null],
    ['an empty log', 'rpmdb.sqlite-wal', new Uint8Array(0), 0, null],
  ];
  for (const [what, name, bytes, count, gap] of table) {
    const result = readWith(rpm, `var/lib/rpm/${name}`, bytes);
    assert.equal(result?.records.length, count, what);
    assert.deepEqual(
      result?.gaps.map((one) => one.reason),
      gap === null ? [] : ['bad-database'],
      what,
    );
    if (gap !== null) assert.match(result?.gaps[0]?.detail ?? '', gap, what);
  }
});

test('what waits in a log beside a database is said to be missing', () => {
  const word = (value: number): Uint8Array => u32(value, false);
  const head = [0x377f0682, 3007000, 4096, 0, 11, 22, 0, 0].map(word);
  const frame = (commit: number): Uint8Array =>
    Buffer.concat([...[2, commit, 11, 22, 0, 0].map(word), new Uint8Array(4096)]);
  const log = Buffer.concat([...head, frame(0), frame(5), frame(0)]);
  const { gaps } = catalogued({ 'var/lib/rpm/rpmdb.sqlite-wal': log });
  assert.deepEqual(
    gaps.map(({ reason, detail }) => [reason, detail]),
    [['unsupported', '2 committed pages wait in the log beside the database: what they changed is not read']],
  );
});

test('a few bytes that name a long folder for many files are stopped', () => {
  const many = 200_000;
  const blob = header({
    [rpmTag.name]: 'bomb',
    [rpmTag.version]: '1',
    [rpmTag.dirNames]: [`/${'x'.repeat(4000)}/`],
    [rpmTag.dirIndexes]: { int32: Array.from({ length: many }, () => 0) },
    [rpmTag.baseNames]: Array.from({ length: many }, () => 'a'),
  });
  const result = readWith(rpm, 'var/lib/rpm/Packages.db', buildNdb([blob, bash]));
  assert.match(result?.gaps[0]?.detail ?? '', /more text of paths/);
});

test('only the database is wanted', () => {
  for (const path of [
    'var/lib/rpm/Name',
    'opt/x/Packages',
    'etc/os-release',
    'var/lib/rpm/__db.001',
    'usr/lib/rpm/macros',
    'Packages',
  ]) {
    assert.equal(readWith(rpm, path, 'x'), null, path);
  }
});

/** Databases beside the project, each with the rows that rpm itself prints for it. */
const databases: readonly (readonly [name: string, file: string])[] =
  real === null
    ? []
    : readdirSync(real)
        .filter((name) => name.endsWith('.tsv'))
        .map((tsv) => tsv.slice(0, -'.tsv'.length))
        .map((name) => [name, readdirSync(join(real, name))[0] ?? ''] as const);

const databaseBytes = (name: string, file: string): Uint8Array => readFileSync(join(real ?? '', name, file));

function packageIn(record: JsonValue | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return object(object(record).package);
}

const nevraOf = (record: JsonValue): string => {
  const { name, version, release, arch } = packageIn(record);
  return [name, version, release, arch].join(' ');
};

const sortedRows = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join('\t')).sort();

test('every row of real databases', { skip }, () => {
  assert.ok(databases.length >= 5);
  for (const [name, file] of databases) {
    const expected = readFileSync(join(real ?? '', `${name}.tsv`), 'utf8')
      .replace(/\n$/, '')
      .split('\n')
      .map((row) => row.split('\t').map((word) => (word === '(none)' || word === 'None' ? '' : word)))
      .filter(([title]) => title !== 'gpg-pubkey');
    const result = readWith(rpm, `var/lib/rpm/${file}`, databaseBytes(name, file));
    assert.deepEqual(result?.gaps, [], name);
    // Every one of these headers carries a digest of itself, and no gap says that one differs.
    for (const record of result?.records ?? []) assert.match(String(packageIn(record).digest), /^sha(?:1|256):/);
    const hasLicences = expected.some((row) => row[7] !== '');
    const found = result?.records.map((record) => {
      const one = packageIn(record);
      const columns = [one.name, one.epoch, one.version, one.release, one.arch, one.sourceRpm, one.modularity];
      return [...columns, hasLicences ? one.license : ''].map((value) => String(value ?? ''));
    });
    assert.deepEqual(sortedRows(found ?? []), sortedRows(expected), name);
  }
});

test('mutations of real databases: bounded answers, no exception', { skip }, () => {
  for (const [name, file] of databases) {
    const original = databaseBytes(name, file);
    const records = readWith(rpm, `var/lib/rpm/${file}`, original)?.records ?? [];
    const whole = records.length;
    const known = new Set(records.map((record) => nevraOf(record)));
    const change = fc.tuple(fc.nat({ max: original.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), fc.nat({ max: 3 }), (changes, cut) => {
        const bytes = Uint8Array.from(cut === 0 ? original.subarray(0, changes[0]?.[0] ?? 0) : original);
        // Changes at the front are changes of headers and indexes, which decide most.
        for (const [at, value] of changes) bytes[cut === 1 ? at % 4096 : at] = value;
        const result = readWith(rpm, `var/lib/rpm/${file}`, bytes);
        assert.ok((result?.records.length ?? 0) <= whole + 5);
        // What is returned as intact is a package that was there, whatever else was changed.
        for (const record of result?.records ?? []) {
          if (packageIn(record).intact === true) assert.ok(known.has(nevraOf(record)), nevraOf(record));
        }
        if (cut === 0 && bytes.length > 0)
          assert.ok((result?.gaps.length ?? 0) > 0 || result?.records.length === whole);
      }),
      { numRuns: original.length > 1_000_000 ? 25 : 200, seed: 5 },
    );
  }
});

const spec = `Name: alpha
Epoch: 2
Version: 1.0
Release: 3.el9
Summary: s
License: MIT and BSD
Vendor: Acme Inc
URL: https://example.org/alpha
BuildArch: noarch
ModularityLabel: nodejs:18:123:abc
%description
d
%package sub
Summary: sub
Version: 7
Release: 1
%description sub
d
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc %{buildroot}/usr/share/alpha
echo hi > %{buildroot}/usr/bin/alpha
echo sub > %{buildroot}/usr/bin/sub
ln -s alpha %{buildroot}/usr/bin/beta
echo c > %{buildroot}/etc/alpha.conf
echo g > %{buildroot}/etc/ghost
for i in $(seq 300); do echo $i > %{buildroot}/usr/share/alpha/a-file-with-a-long-name-$i; done
echo v > %{buildroot}/usr/share/alpha/varies
%files
/usr/bin/alpha
/usr/bin/beta
%config(noreplace) /etc/alpha.conf
%ghost /etc/ghost
%dir /usr/share/alpha
/usr/share/alpha/a-file*
%verify(not md5 size mtime) /usr/share/alpha/varies
%files sub
/usr/bin/sub
`;

/** Packages built and installed by rpm itself: the files of its root, and what it says of them. */
function installed(algorithm: number): { readonly layer: TestLayer; query(format: string): string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-rpm-'));
  try {
    const run = (program: string, ...args: string[]): string =>
      execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    writeFileSync(join(dir, 'a.spec'), spec);
    run(
      'rpmbuild',
      ...['-bb', '--define', `_topdir ${dir}/top`, '--define', `_binary_filedigest_algorithm ${algorithm}`],
      join(dir, 'a.spec'),
    );
    const built = readdirSync(join(dir, 'top', 'RPMS', 'noarch')).map((name) => join(dir, 'top/RPMS/noarch', name));
    const root = ['--root', join(dir, 'root'), '--dbpath', '/var/lib/rpm'];
    run('mkdir', '-p', join(dir, 'root'));
    run('rpm', ...root, '-i', '--nodeps', ...built);
    const layer: Record<string, string | Uint8Array | { link: string }> = { 'etc/os-release': osRelease };
    for (const entry of readdirSync(join(dir, 'root'), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(join(dir, 'root').length + 1);
      if (entry.isFile()) layer[name] = readFileSync(path);
      if (entry.isSymbolicLink()) layer[name] = { link: 'alpha' };
    }
    const rows = new Map(
      [packageFormat, fileFormat].map((format) => [
        format,
        run('rpm', ...root, '-qa', '--qf', format)
          .trim()
          .split('\n'),
      ]),
    );
    return { layer, query: (format) => rows.get(format) ?? [] };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const packageFormat =
  '%{NAME}|%{EPOCH}:%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{LICENSE}|%{VENDOR}|%{MODULARITYLABEL}\n';
const fileFormat = '[%{FILENAMES}|%{FILEDIGESTS}|%{FILEFLAGS:fflags}|%{FILEMODES:perms}\n]';

test('packages that rpm itself built and installed, in each algorithm of digests', {
  skip: programMissing('rpmbuild') || programMissing('rpm'),
}, () => {
  for (const [number, algorithm] of [
    [1, 'md5'],
    [2, 'sha1'],
    [8, 'sha256'],
    [10, 'sha512'],
  ] as const) {
    const { layer, query } = installed(number);
    const { components, gaps } = catalogued(layer);
    assert.deepEqual(gaps, []);
    const part = (one: Component, what: string): string => one.evidence.find((item) => item.what === what)?.value ?? '';
    const found = components.map((one) =>
      [
        one.name,
        one.version,
        /Arch: (\S+?),/.exec(one.evidence[0]?.value ?? '')?.[1],
        /Source: (\S+)/.exec(one.evidence[0]?.value ?? '')?.[1],
        one.licenses[0],
        one.supplier,
        part(one, 'rpm module'),
      ].join('|'),
    );
    assert.deepEqual(found.sort(), query(packageFormat).sort());
    const owned = new Map(components.flatMap((one) => one.owns).map((file) => [file.path, file]));
    const listed = query(fileFormat).map((row) => row.split('|'));
    for (const [path = '', digest, flags = '', mode = ''] of listed) {
      const file = owned.get(path.slice(1));
      // A ghost is not written at installation, and a directory is nobody's alone.
      assert.equal(file !== undefined, !mode.startsWith('d') && !flags.includes('g'), path);
      if (file === undefined) continue;
      assert.deepEqual(file.digest, digest === '' ? null : { algorithm, hex: digest }, path);
      assert.equal(file.mayChange, flags.includes('c') || path.endsWith('/varies'), path);
    }
    assert.ok(owned.size > 300);
  }
});
