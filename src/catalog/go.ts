import {
  type GoBuildInfo,
  type GoModule,
  isElf,
  isMachO,
  isPe,
  readGoBuildInfo,
  readGoLinkedTexts,
} from '../binary/index.js';
import {
  type CatalogFile,
  type Component,
  compareText,
  type Evidence,
  formatPurl,
  type JsonValue,
} from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { looksLikeVersion, mainVersion, saysNoVersion, stdlibVersion } from './go-version.js';
import { baseName } from './paths.js';
import { findPrograms, ruleName, rulesFor } from './rules/select.js';
import { list, maybeText, object, text } from './shape.js';

type ModuleRow = readonly [path: string, version: string, sum: string, replaced: string];
type GoRecord = {
  readonly goVersion: string;
  readonly path: string;
  readonly main: ModuleRow | null;
  /** A replaced module stands as what replaced it; the last column says `path version` of what was replaced. */
  readonly deps: readonly ModuleRow[];
  readonly settings: readonly (readonly [key: string, value: string])[];
  /** Where the build information names no version: what the linker was given, and what a rule found. */
  readonly linked: readonly (readonly [variable: string | null, value: string, offset: number])[];
  readonly known: readonly [version: string, text: string, offset: number] | null;
};

/**
 * Go programs: the main module (which owns the file), the modules compiled in, and the toolchain's standard library.
 *
 * Modules replaced by others are reported as the others, by a directory as the module with no version. A program whose
 * information is there and broken is a gap `bad-bytes`.
 * Follows: debug/buildinfo; Go modules reference, "replace directive".
 */
export const go = defineCataloguer<GoRecord>({
  name: 'go',
  version: 3,
  wants: (file, head) => file.type === 'file' && (isElf(head) || isPe(head) || isMachO(head)),
  read,
  decode,
  join,
  about: {
    finds: 'Go programs, their modules and the standard library',
    reads: ['ELF', 'PE', 'Mach-O'],
    purls: ['golang', 'generic'],
    grades: ['claimed', 'inferred'],
    facts: ['dependencies', 'files'],
    limit:
      "a main module built without a version takes it from linker flags, from the program, from its revision (`inferred`), or from the image's tag where the image is that program, or has none: a gap",
  },
});

function read(file: CatalogFile): TypedRead<GoRecord> {
  const info = readGoBuildInfo(file);
  if (info === null) return { records: [] };
  const words = saysNoVersion(info) ? wordsOf(file, info) : { linked: [], known: null };
  return { records: [{ ...recordOf(info), ...words }] };
}

/** What the program's bytes say of its version, where its build information does not. */
function wordsOf(file: CatalogFile, info: GoBuildInfo): Pick<GoRecord, 'linked' | 'known'> {
  const toolchain = info.goVersion.replace(/^go/, '');
  const linked = readGoLinkedTexts(file, (value) => looksLikeVersion(value) && value !== toolchain);
  const named = rulesFor(file.head, file.slice(0, 64)).filter((rule) => rule.go);
  const [known] = findPrograms(file, ruleName(file.head.path), named);
  return {
    linked: linked.slice(0, maxLinked).map(({ variable, value, offset }) => [variable, value, offset] as const),
    known: known?.version == null ? null : [known.version, known.text, known.offset],
  };
}

/** More than any program sets; what is beyond is not kept. */
const maxLinked = 20;

function recordOf(info: GoBuildInfo): Omit<GoRecord, 'linked' | 'known'> {
  return {
    goVersion: info.goVersion,
    path: info.path,
    main: info.main === null ? null : moduleRow(info.main),
    deps: info.deps.map(moduleRow),
    settings: info.settings.map(({ key, value }) => [key, value] as const),
  };
}

function moduleRow({ path, version, sum, replace }: GoModule): ModuleRow {
  if (replace === null) return [path, version, sum, ''];
  // A directory stands in for the module: its path names no module, and what it holds nobody states.
  const isDirectory = /^(?:\.{1,2}(?:\/|\\|$)|\/|[A-Za-z]:)/.test(replace.path);
  const replaced = `${path} ${version}`.trim();
  return isDirectory
    ? [path, '', '', `${replaced} => ${replace.path}`]
    : [replace.path, replace.version, replace.sum, `${replaced} => ${replace.path} ${replace.version}`];
}

function decode(value: JsonValue): GoRecord {
  const fields = object(value);
  return {
    goVersion: text(fields.goVersion),
    path: text(fields.path),
    main: fields.main == null ? null : decodeModule(fields.main),
    deps: list(fields.deps).map(decodeModule),
    settings: list(fields.settings).map((row) => [text(list(row)[0]), text(list(row)[1])] as const),
    linked: list(fields.linked).map((row) => {
      const [variable, value, offset] = list(row);
      return [maybeText(variable), text(value), number(offset)] as const;
    }),
    known: fields.known == null ? null : knownOf(list(fields.known)),
  };
}

function knownOf([version, words, offset]: readonly JsonValue[]): GoRecord['known'] {
  return [text(version), text(words), number(offset)];
}

function number(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function decodeModule(value: JsonValue): ModuleRow {
  const [path, version, sum, replaced] = list(value);
  return [text(path), text(version), text(sum), text(replaced)];
}

function join(input: TypedJoin<GoRecord>): { readonly components: readonly Component[] } {
  const components: Component[] = [];
  for (const { path, layer, data } of input.records) {
    const location = { path, layer };
    const main = mainModule(data);
    const parts = [
      stdlibComponent(data, location),
      ...data.deps.filter((dep) => dep !== main).map((dep) => moduleComponent(dep, location)),
    ];
    // Which module asks for which is not in the program: all of them are the program's.
    const dependsOn = [...new Set(parts.map(({ purl }) => purl))].sort(compareText);
    components.push({ ...mainComponent(data, location), dependsOn }, ...parts);
  }
  return { components };
}

interface Location {
  readonly path: string;
  readonly layer: number;
}

/**
 * The program itself. One that was built from files has no main module, but its module stands among the others as
 * `(devel)`; one without any module (built before them, or by other tools than go) is a generic component by its name.
 */
function mainComponent(record: GoRecord, location: Location): Component {
  const main = mainModule(record);
  const settings = record.settings.map(([key, value]) => ({ key, value }));
  const { known } = record;
  const found = mainVersion(
    { main: main === null ? null : plain(main), deps: record.deps.filter((dep) => dep !== main).map(plain), settings },
    {
      linked: record.linked.map(([variable, value]) => ({ variable, value })),
      known: known === null ? null : { version: known[0], text: known[1] },
    },
  );
  const name = main?.[0] ?? (record.path === 'command-line-arguments' ? '' : record.path);
  return {
    ...(name === '' ? generic(baseName(location.path), found.version) : golang(name, found.version)),
    locations: [location],
    owns: [{ path: location.path, digest: null, mayChange: false, listed: false }],
    grade: found.what === 'build info' || found.what === 'nothing' ? 'claimed' : 'inferred',
    evidence: [
      {
        what: 'Go build info',
        where: location.path,
        value: `path ${record.path} mod ${main?.join(' ').trim() ?? 'none'}`,
      },
      { what: `version from ${found.what}`, where: location.path, value: found.value },
      ...record.linked.map(
        ([variable, value, offset]): Evidence => ({
          what: 'value given to the linker',
          where: `${location.path} at byte ${offset}`,
          value: variable === null ? value : `${variable} = ${value}`,
        }),
      ),
      ...settings
        .filter(({ key }) => key.startsWith('vcs') || toldSettings.includes(key))
        .map(
          ({ key, value }): Evidence => ({ what: 'Go build setting', where: location.path, value: `${key}=${value}` }),
        ),
    ],
  };
}

/** Settings that change what a program is: how it was built, with which experiments, with whose cryptography. */
const toldSettings: readonly string[] = ['-trimpath', '-tags', 'CGO_ENABLED', 'GOEXPERIMENT', 'GOFIPS140'];

function mainModule(record: GoRecord): ModuleRow | null {
  return record.main ?? record.deps.find(([, version]) => version === '(devel)') ?? null;
}

function plain([path, version, sum]: ModuleRow): GoModule {
  return { path, version, sum, replace: null };
}

function stdlibComponent(record: GoRecord, location: Location): Component {
  return {
    ...golang('stdlib', stdlibVersion(record.goVersion)),
    locations: [location],
    owns: [],
    grade: 'claimed',
    evidence: [{ what: 'Go toolchain', where: location.path, value: record.goVersion }],
  };
}

function moduleComponent([path, version, sum, replaced]: ModuleRow, location: Location): Component {
  const usable = version === '' || version === '(devel)' ? null : version;
  return {
    ...golang(path, usable),
    locations: [location],
    owns: [],
    grade: 'claimed',
    evidence: [
      { what: 'Go build info', where: location.path, value: `dep ${path} ${version} ${sum}`.trim() },
      ...(replaced === '' ? [] : [{ what: 'replaced module', where: location.path, value: replaced }]),
    ],
  };
}

type Identity = Pick<
  Component,
  'purl' | 'name' | 'version' | 'ecosystem' | 'release' | 'source' | 'foundBy' | 'licenses'
>;

function golang(name: string, version: string | null): Identity {
  const slash = name.lastIndexOf('/');
  return {
    purl: formatPurl({
      type: 'golang',
      namespace: slash < 0 ? null : name.slice(0, slash),
      name: name.slice(slash + 1),
      version,
    }),
    name,
    version,
    ecosystem: 'Go',
    release: null,
    source: null,
    foundBy: 'go',
    licenses: [],
  };
}

function generic(name: string, version: string | null): Identity {
  return { ...golang(name, version), purl: formatPurl({ type: 'generic', name, version }), ecosystem: null };
}
