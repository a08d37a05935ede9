import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { apkOf, arOf, cpioOf, debOf, gemOf, hexOf, type PackedFile, rpmOf, tarOf } from '../../../test/packages.js';
import { inScratch } from '../../../test/run.js';
import { type ArchiveFormat, isTrowelError, type LayerResult } from '../../model/index.js';
import { layerLimits } from '../limits.js';
import { readLayer } from '../read-layer.js';
import { reread } from '../reread.js';
import { archiveFormat } from './format.js';

const open = async (): Promise<never> => {
  throw new Error('an archive is read where it lies');
};

interface Told {
  readonly format: ArchiveFormat;
  readonly result: LayerResult;
  readonly paths: readonly string[];
  readonly gaps: readonly string[];
}

async function tell(dir: string, name: string, bytes: Uint8Array, limits = layerLimits): Promise<Told> {
  const path = `${dir}/${name}`;
  writeFileSync(path, bytes);
  const format = await archiveFormat(path);
  const task = { mediaType: '', digest: null, sizeBytes: null, diffID: null, cataloguers: [], digests: [], limits };
  const result = await readLayer({ ...task, location: { kind: 'archive', path, format } }, { open, cataloguers: [] });
  return {
    format,
    result,
    paths: [...result.entries].map((entry) => entry.path),
    gaps: result.gaps.map((gap) => `${gap.reason} ${gap.path}`),
  };
}

const control = 'Package: demo\nVersion: 1.0\nArchitecture: all\n';
const files: readonly PackedFile[] = [
  { path: './usr/' },
  { path: './usr/a', content: 'alpha' },
  { path: './usr/l', link: '/etc/passwd' },
];
const deb = debOf(
  [
    { path: './control', content: control },
    { path: './postinst', content: '#!/bin/sh\n' },
  ],
  files,
);
const pkgInfo = 'pkgname = demo\npkgver = 1.0-r0\narch = noarch\n';
const gemText =
  "--- !ruby/object:Gem::Specification\nname: demo\nversion: !ruby/object:Gem::Version\n  version: '1.0'\n";
const inner: readonly PackedFile[] = [{ path: 'usr/a', content: 'alpha' }];

test('each format is told as its payload and its metadata, under the digest of the file', async () => {
  const cases: readonly (readonly [string, Uint8Array, ArchiveFormat, readonly string[]])[] = [
    ['demo.deb', deb, 'deb', ['DEBIAN/control', 'DEBIAN/postinst', 'usr', 'usr/a', 'usr/l']],
    ['demo.rpm', rpmOf(files), 'rpm', ['RPM/signature', 'RPM/header', 'usr', 'usr/a', 'usr/l']],
    [
      'plain.rpm',
      rpmOf(files, { payload: cpioOf(files) }),
      'rpm',
      ['RPM/signature', 'RPM/header', 'usr', 'usr/a', 'usr/l'],
    ],
    ['demo.apk', apkOf(pkgInfo, inner), 'apk', ['.SIGN.RSA.demo.rsa.pub', '.PKGINFO', 'usr/a']],
    ['demo.gem', gemOf(gemText, inner), 'gem', ['GEM/metadata.gz', 'GEM/checksums.yaml.gz', 'usr/a']],
    ['demo.tgz', gzipSync(tarOf(inner)), 'tar', ['usr/a']],
    ['demo.tar', tarOf(inner), 'tar', ['usr/a']],
    ['lib.a', arOf([['x.o', Buffer.from('object')]]), 'file', ['lib.a']],
    ['program', Buffer.from('\x7fELF and more'), 'file', ['program']],
    ['notes.gz', gzipSync('a text'), 'file', ['notes.gz']],
    ['empty', Buffer.alloc(0), 'file', ['empty']],
  ];
  await inScratch(async (dir) => {
    for (const [name, bytes, format, paths] of cases) {
      const told = await tell(dir, name, bytes);
      assert.deepEqual([told.format, told.paths, told.gaps], [format, paths, []], name);
      assert.equal(told.result.digest, `sha256:${hexOf('sha256', bytes)}`, name);
      assert.equal(told.result.sizeBytes, bytes.length, name);
    }
  });
});

test('names are names here, and what leads out of the archive is left out', async () => {
  await inScratch(async (dir) => {
    const odd = [{ path: 'a/.wh.b' }, { path: '../../etc/cron.d/x', content: 'x' }, { path: '/abs', content: 'y' }];
    const { paths, gaps } = await tell(dir, 'odd.tar', tarOf(odd));
    assert.deepEqual(paths, ['a/.wh.b', 'abs']);
    assert.deepEqual(gaps, ['unsafe-path ../../etc/cron.d/x']);
  });
});

test("a payload cannot replace the package's own metadata", async () => {
  const forged = (folder: string, name: string): readonly PackedFile[] => [
    { path: `./${folder}/${name}`, content: 'Package: other\n' },
    { path: `x/../${folder}/${name}`, content: 'Package: other\n' },
    { path: `./${folder}`, link: 'usr' },
    { path: `./${folder}X/fine`, content: 'x' },
  ];
  await inScratch(async (dir) => {
    const cases = [
      ['x.deb', debOf([{ path: 'control', content: control }], forged('DEBIAN', 'control')), 'DEBIAN', 'control'],
      ['x.rpm', rpmOf([], { payload: cpioOf(forged('RPM', 'header')) }), 'RPM', 'header'],
      ['x.gem', gemOf(gemText, forged('GEM', 'metadata.gz')), 'GEM', 'metadata.gz'],
    ] as const;
    for (const [name, bytes, folder, file] of cases) {
      const { paths, gaps, result } = await tell(dir, name, bytes);
      assert.ok(paths.includes(`${folder}X/fine`));
      assert.deepEqual(gaps, [
        `unsafe-path ${folder}/${file}`,
        `unsafe-path ${folder}/${file}`,
        `unsafe-path ${folder}`,
      ]);
      const own = [...result.entries].find((entry) => entry.path === `${folder}/${file}`);
      assert.notEqual(own?.sha256, hexOf('sha256', 'Package: other\n'));
    }
    const twice = [{ path: '.PKGINFO', content: 'pkgname = other\n' }, ...inner];
    assert.deepEqual((await tell(dir, 'x.apk', apkOf(pkgInfo, twice))).gaps, ['bad-bytes .PKGINFO']);
  });
});

test('digests that an archive states of itself are compared', async () => {
  const wrong = '0'.repeat(64);
  await inScratch(async (dir) => {
    const cases = [
      ['h.rpm', rpmOf(files, { headerSum: wrong }), ['bad-digest RPM/header']],
      ['d.apk', apkOf(pkgInfo, inner, { dataHash: wrong }), ['bad-digest .PKGINFO']],
      ['s.gem', gemOf(gemText, inner, wrong), ['bad-digest GEM/data.tar.gz']],
    ] as const;
    for (const [name, bytes, gaps] of cases) assert.deepEqual((await tell(dir, name, bytes)).gaps, gaps, name);
    // The payload of another package behind a header that is whole.
    const whole = rpmOf(files);
    const payload = gzipSync(cpioOf(files));
    const other = Buffer.concat([
      whole.subarray(0, whole.length - payload.length),
      gzipSync(cpioOf([files[1] ?? { path: 'x' }])),
    ]);
    assert.deepEqual((await tell(dir, 'p.rpm', other)).gaps, ['bad-digest RPM']);
  });
});

test('an apk gives the SHA-1 that its tar states of each file', async () => {
  await inScratch(async (dir) => {
    const { result } = await tell(dir, 'x.apk', apkOf(pkgInfo, [...inner, { path: 'usr/b', content: 'beta' }]));
    const rows = [
      ['usr/a', hexOf('sha1', 'alpha')],
      ['usr/b', hexOf('sha1', 'beta')],
    ];
    assert.deepEqual(result.records, [{ by: 'apk-archive', path: '.PKGINFO', data: { kind: 'sums', files: rows } }]);
  });
});

test('what is not read is said by name, and what the package says of itself stands', async () => {
  const bzip2 = Buffer.from('BZh91AY&SY');
  await inScratch(async (dir) => {
    const old = arOf([
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar', tarOf([{ path: 'control', content: control }])],
      ['data.tar.bz2', bzip2],
    ]);
    const { paths, gaps } = await tell(dir, 'old.deb', old);
    assert.deepEqual([paths, gaps], [['DEBIAN/control'], ['unsupported data.tar.bz2']]);
    const packed = await tell(dir, 'old.rpm', rpmOf(files, { payload: bzip2 }));
    assert.deepEqual([packed.paths, packed.gaps], [['RPM/signature', 'RPM/header'], ['unsupported RPM']]);
    await assert.rejects(tell(dir, 'x.tar.bz2', bzip2), (error) => isTrowelError(error, 'unsupported'));
    await assert.rejects(tell(dir, 'v3.apk', Buffer.from('ADBd and more')), (error) =>
      isTrowelError(error, 'unsupported'),
    );
    await assert.rejects(tell(dir, 'image.tar', tarOf([{ path: 'oci-layout', content: '{}' }])), (error) =>
      isTrowelError(error, 'usage'),
    );
  });
});

test('members of a Debian package that are not of it are told, those with an underscore passed over', async () => {
  const data = tarOf(inner);
  const odd = arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['_note', Buffer.from('passed over')],
    ['control.tar', tarOf([{ path: 'control', content: control }])],
    ['hidden', Buffer.from('x')],
    ['data.tar', data],
    ['data.tar', data],
  ]);
  await inScratch(async (dir) => {
    const { paths, gaps } = await tell(dir, 'odd.deb', odd);
    assert.deepEqual(paths, ['DEBIAN/control', 'usr/a']);
    assert.deepEqual(gaps, ['bad-bytes hidden', 'bad-bytes data.tar']);
    const empty = await tell(dir, 'empty.deb', odd.subarray(0, odd.indexOf('hidden')));
    assert.deepEqual(empty.gaps, ['truncated DEBIAN']);
  });
});

test('bombs are stopped: too many bytes, entries, or bytes for each compressed one', async () => {
  const zeros = debOf([{ path: 'control', content: control }], [{ path: 'zeros', content: Buffer.alloc(2_000_000) }]);
  const many = debOf(
    [{ path: 'control', content: control }],
    Array.from({ length: 50 }, (_, at) => ({ path: `f${at}` })),
  );
  await inScratch(async (dir) => {
    const isTooLarge = (error: unknown): boolean => isTrowelError(error, 'too-large');
    await assert.rejects(tell(dir, 'z.deb', zeros, { ...layerLimits, layerBytes: 1_000_000 }), isTooLarge);
    await assert.rejects(tell(dir, 'm.deb', many, { ...layerLimits, entries: 40 }), isTooLarge);
    const bomb = gzipSync(Buffer.concat([tarOf([{ path: 'x', content: Buffer.alloc(160 << 20) }])]), { level: 9 });
    await assert.rejects(tell(dir, 'b.tgz', bomb), isTooLarge);
  });
});

test('single files can be read again', async () => {
  await inScratch(async (dir) => {
    const formats = [
      ['deb', deb],
      ['rpm', rpmOf(files)],
      ['apk', apkOf(pkgInfo, inner)],
      ['gem', gemOf(gemText, inner)],
    ] as const;
    for (const [format, bytes] of formats) {
      const path = `${dir}/again.${format}`;
      writeFileSync(path, bytes);
      const found: string[] = [];
      await reread({ location: { kind: 'archive', path, format }, mediaType: '' }, new Set(['usr/a']), {
        open,
        limits: layerLimits,
        digests: ['md5'],
        onFile: (name, file, entry) => found.push(`${name} ${Buffer.from(file.bytes()).toString()} ${entry.md5}`),
      });
      assert.deepEqual(found, [`usr/a alpha ${hexOf('md5', 'alpha')}`], format);
    }
  });
});

test('mutations end with an answer or an error of ours', async () => {
  const samples = [
    ['deb', deb],
    ['rpm', rpmOf(files)],
    ['apk', apkOf(pkgInfo, inner)],
    ['gem', gemOf(gemText, inner)],
  ] as const;
  const edits = fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { maxLength: 4 });
  await inScratch(async (dir) => {
    for (const [name, bytes] of samples) {
      await fc.assert(
        fc.asyncProperty(edits, fc.nat(), async (changes, cut) => {
          const copy = Buffer.from(bytes);
          for (const [at, value] of changes) copy[at % copy.length] = value;
          try {
            await tell(dir, `mutated.${name}`, cut % 4 === 0 ? copy.subarray(0, cut % copy.length) : copy);
          } catch (error) {
            if (!isTrowelError(error)) throw error;
            assert.notEqual(error.code, 'internal');
          }
        }),
        { numRuns: 60 },
      );
    }
  });
});
