import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { helm, helmDo, noHelm, plainAccess, privateEnv, withHttp, writeChart } from '../../test/chart-repository.js';
import { inScratch } from '../../test/run.js';
import { isTrowelError } from '../model/index.js';
import { openCharts } from './fetch.js';
import { goSort } from './go-sort.js';
import { chooseTag, chooseVersion, sameVersion, versionsOfTags } from './versions.js';

test('the order of equal versions is that of an unstable sort, which is Go’s', () => {
  // Computed with Go 1.26: sort.Sort over 0…n-1 where i < j is i%3 < j%3, then joined.
  const sorted = (n: number): string => {
    const list = Array.from({ length: n }, (_, i) => i);
    goSort(list, (a, b) => a % 3 < b % 3);
    return list.join(' ');
  };
  for (const [n, expected] of goOrders) assert.equal(sorted(n), expected, `${n} items`);
});

test('a wish is a version as it is written, else the newest in the range', () => {
  const of = (...versions: string[]) => versions.map((version) => ({ version, urls: [], digest: null }));
  const list = of('2.0.0-rc.1', '1.2.0+b', '1.2.0+a', '1.1.0', 'v1.0.0');
  const chosen = (wanted: string): string | undefined => chooseVersion(list, wanted)?.version;
  assert.equal(chosen(''), '1.2.0+b');
  assert.equal(chosen('1.2.0+a'), '1.2.0+a');
  assert.equal(chosen('1.2.0'), '1.2.0+b');
  assert.equal(chosen('>0.0.0-0'), '2.0.0-rc.1');
  assert.equal(chosen('1.0'), 'v1.0.0');
  assert.equal(chosen('3'), undefined);
  assert.throws(() => chosen('not a range'), /improper constraint: "not a range"/);
});

test('tags are versions where they are SemVer 2, with _ for +', () => {
  const versions = versionsOfTags(['latest', '1.0.0', 'v2.0.0', '1.10.0_build.1', '1.9.0', '1.2', '1.10.1-rc.1']);
  assert.deepEqual(versions, ['1.10.1-rc.1', '1.10.0+build.1', '1.9.0', '1.0.0']);
  assert.equal(chooseTag(versions, ''), '1.10.0+build.1');
  assert.equal(chooseTag(versions, '~1.9'), '1.9.0');
  assert.equal(chooseTag(versions, '>0.0.0-0'), '1.10.1-rc.1');
  assert.equal(chooseTag(versions, '2.x'), null);
});

test('versions are compared without their metadata, texts that are none as texts', () => {
  assert.ok(sameVersion('1.2', '1.2.0+x'));
  assert.ok(!sameVersion('1.2', '1.2.1'));
  assert.ok(sameVersion('x', 'x'));
  assert.ok(!sameVersion('1.0.0', 'x'));
});

/** Versions of a repository that is as untidy as real ones: pre-releases, metadata, equals, short and wrong ones. */
const published = [
  ...['0.1.0', '0.1.1', '0.2.0-alpha.1', '0.2.0-alpha.10', '0.2.0-alpha.9', '0.2.0', '0.9.99', '1.0.0-rc.1', '1.0.0'],
  ...['1.0.1', '1.1.0', '1.2.0', '1.2.1', '1.2.2-0', '1.2.10', '1.9.0', '1.10.0', '1.10.0+up1.0', '1.10.0+up2.0'],
  ...['1.10.0+up10.0', 'v1.11.0', '1.12', '2', '2.0.0-beta', '2.0.0-beta.2', '2.0.1', '2.1.0+a', '2.1.0+b', '2.1.0+c'],
  ...['3.0.0+up1', '3.0.0+up2', '3.0.0+up3', '3.0.0+up4', '3.0.0+up5', '3.0.0+up6', '3.0.0+up7', '3.0.0+up8'],
  ...['3.0.0+up9', '4.0.0-alpha', '4.0.0-alpha.1', '4.0.0-alpha.beta', '4.0.0-rc1', 'nonsense', '10.0.0', '9.9.9'],
];

const ranges = [
  ...[
    '',
    '*',
    'x',
    '1',
    '1.x',
    '1.2',
    '1.2.x',
    '1.2.*',
    '^1',
    '^1.2',
    '^1.2.1',
    '~1',
    '~1.2',
    '~1.2.2',
    '~1.2.2-0',
    '^0.1',
    '^0.2.0-alpha',
  ],
  ...[
    '>1',
    '>=1',
    '<1',
    '<=1',
    '>1.2',
    '>=1.2 <2',
    '>=1.2, <2',
    '1.2 - 1.9',
    '1.0.0 - 1.2.1',
    '!=3.0.0',
    '!=3.x',
    '<2 || >9',
    '^1 || ^2',
  ],
  ...[
    '>0.0.0-0',
    '>=2.0.0-0',
    '<4.0.0-0',
    '>=4.0.0-alpha',
    '4.0.0-alpha',
    '4.0.0-rc1',
    '~4.0.0-0',
    '^4.0.0-0',
    '1.10.0',
    '1.10.0+up2.0',
    '=1.10.0+up1.0',
  ],
  ...[
    'v1.11.0',
    '1.11.0',
    'v1.11',
    '1.12',
    '1.12.0',
    '2',
    '2.0',
    '2.0.0',
    '2.1.0',
    '2.1.0+b',
    '3.0.0',
    '3.0.0+up3',
    '3',
    '^3',
    '~3.0',
    '4',
    '5',
    '10',
    '<10',
  ],
  ...[
    'nonsense',
    '>>1',
    '1.2.3.4',
    'latest',
    '^',
    '~',
    '>',
    '1 2',
    ' 1.0.0 ',
    '=<1.2',
    '=>1.2',
    '~>1.2',
    '>=1.2.x',
    '<1.2.x',
    '1.x.x',
    '0',
    '0.0',
    '0.x',
    '^0',
    '^0.0',
    '~0',
  ],
  ...[
    '>=0.2.0-alpha.9 <0.2.0',
    '0.2.0-alpha.10',
    '>1.2.10 <1.10',
    '<=1.2.2-0',
    '>=1.2.2-0, <1.2.10',
    '1.10.0+nope',
    '>=3.0.0+up3',
  ],
];

test(
  'the version that is taken is the one that helm pull takes, over many ranges',
  { skip: noHelm, timeout: 240_000 },
  () =>
    inScratch(async (dir) => {
      await helmDo(dir, 'package', writeChart(dir, 'app', '1.0.0'), '-d', dir);
      const archive = readFileSync(join(dir, 'app-1.0.0.tgz'));
      // Several orders: which of equal versions comes first depends on it.
      const orders = [published, [...published].reverse(), [...published.slice(20), ...published.slice(0, 20)]];
      for (const [at, order] of orders.entries()) {
        const entries = order.map(
          (version) => `  - {apiVersion: v2, name: app, version: "${version}", urls: ["app/${version}.tgz"]}\n`,
        );
        const index = `apiVersion: v1\nentries:\n  app:\n${entries.join('')}`;
        await withHttp(
          ({ path }) => ({ body: path === '/index.yaml' ? index : archive }),
          async ({ url, asked }) => {
            mkdirSync(join(dir, 'to'), { recursive: true });
            for (const range of at === 0 ? ranges : ['', '3', '3.0.0', '1.10.0', '2.1.0', '^1', '>=3.0.0']) {
              const taken = (): string =>
                asked
                  .splice(0)
                  .flatMap(({ path }) => (path === '/index.yaml' ? [] : [path]))
                  .join();
              const theirs = await helm(
                dir,
                'pull',
                '--repo',
                url,
                'app',
                '-d',
                join(dir, 'to'),
                ...(range === '' ? [] : ['--version', range]),
              );
              const expected =
                theirs.code === 0 ? taken() : `fails: ${theirs.stderr.replace(/^[\s\S]*?Error: /, '').trim()}`;
              asked.length = 0;
              const ours = openCharts(
                { ...plainAccess, version: range.trim(), repo: url },
                { env: privateEnv(dir), warn: () => undefined },
              );
              const actual = await ours
                .fetch({ kind: 'repository', given: 'app', url, name: 'app' })
                .then(taken, (error: unknown) => {
                  if (!isTrowelError(error)) throw error;
                  return `fails: ${error.what}`;
                });
              await ours.close();
              asked.length = 0;
              assert.equal(actual, expected, `--version '${range}'`);
            }
          },
        );
      }
    }),
);

const goOrders: readonly (readonly [number, string])[] = [
  [0, ''],
  [1, '0'],
  [5, '0 3 1 4 2'],
  [12, '0 3 6 9 1 4 7 10 2 5 8 11'],
  [13, '6 3 0 9 12 1 4 7 10 2 5 8 11'],
  [20, '9 18 15 3 12 0 6 10 7 4 13 16 1 19 8 5 11 14 2 17'],
  [
    49,
    '24 18 48 3 45 42 6 39 36 9 33 30 12 27 0 15 21 37 10 19 46 16 22 4 1 43 25 13 28 40 7 31 34 41 29 35 8 26 38 11 32 14 5 17 44 23 20 47 2',
  ],
  [
    50,
    '18 48 45 3 42 39 6 36 33 9 30 27 12 0 24 15 21 25 4 19 49 16 22 1 46 13 43 40 28 37 10 31 7 34 17 26 32 29 38 5 35 11 8 41 44 2 14 47 23 20',
  ],
  [
    77,
    '27 75 72 3 69 66 6 63 60 9 57 54 12 51 48 15 45 42 18 39 0 21 36 33 24 30 37 52 28 76 25 31 1 73 34 70 22 4 67 19 40 64 7 43 61 16 46 58 10 49 55 13 41 23 11 50 56 14 47 59 8 44 62 17 53 5 26 38 68 20 35 71 2 65 74 32 29',
  ],
  [
    120,
    '42 117 114 3 111 108 6 105 102 9 99 96 12 93 90 15 87 84 18 81 78 21 75 72 24 69 66 27 63 0 30 60 57 33 54 51 36 48 45 39 61 19 40 43 118 1 46 115 37 49 112 4 52 109 34 55 106 7 58 103 31 100 10 28 64 97 94 67 13 25 70 91 88 73 16 22 76 85 82 79 59 62 20 83 17 77 86 74 23 89 14 71 92 68 26 95 11 65 98 80 29 101 8 41 104 32 56 107 5 53 110 35 50 113 2 47 116 38 44 119',
  ],
];
