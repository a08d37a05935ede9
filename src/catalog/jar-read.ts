import { isTrowelError, type ReadGap } from '../model/index.js';
import { openZip, type ZipArchive, type ZipEntry, type ZipFile, zipLimits } from '../pack/index.js';
import type { JarFacts, Project } from './jar-identity.js';
import { dependenciesOfPom } from './jar-pom.js';
import { licensesOfPom } from './licenses/pom.js';
import { eachLine } from './paragraphs.js';
import { folderOf } from './paths.js';

/** An archive inside a file: `inner` is its path there, the parts of deeper ones joined by `!/`. */
export interface FoundJar {
  readonly inner: string;
  readonly facts: JarFacts;
}

const endings: readonly string[] = [
  '.jar',
  '.war',
  '.ear',
  '.par',
  '.sar',
  '.nar',
  '.hpi',
  '.jpi',
  '.rar',
  '.kar',
  '.lpkg',
];

export function isArchiveName(path: string): boolean {
  const lower = path.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending));
}

/** Bounds over everything that is unpacked out of one file, however deep: bytes, archives, levels. */
const limits = { ...zipLimits, entryBytes: 256 * 1024 * 1024, totalBytes: 1024 ** 3 } as const;
const maxDepth = 8;
const maxArchives = 10_000;
const maxTextBytes = 1024 * 1024;
/** Of pom.properties in one file with all that is nested in it: shaded programs have hundreds. */
const maxProjects = 20_000;

interface Walk {
  readonly found: FoundJar[];
  readonly gap: (gap: ReadGap) => void;
  restBytes: number;
  restProjects: number;
}

/**
 * The facts of an archive and of all archives nested in it, outermost first, in the order of their directories.
 *
 * Nothing is written to disk. What cannot be read is told to `gap` with its inner path; it never throws for content.
 */
export function readJar(file: ZipFile, gap: (gap: ReadGap) => void): readonly FoundJar[] {
  const walk: Walk = { found: [], gap, restBytes: limits.totalBytes, restProjects: maxProjects };
  readInto(walk, file, '', 0);
  return walk.found;
}

function readInto(walk: Walk, file: ZipFile, inner: string, depth: number): void {
  const archive = guarded(walk, inner, () => openZip(file, limits));
  if (archive === null) return;
  for (const problem of archive.problems.slice(0, 20)) {
    walk.gap({ reason: problem.reason, detail: `${innerPath(inner, problem.path)}: ${problem.detail}` });
  }
  walk.found.push({ inner, facts: readFacts(walk, archive, inner) });
  for (const entry of archive.entries) {
    if (entry.directory || !isArchiveName(entry.path)) continue;
    const path = innerPath(inner, entry.path);
    if (depth + 1 > maxDepth || walk.found.length >= maxArchives) {
      walk.gap({ reason: 'too-large', detail: `${path}: archives nested deeper than ${maxDepth}, or too many` });
      return;
    }
    const bytes = readEntry(walk, archive, entry, path, limits.entryBytes);
    if (bytes !== null) readInto(walk, bytesFile(bytes), path, depth + 1);
  }
}

function innerPath(inner: string, path: string): string {
  return inner === '' ? path : `${inner}!/${path}`;
}

function bytesFile(bytes: Uint8Array): ZipFile {
  return { sizeBytes: bytes.length, slice: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Runs a step on content; what it throws as TrowelError becomes a gap and null. */
function guarded<T>(walk: Walk, path: string, step: () => T): T | null {
  try {
    return step();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    walk.gap({ reason: error.code, detail: path === '' ? error.message : `${path}: ${error.message}` });
    return null;
  }
}

function readEntry(
  walk: Walk,
  archive: ZipArchive,
  entry: ZipEntry,
  path: string,
  maxBytes: number,
): Uint8Array | null {
  return guarded(walk, path, () => {
    // Each nested archive counts its own bytes: their sum is bounded here.
    const bytes = archive.read(entry, Math.min(maxBytes, walk.restBytes));
    walk.restBytes -= bytes.length;
    return bytes;
  });
}

function readFacts(walk: Walk, archive: ZipArchive, inner: string): JarFacts {
  const projects: { readonly folder: string; readonly stated: readonly Project[] }[] = [];
  const poms = new Map<string, Pick<Project, 'licenses' | 'requires'>>();
  let manifest: ReadonlyMap<string, string> = new Map();
  for (const entry of archive.entries) {
    const lower = entry.path.toLowerCase();
    const isManifest = lower === 'meta-inf/manifest.mf' && manifest.size === 0;
    // Maven's own place is META-INF/maven/; Spring Boot's executable jars keep classes, and these, below BOOT-INF.
    const isOfProject = lower.includes('meta-inf/maven/');
    const isProject = isOfProject && lower.endsWith('/pom.properties');
    const isPom = isOfProject && lower.endsWith('/pom.xml');
    if (!isManifest && !isProject && !isPom) continue;
    if (!isManifest && walk.restProjects-- <= 0) {
      walk.gap({ reason: 'too-large', detail: `${innerPath(inner, entry.path)}: more than ${maxProjects} projects` });
      break;
    }
    const bytes = readEntry(walk, archive, entry, innerPath(inner, entry.path), maxTextBytes);
    if (bytes === null) continue;
    const source = new TextDecoder().decode(bytes);
    if (isManifest) manifest = readManifest(source);
    else if (isPom) {
      poms.set(folderOf(entry.path), { licenses: licensesOfPom(source), requires: dependenciesOfPom(source) });
    } else projects.push({ folder: folderOf(entry.path), stated: readProject(source) });
  }
  return {
    manifest,
    projects: projects.flatMap(({ folder, stated }) => stated.map((one) => ({ ...one, ...poms.get(folder) }))),
  };
}

/** What of the manifest's main section can say who an archive is. */
const manifestNames: readonly string[] = [
  'Automatic-Module-Name',
  'Bundle-License',
  'Bundle-Name',
  'Bundle-SymbolicName',
  'Bundle-Vendor',
  'Bundle-Version',
  'Created-By',
  'Extension-Name',
  'Implementation-Title',
  'Implementation-Vendor',
  'Implementation-Vendor-Id',
  'Implementation-Version',
  'Plugin-Version',
  'Group-Id',
  'Short-Name',
  'Specification-Title',
  'Specification-Version',
  'Version',
];

/**
 * The main section of a manifest, the fields above only. A line that begins with a blank continues the one before,
 * without the blank and without a break (JAR File Specification, "Notes on Manifest and Signature Files").
 */
export function readManifest(source: string): ReadonlyMap<string, string> {
  const joined: string[] = [];
  for (const line of eachLine(source.replace(/\r(?!\n)/g, '\n'))) {
    if (line === '') break;
    if (line.startsWith(' ') && joined.length > 0) joined[joined.length - 1] += line.slice(1);
    else joined.push(line);
  }
  const wanted = new Map(manifestNames.map((name) => [name.toLowerCase(), name]));
  const fields = new Map<string, string>();
  for (const line of joined) {
    const colon = line.indexOf(':');
    const name = wanted.get(line.slice(0, Math.max(0, colon)).toLowerCase());
    const value = line.slice(colon + 1).trim();
    if (name !== undefined && value !== '' && value.length <= 500) fields.set(name, value);
  }
  return fields;
}

/** pom.properties: `groupId`, `artifactId`, `version`; a file without an artifact says nothing (java.util.Properties). */
export function readProject(source: string): readonly Project[] {
  const fields = new Map<string, string>();
  for (const raw of eachLine(source)) {
    const line = raw.trim();
    const equals = line.search(/[=:]/);
    if (line.startsWith('#') || line.startsWith('!') || equals <= 0) continue;
    fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  const artifact = fields.get('artifactId') ?? '';
  // `${project.version}` was never filled in: it states nothing.
  const value = (name: string): string => (fields.get(name)?.includes('${') === true ? '' : (fields.get(name) ?? ''));
  return artifact === '' || artifact.includes('${')
    ? []
    : [{ group: value('groupId'), artifact, version: value('version'), licenses: [], requires: null }];
}
