import {
  type CatalogFile,
  type Component,
  compareText,
  formatPurl,
  isTrowelError,
  type JsonValue,
  type PurlParts,
} from '../model/index.js';
import { defineCataloguer, fileText, type TypedRead } from './define.js';
import { jsonLocks, type Locked } from './lock-json.js';
import { textLocks } from './lock-text.js';
import { baseName } from './paths.js';
import { object, texts } from './shape.js';

type LockRecord = { readonly purls: readonly string[] };

/** A lock file in an image, and those of its packages that are in the image and those that nothing there shows. */
export interface LockFile {
  readonly path: string;
  readonly layer: number;
  /** Purls, in text order; together all that it pins. */
  readonly installed: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Lock files: what was to be installed, which is no sign that it was. So they make no components: what is there and
 * pinned by one gets it as evidence, what is not there is a claim about the image (`lockFiles`).
 *
 * A lock file that cannot be read is a gap. Those of npm inside `node_modules` (`.package-lock.json`) are left out.
 * Follows: the formats as `lock-json.ts` and `lock-text.ts` have them.
 */
export const locks = defineCataloguer<LockRecord>({
  name: 'locks',
  version: 2,
  wants: (file) => file.type === 'file' && readerOf(file.path) !== undefined,
  read,
  decode: (value) => ({ purls: texts(object(value).purls) }),
  join: () => ({ components: [] }),
  about: {
    finds: 'what was to be installed',
    reads: [...Object.keys(jsonLocks), ...Object.keys(textLocks)].map((name) => `**${name}`),
    purls: [],
    grades: [],
    facts: [],
    claims: ['`pins`: what a lock file names, and what of it the image shows'],
    limit: 'what is pinned need not be there, so it makes no component',
  },
});

const readers: ReadonlyMap<string, (source: string) => readonly Locked[]> = new Map([
  ...Object.entries(jsonLocks),
  ...Object.entries(textLocks),
]);

function readerOf(path: string): ((source: string) => readonly Locked[]) | undefined {
  return readers.get(baseName(path));
}

const maxPinned = 100_000;

function read(file: CatalogFile): TypedRead<LockRecord> {
  const pinned = readerOf(file.head.path)?.(fileText(file)) ?? [];
  const purls = new Set(pinned.slice(0, maxPinned).flatMap((one) => purlOf(one) ?? []));
  return { records: purls.size === 0 ? [] : [{ purls: [...purls].sort(compareText) }] };
}

/** Null for what states no version, or a name that no purl can have. */
function purlOf({ type, name, version }: Locked): string | null {
  if (name === '' || version === '' || name.length > 400 || version.length > 256) return null;
  const mark = type === 'maven' ? ':' : '/';
  const at = type === 'npm' && !name.startsWith('@') ? -1 : name.lastIndexOf(mark);
  const parts: PurlParts = { type, namespace: at < 0 ? null : name.slice(0, at), name: name.slice(at + 1), version };
  try {
    // Julia's purls need the uuid; without qualifiers is how they are compared.
    return type === 'julia'
      ? `pkg:julia/${encodeURIComponent(name)}@${encodeURIComponent(version)}`
      : formatPurl(parts);
  } catch (error) {
    if (isTrowelError(error) || error instanceof URIError) return null;
    throw error;
  }
}

/** The lock files of an image against its components; by path. */
export function lockFiles(
  records: readonly { readonly by: string; readonly path: string; readonly layer: number; readonly data: JsonValue }[],
  components: readonly Component[],
): readonly LockFile[] {
  const there = new Set(components.map((one) => withoutQualifiers(one.purl)));
  return records
    .filter((record) => record.by === locks.name)
    .map(({ path, layer, data }) => {
      const purls = texts(object(data).purls);
      return {
        path,
        layer,
        installed: purls.filter((purl) => there.has(purl)),
        missing: purls.filter((purl) => !there.has(purl)),
      };
    })
    .sort((a, b) => compareText(a.path, b.path));
}

export function withoutQualifiers(purl: string): string {
  return purl.split(/[?#]/, 1)[0] ?? purl;
}
