import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildElf } from '../binary/elf-builder.test.support.js';
import { catalogued, readWith } from './image.test.support.js';
import { jdk } from './jdk.js';
import { survivesMutations } from './mutation.test.support.js';
import { buildZip } from './zip.test.support.js';

/** As a build of Eclipse Temurin has it. */
const temurin = `IMPLEMENTOR="Eclipse Adoptium"
IMPLEMENTOR_VERSION="Temurin-17.0.11+9"
JAVA_RUNTIME_VERSION="17.0.11+9"
JAVA_VERSION="17.0.11"
JAVA_VERSION_DATE="2024-04-16"
LIBC="gnu"
MODULES="java.base java.compiler"
OS_ARCH="x86_64"
IMAGE_TYPE="JRE"
`;

test('a runtime owns its folder', () => {
  const { components } = catalogued({ 'opt/java/openjdk/release': temurin, 'opt/java/openjdk/bin/java': 'elf' });
  assert.deepEqual(
    components.map((one) => [one.purl, one.version, one.supplier, one.owns.length]),
    [['pkg:generic/oracle/openjdk@17.0.11%2B9', '17.0.11+9', 'Eclipse Adoptium', 2]],
  );
});

test("a runtime's programs are told in its evidence, and not again", () => {
  const launcher = buildElf({
    bits: 64,
    littleEndian: true,
    data: Buffer.from('\0openjdk\0java\x000.0\x0017.0.11+9\0', 'latin1'),
    address: 0x1000,
  });
  const { components, gaps } = catalogued({
    'opt/java/release': temurin,
    'opt/java/bin/java': launcher,
    'opt/java/lib/jrt-fs.jar': buildZip([['META-INF/MANIFEST.MF', 'Implementation-Version: 17.0.11\n\n']]),
    'usr/local/bin/java': launcher,
  });
  assert.deepEqual(
    components.map((one) => [
      one.purl,
      one.foundBy,
      one.locations[0]?.path,
      one.evidence.map(({ what }) => what).filter((what) => what !== 'rule'),
    ]),
    [
      [
        'pkg:generic/oracle/openjdk@17.0.11%2B9',
        'jdk',
        'opt/java/release',
        ['release file of a Java runtime', 'file name', 'MANIFEST.MF', 'text of the program'],
      ],
      ['pkg:generic/oracle/openjdk@17.0.11%2B9', 'binaries', 'usr/local/bin/java', ['text of the program']],
    ],
  );
  assert.deepEqual(components[0]?.cpes, components[1]?.cpes);
  assert.deepEqual(gaps, []);
});

test('a release file without a runtime beside it owns nothing else', () => {
  const [one] = catalogued({ 'opt/release': temurin, 'opt/tool/run': 'elf' }).components;
  assert.deepEqual(
    one?.owns.map(({ path }) => path),
    ['opt/release'],
  );
});

test('Java 8 has no build number, GraalVM another name; other release files are not ours', () => {
  const [old] = catalogued({ 'jre/release': 'JAVA_VERSION="1.8.0_402"\n' }).components;
  assert.equal(old?.purl, 'pkg:generic/oracle/openjdk@1.8.0_402');
  const graal = 'IMPLEMENTOR="GraalVM Community"\nJAVA_VERSION="21.0.2"\nGRAALVM_VERSION="21.0.2+13.1"\n';
  assert.equal(catalogued({ 'graal/release': graal }).components[0]?.name, 'graalvm');
  const oracle = 'JAVA_VERSION="1.8.0_411"\nJAVA_RUNTIME_VERSION="1.8.0_411-b25"\nBUILD_TYPE="commercial"\n';
  assert.equal(catalogued({ 'jdk/release': oracle }).components[0]?.purl, 'pkg:generic/oracle/jdk@1.8.0_411-b25');
  assert.equal(readWith(jdk, 'etc/release', 'NAME="x"\n'), null);
  assert.equal(readWith(jdk, 'x/release', '# JAVA_VERSION\n')?.gaps[0]?.reason, 'bad-database');
});

test('broken release files', () => survivesMutations('jdk/release', temurin));
