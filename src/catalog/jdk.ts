import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedRead } from './define.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { eachLine } from './paragraphs.js';
import { folderOf } from './paths.js';

/**
 * Java runtimes: the `release` file at the top of a JDK or JRE. The runtime owns its folder.
 *
 * Named as NVD's dictionary and the launcher's own rule (rules/java.ts) do: Oracle's OpenJDK, whoever built it, but Azul's
 * Zulu, IBM's Java, GraalVM and Oracle's commercial JDK and JRE; who built it is the supplier. `JAVA_RUNTIME_VERSION` has
 * the build.
 * Follows: JEP 220 (`release`), JEP 223 (version strings), OpenJDK make/ReleaseFile.gmk.
 */
export const jdk = definePackages({
  name: 'jdk',
  version: 2,
  wants: (file, head) =>
    file.type === 'file' &&
    file.path.endsWith('/release') &&
    file.sizeBytes < 100_000 &&
    Buffer.from(head).includes('JAVA_VERSION'),
  read,
  // The folder is a runtime's where its launcher or its modules lie; a file alone claims nothing else.
  choose: (input) =>
    input.records.map((record) => {
      const folder = folderOf(record.path);
      const isRuntime = ['bin/java', 'lib/modules', 'lib/rt.jar', 'jre/bin/java'].some((one) =>
        input.files.has(`${folder}/${one}`),
      );
      return isRuntime ? record : { ...record, data: { ...record.data, folders: [], places: [record.path] } };
    }),
  about: {
    finds: 'Java runtimes',
    reads: ['**/release'],
    purls: ['generic'],
    grades: ['claimed'],
    facts: ['supplier', 'cpes', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const fields = new Map<string, string>();
  for (const line of eachLine(fileText(file))) {
    const equals = line.indexOf('=');
    if (equals > 0 && line.length < 10_000)
      fields.set(
        line.slice(0, equals).trim(),
        line
          .slice(equals + 1)
          .trim()
          .replace(/^"|"$/g, ''),
      );
  }
  const version = fields.get('JAVA_VERSION') ?? '';
  const full = fields.get('JAVA_RUNTIME_VERSION') || fields.get('FULL_VERSION') || version;
  const implementor = fields.get('IMPLEMENTOR') ?? '';
  const image =
    fields.get('IMAGE_TYPE') === 'JRE' || !(fields.get('MODULES') ?? 'jdk.compiler').includes('jdk.compiler')
      ? 'jre'
      : 'jdk';
  const isCommercial = fields.get('BUILD_TYPE') === 'commercial';
  const [namespace, product] = fields.has('GRAALVM_VERSION')
    ? ['oracle', 'graalvm']
    : /\bazul\b/i.test(implementor)
      ? ['azul', 'zulu']
      : /\bibm\b/i.test(implementor)
        ? ['ibm', 'java']
        : ['oracle', isCommercial ? image : 'openjdk'];
  return oneRow(
    version === ''
      ? null
      : {
          type: 'generic',
          namespace,
          name: product,
          fullName: product,
          version: full,
          ecosystem: null,
          supplier: implementor,
          what: 'release file of a Java runtime',
          value: `JAVA_VERSION ${version}, runtime ${full}, IMPLEMENTOR ${implementor === '' ? 'none' : implementor}, ${image}`,
          folders: [folderOf(file.head.path)],
        },
    'a release file of a Java runtime without JAVA_VERSION',
  );
}
