import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const site = 'usr/lib/python3/site-packages';
const purls = (files: Record<string, string>) => catalogued(files).components.map((one) => one.purl);
const vendor =
  'CacheControl==0.12.11  # Make sure to update the license\nrequests==2.31.0\n    certifi==2023.5.7\n# six==1\nsix>=1.0\n';

test('what pip carries along', () => {
  const [first] = catalogued({ [`${site}/pip/_vendor/vendor.txt`]: vendor }).components;
  assert.deepEqual(
    [first?.purl, first?.name, first?.grade],
    ['pkg:pypi/cachecontrol@0.12.11', 'cachecontrol', 'claimed'],
  );
  assert.deepEqual(purls({ [`${site}/pip/_vendor/vendor.txt`]: vendor }), [
    'pkg:pypi/cachecontrol@0.12.11',
    'pkg:pypi/certifi@2023.5.7',
    'pkg:pypi/requests@2.31.0',
  ]);
});

test('source trees with a pyproject.toml; fixtures and computed versions are none', () => {
  const project = (name: string, version: string) =>
    `[build-system]\nrequires = ["x"]\n\n[project]\nname = "${name}"\nversion = "${version}"\n`;
  assert.deepEqual(
    purls({
      'app/pyproject.toml': project('My_App', '1.2.0'),
      'old/pyproject.toml': '[tool.poetry]\nname = "old"\nversion = "0.1.0"\n',
      'dyn/pyproject.toml': '[project]\nname = "dyn"\ndynamic = ["version"]\n',
      'app/tests/x/pyproject.toml': project('mock', '0.0.1'),
    }),
    ['pkg:pypi/my-app@1.2.0', 'pkg:pypi/old@0.1.0'],
  );
});

test('modules without a distribution are concluded from their own version, those of one are its own', () => {
  const metadata = 'Metadata-Version: 2.1\nName: Known\nVersion: 1.0\n';
  const files = {
    [`${site}/loose/__init__.py`]: '"""doc"""\n__version__ = "2.3.4"\n',
    [`${site}/loose/_version.py`]: 'version = "9.9.9"\n',
    [`${site}/single.py`]: "__version__: str = '0.5'\n",
    [`${site}/known/__init__.py`]: '__version__ = "1.0"\n',
    [`${site}/Known-1.0.dist-info/METADATA`]: metadata,
    [`${site}/Known-1.0.dist-info/RECORD`]: 'known/__init__.py,,\nKnown-1.0.dist-info/METADATA,,\n',
    [`${site}/deep/er/__init__.py`]: '__version__ = "1.1"\n',
    [`${site}/plain/__init__.py`]: 'import x\n    __version__ = "1"\n',
  };
  assert.deepEqual(
    catalogued(files).components.map((one) => [one.purl, one.grade]),
    [
      ['pkg:pypi/known@1.0', 'claimed'],
      ['pkg:pypi/loose@2.3.4', 'inferred'],
      ['pkg:pypi/single@0.5', 'inferred'],
    ],
  );
});

test('broken files', () => {
  survivesMutations(`${site}/pip/_vendor/vendor.txt`, vendor);
  survivesMutations('app/pyproject.toml', '[project]\nname = "a"\nversion = "1"\nx = """\n[a]\n"""\n');
  survivesMutations(`${site}/x/__init__.py`, '__version__ = "1.0"\n');
});
