import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMs } from '../../model/cpu.test.support.js';
import { catalogued } from '../image.test.support.js';
import { survivesMutations } from '../mutation.test.support.js';
import { buildZip } from '../zip.test.support.js';
import { licensesOfPom } from './pom.js';

const pom = `<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <!-- <licenses><license><name>Old</name></license></licenses> -->
  <name>App</name>
  <build><plugins><plugin><configuration><licenses><license><name>Not this</name></license></licenses></configuration></plugin></plugins></build>
  <licenses>
    <license>
      <name>Apache License,
        Version 2.0</name>
      <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
    </license>
    <license><url>https://www.gnu.org/software/classpath/license.html?a=1&amp;b</url><distribution/></license>
  </licenses>
</project>`;

test("a POM's own licences, by name or address; not those of its plug-ins' settings, nor of comments", () => {
  assert.deepEqual(licensesOfPom(pom), [
    'Apache License, Version 2.0',
    'https://www.gnu.org/software/classpath/license.html?a=1&b',
  ]);
  for (const none of ['', '<project>', '<project><licenses/></project>', 'no XML', '<licenses><license><name>x']) {
    assert.deepEqual(licensesOfPom(none), []);
  }
});

test('a jar has the licences of its POM before those of its manifest, what was merged in its own', () => {
  const folder = 'META-INF/maven/org.example/app';
  const jar = buildZip([
    ['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\nBundle-License: EPL-2.0\n'],
    [`${folder}/pom.xml`, pom],
    [`${folder}/pom.properties`, 'groupId=org.example\nartifactId=app\nversion=1.0\n'],
    ['META-INF/maven/org.other/lib/pom.properties', 'groupId=org.other\nartifactId=lib\nversion=2.0\n'],
  ]);
  const { components } = catalogued({ 'app/app-1.0.jar': jar });
  assert.deepEqual(
    components.map(({ purl, licenses }) => [purl, licenses]),
    [
      ['pkg:maven/org.example/app@1.0', licensesOfPom(pom)],
      ['pkg:maven/org.other/lib@2.0', []],
    ],
  );
  const without = buildZip([
    ['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\nBundle-License: EPL-2.0\n'],
    [`${folder}/pom.properties`, 'groupId=org.example\nartifactId=app\nversion=1.0\n'],
  ]);
  assert.deepEqual(catalogued({ 'app/app-1.0.jar': without }).components[0]?.licenses, ['EPL-2.0']);
});

test('broken POMs take no time', () => {
  const started = cpuMs();
  for (const text of [
    '<a '.repeat(100_000),
    '<!--'.repeat(100_000),
    '<a>'.repeat(300_000),
    `<a ${'x'.repeat(1_000_000)}`,
  ]) {
    licensesOfPom(text);
  }
  assert.ok(cpuMs() - started < 30_000, `${cpuMs() - started} ms`);
  survivesMutations('a/a.jar', buildZip([['META-INF/maven/g/a/pom.xml', pom]]), 60);
});
