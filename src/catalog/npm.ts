import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { folderOf } from './paths.js';
import { maybeText, object, text, texts } from './shape.js';

export type NpmRecord = {
  readonly name: string;
  readonly version: string | null;
  readonly licenses: readonly string[];
};

/**
 * npm packages as they lie under `node_modules`, nested and pnpm's included. A package owns its folder, without the
 * `node_modules` inside it.
 *
 * Only the package.json at the top of a package counts: others inside it (`dist/esm/package.json`) say how to load
 * files. One that is no JSON, or has no name, is a gap.
 * Follows: npm's package.json(5), folders(5).
 */
export const npm = defineCataloguer<NpmRecord>({
  name: 'npm',
  version: 1,
  wants: (file) => file.type === 'file' && file.path.endsWith('/package.json') && isPackageFolder(folderOf(file.path)),
  read: readPackageJson,
  decode: decodeNpm,
  join,
});

/** Whether the last parts are `node_modules/NAME` or `node_modules/@SCOPE/NAME`. */
function isPackageFolder(folder: string): boolean {
  const parts = folder.split('/');
  const [scope, above] = [parts.at(-2), parts.at(-3)];
  const name = parts.at(-1) ?? '';
  if (name.startsWith('@') || name === '.pnpm' || name === '.bin') return false;
  return scope === 'node_modules' || (scope?.startsWith('@') === true && above === 'node_modules');
}

export function readPackageJson(file: CatalogFile): TypedRead<NpmRecord> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(fileText(file));
  } catch {
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'a package.json that is no JSON' }] };
  }
  if (typeof parsed !== 'object' || parsed === null) {
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'a package.json that is no object' }] };
  }
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const name = fields.get('name');
  const version = fields.get('version');
  if (typeof name !== 'string' || name === '') {
    return { records: [], gaps: [{ reason: 'bad-database', detail: 'a package.json without a name' }] };
  }
  return {
    records: [
      {
        name,
        version: typeof version === 'string' && version !== '' ? version : null,
        licenses: [...licensesOf(fields.get('license')), ...licensesOf(fields.get('licenses'))],
      },
    ],
  };
}

/** A licence as text, as `{"type": …}` (before 2013), or a list of either. */
function licensesOf(value: unknown, inList = false): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  // One level of list: JSON can nest deeper than a stack goes.
  if (Array.isArray(value)) return inList ? [] : value.slice(0, 100).flatMap((item) => licensesOf(item, true));
  if (typeof value !== 'object' || value === null || !('type' in value)) return [];
  return typeof value.type === 'string' ? [value.type] : [];
}

export function decodeNpm(value: JsonValue): NpmRecord {
  const fields = object(value);
  return { name: text(fields.name), version: maybeText(fields.version), licenses: texts(fields.licenses) };
}

function join(input: TypedJoin<NpmRecord>): { readonly components: readonly Component[] } {
  const owned = filesByPackage(input);
  return {
    components: input.records.map((record) => npmComponent(record, owned.get(folderOf(record.path)) ?? [])),
  };
}

export function npmComponent({ path, layer, data }: TypedRecord<NpmRecord>, owns: readonly OwnedFile[]): Component {
  const slash = data.name.startsWith('@') ? data.name.indexOf('/') : -1;
  return {
    purl: formatPurl({
      type: 'npm',
      namespace: slash < 0 ? null : data.name.slice(0, slash),
      name: data.name.slice(slash + 1),
      version: data.version,
    }),
    name: data.name,
    version: data.version,
    ecosystem: 'npm',
    release: null,
    source: null,
    locations: [{ path, layer }],
    foundBy: 'npm',
    licenses: data.licenses,
    owns,
    grade: 'claimed',
    evidence: [{ what: 'package.json', where: path, value: `name: ${data.name}, version: ${data.version ?? 'none'}` }],
  };
}

/** Each file below a package's folder to the innermost package around it. */
function filesByPackage(input: TypedJoin<NpmRecord>): ReadonlyMap<string, readonly OwnedFile[]> {
  const owned = new Map<string, OwnedFile[]>(input.records.map(({ path }) => [folderOf(path), []]));
  if (owned.size === 0) return owned;
  for (const [path, { entry }] of input.files) {
    if (entry.type === 'directory' || !path.includes('node_modules/')) continue;
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      // What lies in a node_modules without belonging to a package there (`.bin`, `.package-lock.json`) is npm's own.
      if (folder.endsWith('/node_modules') || folder === 'node_modules') break;
      const files = owned.get(folder);
      if (files === undefined) continue;
      files.push({ path, digest: null, mayChange: false, listed: false });
      break;
    }
  }
  return owned;
}
