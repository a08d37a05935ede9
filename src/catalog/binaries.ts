import { type ElfFile, isElf, isGoProgram, readElf } from '../binary/index.js';
import {
  type CatalogFile,
  type Component,
  compareText,
  type Evidence,
  formatPurl,
  isTrowelError,
  type JsonValue,
} from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { baseName, folderOf } from './paths.js';
import { banners, findPrograms, type Match, type Rule, ruleName, rules, rulesFor } from './rules/select.js';
import { maybeText, object, text } from './shape.js';

type BinaryRecord = {
  readonly rule: string;
  readonly version: string | null;
  readonly text: string;
  readonly offset: number;
  readonly hint: string | null;
  /** Whether the text was found in another program than the one it names. */
  readonly linked: boolean;
};

/**
 * What is known by words of its own in the file, whoever put it there: programs, libraries, and libraries that were
 * linked into programs. The rules are data (`rules/`).
 *
 * All of it is `inferred`, with the text and its offset as evidence, and has no ecosystem: a version that upstream
 * wrote says nothing about a distribution's fixes. A distribution's version in the text stands in the evidence. What is
 * linked into another program owns no file.
 */
export const binaries = defineCataloguer<BinaryRecord>({
  name: 'binaries',
  version: 3,
  wants: (file, head) => file.type === 'file' && file.sizeBytes > 0 && (isElf(head) || rulesFor(file, head).length > 0),
  read,
  decode,
  join,
  about: {
    finds: 'programs and libraries known by their own words',
    reads: ['ELF', '(names of the rules below)'],
    purls: ['*'],
    grades: ['inferred'],
    facts: ['cpes', 'files'],
    limit:
      "a version that upstream wrote says nothing of a distribution's fixes: there is no ecosystem, and advisories are not looked up",
  },
});

function read(file: CatalogFile): TypedRead<BinaryRecord> {
  const head = file.slice(0, 64);
  const elf = isElf(head) ? elfOf(file) : null;
  const named = rulesFor(file.head, head);
  // A program of Go says its version itself, and `go` reads it, with these rules where it does not. What is no program
  // of Go is none of those programs, whatever it is called.
  const tellsItself = named.some((rule) => rule.go) && isGoProgram(file);
  const isOther = tellsItself || (elf !== null && !isOfGo(elf));
  const own = findPrograms(
    file,
    ruleName(file.head.path),
    named.filter((rule) => !(rule.go && isOther)),
  );
  const records = own.map((match) => recordOf(match, false));
  if (own.length === 0 && elf !== null) records.push(...sonameOf(elf, named));
  if (elf === null || !isLinked(elf)) return { records };
  const known = new Set(own.map(({ rule }) => rule.family));
  const versions = new Set(own.map(({ version }) => version));
  const found = banners.find(file, readOnlyParts(elf), (rule) => isPossible(rule, elf, known), versions);
  for (const match of oneOfFamily(found)) records.push(recordOf(match, !match.rule.anyName));
  return { records };
}

/** A library that prints no version and whose file's name has none is known by the name it was linked with. */
function sonameOf({ soname }: ElfFile, named: readonly Rule[]): readonly BinaryRecord[] {
  const silent = named.find((rule) => rule.patterns.length === 0);
  if (soname === null || silent === undefined || !rulesFor({ path: soname }, new Uint8Array()).includes(silent))
    return [];
  return [{ rule: ruleKey(silent), version: null, text: soname, offset: 0, hint: null, linked: false }];
}

/** What a stored record calls its rule. */
function ruleKey(rule: Rule): string {
  return `${rule.name} of ${rule.family}`;
}

function recordOf({ rule, version, text: words, offset, hint }: Match, linked: boolean): BinaryRecord {
  return { rule: ruleKey(rule), version, text: words, offset, hint, linked };
}

/** The file's headers; null for one that has none to be read (`elf` tells of that). */
function elfOf(file: CatalogFile): ElfFile | null {
  try {
    return readElf(file);
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}

/** Whether Go's linker left its marks; where section headers are gone, nobody knows. */
function isOfGo(elf: ElfFile): boolean {
  if (elf.sections.length === 0) return true;
  return elf.sections.some(
    ({ name }) => name === '.gopclntab' || name === '.go.buildinfo' || name === '.note.go.buildid',
  );
}

/** Object files and kernel modules are parts of what is linked later. */
function isLinked(elf: ElfFile): boolean {
  return elf.type === 'executable' || elf.type === 'shared';
}

function isPossible(rule: Rule, elf: ElfFile, known: ReadonlySet<string>): boolean {
  const { unlessNeeds } = rule;
  if (known.has(rule.family) || known.has(rule.family.replace(/-linked$/, ''))) return false;
  return unlessNeeds === null || !elf.needed.some((name) => unlessNeeds.test(name));
}

function oneOfFamily(matches: readonly Match[]): readonly Match[] {
  const families = new Map<string, Match>();
  for (const match of matches) if (!families.has(match.rule.family)) families.set(match.rule.family, match);
  return [...families.values()];
}

/** Sections that no text of a program stands in. */
const wordless =
  /^\.(?:eh_frame|gcc_except_table|gopclntab|interp|note|hash|gnu|rel|dynstr|dynsym|dynamic|typelink|itablink|got|plt|init|fini|data\.rel)/;

/**
 * Where the constants of a program lie: loaded sections without code, or the segments without code of a file whose
 * section headers were taken away (all of it where it has only one).
 */
function readOnlyParts(elf: ElfFile): readonly { readonly offset: number; readonly sizeBytes: number }[] {
  const sections = elf.sections.filter(
    ({ type, flags, name }) => type === 1 && (flags & 2) !== 0 && (flags & 4) === 0 && !wordless.test(name),
  );
  if (sections.length > 0) return sections;
  const loaded = elf.segments.filter(({ type, fileBytes }) => type === 1 && fileBytes > 0);
  const data = loaded.filter(({ flags }) => (flags & 1) === 0);
  return (data.length > 0 && loaded.length > 2 ? data : loaded).map(({ offset, fileBytes }) => ({
    offset,
    sizeBytes: fileBytes,
  }));
}

function decode(value: JsonValue): BinaryRecord {
  const fields = object(value);
  return {
    rule: text(fields.rule),
    version: maybeText(fields.version),
    text: text(fields.text),
    offset: typeof fields.offset === 'number' ? fields.offset : 0,
    hint: maybeText(fields.hint),
    linked: fields.linked === true,
  };
}

/** One program in one folder is one component, however many of its files say so; what is linked in is one by its file. */
function join(input: TypedJoin<BinaryRecord>): { readonly components: readonly Component[] } {
  const groups = new Map<string, TypedRecord<BinaryRecord>[]>();
  for (const record of input.records) {
    const { rule, version, linked } = record.data;
    const place = linked ? record.path : `${folderOf(record.path)}/`;
    const key = JSON.stringify([rule, version, place]);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return { components: [...groups.values()].flatMap((records) => componentOf(records, input.files)) };
}

type Files = TypedJoin<BinaryRecord>['files'];

/** The files that were read, and those beside them that are built together with them. */
function ownPaths(rule: Rule, records: readonly TypedRecord<BinaryRecord>[], files: Files): readonly string[] {
  const own = new Set(records.map(({ path }) => path));
  const { siblings } = rule;
  if (siblings === null) return [...own];
  const folders = new Set([...own].map(folderOf));
  for (const path of files.keys()) {
    if (!folders.has(folderOf(path)) || !siblings.test(baseName(path))) continue;
    if (files.get(path)?.entry.type !== 'directory') own.add(path);
  }
  return [...own].sort(compareText);
}

/** How many files of one program are told of in its evidence. */
const toldFiles = 8;

function componentOf(records: readonly TypedRecord<BinaryRecord>[], files: Files): readonly Component[] {
  const first = records[0]?.data;
  const rule = rules.find((one) => ruleKey(one) === first?.rule);
  if (first === undefined || rule === undefined) return [];
  const { version, linked } = first;
  const what = linked ? 'text of a library linked in' : 'text of the program';
  const evidence = records
    .slice(0, toldFiles)
    .flatMap(({ path, data }): Evidence[] => [
      { what, where: `${path} at byte ${data.offset}`, value: data.text },
      ...(data.hint === null ? [] : [{ what: 'other version in the text', where: path, value: data.hint }]),
    ]);
  return [
    {
      purl: formatPurl({ ...rule.purl, version }),
      name: rule.name,
      version,
      ecosystem: null,
      release: null,
      source: null,
      locations: records.map(({ path, layer }) => ({ path, layer })),
      foundBy: 'binaries',
      licenses: [],
      owns: linked
        ? []
        : ownPaths(rule, records, files).map((path) => ({ path, digest: null, mayChange: false, listed: false })),
      grade: 'inferred',
      evidence: [...evidence, { what: 'rule', where: rule.source, value: rule.name }],
      ...(rule.cpes.length === 0 ? {} : { cpes: rule.cpes.map((cpe) => cpeOf(cpe, version)) }),
    },
  ];
}

/** A CPE 2.3 formatted string of an application; what is no letter, digit, `_`, `-` or `.` is quoted (NISTIR 7695, 6.2). */
function cpeOf(product: string, version: string | null): string {
  const quoted = (part: string): string => part.replace(/[^\w.-]/g, '\\$&');
  const names = product.split(':').map(quoted).join(':');
  return `cpe:2.3:a:${names}:${version === null ? '*' : quoted(version)}:*:*:*:*:*:*:*`;
}
