import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogued, readWith } from './image.test.support.js';
import { identify, splitFileName } from './jar-identity.js';
import { readManifest, readProject } from './jar-read.js';
import { java } from './java.js';
import { buildZip, type ZipContent } from './zip.test.support.js';

function pom(group: string, artifact: string, version: string): readonly [string, string] {
  return [
    `META-INF/maven/${group}/${artifact}/pom.properties`,
    `#Created by Apache Maven\ngroupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
  ];
}

function manifest(...lines: string[]): readonly [string, string] {
  return ['META-INF/MANIFEST.MF', `Manifest-Version: 1.0\r\n${lines.join('\r\n')}\r\n\r\n`];
}

test('who a jar is: pom.properties, then the manifest, then its name', () => {
  const { components, gaps } = catalogued({
    'app/log4j-core-2.14.1.jar': buildZip([
      manifest('Implementation-Version: 9.9'),
      pom('org.apache.logging.log4j', 'log4j-core', '2.14.1'),
    ]),
    'app/spring-core-5.3.20.jar': buildZip([manifest('Implementation-Version: 5.3.20')]),
    'app/shaded-1.0.jar': buildZip([pom('com.google.guava', 'guava', '30.1-jre'), pom('org.example', 'shaded', '1.0')]),
    'app/unknown-3.jar': buildZip([['a.class', 'x']]),
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.name, one.grade, one.owns.map(({ path }) => path)]),
    [
      ['pkg:maven/com.google.guava/guava@30.1-jre', 'com.google.guava:guava', 'claimed', []],
      [
        'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
        'org.apache.logging.log4j:log4j-core',
        'claimed',
        ['app/log4j-core-2.14.1.jar'],
      ],
      ['pkg:maven/org.example/shaded@1.0', 'org.example:shaded', 'claimed', ['app/shaded-1.0.jar']],
      [
        'pkg:maven/org.springframework/spring-core@5.3.20',
        'org.springframework:spring-core',
        'inferred',
        ['app/spring-core-5.3.20.jar'],
      ],
      ['pkg:maven/unknown@3', 'unknown', 'inferred', ['app/unknown-3.jar']],
    ],
  );
  assert.deepEqual(
    gaps.map((gap) => [gap.path, gap.reason]),
    [['app/unknown-3.jar', 'undecided']],
  );
});

test("a shaded jar under another name is the project that Maven's plugin packed first", () => {
  const inside = [pom('org.example', 'app', '1.0'), pom('com.google.guava', 'guava', '30.1-jre')];
  const renamed = (by: string) =>
    catalogued({ 'server.jar': buildZip([manifest(`Created-By: ${by}`), ...inside]) }).components.map((one) => [
      one.purl,
      one.owns.length,
    ]);
  assert.deepEqual(renamed('Maven JAR Plugin 3.4.2'), [
    ['pkg:maven/com.google.guava/guava@30.1-jre', 0],
    ['pkg:maven/org.example/app@1.0', 1],
  ]);
  // Nothing says so of a jar that something else packed.
  assert.deepEqual(renamed('11.0.8 (Oracle Corporation)'), [
    ['pkg:maven/com.google.guava/guava@30.1-jre', 0],
    ['pkg:maven/org.example/app@1.0', 0],
    ['pkg:maven/server', 1],
  ]);
});

test('nested archives say where they lie', () => {
  const inner = buildZip([pom('org.yaml', 'snakeyaml', '1.30')]);
  const jar = buildZip([pom('org.example', 'lib', '2.0'), ['BOOT-INF/lib/snakeyaml-1.30.jar', inner]]);
  const war = buildZip([
    pom('org.example', 'app', '1.0'),
    ['WEB-INF/lib/lib-2.0.jar', jar],
    ['WEB-INF/broken.jar', 'PK no zip at all, only its first two bytes'],
  ]);
  const { components, gaps } = catalogued({ 'srv/app.war': war });
  assert.deepEqual(
    components.map((one) => [one.purl, one.locations[0]?.path, one.owns.length]),
    [
      ['pkg:maven/broken', 'srv/app.war!/WEB-INF/broken.jar', 0],
      ['pkg:maven/org.example/app@1.0', 'srv/app.war', 1],
      ['pkg:maven/org.example/lib@2.0', 'srv/app.war!/WEB-INF/lib/lib-2.0.jar', 0],
      ['pkg:maven/org.yaml/snakeyaml@1.30', 'srv/app.war!/WEB-INF/lib/lib-2.0.jar!/BOOT-INF/lib/snakeyaml-1.30.jar', 0],
    ].slice(1),
  );
  assert.equal(gaps.length, 1);
  assert.match(gaps[0]?.detail ?? '', /^WEB-INF\/broken\.jar: /);
});

test('bombs and endless nesting are gaps that name the place', () => {
  let jar = buildZip([['a.txt', 'x']]);
  for (let level = 0; level < 12; level++) jar = buildZip([['in.jar', jar]]);
  const deep = readWith(java, 'deep.jar', jar);
  assert.equal(deep?.records.length, 9);
  assert.deepEqual(
    deep?.gaps.map((gap) => [gap.reason, gap.detail.startsWith('in.jar!/in.jar!/')]),
    [['too-large', true]],
  );
  const zeros = new Uint8Array(64 * 1024 * 1024);
  const bomb = buildZip([['lib/bomb.jar', zeros]], new Map([['lib/bomb.jar', 2 ** 31]]));
  const found = readWith(java, 'bomb.jar', bomb);
  assert.equal(found?.records.length, 1);
  assert.deepEqual(
    found?.gaps.map((gap) => [gap.reason, gap.detail.includes('lib/bomb.jar')]),
    [['too-large', true]],
  );
});

test('broken archives never end in anything but gaps', () => {
  const content: readonly (readonly [string, ZipContent])[] = [
    manifest('Bundle-SymbolicName: org.example.x;singleton:=true', 'Bundle-Version: 1.2.3'),
    pom('a', 'b', 'c'),
    ['x.jar', buildZip([pom('d', 'e', 'f')])],
  ];
  const whole = buildZip(content);
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.array(fc.tuple(fc.nat(whole.length), fc.nat(255)), { maxLength: 5 }),
      (cut, edits) => {
        const bytes = Uint8Array.from(whole.subarray(0, whole.length - (cut % 60)));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        catalogued({ 'x.jar': bytes });
      },
    ),
    { numRuns: 500, seed: 7 },
  );
  for (const bytes of [Buffer.from('PK'), Buffer.from('PK\x03\x04'), whole.subarray(0, 30)]) {
    const result = readWith(java, 'a.jar', Buffer.concat([bytes, Buffer.alloc(30)]));
    assert.equal(result?.records.length, 0);
    assert.equal(result?.gaps.length, 1);
  }
});

test('file names', () => {
  const table: readonly (readonly [string, string, string | null])[] = [
    ['log4j-core-2.14.1.jar', 'log4j-core', '2.14.1'],
    ['guava-31.1-jre.jar', 'guava', '31.1-jre'],
    ['bcprov-jdk15on-1.70.jar', 'bcprov-jdk15on', '1.70'],
    ['netty-all-4.1.70.Final.jar', 'netty-all', '4.1.70.Final'],
    ['kafka_2.13-3.4.0.jar', 'kafka_2.13', '3.4.0'],
    ['scala3-library_3-3.3.1.jar', 'scala3-library_3', '3.3.1'],
    ['a_1.0.jar', 'a', '1.0'],
    ['level-3-jar.jar', 'level-3-jar', null],
    ['app-1-SNAPSHOT.war', 'app', '1-SNAPSHOT'],
    ['tool-v2.0.jar', 'tool', 'v2.0'],
    ['plain.jar', 'plain', null],
    ['-1.0.jar', '-1.0', null],
  ];
  for (const [file, artifact, version] of table) {
    const found = splitFileName(file);
    assert.deepEqual([found.artifact, found.version], [artifact, version], file);
  }
});

test('manifests: folded lines, main section only, first wins nothing else', () => {
  const text =
    'Manifest-Version: 1.0\r\nImplementation-Title: a very\r\n  long title\r\nBundle-Version: 1.2\r\n\r\nName: x\r\nImplementation-Version: 9\r\n';
  assert.deepEqual(
    [...readManifest(text)],
    [
      ['Implementation-Title', 'a very long title'],
      ['Bundle-Version', '1.2'],
    ],
  );
});

test('pom.properties: placeholders state nothing', () => {
  assert.deepEqual(readProject(`groupId = a\nartifactId:b\nversion=${'$'}{project.version}\n`), [
    { group: 'a', artifact: 'b', version: '', licenses: [], requires: null },
  ]);
  assert.deepEqual(readProject('version=1\n'), []);
});

test('the version in the name of a file is the one that Maven gave', () => {
  const [bc] = identify('bcprov-jdk15on-1.70.jar', {
    manifest: new Map([['Implementation-Version', '1.70.0']]),
    projects: [],
  });
  assert.deepEqual([bc?.group, bc?.version, bc?.isGroupKnown], ['org.bouncycastle', '1.70', true]);
  // As in hadoop-client-runtime-3.4.0.jar, whose manifest is that of something shaded in (1.2.0).
  const [other] = identify('x-1.0.jar', { manifest: new Map([['Implementation-Version', '2.0']]), projects: [] });
  assert.deepEqual([other?.group, other?.version, other?.isGroupKnown], [null, '1.0', false]);
  const [number] = identify('x-1.jar', { manifest: new Map([['Implementation-Version', '2.0']]), projects: [] });
  assert.equal(number?.version, '2.0');
});

test('groups of artifacts that are built without Maven, as Maven resolves them', () => {
  const table: readonly (readonly [string, Record<string, string>, string])[] = [
    ['caffeine-3.1.8.jar', { 'Bundle-SymbolicName': 'com.github.ben-manes.caffeine' }, 'com.github.ben-manes.caffeine'],
    ['hibernate-core-6.5.2.Final.jar', {}, 'org.hibernate.orm'],
    ['hibernate-core-5.6.15.Final.jar', {}, 'org.hibernate'],
    ['groovy-all-2.4.21.jar', {}, 'org.codehaus.groovy'],
    ['groovy-json-4.0.22.jar', {}, 'org.apache.groovy'],
    ['json4s-ast_2.13-3.7.0-M11.jar', { 'Implementation-Vendor-Id': 'org.json4s' }, 'org.json4s'],
    ['kafka_2.13-3.7.1.jar', { Version: '3.7.1' }, 'org.apache.kafka'],
    ['elasticsearch-plugin-api-8.14.3.jar', {}, 'org.elasticsearch.plugin'],
    ['elasticsearch-plugin-classloader-8.14.3.jar', {}, 'org.elasticsearch'],
  ];
  for (const [file, manifest, group] of table) {
    const [found] = identify(file, { manifest: new Map(Object.entries(manifest)), projects: [] });
    assert.equal(found?.group, group, file);
  }
});

test('a plug-in of Jenkins says its group, and who supplies it', () => {
  const fields = [
    'Group-Id: org.jenkins-ci.plugins',
    'Short-Name: git',
    'Plugin-Version: 5.2.2',
    'Implementation-Vendor: Jenkins',
  ];
  const { components, gaps } = catalogued({ 'var/plugins/git.jpi': buildZip([manifest(...fields)]) });
  assert.deepEqual(
    components.map((one) => [one.purl, one.supplier]),
    [['pkg:maven/org.jenkins-ci.plugins/git@5.2.2', 'Jenkins']],
  );
  assert.deepEqual(gaps, []);
});
