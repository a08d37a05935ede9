import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conda } from './conda.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const hex = (char: string): string => char.repeat(64);
/** As conda writes it (PrefixRecord). */
const record = JSON.stringify({
  name: 'ncurses',
  version: '6.4',
  build: 'h6a678d5_0',
  build_number: 0,
  channel: 'https://repo.example.com/pkgs/main/linux-64',
  fn: 'ncurses-6.4-h6a678d5_0.conda',
  subdir: 'linux-64',
  license: 'X11 AND BSD-3-Clause',
  url: 'https://repo.example.com/pkgs/main/linux-64/ncurses-6.4-h6a678d5_0.conda',
  files: ['bin/clear', 'lib/gone.so'],
  paths_data: {
    paths: [
      { _path: 'bin/clear', path_type: 'hardlink', sha256: hex('a'), sha256_in_prefix: hex('b') },
      { _path: 'lib/x.pc', sha256: hex('c'), prefix_placeholder: '/opt/placeholder' },
      { _path: '../../etc/passwd', sha256: hex('d') },
    ],
    paths_version: 1,
  },
});

test('a package with its files as they are in place', () => {
  const { components } = catalogued({
    'opt/conda/conda-meta/ncurses-6.4-h6a678d5_0.json': record,
    'opt/conda/bin/clear': 'x',
    'opt/conda/lib/x.pc': 'y',
    'etc/passwd': 'z',
  });
  const [one] = components;
  assert.deepEqual(
    [one?.purl, one?.licenses, one?.downloadLocation],
    [
      'pkg:conda/ncurses@6.4?build=h6a678d5_0&channel=main&subdir=linux-64&type=conda',
      ['X11 AND BSD-3-Clause'],
      'https://repo.example.com/pkgs/main/linux-64/ncurses-6.4-h6a678d5_0.conda',
    ],
  );
  assert.deepEqual(
    one?.owns.slice(0, 2).map(({ path, digest }) => [path, digest?.hex]),
    [
      ['opt/conda/bin/clear', hex('b')],
      ['opt/conda/lib/x.pc', undefined],
    ],
  );
});

test('older records have names only; what states no name is a gap', () => {
  const old = '{"name":"a","version":"1","files":["bin/a"]}';
  const [one] = catalogued({ 'c/conda-meta/a-1-0.json': old, 'c/bin/a': 'x' }).components;
  assert.deepEqual([one?.purl, one?.owns[0]?.path, one?.owns[0]?.listed], ['pkg:conda/a@1', 'c/bin/a', undefined]);
  assert.equal(readWith(conda, 'c/conda-meta/x.json', '{}')?.gaps[0]?.reason, 'bad-database');
  assert.equal(readWith(conda, 'c/conda-meta/history', ''), null);
});

test('broken records', () => survivesMutations('c/conda-meta/x.json', record));
