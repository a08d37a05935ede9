import { type GoBuildInfo, type GoModule, isElf, isMachO, isPe, readGoBuildInfo } from '../binary/index.js';
import { type CatalogFile, type Component, type Evidence, formatPurl, type JsonValue } from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { mainVersion, stdlibVersion } from './go-version.js';
import { baseName } from './paths.js';
import { list, object, text } from './shape.js';

type ModuleRow = readonly [path: string, version: string, sum: string, replaced: string];
type GoRecord = {
  readonly goVersion: string;
  readonly path: string;
  readonly main: ModuleRow | null;
  /** A replaced module stands as what replaced it; the last column says `path version` of what was replaced. */
  readonly deps: readonly ModuleRow[];
  readonly settings: readonly (readonly [key: string, value: string])[];
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
  version: 2,
  wants: (file, head) => file.type === 'file' && (isElf(head) || isPe(head) || isMachO(head)),
  read,
  decode,
  join,
});

function read(file: CatalogFile): TypedRead<GoRecord> {
  const info = readGoBuildInfo(file);
  return { records: info === null ? [] : [recordOf(info)] };
}

function recordOf(info: GoBuildInfo): GoRecord {
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
  };
}

function decodeModule(value: JsonValue): ModuleRow {
  const [path, version, sum, replaced] = list(value);
  return [text(path), text(version), text(sum), text(replaced)];
}

function join(input: TypedJoin<GoRecord>): { readonly components: readonly Component[] } {
  const components: Component[] = [];
  for (const { path, layer, data } of input.records) {
    const location = { path, layer };
    components.push(mainComponent(data, location));
    components.push(stdlibComponent(data, location));
    const main = mainModule(data);
    for (const dep of data.deps) if (dep !== main) components.push(moduleComponent(dep, location));
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
  const found = mainVersion({
    main: main === null ? null : plain(main),
    deps: record.deps.filter((dep) => dep !== main).map(plain),
    settings,
  });
  const name = main?.[0] ?? (record.path === 'command-line-arguments' ? '' : record.path);
  return {
    ...(name === '' ? generic(baseName(location.path), found.version) : golang(name, found.version)),
    locations: [location],
    owns: [{ path: location.path, digest: null, mayChange: false, listed: false }],
    grade: found.what === '-ldflags' || found.what === 'vcs.revision' ? 'inferred' : 'claimed',
    evidence: [
      {
        what: 'Go build info',
        where: location.path,
        value: `path ${record.path} mod ${main?.join(' ').trim() ?? 'none'}`,
      },
      { what: `version from ${found.what}`, where: location.path, value: found.value },
      ...settings
        .filter(({ key }) => key.startsWith('vcs') || key === '-trimpath')
        .map(
          ({ key, value }): Evidence => ({ what: 'Go build setting', where: location.path, value: `${key}=${value}` }),
        ),
    ],
  };
}

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
