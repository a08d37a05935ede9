import {
  type CatalogFile,
  type Component,
  formatPurl,
  type JsonValue,
  type OwnedFile,
  TrowelError,
} from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from './define.js';
import { baseName, folderOf } from './paths.js';
import { maybeText, object } from './shape.js';

/** What the receipt adds to the path, which tells name and version: the repository of the formula. */
type BrewRecord = { readonly tap: string | null };

const receipt = 'INSTALL_RECEIPT.json';

/**
 * Packages of Homebrew on Linux: a folder `Cellar/NAME/VERSION` each, told by the receipt in it; it owns what lies
 * below.
 *
 * Follows: Homebrew, docs/Formula-Cookbook.md (keg), Library/Homebrew/tab.rb (the receipt); purl-spec has no type for
 * it, `brew` is what Syft and osv-scalibr write.
 */
export const homebrew = defineCataloguer<BrewRecord>({
  name: 'homebrew',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path.endsWith(receipt) && kegOf(path) !== null,
  read,
  decode,
  join,
});

interface Keg {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
}

function kegOf(path: string): Keg | null {
  const folder = folderOf(path);
  const formula = folderOf(folder);
  if (baseName(path) !== receipt || baseName(folderOf(formula)) !== 'Cellar') return null;
  return { folder, name: baseName(formula), version: baseName(folder) };
}

function read(file: CatalogFile): TypedRead<BrewRecord> {
  let value: JsonValue;
  try {
    value = JSON.parse(fileText(file));
  } catch (cause) {
    throw new TrowelError('bad-database', { what: 'a receipt that is no JSON', cause });
  }
  return { records: [{ tap: maybeText(object(object(value).source).tap) }] };
}

function decode(value: JsonValue): BrewRecord {
  return { tap: maybeText(object(value).tap) };
}

function join(input: TypedJoin<BrewRecord>): { readonly components: readonly Component[] } {
  const kegs = new Map<string, string[]>();
  for (const { path } of input.records) kegs.set(folderOf(path), []);
  if (kegs.size > 0) gatherFiles(input, kegs);
  const components = input.records.flatMap(({ path, layer, data }): Component[] => {
    const keg = kegOf(path);
    if (keg === null) return [];
    const { name, version, folder } = keg;
    const files = kegs.get(folder) ?? [];
    return [
      {
        purl: formatPurl({ type: 'brew', name, version }),
        name,
        version,
        ecosystem: null,
        release: null,
        source: null,
        locations: [{ path, layer }],
        foundBy: 'homebrew',
        licenses: [],
        owns: files.map((one): OwnedFile => ({ path: one, digest: null, mayChange: false, listed: false })),
        grade: 'claimed',
        evidence: [{ what: 'Homebrew receipt', where: path, value: `${name} ${version} of ${data.tap ?? 'no tap'}` }],
      },
    ];
  });
  return { components };
}

/** The files below each keg; one pass whatever their number. */
function gatherFiles(input: TypedJoin<BrewRecord>, kegs: ReadonlyMap<string, string[]>): void {
  for (const [path, { entry }] of input.files) {
    if (entry.type === 'directory' || !path.includes('Cellar/')) continue;
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) kegs.get(folder)?.push(path);
  }
}
