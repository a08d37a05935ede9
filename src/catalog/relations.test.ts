import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goProgram } from '../binary/elf-builder.test.support.js';
import { cpuMs } from '../model/cpu.test.support.js';
import type { Component } from '../model/index.js';
import { catalogued } from './image.test.support.js';
import { apkWords, debianRelations, pythonRequirement } from './relations.js';

/** Names of what each component depends on; null where nobody says. */
function relationsOf(components: readonly Component[]): Readonly<Record<string, readonly string[] | null>> {
  const names = new Map(components.map((one) => [one.purl, one.name]));
  return Object.fromEntries(
    components.map((one) => [one.name, one.dependsOn?.map((purl) => names.get(purl) ?? `?${purl}`) ?? null]),
  );
}

const stanza = (name: string, more: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${more}\n`;

test('dpkg: the first alternative that is there, virtual packages by who provides them, nothing that is missing', () => {
  const { components } = catalogued({
    'var/lib/dpkg/status': [
      stanza(
        'app',
        'Pre-Depends: libc6 (>= 2.36)\nDepends: exim4 | mail-transport-agent, absent, python3:any, libc6\n',
      ),
      stanza('libc6', ''),
      stanza('postfix', 'Provides: mail-transport-agent (= 1), other\nDepends: postfix\n'),
      stanza('python3', 'Recommends: app\n'),
    ].join(''),
  });
  assert.deepEqual(relationsOf(components), {
    app: ['libc6', 'postfix', 'python3'],
    libc6: [],
    postfix: [],
    python3: [],
  });
});

test('apk: libraries and commands by who provides them, conflicts are none', () => {
  const { components } = catalogued({
    'lib/apk/db/installed': [
      'P:curl\nV:8-r0\nA:x86_64\nD:so:libc.musl-x86_64.so.1 ca-certificates>=1 !old so:absent.so.1\n\n',
      'P:musl\nV:1-r0\nA:x86_64\np:so:libc.musl-x86_64.so.1=1\n\n',
      'P:ca-certificates\nV:1-r0\nA:x86_64\nD:/bin/sh\n\n',
      'P:busybox\nV:1-r0\nA:x86_64\np:/bin/sh cmd:sh=1\n\n',
    ].join(''),
  });
  assert.deepEqual(relationsOf(components), {
    busybox: [],
    'ca-certificates': ['busybox'],
    curl: ['ca-certificates', 'musl'],
    musl: [],
  });
});

test('Python: of two environments the own one counts, and what an extra needs does not', () => {
  const metadata = (name: string, version: string, more = ''): string =>
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${more}\n`;
  const { components } = catalogued({
    'opt/a/lib/site-packages/app-1.dist-info/METADATA': metadata(
      'app',
      '1',
      'Requires-Dist: Zope.Interface[x] (>=5)\nRequires-Dist: tests ; extra == "dev"\nRequires-Dist: gone\n',
    ),
    'opt/a/lib/site-packages/tests-1.dist-info/METADATA': metadata('tests', '1'),
    'opt/a/lib/site-packages/zope.interface-6.dist-info/METADATA': metadata('zope.interface', '6'),
    'opt/b/lib/site-packages/zope.interface-5.dist-info/METADATA': metadata('zope.interface', '5'),
  });
  const app = components.find((one) => one.name === 'app');
  assert.deepEqual(app?.dependsOn, ['pkg:pypi/zope-interface@6']);
});

test('Go: a program depends on all that is compiled into it; of a module nobody knows', () => {
  const modules = 'path\tx.example/app\nmod\tx.example/app\tv1.0.0\t\ndep\ty.example/lib\tv2.0.0\th1:a=\n';
  const { components } = catalogued({ 'bin/app': goProgram('go1.21.3', modules) });
  assert.deepEqual(relationsOf(components), {
    'x.example/app': ['stdlib', 'y.example/lib'],
    'y.example/lib': null,
    stdlib: null,
  });
});

test('where no record says what it needs nobody claims that it needs nothing', () => {
  const { components } = catalogued({
    'app/node_modules/a/package.json': '{"name":"a","version":"1.0.0","dependencies":{"b":"1"}}',
  });
  assert.deepEqual(relationsOf(components), { a: null });
});

test('the words of each', () => {
  assert.deepEqual(debianRelations('a (>= 1) [amd64] <!nocheck> | b:any,, c (= $x), !'), [['a', 'b'], ['c']]);
  assert.deepEqual(apkWords('so:a.so.1=1.2 b>=3 !c d~4 e@edge  /bin/sh'), ['so:a.so.1', 'b', 'd', 'e', '/bin/sh']);
  assert.equal(pythonRequirement('Foo_Bar.baz[e]>=1; python_version < "3"'), 'foo-bar-baz');
  assert.equal(pythonRequirement("x ; python_version < '3' and extra=='y'"), null);
  assert.equal(pythonRequirement('=1'), null);
});

test('thousands that provide and require one word take no time', () => {
  const started = cpuMs();
  const status = Array.from({ length: 5000 }, (_, index) =>
    stanza(`p${index}`, `Provides: one\nDepends: ${'one, '.repeat(50)}\n`),
  );
  const { components } = catalogued({ 'var/lib/dpkg/status': status.join('') });
  assert.equal(components.length, 5000);
  assert.ok(cpuMs() - started < 40_000, `${cpuMs() - started} ms`);
});
