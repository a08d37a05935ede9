import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { normalisedName } from '../model/index.js';
import { catalogued, readWith } from './image.test.support.js';
import { python } from './python.js';

const site = 'usr/lib/python3.11/site-packages';
const sha256 = (text: string, encoding: 'base64url' | 'hex'): string =>
  createHash('sha256').update(text).digest(encoding);

test('a wheel with RECORD: name, licence and the files it lists', () => {
  const { components } = catalogued({
    [`${site}/PyYAML-5.3.1.dist-info/METADATA`]:
      'Metadata-Version: 2.1\nName: PyYAML\nVersion: 5.3.1\nLicense: MIT\nClassifier: A\nClassifier: B\n\nName: body\n',
    [`${site}/PyYAML-5.3.1.dist-info/RECORD`]: [
      `yaml/__init__.py,sha256=${sha256('code', 'base64url')},4`,
      '"yaml/with,comma ""x"".py",sha256=bad,4',
      '../../../bin/tool,,',
      '../../../../../../etc/passwd,,',
      'PyYAML-5.3.1.dist-info/RECORD,,',
      '',
    ].join('\r\n'),
    [`${site}/yaml/__init__.py`]: 'code',
    [`${site}/yaml/with,comma "x".py`]: 'more',
    'usr/bin/tool': 'script',
    'etc/passwd': 'root',
  });
  const [yaml] = components;
  assert.equal(components.length, 1);
  assert.deepEqual([yaml?.purl, yaml?.name, yaml?.licenses], ['pkg:pypi/pyyaml@5.3.1', 'pyyaml', ['MIT']]);
  assert.deepEqual(
    yaml?.owns.map(({ path, digest }) => [path, digest?.hex ?? null]),
    [
      [`${site}/yaml/__init__.py`, sha256('code', 'hex')],
      [`${site}/yaml/with,comma "x".py`, null],
      ['usr/bin/tool', null],
      [`${site}/PyYAML-5.3.1.dist-info/RECORD`, null],
    ],
  );
});

test('eggs: a folder with installed-files.txt, a folder with top_level.txt, a file, a zipped layout', () => {
  const metadata = (name: string): string =>
    `Metadata-Version: 1.1\nName: ${name}\nVersion: 1.0\nLicense: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n`;
  const { components } = catalogued({
    [`${site}/a-1.0.egg-info/PKG-INFO`]: metadata('a'),
    [`${site}/a-1.0.egg-info/installed-files.txt`]: '../a.py\nPKG-INFO\n',
    [`${site}/a.py`]: '',
    [`${site}/b-1.0.egg-info/PKG-INFO`]: metadata('b'),
    [`${site}/b-1.0.egg-info/top_level.txt`]: 'b\n_b\n',
    [`${site}/b/__init__.py`]: '',
    [`${site}/bb/other.py`]: '',
    [`${site}/_b.py`]: '',
    [`${site}/c-1.0.egg-info`]: metadata('c'),
    [`${site}/d-1.0.egg/EGG-INFO/PKG-INFO`]: metadata('d'),
    [`${site}/d-1.0.egg/EGG-INFO/top_level.txt`]: 'd\n',
    [`${site}/d-1.0.egg/d/__init__.py`]: '',
  });
  const files = components.map((one) => [
    one.name,
    one.owns.map(({ path }) => path.slice(site.length + 1)).sort(),
    one.owns.every((file) => file.listed !== false),
  ]);
  assert.deepEqual(files, [
    ['a', ['a-1.0.egg-info/PKG-INFO', 'a.py'], true],
    ['b', ['_b.py', 'b-1.0.egg-info/PKG-INFO', 'b-1.0.egg-info/top_level.txt', 'b/__init__.py'], false],
    ['c', ['c-1.0.egg-info'], false],
    ['d', ['d-1.0.egg/EGG-INFO/PKG-INFO', 'd-1.0.egg/EGG-INFO/top_level.txt', 'd-1.0.egg/d/__init__.py'], false],
  ]);
  assert.deepEqual(components[0]?.licenses, ['MIT License']);
});

test('names are normalised as PEP 503 says', () => {
  assert.equal(normalisedName('Zope.Interface'), 'zope-interface');
  assert.equal(normalisedName('a--b__C..d'), 'a-b-c-d');
  const { components } = catalogued({
    'x/zope.interface-6.0.dist-info/METADATA': 'Name: zope.interface\nVersion: 6.0\n',
  });
  assert.deepEqual(
    components.map((one) => one.purl),
    ['pkg:pypi/zope-interface@6.0'],
  );
});

test('metadata that says nothing is a gap', () => {
  for (const content of ['', '\n\n', 'Version: 1.0\n', '\x00\xff', 'no fields at all']) {
    const result = readWith(python, `${site}/x.dist-info/METADATA`, content);
    assert.deepEqual(
      [result?.records.length, result?.gaps.map((gap) => gap.reason)],
      [0, ['bad-database']],
      JSON.stringify(content),
    );
  }
  const noVersion = catalogued({ [`${site}/x.dist-info/METADATA`]: 'Name: x\n' }).components[0];
  assert.deepEqual([noVersion?.purl, noVersion?.version], ['pkg:pypi/x', null]);
});

test("a distribution's Python package stays beside its deb, and says whose file it is", () => {
  const { components } = catalogued({
    'var/lib/dpkg/status': 'Package: python3-yaml\nVersion: 6.0-3\nArchitecture: amd64\n',
    'var/lib/dpkg/info/python3-yaml.list': '/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO\n',
    'usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO': 'Name: PyYAML\nVersion: 6.0\n',
  });
  assert.deepEqual(
    components.map((one) => one.purl),
    ['pkg:deb/python3-yaml@6.0-3?arch=amd64', 'pkg:pypi/pyyaml@6.0'],
  );
  assert.deepEqual(components[1]?.evidence.at(-1), {
    what: 'file of a package',
    where: 'usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO',
    value: 'pkg:deb/python3-yaml@6.0-3?arch=amd64',
  });
});
