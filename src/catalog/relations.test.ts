import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { buildElf, goProgram } from '../binary/elf-builder.test.support.js';
import { buildNdb } from '../database/build.test.support.js';
import { cpuMs } from '../model/cpu.test.support.js';
import type { Component } from '../model/index.js';
import { catalogued } from './image.test.support.js';
import { apkWords, debianRelations, pythonRequirement } from './relations.js';
import { rpmTag } from './rpm/header.js';
import { header } from './rpm/header.test.support.js';
import { buildZip } from './zip.test.support.js';

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

const packageJson = (name: string, version: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ name, version, ...more });

/** What each component depends on, by `name@version`, of those with this name. */
function needs(components: readonly Component[], name: string): readonly (readonly string[] | undefined)[] {
  return components
    .filter((one) => one.name === name)
    .map((one) => one.dependsOn?.map((purl) => purl.replace(/^pkg:\w+\//, '')));
}

test('npm: the copy that Node finds from the folder of the package, not one that lies as near', () => {
  const { components } = catalogued({
    'app/package.json': packageJson('app', '0.1.0', {
      dependencies: { a: '1', absent: '1' },
      devDependencies: { z: '1' },
    }),
    'app/node_modules/a/package.json': packageJson('a', '1.0.0', {
      dependencies: { c: '1', '@s/d': '*' },
      peerDependencies: { b: '*' },
      optionalDependencies: { gone: '*' },
    }),
    'app/node_modules/a/node_modules/c/package.json': packageJson('c', '1.0.0', { dependencies: { b: '1', c: '2' } }),
    'app/node_modules/b/package.json': packageJson('b', '1.0.0', { dependencies: { c: '2' } }),
    'app/node_modules/b/node_modules/@s/d/package.json': packageJson('@s/d', '2.0.0', { dependencies: 'none' }),
    'app/node_modules/c/package.json': packageJson('c', '2.0.0'),
    'app/node_modules/@s/d/package.json': packageJson('@s/d', '1.0.0', { dependencies: { c: '2' } }),
    'app/node_modules/z/package.json': packageJson('z', '1.0.0'),
  });
  assert.deepEqual(needs(components, 'app'), [['a@1.0.0']]);
  assert.deepEqual(needs(components, 'a'), [['%40s/d@1.0.0', 'b@1.0.0', 'c@1.0.0']]);
  assert.deepEqual(needs(components, 'b'), [['c@2.0.0']]);
  assert.deepEqual(needs(components, 'c'), [['b@1.0.0'], []]);
  assert.deepEqual(needs(components, '@s/d'), [['c@2.0.0'], []]);
});

test("npm: pnpm's links lead to the package, and Debian's folder comes last", () => {
  const store = 'app/node_modules/.pnpm';
  const { components } = catalogued({
    [`${store}/a@1.0.0/node_modules/a/package.json`]: packageJson('a', '1.0.0', { dependencies: { b: '1', deb: '1' } }),
    [`${store}/a@1.0.0/node_modules/b`]: { link: '../../b@1.0.0/node_modules/b' },
    [`${store}/b@1.0.0/node_modules/b/package.json`]: packageJson('b', '1.0.0'),
    [`${store}/b@2.0.0/node_modules/b/package.json`]: packageJson('b', '2.0.0'),
    'usr/share/nodejs/deb/package.json': packageJson('deb', '1.0.0'),
  });
  assert.deepEqual(needs(components, 'a'), [['b@1.0.0', 'deb@1.0.0']]);
});

test('the same package at two places needs what either finds', () => {
  const one = packageJson('a', '1.0.0', { dependencies: { b: '*' } });
  const { components } = catalogued({
    'x/node_modules/a/package.json': one,
    'x/node_modules/b/package.json': packageJson('b', '1.0.0'),
    'y/node_modules/a/package.json': one,
    'y/node_modules/b/package.json': packageJson('b', '2.0.0'),
  });
  assert.deepEqual(needs(components, 'a'), [['b@1.0.0', 'b@2.0.0']]);
});

test('Composer: by name, by what another replaces or provides; PHP itself is no package', () => {
  const packages = [
    {
      name: 'App/Log',
      version: '1.0.0',
      require: { php: '>=8', 'ext-json': '*', 'psr/log-implementation': '1', 'A/b': '*' },
    },
    { name: 'monolog/monolog', version: '3.0.0', provide: { 'psr/log-implementation': '3' } },
    { name: 'x/all', version: 'v6.0.0', replace: { 'a/b': 'self.version' }, require: [] },
  ];
  const { components } = catalogued({ 'srv/vendor/composer/installed.json': JSON.stringify({ packages }) });
  assert.deepEqual(relationsOf(components), {
    'app/log': ['monolog/monolog', 'x/all'],
    'monolog/monolog': [],
    'x/all': [],
  });
});

test('gems: of several versions the highest that is taken, first of the own home', () => {
  const gem = (name: string, version: string, ...needs: readonly string[]): string =>
    [
      `# stub: ${name} ${version} ruby lib`,
      'Gem::Specification.new do |s|',
      `  s.name = "${name}".freeze`,
      `  s.version = "${version}"`,
      ...needs.map((one) => `  s.${one}`),
      'end\n',
    ].join('\n');
  const home = 'usr/lib/ruby/gems/3.1.0/specifications';
  const { components } = catalogued({
    [`${home}/app-1.0.gemspec`]: gem(
      'app',
      '1.0',
      'add_runtime_dependency(%q<rack>.freeze, ["~> 2.0".freeze, ">= 2.0.1".freeze])',
      'add_dependency("json", [">= 0"])',
      'add_development_dependency(%q<minitest>.freeze, [">= 0"])',
      'add_dependency(%q<absent>.freeze, [">= 0"])',
      'add_dependency(%q<old>.freeze, ["< 2"])',
      'add_dependency(%q<pre>.freeze, [">= 1.9.a"])',
      'respond_to?(:add_runtime_dependency)\n  else',
      'add_dependency(%q<minitest>.freeze, [">= 0"])',
    ),
    [`${home}/rack-2.0.0.gemspec`]: gem('rack', '2.0.0'),
    [`${home}/rack-2.2.8.gemspec`]: gem('rack', '2.2.8'),
    [`${home}/rack-2.10.0.rc1.gemspec`]: gem('rack', '2.10.0.rc1'),
    [`${home}/rack-3.0.0.rc1.gemspec`]: gem('rack', '3.0.0.rc1'),
    [`${home}/pre-1.0.gemspec`]: gem('pre', '1.0'),
    [`${home}/pre-2.0.0.rc1.gemspec`]: gem('pre', '2.0.0.rc1'),
    [`${home}/minitest-5.0.gemspec`]: gem('minitest', '5.0'),
    [`${home}/old-2.0.gemspec`]: gem('old', '2.0'),
    [`${home}/default/json-2.6.1.gemspec`]: gem('json', '2.6.1'),
    'opt/gems/specifications/json-2.9.0.gemspec': gem('json', '2.9.0'),
  });
  assert.deepEqual(needs(components, 'app'), [['json@2.6.1', 'pre@2.0.0.rc1', 'rack@2.2.8']]);
});

test("Rust: cargo-auditable's places in its list, without what only took part in building", () => {
  const packages = [
    { name: 'a', version: '1.0.0', dependencies: [1, 2, 99, -1, 'x'] },
    { name: 'b', version: '1.0.0', kind: 'build' },
    { name: 'b', version: '2.0.0' },
    { name: 'tool', version: '0.1.0', dependencies: [0], root: true },
  ];
  const data = deflateSync(JSON.stringify({ packages }));
  const sections = [{ name: '.dep-v0', at: 0, size: data.length }];
  const program = buildElf({ bits: 64, littleEndian: true, address: 0x1000, data, sections });
  const { components } = catalogued({ 'bin/tool': program });
  assert.deepEqual(relationsOf(components), { a: ['b'], b: [], tool: ['a'] });
});

test('Java: what the POM in a jar says and a jar is there for, nearest first; without a POM nobody knows', () => {
  const jar = (group: string, artifact: string, version: string, pom: string | null): Uint8Array => {
    const folder = `META-INF/maven/${group}/${artifact}`;
    return buildZip(
      Object.entries({
        [`${folder}/pom.properties`]: `groupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
        ...(pom === null
          ? {}
          : { [`${folder}/pom.xml`]: `<project><parent><groupId>${group}</groupId></parent>${pom}</project>` }),
      }),
    );
  };
  const need = (group: string, artifact: string, more = ''): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${more}</dependency>`;
  const app = jar(
    'com.example',
    'app',
    '1.0',
    [
      `<dependencyManagement><dependencies>${need('x', 'managed')}</dependencies></dependencyManagement>`,
      '<dependencies>',
      need('\x24{project.groupId}', 'lib', '<exclusions><exclusion><groupId>y</groupId></exclusion></exclusions>'),
      need('junit', 'junit', '<scope>test</scope>'),
      need('x', 'maybe', '<optional>true</optional>'),
      need('x', 'absent'),
      '</dependencies>',
    ].join(''),
  );
  const { components } = catalogued({
    'srv/a/app-1.0.jar': app,
    'srv/a/lib-2.0.jar': jar('com.example', 'lib', '2.0', null),
    'srv/b/lib-1.0.jar': jar('com.example', 'lib', '1.0', '<dependencies/>'),
    'srv/a/junit-4.0.jar': jar('junit', 'junit', '4.0', null),
    'srv/a/managed-4.0.jar': jar('x', 'managed', '4.0', null),
    'srv/a/maybe-4.0.jar': jar('x', 'maybe', '4.0', null),
  });
  assert.deepEqual(needs(components, 'com.example:app'), [['com.example/lib@2.0']]);
  assert.deepEqual(needs(components, 'com.example:lib'), [[], undefined]);
});

test('rpm: names, files, versions where several provide a name, simple conditions', () => {
  const rpmOf = (
    name: string,
    needed: readonly string[],
    provided: readonly string[],
    files: readonly string[] = [],
  ) => {
    const words = (all: readonly string[]) => all.map((one) => one.split(' = '));
    const flags = (all: readonly string[]) => ({
      int32: words(all).map(([, version]) => (version === undefined ? 0 : 8)),
    });
    const versions = (all: readonly string[]) => words(all).map(([, version]) => version ?? '');
    const names = (all: readonly string[]) => words(all).map(([word]) => word ?? '');
    const [more, less] = [
      ['rpmlib(x) = 1', ...needed],
      [...provided, `${name} = 1-1`],
    ];
    return header({
      [rpmTag.name]: name,
      [rpmTag.version]: '1',
      [rpmTag.release]: '1',
      [rpmTag.requireName]: names(more),
      [rpmTag.requireFlags]: { int32: [0x1000008, ...flags(needed).int32] },
      [rpmTag.requireVersion]: versions(more),
      [rpmTag.provideName]: names(less),
      [rpmTag.provideFlags]: flags(less),
      [rpmTag.provideVersion]: versions(less),
      [rpmTag.dirNames]: ['/usr/bin/'],
      [rpmTag.dirIndexes]: { int32: files.map(() => 0) },
      [rpmTag.baseNames]: files,
      [rpmTag.fileModes]: { int16: files.map(() => 0o100755) },
    });
  };
  const { components } = catalogued({
    'var/lib/rpm/Packages.db': buildNdb([
      rpmOf('app', ['/usr/bin/tool', 'libx.so.1()(64bit)', 'mod-uname = 2', 'absent', 'libx.so.1()(64bit)'], []),
      rpmOf('tool', ['(plugin if app)', '(old if absent)', '(absent or libx)', '((a and b) or c)'], [], ['tool']),
      rpmOf('libx', [], ['libx.so.1()(64bit)']),
      rpmOf('mod1', [], ['mod-uname = 1']),
      rpmOf('mod2', [], ['mod-uname = 2']),
      rpmOf('plugin', ['plugin'], []),
      rpmOf('old', [], []),
    ]),
    'var/lib/rpmmanifest/container-manifest-2': 'listed\t1-1\t1\t1\tV\t(none)\t1\tx86_64\t0\tlisted-1-1.src.rpm\n',
  });
  assert.deepEqual(relationsOf(components), {
    app: ['libx', 'mod2', 'tool'],
    libx: [],
    listed: null,
    mod1: [],
    mod2: [],
    old: [],
    plugin: [],
    tool: ['libx', 'plugin'],
  });
});

test('where no record says what it needs nobody claims that it needs nothing', () => {
  const { components } = catalogued({ 'srv/wp-includes/version.php': "<?php\n$wp_version = '6.4.2';\n" });
  assert.deepEqual(relationsOf(components), { wordpress: null });
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
