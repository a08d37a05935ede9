import { type JsonValue, TrowelError } from '../model/index.js';
import { readYamlDocument } from '../template/index.js';
import {
  compareVersions,
  type MastermindsVersion,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
} from '../version/index.js';
import { goSort } from './go-sort.js';
import type { ScannedIndex } from './index-scanner.js';

/** One version of a chart in the index of a repository. */
export interface IndexedVersion {
  readonly version: string;
  readonly urls: readonly string[];
  /** SHA-256 of the archive as hex, or null where the index states none that can be checked. */
  readonly digest: string | null;
}

/**
 * The versions of one chart, the newest first, in Helm's order. Those that Helm leaves out of an index (no name, no
 * semantic version) are left out.
 *
 * Throws TrowelError `bad-bytes` for an entry that is no list. Follows: helm pkg/repo/index.go (loadIndex,
 * SortEntries).
 */
export function readVersions(entry: NonNullable<ScannedIndex['entry']>): readonly IndexedVersion[] {
  const list = listOf(entry);
  const versions: (IndexedVersion & { readonly parsed: MastermindsVersion })[] = [];
  for (const item of list) {
    if (!isObject(item)) continue;
    const name = textOf(item.name);
    const version = textOf(item.version);
    if (name === '' || name.includes('/') || !isVersion(version)) continue;
    versions.push({ version, parsed: parseVersion(version), ...linksOf(item) });
  }
  goSort(versions, (a, b) => compareVersions(b.parsed, a.parsed) < 0);
  return versions;
}

function listOf({ format, text }: NonNullable<ScannedIndex['entry']>): readonly JsonValue[] {
  let document: JsonValue;
  try {
    document = format === 'json' ? (JSON.parse(text) as JsonValue) : readYamlDocument(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TrowelError('bad-bytes', { what: `error unmarshaling the index: ${why}`, cause });
  }
  const [value = null] = isObject(document) ? Object.values(document) : [];
  if (value === null) return [];
  if (!Array.isArray(value))
    throw new TrowelError('bad-bytes', { what: 'its entry in the index is no list of versions' });
  return value;
}

function linksOf(item: { readonly [key: string]: JsonValue }): Pick<IndexedVersion, 'urls' | 'digest'> {
  const { urls = null, digest = null } = item;
  const hex = typeof digest === 'string' ? digest.toLowerCase().replace(/^sha256:/, '') : '';
  return {
    urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [],
    digest: /^[a-f0-9]{64}$/.test(hex) ? hex : null,
  };
}

/** Helm's YAML reader makes text of numbers: `version: 1.10` is 1.1. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The version that Helm takes: the one that is written so, else the newest in the range; without a wish the newest
 * that is no pre-release. Null where there is none.
 *
 * Throws TrowelError `bad-bytes` with the library's words where the wish is no range.
 * Follows: helm pkg/repo/index.go (IndexFile.Get).
 */
export function chooseVersion(versions: readonly IndexedVersion[], wanted: string): IndexedVersion | null {
  const constraint = parseConstraint(wanted === '' ? '*' : wanted);
  const exact = wanted === '' ? undefined : versions.find((candidate) => candidate.version === wanted);
  return exact ?? versions.find((candidate) => constraint.check(parseVersion(candidate.version))) ?? null;
}

/**
 * Versions among the tags of a repository, the newest first: only SemVer 2 counts, `_` is the `+` that tags cannot
 * hold. Follows: helm pkg/registry/client.go (Tags).
 */
export function versionsOfTags(tags: readonly string[]): readonly string[] {
  const versions = tags.flatMap((tag) => {
    try {
      return [parseStrictVersion(tag.replaceAll('_', '+'))];
    } catch {
      return [];
    }
  });
  goSort(versions, (a, b) => compareVersions(b, a) < 0);
  return versions.map((version) => version.original);
}

/**
 * The version of a registry that Helm takes, null where none fits.
 * Throws TrowelError `bad-bytes` where the wish is no range. Follows: helm pkg/registry/util.go
 * (GetTagMatchingVersionOrConstraint).
 */
export function chooseTag(versions: readonly string[], wanted: string): string | null {
  if (wanted !== '' && versions.includes(wanted)) return wanted;
  const constraint = parseConstraint(wanted === '' ? '*' : wanted);
  return versions.find((version) => constraint.check(parseVersion(version))) ?? null;
}

/** Whether a text is one version for Helm (`1.2` and `v1` are), not a range of them. */
export function isVersion(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** Helm's comparison of a locked version with one of an index (pkg/downloader/manager.go versionEquals). */
export function sameVersion(a: string, b: string): boolean {
  if (!isVersion(a)) return a === b;
  return isVersion(b) && compareVersions(parseVersion(a), parseVersion(b)) === 0;
}
