import type { Grade } from '../model/index.js';
import { baseName } from './paths.js';

/** One META-INF/maven/…/pom.properties; empty where a field is missing. */
export interface Project {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
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
  readonly license: string | null;
  readonly isWhole: boolean;
  readonly grade: Grade;
  readonly evidence: readonly { readonly what: string; readonly value: string }[];
}

/**
 * Who an archive is, and what was shaded into it.
 *
 * One pom.properties that fits the file's name, or is the only one, is the archive; the others were merged into it
 * (maven-shade-plugin keeps them). Without one the manifest speaks, and last the file's name. An archive that states
 * nothing but holds others' pom.properties is not made up: it comes by its name, `inferred`.
 */
export function identify(place: string, facts: JarFacts): readonly Artifact[] {
  const name = splitFileName(baseName(place));
  const projects = distinct(facts.projects);
  const own = ownProject(name, projects);
  const whole = own === null ? fromManifestOrName(name, facts.manifest) : fromProject(own, facts.manifest, true);
  const merged = projects.filter((one) => one !== own).map((one) => fromProject(one, new Map(), false));
  return [whole, ...merged];
}

interface FileName {
  readonly stem: string;
  readonly artifact: string;
  readonly version: string | null;
}

/** `log4j-core-2.14.1.jar` is log4j-core 2.14.1: the version begins at the first `-` before a digit (or `-v` and one). */
export function splitFileName(file: string): FileName {
  const stem = file.replace(/\.[A-Za-z]{3,4}$/, '');
  const at = /[-_]v?(?=\d)/.exec(stem);
  if (at === null || at.index === 0) return { stem, artifact: stem, version: null };
  const version = stem.slice(at.index + at[0].length);
  return { stem, artifact: stem.slice(0, at.index), version };
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

function fromProject(one: Project, manifest: ReadonlyMap<string, string>, isWhole: boolean): Artifact {
  return {
    group: one.group === '' ? null : one.group,
    artifact: one.artifact,
    version: one.version === '' ? manifestVersion(manifest) : one.version,
    license: manifest.get('Bundle-License') ?? null,
    isWhole,
    grade: 'claimed',
    evidence: [
      {
        what: isWhole ? 'pom.properties' : 'pom.properties of something merged in',
        value: `groupId=${one.group}, artifactId=${one.artifact}, version=${one.version}`,
      },
    ],
  };
}

function manifestVersion(manifest: ReadonlyMap<string, string>): string | null {
  const value =
    manifest.get('Implementation-Version') ??
    manifest.get('Bundle-Version') ??
    manifest.get('Plugin-Version') ??
    manifest.get('Specification-Version') ??
    null;
  return value === null || value.includes('${') ? null : value;
}

/**
 * Without Maven's files: the version of the manifest, the artifact of the file's name (a title is prose), the group
 * where the manifest spells one like a Java package.
 */
function fromManifestOrName(name: FileName, manifest: ReadonlyMap<string, string>): Artifact {
  const stated = manifestVersion(manifest);
  const group = groupOf(name, manifest);
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
    version: stated ?? name.version,
    license: manifest.get('Bundle-License') ?? null,
    isWhole: true,
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

/** `Implementation-Vendor-Id: org.apache`, or the symbolic name `org.apache.commons.io` without its last part. */
function groupOf(name: FileName, manifest: ReadonlyMap<string, string>): string | null {
  const isPackageName = (text: string): boolean =>
    /^[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+$/i.test(text) && text.length <= 200;
  for (const field of ['Group-Id', 'Implementation-Vendor-Id']) {
    const value = manifest.get(field) ?? '';
    if (isPackageName(value)) return value;
  }
  const symbolic =
    (manifest.get('Bundle-SymbolicName') ?? manifest.get('Automatic-Module-Name') ?? '').split(';', 1)[0]?.trim() ?? '';
  if (!isPackageName(symbolic)) return null;
  const tail = symbolic.slice(symbolic.lastIndexOf('.') + 1);
  // `org.slf4j.api` is org.slf4j:slf4j-api, `com.google.guava` com.google.guava:guava: only the certain case is taken.
  return name.artifact === tail || name.artifact === symbolic ? symbolic.slice(0, symbolic.lastIndexOf('.')) : null;
}
