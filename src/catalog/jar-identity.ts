import type { Grade } from '../model/index.js';
import { knownGroup } from './jar-groups.js';
import { baseName } from './paths.js';

/** One META-INF/maven/…/pom.properties; empty where a field is missing. */
export interface Project {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  /** What the POM beside it states. */
  readonly licenses: readonly string[];
  /** What that says the project needs, `GROUP:ARTIFACT`; null where no POM is beside it. */
  readonly requires: readonly string[] | null;
}

export interface JarFacts {
  readonly manifest: ReadonlyMap<string, string>;
  readonly projects: readonly Project[];
}

/** Something that an archive is, or (`isWhole` false) that was merged into it. */
export interface Artifact {
  readonly group: string | null;
  readonly artifact: string;
  readonly version: string | null;
  readonly licenses: readonly string[];
  readonly requires: readonly string[] | null;
  /** As the manifest of a whole archive says. */
  readonly supplier: string | null;
  readonly isWhole: boolean;
  /** Whether the group is stated or known; false where it is guessed or absent. */
  readonly isGroupKnown: boolean;
  readonly grade: Grade;
  readonly evidence: readonly { readonly what: string; readonly value: string }[];
}

/**
 * Who an archive is, and what was shaded into it.
 *
 * One pom.properties that fits the file's name, or is the only one, is the archive; the others were merged into it
 * (maven-shade-plugin keeps them). Of a jar that was given another name (`app.jar`) the first one is it where Maven's
 * own plugin packed it: maven-shade-plugin adds the others to what that made (DefaultShader: the project's jar is first). Without one the manifest speaks, and last the file's name. An archive that states
 * nothing but holds others' pom.properties is not made up: it comes by its name, `inferred`.
 */
export function identify(place: string, facts: JarFacts): readonly Artifact[] {
  const name = splitFileName(baseName(place));
  const projects = distinct(facts.projects);
  const own = ownProject(name, projects) ?? packedByMaven(facts, projects);
  const whole = own === null ? fromManifestOrName(name, facts.manifest) : fromProject(own, facts.manifest, true);
  const merged = projects.filter((one) => one !== own).map((one) => fromProject(one, new Map(), false));
  return [whole, ...merged];
}

interface FileName {
  readonly stem: string;
  readonly artifact: string;
  readonly version: string | null;
}

/**
 * `log4j-core-2.14.1.jar` is log4j-core 2.14.1: the version begins at the first `-` before a number that goes on with a
 * dot, ends the name, or has a word of Maven's versions after it. `level-3-jar` has none; in `kafka_2.13-3.7.1` the Scala that it was compiled
 * for belongs to the artifact's name.
 */
export function splitFileName(file: string): FileName {
  const stem = file.replace(/\.[A-Za-z]{3,5}$/, '');
  const version =
    /[-_](v?\d+(?:\.\d[^/]*|$|[-.](?:snapshot|release|ga|final|jre|android|m\d|rc|cr|alpha|beta)[^/]*))$/i;
  for (let at = stem.search(/[-_]v?\d/); at > 0; ) {
    const found = version.exec(stem.slice(at));
    const isScala = /^_[23](?:\.1[0-3])?-/.test(stem.slice(at, at + 8));
    if (found?.index === 0 && !isScala) return { stem, artifact: stem.slice(0, at), version: found[1] ?? null };
    const next = stem.slice(at + 1).search(/[-_]v?\d/);
    if (next < 0) break;
    at += 1 + next;
  }
  return { stem, artifact: stem, version: null };
}

function distinct(projects: readonly Project[]): readonly Project[] {
  const seen = new Map(projects.map((one) => [`${one.group}:${one.artifact}:${one.version}`, one]));
  return [...seen.values()];
}

function ownProject(name: FileName, projects: readonly Project[]): Project | null {
  if (projects.length === 1) return projects[0] ?? null;
  const fits = (one: Project): number => {
    if (name.stem === `${one.artifact}-${one.version}`) return 4;
    if (name.artifact === one.artifact) return 3;
    if (name.stem === one.artifact || name.stem === `${one.group}.${one.artifact}`) return 2;
    return name.stem.startsWith(`${one.artifact}-`) && one.version !== '' && name.stem.includes(one.version) ? 1 : 0;
  };
  const best = [...projects].sort((a, b) => fits(b) - fits(a))[0];
  return best !== undefined && fits(best) > 0 ? best : null;
}

function packedByMaven({ manifest }: JarFacts, projects: readonly Project[]): Project | null {
  return manifest.get('Created-By')?.startsWith('Maven JAR Plugin') === true ? (projects[0] ?? null) : null;
}

function fromProject(one: Project, manifest: ReadonlyMap<string, string>, isWhole: boolean): Artifact {
  return {
    group: one.group === '' ? null : one.group,
    artifact: one.artifact,
    version: one.version === '' ? manifestVersion(manifest) : one.version,
    licenses: one.licenses.length > 0 ? one.licenses : licensesOf(manifest),
    requires: one.requires,
    supplier: supplierOf(manifest),
    isWhole,
    isGroupKnown: one.group !== '',
    grade: 'claimed',
    evidence: [
      {
        what: isWhole ? 'pom.properties' : 'pom.properties of something merged in',
        value: `groupId=${one.group}, artifactId=${one.artifact}, version=${one.version}`,
      },
    ],
  };
}

function licensesOf(manifest: ReadonlyMap<string, string>): readonly string[] {
  const stated = manifest.get('Bundle-License');
  return stated === undefined ? [] : [stated];
}

function supplierOf(manifest: ReadonlyMap<string, string>): string | null {
  return manifest.get('Implementation-Vendor') ?? manifest.get('Bundle-Vendor') ?? null;
}

function manifestVersion(manifest: ReadonlyMap<string, string>): string | null {
  const value =
    manifest.get('Implementation-Version') ??
    manifest.get('Bundle-Version') ??
    manifest.get('Plugin-Version') ??
    manifest.get('Specification-Version') ??
    manifest.get('Version') ??
    null;
  return value === null || value.includes('${') ? null : value;
}

/**
 * Without Maven's files: the version of the manifest, the artifact of the file's name (a title is prose), the group
 * where the manifest spells one like a Java package.
 */
function fromManifestOrName(name: FileName, manifest: ReadonlyMap<string, string>): Artifact {
  const stated = manifestVersion(manifest);
  const { group, isKnown } = groupOf(name, manifest);
  const read = [
    'Implementation-Title',
    'Implementation-Version',
    'Implementation-Vendor-Id',
    'Bundle-SymbolicName',
    'Bundle-Version',
  ]
    .filter((field) => manifest.has(field))
    .map((field) => `${field}: ${manifest.get(field)}`);
  return {
    group,
    artifact: shortName(name, manifest),
    version: agreedVersion(stated, name.version),
    licenses: licensesOf(manifest),
    requires: null,
    supplier: supplierOf(manifest),
    isWhole: true,
    isGroupKnown: isKnown,
    // The artifact's name is the file's either way: a conclusion, not a statement.
    grade: 'inferred',
    evidence: [
      { what: 'file name', value: name.stem },
      ...(read.length === 0 ? [] : [{ what: 'MANIFEST.MF', value: read.join(', ') }]),
    ],
  };
}

function shortName(name: FileName, manifest: ReadonlyMap<string, string>): string {
  return manifest.get('Short-Name') ?? name.artifact;
}

/**
 * The file's name gives the version that Maven gave it, and that advisories go by: a manifest's may be a bundle's
 * (`3.12.1.v2016…` in ecj-4.6.1), in more parts, or that of something shaded in. A number without a dot says less than
 * the manifest.
 */
function agreedVersion(stated: string | null, named: string | null): string | null {
  if (stated === null || named === null) return stated ?? named;
  const isWhole = /^v?\d+\./.test(named);
  return isWhole || stated.startsWith(named) || named.startsWith(stated) ? named : stated;
}

/**
 * The Maven group: from the table of artifacts that are built without Maven, else as the manifest spells it
 * (`Group-Id`), else guessed from the vendor's id (`com.sun`) or a symbolic name such as `org.apache.commons.io`.
 */
function groupOf(
  name: FileName,
  manifest: ReadonlyMap<string, string>,
): { readonly group: string | null; readonly isKnown: boolean } {
  const known = knownGroup(name.artifact, agreedVersion(manifestVersion(manifest), name.version));
  if (known !== null) return { group: known, isKnown: true };
  for (const field of ['Group-Id', 'Implementation-Vendor-Id']) {
    const value = manifest.get(field) ?? '';
    if (isPackageName(value)) return { group: value, isKnown: field === 'Group-Id' };
  }
  const symbolic = manifest.get('Bundle-SymbolicName') ?? manifest.get('Automatic-Module-Name') ?? '';
  const module = symbolic.split(';', 1)[0]?.trim() ?? '';
  if (!isPackageName(module)) return { group: null, isKnown: false };
  // `org.json4s.core` stands for json4s-core: of dashes in an artifact's name a symbolic name makes dots.
  const plain = name.artifact.replace(/_[23](?:\.1[0-3])?$/, '');
  const tail = module.slice(module.lastIndexOf('.') + 1);
  const fits = plain === tail || plain === module || name.artifact === tail;
  if (fits) return { group: module.slice(0, module.lastIndexOf('.')), isKnown: false };
  // A library for Scala keeps its group before the artifact's name: `org.json4s.json4s-core`, or is named by it.
  return { group: module.endsWith(`.${plain}`) ? module.slice(0, -plain.length - 1) : null, isKnown: false };
}

function isPackageName(text: string): boolean {
  return text.length <= 200 && /^[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+$/i.test(text);
}
