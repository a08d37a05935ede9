import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goProgram } from '../binary/elf-builder.test.support.js';
import { go } from './go.js';
import { linkerVariables, mainVersion, stdlibVersion } from './go-version.js';
import { catalogued, readWith } from './image.test.support.js';

const modules = [
  'path\texample.org/app/cmd/app',
  'mod\texample.org/app\t(devel)\t',
  'dep\tgithub.com/Masterminds/semver/v3\tv3.2.0\th1:a=',
  'dep\texample.org/forked\tv1.0.0',
  '=>\texample.org/fork\tv1.0.1\th1:b=',
  'dep\texample.org/local\tv0.0.0',
  '=>\t./local\t(devel)\t',
  'build\t-ldflags="-s -w -X main.version=7.2.1"',
  'build\t-trimpath=true',
  'build\tvcs.revision=0123456789abcdef',
  '',
].join('\n');

test('main module, replaced modules and the standard library of a program', () => {
  const { components, gaps } = catalogued({ 'usr/bin/app': goProgram('go1.21rc2', modules) });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.name, one.version, one.grade, one.owns.length]),
    [
      ['pkg:golang/example.org/app@v7.2.1', 'example.org/app', 'v7.2.1', 'inferred', 1],
      ['pkg:golang/example.org/fork@v1.0.1', 'example.org/fork', 'v1.0.1', 'claimed', 0],
      ['pkg:golang/example.org/local', 'example.org/local', null, 'claimed', 0],
      [
        'pkg:golang/github.com/Masterminds/semver/v3@v3.2.0',
        'github.com/Masterminds/semver/v3',
        'v3.2.0',
        'claimed',
        0,
      ],
      ['pkg:golang/stdlib@1.21rc2', 'stdlib', '1.21rc2', 'claimed', 0],
    ],
  );
  assert.deepEqual(components[1]?.evidence[1], {
    what: 'replaced module',
    where: 'usr/bin/app',
    value: 'example.org/forked v1.0.0 => example.org/fork v1.0.1',
  });
  assert.deepEqual(components[0]?.evidence[1], {
    what: 'version from -ldflags',
    where: 'usr/bin/app',
    value: '-X main.version=7.2.1',
  });
});

test('a module in two programs is one component at two places; two programs are two', () => {
  const { components } = catalogued({
    'bin/a': goProgram('go1.20', modules),
    'bin/b': goProgram('go1.20', `${modules}build\tx=y\n`),
  });
  const semver = components.filter((one) => one.name.endsWith('semver/v3'));
  assert.deepEqual(
    semver.map((one) => one.locations.map(({ path }) => path)),
    [['bin/a', 'bin/b']],
  );
  assert.equal(components.filter((one) => one.name === 'example.org/app').length, 2);
});

test('a program without modules is one by its name, with no version', () => {
  const [app, stdlib] = catalogued({ 'opt/tool': goProgram('devel go1.22-abcdef', '') }).components;
  assert.deepEqual([app?.purl, app?.version, app?.ecosystem], ['pkg:generic/tool', null, null]);
  assert.deepEqual([stdlib?.purl, stdlib?.version], ['pkg:golang/stdlib', null]);
});

test('built from files: the module that is (devel) is the main one', () => {
  const info = 'path\tcommand-line-arguments\ndep\texample.org/app\t(devel)\t\ndep\tx.org/y\tv1.0.0\th1:=\n';
  const { components } = catalogued({
    app: goProgram('go1.20', `${info}build\t-ldflags="-X example.org/app/v.gitTag=0.2.5"\n`),
  });
  assert.deepEqual(
    components.map((one) => one.purl),
    ['pkg:golang/example.org/app@v0.2.5', 'pkg:golang/stdlib@1.20', 'pkg:golang/x.org/y@v1.0.0'],
  );
});

test('which version of the main module counts', () => {
  const table: readonly (readonly [string, string, string, string | null])[] = [
    ['v1.2.3', '', '', 'v1.2.3'],
    ['v1.2.3', '-X main.version=9.9.9', 'abc', 'v1.2.3'],
    ['(devel)', '-X main.version=1.0', 'abc', 'v1.0'],
    ['(devel)', '-X main.commit=abc -X main.Version=v2.0.0-rc.1', '', 'v2.0.0-rc.1'],
    ['(devel)', '-X github.com/prometheus/common/version.Version=1.0.1', '', 'v1.0.1'],
    ['(devel)', '-X example.org/app/pkg/version.gitVersion=v3.1.0', '', 'v3.1.0'],
    ['(devel)', '-X \'main.version=1.2.3\' -X "main.x=a b"', '', 'v1.2.3'],
    ['(devel)', '-X main.version=1.0 -X main.version=2.0', '', 'v2.0'],
    ['(devel)', '-X example.org/dep/version.Version=5.0.0', '', null],
    ['(devel)', '-X main.version=unknown', '', null],
    ['(devel)', '-X main.goVersion=1.20', '', null],
    ['(devel)', '', '0123abc', '0123abc'],
    ['', '', '', null],
    ['v0.0.0-20240101000000-abcdefabcdef', '-X main.version=1.5.0', '', 'v1.5.0'],
    ['v0.0.0-20240101000000-abcdefabcdef', '', 'abc', 'v0.0.0-20240101000000-abcdefabcdef'],
  ];
  for (const [version, ldflags, revision, expected] of table) {
    const module = (path: string, at: string) => ({ path, version: at, sum: '', replace: null });
    const found = mainVersion({
      main: module('example.org/app', version),
      deps: [module('example.org/dep', 'v1.0.0')],
      settings: [
        { key: '-ldflags', value: ldflags },
        { key: 'vcs.revision', value: revision },
      ],
    });
    assert.equal(found.version, expected, `${version} ${ldflags} ${revision}`);
  }
});

test('a revision with its time is a pseudo-version as Go writes it, else itself', () => {
  const revision = '6c8d15d404874fd939d7f4062cc6a660dffdabcb';
  const table: readonly (readonly [string, string, string, string])[] = [
    [revision, '2022-12-07T03:54:00Z', 'false', 'v0.0.0-20221207035400-6c8d15d40487'],
    [revision, '2022-12-07T03:54:00Z', 'true', 'v0.0.0-20221207035400-6c8d15d40487+dirty'],
    [revision, '', 'false', revision],
    [revision, '2022-12-07T03:54:00+01:00', 'false', revision],
    ['not/a revision', '2022-12-07T03:54:00Z', 'false', 'not/a revision'],
  ];
  for (const [at, time, modified, expected] of table) {
    const found = mainVersion({
      main: { path: 'example.org/app', version: '(devel)', sum: '', replace: null },
      deps: [],
      settings: [
        { key: 'vcs.revision', value: at },
        { key: 'vcs.time', value: time },
        { key: 'vcs.modified', value: modified },
      ],
    });
    assert.equal(found.version, expected);
    assert.equal(found.what, 'vcs.revision');
  }
});

test('linker flags are split as the linker splits them', () => {
  assert.deepEqual(linkerVariables('-s -X a.b=c=d -X=e.f=g all=-X h.i=j -X'), [
    { target: 'a.b', value: 'c=d' },
    { target: 'e.f', value: 'g' },
    { target: 'h.i', value: 'j' },
  ]);
});

test('toolchain versions', () => {
  const table = [
    ['go1.20', '1.20'],
    ['go1.21.3', '1.21.3'],
    ['go1.22rc1', '1.22rc1'],
    ['go1.18beta2', '1.18beta2'],
    ['go1.21.5 X:nocoverageredesign', '1.21.5'],
    ['go1.21.5-fips', '1.21.5'],
    ['devel go1.22-1234', null],
    ['', null],
  ] as const;
  for (const [given, expected] of table) assert.equal(stdlibVersion(given), expected, given);
});

test('a broken program is a gap, a plain one nothing', () => {
  const whole = goProgram('go1.21', modules);
  const broken = readWith(go, 'bin/x', whole.subarray(0, whole.length - 20));
  assert.deepEqual(
    broken?.gaps.map((gap) => gap.reason),
    ['truncated'],
  );
  const badInfo = readWith(go, 'bin/x', goProgram('go1.21', 'mod\tx\n'));
  assert.deepEqual(
    badInfo?.gaps.map((gap) => gap.reason),
    ['bad-bytes'],
  );
  assert.equal(readWith(go, 'bin/x', '#!/bin/sh\n'), null);
});
