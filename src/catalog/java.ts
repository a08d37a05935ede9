import { type CatalogFile, type Component, formatPurl, type JsonValue, type ReadGap } from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { type Artifact, identify, type JarFacts } from './jar-identity.js';
import { isArchiveName, readJar } from './jar-read.js';
import { fileRows, list, object, text, texts } from './shape.js';

/**
 * One archive: `inner` is its place inside the file (`WEB-INF/lib/x.jar`, deeper ones after `!/`), empty for the file
 * itself.
 */
type JavaRecord = {
  readonly inner: string;
  readonly manifest: readonly (readonly [name: string, value: string | null])[];
  readonly projects: readonly (readonly [
    group: string,
    artifact: string,
    version: string,
    licenses: readonly string[],
    requires: readonly string[] | null,
  ])[];
};

/**
 * Java archives (jar, war, ear and kin) and the archives nested in them, read in memory.
 *
 * Who they are comes from Maven's pom.properties, the manifest, or as last resort the file's name (then `inferred`).
 * An archive that is broken, too large or a bomb is a gap that names the inner path; the others are returned. So is one
 * whose Maven group nobody states: advisories name `group:artifact`.
 * Follows: JAR File Specification (manifest), Maven archiver (META-INF/maven), OSGi Core 3.2.1 (Bundle-*).
 */
export const java = defineCataloguer<JavaRecord>({
  name: 'java',
  version: 4,
  wants: (file, head) =>
    file.type === 'file' && isArchiveName(file.path) && head[0] === 0x50 && head[1] === 0x4b && file.sizeBytes > 21,
  read,
  decode,
  join,
  about: {
    finds: 'Java archives, also nested ones',
    reads: [
      '**.jar',
      '**.war',
      '**.ear',
      '**.sar',
      '**.par',
      '**.rar',
      '**.kar',
      '**.nar',
      '**.hpi',
      '**.jpi',
      '**.lpkg',
    ],
    purls: ['maven'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'supplier', 'dependencies', 'files'],
    limit:
      "known by its file's name alone is `inferred`; without a Maven group it is a gap; classes are not compared with releases, so shaded ones without pom.properties are not seen",
  },
});

function read(file: CatalogFile): TypedRead<JavaRecord> {
  const gaps: ReadGap[] = [];
  const found = readJar(file, (gap) => gaps.push(gap));
  const records = found.map(
    ({ inner, facts }): JavaRecord => ({
      inner,
      manifest: [...facts.manifest],
      projects: facts.projects.map(
        ({ group, artifact, version, licenses, requires }) => [group, artifact, version, licenses, requires] as const,
      ),
    }),
  );
  return { records, gaps };
}

function decode(value: JsonValue): JavaRecord {
  const fields = object(value);
  return {
    inner: text(fields.inner),
    manifest: fileRows(fields.manifest),
    projects: list(fields.projects).map((row) => {
      const [group, artifact, version, licenses, requires] = list(row);
      const needed = Array.isArray(requires) ? texts(requires) : null;
      return [text(group), text(artifact), text(version), texts(licenses), needed] as const;
    }),
  };
}

function join(input: TypedJoin<JavaRecord>): {
  readonly components: readonly Component[];
  readonly gaps: readonly { readonly path: string; readonly reason: 'undecided'; readonly detail: string }[];
} {
  const components: Component[] = [];
  const gaps: { path: string; reason: 'undecided'; detail: string }[] = [];
  for (const record of input.records) {
    const place = record.data.inner === '' ? record.path : `${record.path}!/${record.data.inner}`;
    for (const artifact of identify(place, factsOf(record.data))) {
      components.push(component(record, place, artifact));
      if (artifact.isGroupKnown) continue;
      const detail = `${place}: the Maven group of ${artifact.artifact} is not stated, and advisories go by it`;
      gaps.push({ path: record.path, reason: 'undecided', detail });
    }
  }
  return { components, gaps };
}

function factsOf(data: JavaRecord): JarFacts {
  return {
    manifest: new Map(data.manifest.map(([name, value]) => [name, value ?? ''])),
    projects: data.projects.map(([group, artifact, version, licenses, requires]) => ({
      group,
      artifact,
      version,
      licenses,
      requires,
    })),
  };
}

function component(record: TypedRecord<JavaRecord>, place: string, found: Artifact): Component {
  const isFile = record.data.inner === '' && found.isWhole;
  return {
    purl: formatPurl({ type: 'maven', namespace: found.group, name: found.artifact, version: found.version }),
    name: found.group === null ? found.artifact : `${found.group}:${found.artifact}`,
    version: found.version,
    ecosystem: 'Maven',
    release: null,
    source: null,
    locations: [{ path: place, layer: record.layer }],
    foundBy: 'java',
    licenses: found.licenses,
    owns: isFile ? [{ path: record.path, digest: null, mayChange: false, listed: false }] : [],
    grade: found.grade,
    evidence: found.evidence.map(({ what, value }) => ({ what, where: place, value })),
    ...(found.supplier === null ? {} : { supplier: found.supplier }),
    ...(found.requires === null ? {} : { requires: found.requires.map((one) => [one]) }),
    ...(found.group === null ? {} : { provides: [`${found.group}:${found.artifact}`] }),
  };
}
