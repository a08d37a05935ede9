import { anywhere, near, type Rule, rule } from './rule.js';

/**
 * The launchers of a JDK (java, javac, jdb) hold, each ended by zero bytes: the name of the launcher (`openjdk`, or
 * `java` of Oracle), the program's name, a release (`0.0` since 9, `1.8`) and the full version; on arm64 the versions
 * come first. FULL_VERSION and LAUNCHER_NAME in src/java.base/share/native/launcher/defines.h.
 */
const source = 'jdk src/java.base/share/native/launcher/defines.h (FULL_VERSION, LAUNCHER_NAME)';
const full = String.raw`\d{1,2}[\w.+-]{1,60}`;
const tool = '(?:java|javac|jdb)';
const graal = String.raw`(?<v>\d{1,2}[.\d]{1,16}\+\d{1,3}-jvmci-\d{1,2}[\w.-]{1,20})`;
const names = ['java', 'javac', 'jdb'];

const openjdkTexts = [
  near('openjdk\0', new RegExp(String.raw`openjdk\0{1,8}${tool}\0{1,8}\d[\d.]{0,6}\0{1,8}(?<v>${full})\0`)),
  near('\0openjdk', new RegExp(String.raw`\0\d[\d.]{0,6}\0{1,16}(?<v>${full})\0{1,16}openjdk\0{1,8}${tool}`), {
    before: 110,
    after: 16,
  }),
];

export const java: readonly Rule[] = [
  rule('graalvm', names, [near('-jvmci-', new RegExp(String.raw`\0${graal}\0`), { before: 40, after: 40 })], {
    purl: 'generic/oracle/graalvm',
    cpes: ['oracle:graalvm'],
    source,
    family: 'java',
  }),
  rule('zulu', names, openjdkTexts, {
    purl: 'generic/azul/zulu',
    cpes: ['azul:zulu'],
    source,
    family: 'java',
    path: /(?:^|\/)[^/]*zulu[^/]*\//i,
  }),
  rule('openjdk', names, openjdkTexts, {
    purl: 'generic/oracle/openjdk',
    cpes: ['oracle:openjdk'],
    source,
    family: 'java',
  }),
  rule('ibm-java', names, [anywhere(/\0(?<v>1\.\d\.0-foreman_[\w-]{1,40})\0/)], {
    purl: 'generic/ibm/java',
    cpes: ['ibm:java'],
    source,
    family: 'java',
  }),
  rule(
    'ibm-java',
    names,
    [near('java\0', new RegExp(String.raw`\0java\0{1,8}\d[\d.]{1,6}\0{1,8}(?<v>${full})\0`), { before: 1 })],
    { purl: 'generic/ibm/java', cpes: ['ibm:java'], source, family: 'java', path: /(?:^|\/)ibm[^/]*\//i },
  ),
  rule(
    'jdk',
    ['javac', 'jdb'],
    [anywhere(new RegExp(String.raw`\0(?:java|javac|jdb)\0{1,8}\d[\d.]{0,6}\0{1,8}(?<v>${full})\0`))],
    { purl: 'generic/oracle/jdk', cpes: ['oracle:jdk'], source, family: 'java' },
  ),
  rule(
    'jre',
    ['java'],
    [
      near('java\0', new RegExp(String.raw`(?<!\w)java\0{1,8}\d[\d.]{0,6}\0{1,8}(?<v>${full})\0`), { before: 1 }),
      near('\0java\0', new RegExp(String.raw`\0\d[\d.]{0,6}\0{1,16}(?<v>${full})\0{1,16}java\0`), { before: 110 }),
    ],
    { purl: 'generic/oracle/jre', cpes: ['oracle:jre'], source, family: 'java' },
  ),
  rule(
    'openjdk',
    ['libjvm.so', 'jvm.dll'],
    [
      near(
        'OpenJDK',
        /OpenJDK (?:64-Bit |Zero |Minimal )?(?:Server |Client |Minimal |Zero )?VM \((?<v>\d[\w.+-]{1,60})\)/,
      ),
      near('OpenJDK', /\0(?<v>\d{1,2}\.[\d.]{1,12}\+\d{1,3}[\w.+-]{0,40})\0/, { before: 600, after: 600 }),
    ],
    {
      purl: 'generic/oracle/openjdk',
      cpes: ['oracle:openjdk'],
      source: 'jdk src/hotspot/share/runtime/abstract_vm_version.cpp',
      family: 'java',
    },
  ),
];
