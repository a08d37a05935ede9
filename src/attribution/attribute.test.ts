import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Component,
  compareText,
  type FileEntry,
  type FinalFiles,
  type OwnedFile,
  type VisibleFile,
} from '../model/index.js';
import { type Attribution, attribute } from './attribute.js';
import { generatedBy, sourceOfCompiled } from './generated-rules.js';

function entry(path: string, text: string, extra: Partial<FileEntry> = {}): FileEntry {
  const digest = (algorithm: string): string => createHash(algorithm).update(text).digest('hex');
  return {
    path,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes: text.length,
    link: null,
    sha256: digest('sha256'),
    md5: digest('md5'),
    content: 'text',
    ...extra,
  };
}

function component(name: string, owns: readonly OwnedFile[], extra: Partial<Component> = {}): Component {
  return {
    purl: `pkg:generic/${name}`,
    name,
    version: '1',
    ecosystem: null,
    release: null,
    source: null,
    locations: [],
    foundBy: 'dpkg',
    licenses: [],
    owns,
    grade: 'claimed',
    evidence: [],
    ...extra,
  };
}

function owned(path: string, md5: string | null = null, extra: Partial<OwnedFile> = {}): OwnedFile {
  return { path, digest: md5 === null ? null : { algorithm: 'md5', hex: md5 }, mayChange: false, ...extra };
}

const md5Of = (text: string): string => createHash('md5').update(text).digest('hex');

/** The regular files of a small image; `links` leads folders elsewhere, hard links are bound to their targets. */
function filesOf(entries: readonly FileEntry[], links: Readonly<Record<string, string>> = {}): FinalFiles {
  const files = entries
    .filter(({ type }) => type === 'file')
    .map((one) => ({ entry: one, layer: 0 }))
    .sort((a, b) => compareText(a.entry.path, b.entry.path));
  const at = (index: number): VisibleFile => files[index] ?? assert.fail(`no file ${index}`);
  return {
    length: files.length,
    path: (index) => at(index).entry.path,
    sizeBytes: (index) => at(index).entry.sizeBytes,
    digest: (index, algorithm) => at(index).entry[algorithm] ?? null,
    at,
    indexOf(path) {
      const slash = path.lastIndexOf('/');
      const folder = path.slice(0, Math.max(0, slash));
      const place = slash < 0 ? path : `${links[folder] ?? folder}/${path.slice(slash + 1)}`;
      const hard = entries.find((one) => one.type === 'hardlink' && one.path === place);
      return files.findIndex(({ entry: one }) => one.path === (hard?.link ?? place));
    },
    [Symbol.iterator]: () => files[Symbol.iterator](),
  };
}

function run(
  entries: readonly FileEntry[],
  components: readonly Component[],
  links: Readonly<Record<string, string>> = {},
): Attribution & { readonly files: FinalFiles } {
  const files = filesOf(entries, links);
  return { ...attribute({ files, components }), files };
}

const bucketOf = (result: Attribution & { readonly files: FinalFiles }, path: string): string | undefined => {
  const index = result.files.indexOf(path);
  if (index < 0) return undefined;
  const owner = result.owner(index);
  return `${owner.bucket} ${owner.grade} ${owner.component ?? '-'}`;
};

test('each bucket and its grade', () => {
  const components = [
    component('base', [
      owned('usr/bin/good', md5Of('good')),
      owned('usr/bin/bad', md5Of('other')),
      owned('etc/conf', md5Of('default'), { mayChange: true }),
      owned('usr/lib/nosum'),
      owned('usr/lib/python3/m.py'),
    ]),
    component('app', [owned('opt/app', null, { listed: false })], { foundBy: 'go', grade: 'inferred' }),
  ];
  const result = run(
    [
      entry('usr/bin/good', 'good'),
      entry('usr/bin/bad', 'bad'),
      entry('etc/conf', 'edited'),
      entry('usr/lib/nosum', 'x'),
      entry('usr/lib/python3/m.py', ''),
      entry('usr/lib/python3/__pycache__/m.cpython-311.pyc', 'pyc'),
      entry('usr/lib/python3/__pycache__/other.cpython-311.pyc', 'pyc'),
      entry('var/lib/dpkg/status', 'status'),
      entry('opt/app', 'app'),
      entry('etc/ld.so.cache', 'cache'),
      entry('srv/data', 'data'),
    ],
    components,
  );
  const expected = {
    'usr/bin/good': 'owned claimed 0',
    'usr/bin/bad': 'modified unknown 0',
    'etc/conf': 'owned claimed 0',
    'usr/lib/nosum': 'owned claimed 0',
    'usr/lib/python3/m.py': 'owned claimed 0',
    'usr/lib/python3/__pycache__/m.cpython-311.pyc': 'generated inferred -',
    'usr/lib/python3/__pycache__/other.cpython-311.pyc': 'unknown unknown -',
    'var/lib/dpkg/status': 'generated inferred -',
    'opt/app': 'identified inferred 1',
    'etc/ld.so.cache': 'generated inferred -',
    'srv/data': 'unknown unknown -',
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((path) => [path, bucketOf(result, path)])), expected);
  assert.deepEqual(result.modifiedFiles, [
    { path: 'usr/bin/bad', component: 0, recorded: `md5:${md5Of('other')}`, actual: `md5:${md5Of('bad')}` },
  ]);
  assert.deepEqual(result.ownedBy, [
    { files: 5, bytes: 14 },
    { files: 1, bytes: 3 },
  ]);
});

test('an owner reaches its file through linked folders and any name of a hard link', () => {
  const entries = [
    entry('usr/lib/x', 'x'),
    entry('usr/bin/a', 'perl', { type: 'hardlink', link: 'usr/bin/z', sha256: null }),
    entry('usr/bin/z', 'perl'),
  ];
  const components = [component('base', [owned('lib/x', md5Of('x')), owned('usr/bin/a', md5Of('perl'))])];
  const result = run(entries, components, { lib: 'usr/lib' });
  assert.equal(bucketOf(result, 'usr/lib/x'), 'owned claimed 0');
  assert.equal(bucketOf(result, 'usr/bin/z'), 'owned claimed 0');
  assert.equal(result.coverage.files, 2);
});

test('where several claim one file', () => {
  const listed = component('listed', [owned('f', md5Of('f'))], { foundBy: 'python' });
  const wrong = component('wrong', [owned('f', md5Of('other'))]);
  const right = component('right', [owned('f', md5Of('f')), owned('g')]);
  const placed = component('placed', [owned('f', null, { listed: false })], { foundBy: 'npm' });
  const table: readonly (readonly [string, readonly Component[], string])[] = [
    ['a record before a conclusion', [placed, listed], 'owned claimed 1'],
    ["the distribution's package before others", [listed, right], 'owned claimed 1'],
    ['the digest that fits before one that does not', [wrong, listed], 'owned claimed 1'],
    ['the first where nothing else decides', [right, { ...right, name: 'twin' }], 'owned claimed 0'],
    ['nobody fits', [wrong], 'modified unknown 0'],
  ];
  for (const [name, components, expected] of table) {
    assert.equal(bucketOf(run([entry('f', 'f')], components), 'f'), expected, name);
  }
});

test('a digest that was not computed is no modification; one computed apart counts', () => {
  const { md5: _, ...plain } = entry('f', 'f');
  const files = filesOf([plain]);
  const input = { files, components: [component('c', [owned('f', md5Of('x'))])] };
  assert.equal(bucketOf({ ...attribute(input), files }, 'f'), 'owned claimed 0');
  const digests = new Map([['f', { md5: md5Of('f') }]]);
  assert.equal(bucketOf({ ...attribute({ ...input, digests }), files }, 'f'), 'modified unknown 0');
});

test('unknown files largest first, programs and libraries apart', () => {
  const { unknownFiles, unownedExecutables } = run(
    [
      entry('b/data', 'xxxx'),
      entry('a/data', 'xxxx'),
      entry('lib.so', 'x', { content: 'elf' }),
      entry('run.sh', '#!', { content: 'script', mode: 0o755 }),
      entry('sourced.sh', '#!x', { content: 'script' }),
      entry('empty', '', { content: 'empty' }),
    ],
    [],
  );
  assert.deepEqual(
    [...unknownFiles].map(({ path }) => path),
    ['a/data', 'b/data', 'sourced.sh', 'run.sh', 'lib.so', 'empty'],
  );
  assert.deepEqual(
    [...unownedExecutables].map(({ path }) => path),
    ['run.sh', 'lib.so'],
  );
});

test('rules hold only where their program is installed', () => {
  const certificates = 'etc/ssl/certs/ca-certificates.crt';
  assert.equal(generatedBy([])(certificates), null);
  assert.equal(generatedBy([component('bash', [])])(certificates), null);
  assert.match(generatedBy([component('ca-certificates', [])])(certificates) ?? '', /update-ca-certificates/);
  const withDpkg = generatedBy([component('libpam-runtime', [])]);
  assert.notEqual(withDpkg('etc/pam.d/common-auth'), null);
  assert.equal(withDpkg('etc/pam.d/common-auth/deeper'), null);
  assert.equal(withDpkg('etc/pam.d/sshd'), null);
  assert.notEqual(withDpkg('var/lib/dpkg/info/x.list'), null);
  assert.equal(withDpkg('var/lib/dpkgx'), null);
});

test('the source of a compiled Python file (PEP 3147)', () => {
  assert.equal(sourceOfCompiled('a/__pycache__/b.cpython-311.opt-1.pyc'), 'a/b.py');
  assert.equal(sourceOfCompiled('__pycache__/b.cpython-311.pyc'), 'b.py');
  assert.equal(sourceOfCompiled('a/b.pyc'), 'a/b.py');
  assert.equal(sourceOfCompiled('a/__pycache__/.pyc'), null);
  assert.equal(sourceOfCompiled('a/b.py'), null);
});

test('every file is in one bucket and the sums are exact', () => {
  const paths = ['a', 'b', 'c/d', 'var/lib/dpkg/x', 'etc/ld.so.cache', 'c/e.pyc'];
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...paths)),
      fc.array(fc.tuple(fc.constantFrom(...paths), fc.boolean(), fc.boolean(), fc.constantFrom('dpkg', 'npm'))),
      (present, claims) => {
        const components = claims.map(([path, fits, listed, foundBy]) =>
          component('c', [owned(path, fits ? md5Of(path) : md5Of('no'), { listed })], { foundBy }),
        );
        const result = run(
          present.map((path) => entry(path, path)),
          components,
        );
        const { coverage } = result;
        for (const group of [coverage.byBucket, coverage.byGrade]) {
          const counts = Object.values(group);
          assert.equal(
            counts.reduce((sum, one) => sum + one.files, 0),
            present.length,
          );
          assert.equal(
            counts.reduce((sum, one) => sum + one.bytes, 0),
            coverage.bytes,
          );
        }
        assert.equal(result.files.length, present.length);
        assert.equal(coverage.byBucket.modified.files, result.modifiedFiles.length);
        assert.equal(coverage.byBucket.unknown.files, result.unknownFiles.length);
      },
    ),
    { seed: 7 },
  );
});
