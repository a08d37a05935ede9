import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../model/index.js';
import { defineCataloguer, fileText, type TypedJoin, type TypedRead } from './define.js';
import { fieldsOf, jsonValue, textOf } from './json.js';
import { baseName, folderOf } from './paths.js';
import { maybeText, object } from './shape.js';

/** What the receipt adds to the path, which tells name and version: the repository of the formula. */
type ReceiptRecord = { readonly kind: 'receipt'; readonly tap: string | null };
/** What the copy of the formula beside it adds. */
type FormulaRecord = { readonly kind: 'formula'; readonly license: string | null };
type BrewRecord = ReceiptRecord | FormulaRecord;

const receipt = 'INSTALL_RECEIPT.json';
const maxFormulaBytes = 1024 * 1024;

/**
 * Packages of Homebrew on Linux: a folder `Cellar/NAME/VERSION` each, told by the receipt in it; it owns what lies
 * below.
 *
 * Follows: Homebrew, docs/Formula-Cookbook.md (keg), Library/Homebrew/tab.rb (the receipt); purl-spec,
 * brew-definition.json.
 */
export const homebrew = defineCataloguer<BrewRecord>({
  name: 'homebrew',
  version: 1,
  wants: ({ type, path, sizeBytes }) =>
    type === 'file' &&
    ((path.endsWith(receipt) && kegOf(path) !== null) ||
      (path.endsWith('.rb') && isFormula(path) && sizeBytes <= maxFormulaBytes)),
  read,
  decode,
  join,
  about: {
    finds: 'kegs of Homebrew',
    reads: ['**Cellar/*/*/INSTALL_RECEIPT.json', '**Cellar/*/*/.brew/*.rb'],
    purls: ['brew'],
    grades: ['claimed'],
    facts: ['licenses', 'files'],
  },
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

/** `Cellar/NAME/VERSION/.brew/NAME.rb` */
function isFormula(path: string): boolean {
  return baseName(folderOf(path)) === '.brew' && kegOf(`${folderOf(folderOf(path))}/${receipt}`) !== null;
}

function read(file: CatalogFile): TypedRead<BrewRecord> {
  if (!file.head.path.endsWith(receipt)) {
    const license = /^ {0,8}license "([^"\n]{1,200})"/m.exec(fileText(file))?.[1] ?? null;
    return { records: [{ kind: 'formula', license }] };
  }
  const tap = textOf(fieldsOf(fieldsOf(jsonValue(fileText(file), 'a receipt')).get('source')).get('tap'));
  return { records: [{ kind: 'receipt', tap: tap === '' ? null : tap }] };
}

function decode(value: JsonValue): BrewRecord {
  const fields = object(value);
  if (fields.kind === 'formula') return { kind: 'formula', license: maybeText(fields.license) };
  return { kind: 'receipt', tap: maybeText(fields.tap) };
}

function join(input: TypedJoin<BrewRecord>): { readonly components: readonly Component[] } {
  const kegs = new Map<string, string[]>();
  const licenses = new Map<string, readonly string[]>();
  for (const { path, data } of input.records) {
    if (data.kind === 'receipt') kegs.set(folderOf(path), []);
    else if (data.license !== null) licenses.set(folderOf(folderOf(path)), [data.license]);
  }
  if (kegs.size > 0) gatherFiles(input, kegs);
  const components = input.records.flatMap(({ path, layer, data }): Component[] => {
    const keg = kegOf(path);
    if (keg === null || data.kind !== 'receipt') return [];
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
        licenses: licenses.get(folder) ?? [],
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
