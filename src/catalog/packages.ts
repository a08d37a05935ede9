import {
  type About,
  type CatalogFile,
  type Cataloguer,
  type Component,
  compareText,
  formatPurl,
  type Grade,
  isTrowelError,
  type JsonValue,
  type OwnedFile,
  type PurlParts,
  type ReadGap,
} from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { filesInFolders } from './folder-files.js';
import { isFileLike, placeOf } from './paths.js';
import { type FileRow, fileRows, list, maybeText, object, text, texts } from './shape.js';

/** What a file states (or lets conclude) of one package: the record that language cataloguers share. */
export type PackageRow = {
  /** The purl, whole: made by `packageRow`, so that a name no purl can have never reaches `join`. */
  readonly purl: string;
  /** As advisories of the ecosystem spell it. */
  readonly name: string;
  readonly version: string | null;
  /** OSV's name, or null. */
  readonly ecosystem: string | null;
  readonly licenses: readonly string[];
  readonly supplier: string | null;
  readonly url: string | null;
  readonly cpes: readonly string[];
  readonly grade: 'claimed' | 'inferred';
  /** The evidence: what was read, and what it said. */
  readonly what: string;
  readonly value: string;
  /** Folders whose files are its own by their place. */
  readonly folders: readonly string[];
  /** Files that the record lists, with the digest that it states (`algorithm:hex`) or null. */
  readonly files: readonly FileRow[];
  /** Files that are its own by their place or content. */
  readonly places: readonly string[];
  /** What it needs, in the words of its package system; null where the record is not read for it. */
  readonly requires: readonly string[] | null;
  /** Words by which others need it. */
  readonly provides: readonly string[];
};

/** What a cataloguer knows when it makes a row; all but type, name, version, ecosystem and evidence may be left out. */
export interface PackageFacts {
  readonly type: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly ecosystem: string | null;
  /** The name under which advisories are looked up, where it is not the purl's namespace and name. */
  readonly fullName?: string;
  readonly qualifiers?: PurlParts['qualifiers'];
  readonly licenses?: readonly string[];
  readonly supplier?: string | null;
  readonly url?: string | null;
  readonly cpes?: readonly string[];
  readonly grade?: 'claimed' | 'inferred';
  readonly what: string;
  readonly value?: string;
  readonly folders?: readonly string[];
  readonly files?: readonly FileRow[];
  readonly places?: readonly string[];
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
}

const maxNameLength = 400;
const maxVersionLength = 256;
const maxTextLength = 1000;
const maxLicenses = 100;
/** Words that one package needs or provides: the largest real ones have some hundreds. */
const maxWords = 5000;

/**
 * The row of a package, or null where its name or version can be none: empty, longer than any real one, with control
 * characters or blanks at an end, or refused by the rules of its purl type.
 */
export function packageRow(facts: PackageFacts): PackageRow | null {
  const namespace = facts.namespace ?? null;
  const version = facts.version === null || facts.version === '' ? null : facts.version;
  if (!isWord(facts.name, maxNameLength) || (namespace !== null && namespace.length > maxNameLength)) return null;
  if (version !== null && !isWord(version, maxVersionLength)) return null;
  const { type, name, qualifiers } = facts;
  const purl = purlOf({ type, namespace, name, version, ...(qualifiers === undefined ? {} : { qualifiers }) });
  if (purl === null) return null;
  return {
    purl,
    name: facts.fullName ?? (namespace === null || namespace === '' ? name : `${namespace}/${name}`),
    version,
    ecosystem: facts.ecosystem,
    licenses: [...new Set((facts.licenses ?? []).map(short).filter((one) => one !== ''))].slice(0, maxLicenses),
    supplier: shortOrNull(facts.supplier),
    url: shortOrNull(facts.url),
    // A bill of materials may call anything a CPE.
    cpes: (facts.cpes ?? []).map(short).filter(isCpe).slice(0, maxLicenses),
    grade: facts.grade ?? 'claimed',
    what: facts.what,
    value: short(facts.value ?? `${name} ${version ?? 'without version'}`),
    folders: facts.folders ?? [],
    files: facts.files ?? [],
    places: facts.places ?? [],
    requires: facts.requires === undefined ? null : words(facts.requires),
    provides: words(facts.provides ?? []),
  };
}

/** One list for the many that have nothing. */
const none: readonly string[] = [];

function words(all: readonly string[]): readonly string[] {
  if (all.length === 0) return none;
  return [...new Set(all)].filter((one) => one.length <= maxNameLength).slice(0, maxWords);
}

function isWord(text: string, maxLength: number): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names with control characters are refused.
  return text !== '' && text.length <= maxLength && text.trim() === text && !/[\u0000-\u001f\u007f]/.test(text);
}

/** A formatted string (2.3) or a URI (2.2): NISTIR 7695, 6.1 and 6.2. */
function isCpe(text: string): boolean {
  return /^cpe:(?:2\.3:|\/)[aoh*-]?:[^\s]{3,}$/.test(text);
}

function short(text: string): string {
  return text.trim().slice(0, maxTextLength);
}

function shortOrNull(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : short(text);
}

function purlOf(parts: PurlParts): string | null {
  try {
    return formatPurl(parts);
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}

/** A cataloguer of packages in terms of rows: `read` says what a file states, everything else is the same for all. */
export interface PackagePlan {
  readonly name: string;
  readonly version: number;
  readonly wants: Cataloguer['wants'];
  readonly read: (file: CatalogFile) => TypedRead<PackageRow>;
  /** Rows that count, where that is decided by all of the image; rows may be changed. */
  readonly choose?: (input: TypedJoin<PackageRow>) => readonly TypedRecord<PackageRow>[];
  /** Folders below which nothing belongs to a package above. */
  readonly stops?: (folder: string) => boolean;
  /**
   * The purls of what a record needs and that is there, where that is more than words which others provide; `records`
   * are those that count.
   */
  readonly relate?: (
    input: TypedJoin<PackageRow>,
    records: readonly TypedRecord<PackageRow>[],
  ) => (record: TypedRecord<PackageRow>) => readonly string[];
  readonly about: About;
}

/** The cataloguer of a plan: one component a row, with the files that its record lists or its folders hold. */
export function definePackages(plan: PackagePlan): Cataloguer {
  return defineCataloguer<PackageRow>({
    name: plan.name,
    version: plan.version,
    about: plan.about,
    wants: plan.wants,
    read: plan.read,
    decode: decodeRow,
    join(input) {
      const records = plan.choose === undefined ? input.records : plan.choose(input);
      const folders = new Set(records.flatMap(({ data }) => data.folders.map((one) => folderPlace(input, one))));
      const held = filesInFolders(input, folders, plan.stops);
      const budget = { restFiles: maxOwned };
      const relate = plan.relate?.(input, records) ?? null;
      return {
        components: records.map((record) => {
          const owns = ownedBy(input, record.data, held, budget);
          if (relate === null || record.data.requires === null) return component(plan.name, record, owns);
          return related(component(plan.name, record, owns, false), relate(record));
        }),
      };
    },
  });
}

function related(one: Component, dependsOn: readonly string[]): Component {
  const others = dependsOn.length === 0 ? none : [...new Set(dependsOn)].filter((purl) => purl !== one.purl);
  return { ...one, dependsOn: others.length < 2 ? others : [...others].sort(compareText) };
}

/** Files in folders that the components of one cataloguer may own together, a file counted as often as it is owned. */
const maxOwned = 2_000_000;

/** A folder that a layer wrote through a link lies where the link leads. */
function folderPlace(input: TypedJoin<PackageRow>, folder: string): string {
  return input.files.has(folder) ? folder : (input.resolve(folder) ?? folder);
}

function ownedBy(
  input: TypedJoin<PackageRow>,
  row: PackageRow,
  held: ReadonlyMap<string, readonly OwnedFile[]>,
  budget: { restFiles: number },
): readonly OwnedFile[] {
  const owned = new Map<string, OwnedFile>();
  for (const [path, digest] of row.files) {
    const place = placeOf(input, path);
    if (place !== null && isFileLike(input, place)) {
      owned.set(place, { path: place, digest: statedDigest(digest), mayChange: false });
    }
  }
  for (const path of row.places) {
    const place = placeOf(input, path);
    if (place === null || owned.has(place) || !isFileLike(input, place)) continue;
    owned.set(place, { path: place, digest: null, mayChange: false, listed: false });
  }
  for (const folder of row.folders) {
    const files = held.get(folderPlace(input, folder)) ?? [];
    budget.restFiles -= files.length;
    // Thousands of records that name one big folder are an attack: what is not claimed stays unknown.
    if (budget.restFiles < 0) break;
    for (const one of files) if (!owned.has(one.path)) owned.set(one.path, one);
  }
  return [...owned.values()];
}

const digestLengths = { md5: 32, sha1: 40, sha256: 64, sha512: 128 } as const;

function statedDigest(stated: string | null): OwnedFile['digest'] {
  const [algorithm, hex = ''] = (stated ?? '').split(':', 2);
  if (algorithm !== 'md5' && algorithm !== 'sha1' && algorithm !== 'sha256' && algorithm !== 'sha512') return null;
  return hex.length === digestLengths[algorithm] ? { algorithm, hex: hex.toLowerCase() } : null;
}

/** The component of a row, found by the cataloguer `foundBy`; `withWords`: with those that `withRelations` joins by. */
export function component(
  foundBy: string,
  { path, layer, data }: TypedRecord<PackageRow>,
  owns: readonly OwnedFile[],
  withWords = true,
): Component {
  return {
    purl: data.purl,
    name: data.name,
    version: data.version,
    ecosystem: data.ecosystem,
    release: null,
    source: null,
    locations: [{ path, layer }],
    foundBy,
    licenses: data.licenses,
    owns,
    grade: data.grade,
    evidence: [{ what: data.what, where: path, value: data.value }],
    ...(data.supplier === null ? {} : { supplier: data.supplier }),
    ...(data.url === null ? {} : { downloadLocation: data.url }),
    ...(data.cpes.length === 0 ? {} : { cpes: data.cpes }),
    ...(data.requires === null || !withWords ? {} : { requires: data.requires.map((one) => [one]) }),
    ...(data.provides.length === 0 || !withWords ? {} : { provides: data.provides }),
  };
}

/** A row as it comes back from the store. */
export function decodeRow(value: JsonValue): PackageRow {
  const fields = object(value);
  const grade: Grade = fields.grade === 'inferred' ? 'inferred' : 'claimed';
  return {
    purl: text(fields.purl),
    name: text(fields.name),
    version: maybeText(fields.version),
    ecosystem: maybeText(fields.ecosystem),
    licenses: texts(fields.licenses),
    supplier: maybeText(fields.supplier),
    url: maybeText(fields.url),
    cpes: texts(fields.cpes),
    grade,
    what: text(fields.what),
    value: text(fields.value),
    folders: texts(fields.folders),
    files: fileRows(fields.files),
    places: texts(fields.places),
    requires: Array.isArray(fields.requires) ? wordsOf(fields.requires) : null,
    provides: wordsOf(fields.provides),
  };
}

function wordsOf(value: JsonValue | undefined): readonly string[] {
  const found = list(value);
  // What was stored is not copied: an image has hundreds of thousands of these words.
  if (found.every((one): one is string => typeof one === 'string')) return found.length === 0 ? none : found;
  return texts(found);
}

/** One row or the gap that says what is wrong with it: for files that state one package each. */
export function oneRow(facts: PackageFacts | null, wrong: string): TypedRead<PackageRow> {
  const row = facts === null ? null : packageRow(facts);
  return row === null ? { records: [], gaps: [badRecord(wrong)] } : { records: [row] };
}

/** Rows of a file that states many; those whose name or version can be none become one gap. */
export function manyRows(facts: readonly PackageFacts[], wrong: string): TypedRead<PackageRow> {
  const rows = facts.slice(0, maxRows).map(packageRow);
  const records = rows.filter((row) => row !== null);
  const gaps: ReadGap[] = [];
  if (records.length < rows.length) gaps.push(badRecord(`${wrong} (${rows.length - records.length} of its entries)`));
  if (facts.length > maxRows) gaps.push({ reason: 'too-large', detail: `states more than ${maxRows} packages` });
  return { records, gaps };
}

/** Packages that one file may state. */
const maxRows = 100_000;

export function badRecord(detail: string): ReadGap {
  return { reason: 'bad-database', detail };
}
