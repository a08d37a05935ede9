import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { goReleaseVersion, isModuleVersion, isPseudoVersion } from './go.js';
import { deb, orderingFor } from './index.js';

/** From each scheme's own specification; the sign is what the specification says. */
const cases: readonly (readonly [ecosystem: string, a: string, sign: -1 | 0 | 1 | undefined, b: string])[] = [
  // SemVer 2.0.0, item 11
  ['npm', '1.0.0-alpha', -1, '1.0.0-alpha.1'],
  ['npm', '1.0.0-rc.1', -1, '1.0.0'],
  ['npm', '1.0.0+1', 0, '1.0.0+2'],
  ['npm', 'latest', undefined, '1.0.0'],
  // Go: pseudo-versions, +incompatible, `v`
  ['Go', 'v0.0.0-20200510223506-06a226fb4e37', -1, '0.0.0-20201203163018-be400aefbc4c'],
  ['Go', 'v1.2.4-0.20200510223506-06a226fb4e37', -1, 'v1.2.4'],
  ['Go', 'v2.0.0+incompatible', 0, '2.0.0'],
  ['Go', '(devel)', undefined, '1.0.0'],
  // Debian Policy 5.6.12
  ['Debian', '1.0~beta1~svn1245', -1, '1.0~beta1'],
  ['Debian', '1.0~beta1', -1, '1.0'],
  ['Debian', '2.28-10', -1, '2.28-10+deb10u2'],
  ['Debian', 'x:1.0', undefined, '1.0'],
  ['Ubuntu:22.04', '2.35-0ubuntu3', -1, '2.35-0ubuntu3.1'],
  // opam manual, "Version ordering": its list in order
  ['opam', '~~', -1, '~'],
  ['opam', '~', -1, '~beta2'],
  ['opam', '~beta2', -1, '~beta10'],
  ['opam', '~beta10', -1, '0.1'],
  ['opam', '0.1', -1, '1.0~beta'],
  ['opam', '1.0~beta', -1, '1.0'],
  ['opam', '1.0', -1, '1.0-test'],
  ['opam', '1.0-test', -1, '1.0.1'],
  ['opam', '1.0.1', -1, '1.0.10'],
  ['opam', '1.0.10', -1, 'dev'],
  ['opam', 'dev', -1, 'trunk'],
  // apk-package(5)
  ['Alpine', '1.0', 1, '1'],
  ['Alpine', '1.1.24-r9', -1, '1.1.24-r10'],
  ['Alpine', '0.8.21-r0', -1, '0.8.21.r2'], // irssi in Alpine's security database
  ['Alpine', '1.0_rc1-r0', -1, '1.0-r0'],
  ['Alpine', '1.0_p1-r0', 1, '1.0-r0'],
  // PEP 440, "Summary of permitted suffixes and relative ordering"
  ['PyPI', '1.0.dev456', -1, '1.0a1'],
  ['PyPI', '1.0a2.dev456', -1, '1.0a12.dev456'],
  ['PyPI', '1.0rc1', -1, '1.0'],
  ['PyPI', '1.0', -1, '1.0+abc.5'],
  ['PyPI', '1.0+abc.7', -1, '1.0+5'],
  ['PyPI', '1.0+5', -1, '1.0.post456.dev34'],
  ['PyPI', '1.0.post456.dev34', -1, '1.0.post456'],
  ['PyPI', '1.0.post456', -1, '1.1.dev1'],
  ['PyPI', '1.0post', 0, '1.0.post0'],
  ['PyPI', 'v1.0', 0, '1.0.0'],
  ['PyPI', '5.4b2', -1, '5.4'],
  // pom.html, "Version Order Specification"
  ['Maven', '1-SNAPSHOT', -1, '1'],
  ['Maven', '1-foo2', -1, '1-foo10'],
  ['Maven', '1.foo', -1, '1-foo'],
  ['Maven', '1-foo', -1, '1-1'],
  ['Maven', '1-1', -1, '1.1'],
  ['Maven', '1-sp', 1, '1-ga'],
  ['Maven', '2.14.1', -1, '2.15.0'],
  // rpm-version(7)
  ['Red Hat', '1.0~rc1-1', -1, '1.0-1'],
  ['Red Hat', '1.0^20200101-1', 1, '1.0-1'],
  ['Rocky Linux:9', '1:1.0-1', 1, '2.0-1'],
  // Gem::Version
  ['RubyGems', '1.0.0', 0, '1'],
  ['RubyGems', '2.0.0.rc1', -1, '2.0.0'],
  ['RubyGems', '1.0-java', -1, '1.0'],
  // Bitnami's revision is newer than none
  ['Bitnami', '6.2.0-3', 1, '6.2.0'],
  ['Bitnami', '6.2.0-rc.1', -1, '6.2.0'],
];

test('what the specifications say', () => {
  for (const [ecosystem, a, sign, b] of cases) {
    assert.equal(orderingFor(ecosystem)?.compare(a, b), sign, `${ecosystem}: ${a} and ${b}`);
    const back = orderingFor(ecosystem)?.compare(b, a);
    assert.equal(back === undefined ? undefined : back + (sign ?? 0), sign === undefined ? undefined : 0, `${b}, ${a}`);
  }
});

test('PEP 440: whole list of its summary in order', () => {
  const list =
    '1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345 ' +
    '1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1';
  const versions = list.split(' ');
  for (const [i, a] of versions.entries()) {
    for (const [j, b] of versions.entries()) {
      assert.equal(orderingFor('PyPI')?.compare(a, b), Math.sign(i - j), `${a} and ${b}`);
    }
  }
});

test('Go: which versions are commits, and which cannot be of the module', () => {
  assert.ok(isPseudoVersion('v0.0.0-20200510223506-06a226fb4e37'));
  assert.ok(isPseudoVersion('2.0.1-0.20200510223506-06a226fb4e37+incompatible'));
  assert.ok(!isPseudoVersion('v7.2.1'));
  assert.ok(!isPseudoVersion(''));
  assert.ok(!isModuleVersion('github.com/grafana/grafana', '7.2.1'));
  assert.ok(isModuleVersion('github.com/prometheus/node_exporter', 'v1.0.1'));
  assert.ok(isModuleVersion('k8s.io/klog/v2', 'v2.100.1'));
  assert.ok(!isModuleVersion('k8s.io/klog/v2', 'v1.0.0'));
  assert.ok(isModuleVersion('gopkg.in/yaml.v3', 'v3.0.1'));
  assert.ok(isModuleVersion('github.com/docker/docker', 'v20.10.7+incompatible'));
  assert.ok(!isModuleVersion('example.com/x', 'master'));
});

test('Go: releases as the vulnerability database writes them (GoTagToSemver)', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['go1.21', '1.21.0'],
    ['go1.20.3', '1.20.3'],
    ['1.21rc2', '1.21.0-rc.2'],
    ['go1.13beta1', '1.13.0-beta.1'],
    ['go1.22.1 X:boringcrypto', '1.22.1'],
    ['go1.20.3-fips', '1.20.3'],
    ['v1.24.0-rc.1', '1.24.0-rc.1'],
    ['1.27.0-0', '1.27.0-0'],
    ['devel go1.22-abcdef', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of table) assert.equal(goReleaseVersion(text), expected, text);
});

const dpkg = existsSync('/usr/bin/dpkg') ? '/usr/bin/dpkg' : null;

test('dpkg agrees', { skip: dpkg === null && 'no dpkg on this machine' }, () => {
  assert.ok(dpkg !== null);
  const part = fc.stringMatching(/^[0-9]{1,2}([.+~a-zA-Z0-9]{0,5})$/);
  const text = fc.tuple(fc.constantFrom('', '0:', '1:'), part, fc.option(part, { nil: null })).map(([epoch, v, r]) => {
    return `${epoch}${v}${r === null ? '' : `-${r}`}`;
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const order = deb.compare(a, b);
      const operator = order === -1 ? 'lt' : order === 1 ? 'gt' : 'eq';
      // `--compare-versions` answers with its exit code and throws here when it disagrees.
      execFileSync(dpkg, ['--compare-versions', a, operator, b], { stdio: 'pipe' });
    }),
    { numRuns: 60 },
  );
});
