import {
  isElf,
  isMachO,
  isPe,
  type PackageNote,
  readCompilers,
  readElf,
  readMachO,
  readPackageNote,
  readPacked,
  readPe,
} from '../binary/index.js';
import {
  type CatalogFile,
  type CatalogRecord,
  type Component,
  compareText,
  type Distro,
  type Evidence,
  formatPurl,
  isTrowelError,
  type JsonValue,
  type ReadGap,
} from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { ecosystemOf } from './distro.js';
import { baseName } from './paths.js';
import { type Fields, maybeText, object, text, texts } from './shape.js';

/** What the headers of a program or library say of it. */
export type ProgramFacts = {
  readonly format: string;
  readonly buildId: string | null;
  readonly interpreter: string | null;
  readonly soname: string | null;
  readonly needed: readonly string[];
  readonly compilers: readonly string[];
  readonly note: JsonValue;
};

/** How many of a component's programs are told of in its evidence. */
const toldPrograms = 8;

/** More names of libraries than any real program loads; a header that has more is cut. */
const maxNeeded = 512;

/**
 * The facts in the headers of programs: which libraries a program loads, its build id, its loader, its compilers, and
 * the package note that some distributions' builds leave. The note is a component, `claimed`; the rest is evidence of
 * the components whose program it is (`programFacts`). A program that is packed is a gap: what is inside nobody sees.
 *
 * What is wrong with a file is a gap of `go`, which reads every program.
 */
export const elf = defineCataloguer<ProgramFacts>({
  name: 'elf',
  version: 2,
  wants: (file, head) => file.type === 'file' && (isElf(head) || isPe(head) || isMachO(head)),
  read,
  decode,
  join,
  about: {
    finds: 'what the headers of programs say',
    reads: ['ELF', 'PE', 'Mach-O'],
    purls: ['deb', 'rpm', 'apk', 'alpm', 'generic'],
    grades: ['claimed'],
    facts: ['source', 'files'],
    claims: ['evidence of the components whose program it is: libraries, build id, loader, compilers'],
    limit: 'only some distributions leave a package note',
  },
});

function read(file: CatalogFile): TypedRead<ProgramFacts> {
  const facts = factsOf(file);
  const packed = readPacked(file);
  const gaps: readonly ReadGap[] =
    packed === null
      ? []
      : [
          {
            reason: 'unsupported',
            detail: `packed with ${packed.packer} ${packed.version ?? 'of an unknown version'}: what is inside cannot be read`,
          },
        ];
  return { records: facts === null ? [] : [facts], gaps };
}

function factsOf(file: CatalogFile): ProgramFacts | null {
  const head = file.slice(0, 64);
  const nothing = { buildId: null, interpreter: null, soname: null, needed: [], compilers: [], note: null };
  try {
    if (isElf(head)) {
      const { buildId, interpreter, soname, needed, ...rest } = readElf(file);
      const whole = { buildId, interpreter, soname, needed, ...rest };
      const note = readPackageNote(whole);
      const compilers = readCompilers(file, whole);
      return { format: 'elf', buildId, interpreter, soname, needed: cut(needed), compilers, note: noteFields(note) };
    }
    if (isPe(head)) return { ...nothing, format: 'pe', needed: cut(readPe(file).needed) };
    const parts = readMachO(file);
    const first = parts[0];
    if (first === undefined) return null;
    return {
      ...nothing,
      format: 'mach-o',
      buildId: first.uuid,
      soname: first.installName,
      needed: cut(parts.flatMap((part) => part.needed)),
    };
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}

function cut(names: readonly string[]): readonly string[] {
  return [...new Set(names)].slice(0, maxNeeded).map((name) => name.slice(0, 255));
}

function noteFields(note: PackageNote | null): JsonValue {
  return note === null ? null : { ...note };
}

function decode(value: JsonValue): ProgramFacts {
  const fields = object(value);
  return {
    format: text(fields.format),
    buildId: maybeText(fields.buildId),
    interpreter: maybeText(fields.interpreter),
    soname: maybeText(fields.soname),
    needed: texts(fields.needed),
    compilers: texts(fields.compilers),
    note: fields.note ?? null,
  };
}

/** Programs of one package are one component, which owns them all. */
function join(input: TypedJoin<ProgramFacts>): { readonly components: readonly Component[] } {
  const packages = new Map<string, TypedRecord<ProgramFacts>[]>();
  for (const record of input.records) {
    if (record.data.note === null) continue;
    const key = wordsOf(object(record.data.note));
    packages.set(key, [...(packages.get(key) ?? []), record]);
  }
  return { components: [...packages].flatMap(([words, records]) => componentOf(words, records, input.distro)) };
}

function componentOf(
  words: string,
  records: readonly TypedRecord<ProgramFacts>[],
  distro: Distro | null,
): readonly Component[] {
  const note = object(records[0]?.data.note ?? null);
  const [name, version] = [text(note.name), maybeText(note.version)];
  // Package names are of these characters in every distribution; anything else is no note of a build.
  if (!/^[\w.+@-]{1,200}$/.test(name)) return [];
  // The release is the image's, where it is of the distribution that the note names.
  const isSame = distro !== null && distro.id === text(note.os).toLowerCase();
  return [
    {
      purl: purlOf(note, name, version),
      name,
      version,
      ...(isSame ? ecosystemOf(distro) : { ecosystem: null, release: null }),
      source: isSame && text(note.type) === 'deb' ? { name, version } : null,
      locations: records.map(({ path, layer }) => ({ path, layer })),
      foundBy: 'elf',
      licenses: [],
      // The note's `osCpe` names the distribution, not the package.
      owns: records.map(({ path }) => ({ path, digest: null, mayChange: false, listed: false })),
      grade: 'claimed',
      evidence: records
        .slice(0, toldPrograms)
        .map(({ path }) => ({ what: 'package note of the program', where: path, value: words })),
    },
  ];
}

const purlTypes: Readonly<Record<string, string>> = {
  deb: 'deb',
  rpm: 'rpm',
  apk: 'apk',
  alpm: 'alpm',
  pacman: 'alpm',
};

function purlOf(note: Fields, name: string, version: string | null): string {
  const type = purlTypes[text(note.type)];
  const os = maybeText(note.os)?.toLowerCase() ?? null;
  if (type === undefined || os === null) return formatPurl({ type: 'generic', name, version });
  const release = maybeText(note.osVersion);
  const qualifiers = { arch: maybeText(note.architecture), distro: release === null ? os : `${os}-${release}` };
  return formatPurl({ type, namespace: os, name, version, qualifiers });
}

function wordsOf(note: Fields): string {
  return ['type', 'name', 'version', 'architecture', 'os', 'osVersion']
    .flatMap((key) => (text(note[key]) === '' ? [] : [`${key} ${text(note[key])}`]))
    .join(', ');
}

/** By path, what the headers of the visible programs say; of the records of all cataloguers. */
export function programFacts(records: readonly CatalogRecord[]): ReadonlyMap<string, ProgramFacts> {
  return new Map(records.filter((record) => record.by === elf.name).map(({ path, data }) => [path, decode(data)]));
}

/**
 * The component with the libraries that its own programs load, and with what their headers say as evidence. What is
 * found at a place that is no program, or owns none, is given back as it is.
 */
export function withProgramFacts(component: Component, facts: ReadonlyMap<string, ProgramFacts>): Component {
  if (facts.size === 0) return component;
  const own = component.locations.flatMap(({ path }) => {
    const found = component.owns.some((file) => file.path === path) ? facts.get(path) : undefined;
    return found === undefined ? [] : [{ path, found }];
  });
  if (own.length === 0) return component;
  const evidence = own
    .slice(0, toldPrograms)
    .flatMap(({ path, found }): Evidence[] => [
      ...(found.buildId === null
        ? []
        : [{ what: found.format === 'elf' ? 'GNU build id' : 'UUID', where: path, value: found.buildId }]),
      ...(found.interpreter === null ? [] : [{ what: 'program interpreter', where: path, value: found.interpreter }]),
      ...(found.soname === null || found.soname === baseName(path)
        ? []
        : [{ what: 'name of the shared library', where: path, value: found.soname }]),
      ...(found.needed.length === 0
        ? []
        : [{ what: 'libraries it loads', where: path, value: found.needed.join(' ') }]),
      ...(found.compilers.length === 0 ? [] : [{ what: 'compiler', where: path, value: found.compilers.join('; ') }]),
    ]);
  const links = [...new Set(own.flatMap(({ found }) => found.needed))].sort(compareText);
  return {
    ...component,
    evidence: [...component.evidence, ...evidence],
    ...(links.length === 0 ? {} : { links }),
  };
}
