import {
  by,
  type CatalogGap,
  type CatalogRecord,
  type Cataloguer,
  type Component,
  compareText,
  type Distro,
  type DistroWord,
  type Evidence,
  isOfDatabase,
  type NamedImage,
  type VisibleFile,
} from '../model/index.js';
import { namedImages } from './compiled.js';
import { distroPaths, distroWords } from './distro/words.js';
import { distroOf, distroTexts } from './distro.js';
import { programFacts, withProgramFacts } from './elf.js';
import { everyCataloguer } from './list.js';
import { type LockFile, lockFiles } from './locks.js';
import { placeOf } from './paths.js';
import { withRelations } from './relations.js';
import { type Rule, rulesNamed } from './rules/select.js';
import { withStatements } from './statements.js';

export interface CatalogImageInput {
  /** By layer index, what the cataloguers read there; null for a layer that could not be read. */
  readonly layers: readonly ({
    readonly records: readonly CatalogRecord[];
    readonly gaps: readonly CatalogGap[];
  } | null)[];
  readonly files: ReadonlyMap<string, VisibleFile>;
  readonly resolve: (path: string) => string | null;
  /**
   * Where in the image lies what a layer has at a path, null where it is hidden (a layer may write through a link of
   * a lower one). Without it a file lies where its layer wrote it.
   */
  readonly placed?: (layer: number, path: string) => string | null;
}

export interface ImageCatalog {
  readonly distro: Distro | null;
  /** All that names a distribution, agreeing or not. */
  readonly distroWords: readonly DistroWord[];
  /** Sorted by purl, then by first location. */
  readonly components: readonly Component[];
  readonly gaps: readonly CatalogGap[];
  /** Images that programs in it name: see `compiled`. */
  readonly named: readonly NamedImage[];
  /** Lock files and what of them is there: see `locks`. */
  readonly locks: readonly LockFile[];
}

/**
 * The components of an image from the records of its layers.
 *
 * A record counts where its file is visible in the final image and comes from that very layer; so does a gap. What is
 * the same thing at several places is one component with several locations. Where a package database owns the file
 * that a component was read from, both stay, and the component's evidence names the owner.
 */
export function catalogImage(input: CatalogImageInput, list: readonly Cataloguer[] = everyCataloguer): ImageCatalog {
  const { files, resolve } = input;
  const visible = <T extends { readonly path: string }>(rows: readonly T[], layer: number): (T & { layer: number })[] =>
    rows.flatMap((row) => {
      const path = placeInImage(input, layer, row.path);
      return path === null ? [] : [{ ...row, path, layer }];
    });
  const records = input.layers.flatMap((layer, index) => visible(layer?.records ?? [], index));
  const gaps = input.layers.flatMap((layer, index) =>
    visible(layer?.gaps ?? [], index).map(({ layer: _, ...gap }): CatalogGap => gap),
  );
  const distro = distroOf(records, resolve);
  const results = list.map((cataloguer) => cataloguer.join({ records, files, resolve, distro }));
  const found = withRelations(results.flatMap((result) => result.components));
  const facts = programFacts(records);
  const merged = mergeSame(withRuntimes(withoutPackaged(withoutArchived(found))), files).map((one) =>
    withProgramFacts(one, facts),
  );
  const pinned = lockFiles(records, merged);
  const components = withStatements(merged, pinned);
  return {
    distro,
    distroWords: distroWords(distro, distroPaths(records), distroTexts(records, resolve), components),
    locks: pinned,
    components: markOverlaps(components, input).sort(byPurlAndPlace),
    named: namedImages(records),
    gaps: [
      ...gaps,
      ...withoutUntold(
        results.flatMap((result) => result.gaps),
        merged,
      ),
    ].sort(by((gap) => [gap.path, gap.by, gap.reason, gap.detail])),
  };
}

/** Without doubts about who an archive is where no component stands for it any more. */
function withoutUntold(gaps: readonly CatalogGap[], components: readonly Component[]): readonly CatalogGap[] {
  const archives = components.filter((one) => one.foundBy === 'java').flatMap((one) => one.locations);
  const told = new Set(archives.map(({ path }) => path.split('!/', 1)[0]));
  return gaps.filter((gap) => gap.by !== 'java' || gap.reason !== 'undecided' || told.has(gap.path));
}

function placeInImage({ files, placed }: CatalogImageInput, layer: number, path: string): string | null {
  if (placed !== undefined) return placed(layer, path);
  return files.get(path)?.layer === layer ? path : null;
}

const byPurlAndPlace = by<Component>((one) => {
  const first = one.locations[0];
  return [one.purl, first?.path ?? '', first?.layer ?? 0, one.foundBy];
});

/**
 * Joins components that are one thing at several places: same finder, purl, source, grade and licences, and either no
 * files of their own (a module compiled into several programs), or the same bytes (copies of a package), or
 * were concluded from single files.
 */
function mergeSame(components: readonly Component[], files: ReadonlyMap<string, VisibleFile>): Component[] {
  const alike = grouped(components, (one) => [one.foundBy, one.purl, one.version, one.source, one.grade, one.licenses]);
  // Most are alone already: their bytes need not be looked at.
  return alike.flatMap((group) =>
    group.length === 1 ? group : grouped(group, (one) => bytesOf(one, files)).map(mergeGroup),
  );
}

function grouped(components: readonly Component[], keyOf: (one: Component) => unknown): Component[][] {
  const groups = new Map<string, Component[]>();
  for (const one of components) {
    const key = JSON.stringify(keyOf(one));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** Cataloguers that conclude file by file: what has one name and version is one thing. */
const alikeByName: readonly string[] = ['binaries', 'data', 'js-bundles'];

/** The digests of the files that a component owns, sorted; an unread one stands as its path. */
function bytesOf(one: Component, files: ReadonlyMap<string, VisibleFile>): readonly string[] {
  // The files of a program or library differ by their nature: its command and its shared object, the styles of a font, a
  // script and its minified form.
  if (alikeByName.includes(one.foundBy)) return [];
  if (one.owns.length === 0) {
    // A module compiled in is the same where the checksum in its evidence is; a nested jar is itself alone.
    return one.foundBy === 'java' ? one.locations.map(({ path }) => path) : one.evidence.map(({ value }) => value);
  }
  return one.owns.map(({ path }) => files.get(path)?.entry.sha256 ?? path).sort(compareText);
}

function mergeGroup(group: readonly Component[]): Component {
  const sorted = [...group].sort(byPurlAndPlace);
  const [first] = sorted;
  if (first === undefined) throw new RangeError('an empty group of components');
  if (sorted.length === 1) return first;
  const unique = <T>(items: readonly T[]): T[] => [
    ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
  ];
  return {
    ...first,
    locations: unique(sorted.flatMap((one) => one.locations)).sort(by((one) => [one.path, one.layer])),
    owns: unique(sorted.flatMap((one) => one.owns)),
    evidence: unique(sorted.flatMap((one) => one.evidence)),
    ...dependenciesOf(sorted),
  };
}

/** What one of several places of a thing finds that it needs, it needs. */
function dependenciesOf(group: readonly Component[]): Pick<Component, 'dependsOn'> {
  const known = group.flatMap(({ dependsOn }) => (dependsOn === undefined ? [] : [dependsOn]));
  return known.length === 0 ? {} : { dependsOn: [...new Set(known.flat())].sort(compareText) };
}

/** In an npm tarball the package.json at the top is the package's, and no application's beside it. */
function withoutArchived(components: readonly Component[]): readonly Component[] {
  const archived = components.filter((one) => one.foundBy === 'npm-archive');
  if (archived.length === 0) return components;
  const paths = new Set(archived.flatMap((one) => one.locations.map(({ path }) => path)));
  return components.filter((one) => one.foundBy !== 'npm' || !one.locations.every(({ path }) => paths.has(path)));
}

/** Records of runtimes that lie beside their programs, and the rules that know these programs by their own words. */
const recordedRuntimes: Readonly<Record<string, string>> = { jdk: 'java' };

/**
 * A runtime that its own record states is not told again for its programs: what these say is its evidence. Nor for the
 * archives of its class library (jrt-fs, rt), which say its version and no group, since Maven has none of them.
 */
function withRuntimes(components: readonly Component[]): readonly Component[] {
  const runtimes = components.filter((one) => recordedRuntimes[one.foundBy] !== undefined);
  if (runtimes.length === 0) return components;
  const owners = new Map(runtimes.flatMap((one) => one.owns.map(({ path }) => [path, one] as const)));
  const told = new Map<Component, Component[]>();
  const rest = components.filter((one) => {
    const owner = owners.get(one.locations[0]?.path ?? '');
    if (owner === undefined || !one.locations.every(({ path }) => owners.get(path) === owner)) return true;
    const isProgram = one.foundBy === 'binaries' && rulesNamed(one.name)[0]?.family === recordedRuntimes[owner.foundBy];
    const isLibrary =
      one.foundBy === 'java' &&
      one.grade === 'inferred' &&
      !one.name.includes(':') &&
      one.version !== null &&
      owner.version?.startsWith(one.version) === true;
    if (!isProgram && !isLibrary) return true;
    told.set(owner, [...(told.get(owner) ?? []), one]);
    return false;
  });
  return rest.map((one) => {
    const parts = told.get(one);
    if (parts === undefined) return one;
    const cpes = [...new Set([one, ...parts].flatMap((part) => part.cpes ?? []))];
    return { ...one, cpes, evidence: [one, ...parts].flatMap((part) => part.evidence) };
  });
}

/** Packages whose scripts make a file that `data` knows: update-ca-certificates(8), libc-bin's and base-files' postinst. */
const makers: Readonly<Record<string, readonly string[]>> = {
  'ca-certificates': ['ca-certificates', 'ca-certificates-bundle'],
  // Its files are conffiles, which an image without dpkg's own database lists nowhere.
  netbase: ['netbase'],
  nsswitch: ['libc-bin', 'base-files'],
};

/** Cataloguers that conclude from a file what a package's list may say better. */
const concluded: readonly string[] = ['binaries', 'data', 'elf', 'windows-programs'];

/**
 * Drops what `binaries` identified in a file that its own package lists (libc6's libc.so.6), or makes: there the
 * package is the one that has advisories. A package of another name that carries a copy hides nothing: both stay.
 */
function withoutPackaged(components: readonly Component[]): readonly Component[] {
  const owners = new Map<string, Component[]>();
  for (const one of components) {
    for (const { path, listed } of one.owns) {
      if (listed === false) continue;
      const list = owners.get(path);
      if (list === undefined) owners.set(path, [one]);
      else list.push(one);
    }
  }
  const installed = new Set(components.filter(isOfDatabase).map((one) => one.name));
  return components.filter((one) => {
    if (!concluded.includes(one.foundBy)) return true;
    const known = one.foundBy === 'binaries' ? packagesOf(one.name) : one.foundBy === 'elf' ? 'distribution' : 'any';
    const isOwn = (owner: Component): boolean => {
      // What is linked into a program of the distribution is the distribution's to watch.
      if (known === 'distribution' || one.owns.length === 0) return isOfDatabase(owner);
      return known === 'any' || known.includes(owner.name) || known.includes(owner.source?.name ?? '');
    };
    if (one.locations.every(({ path }) => owners.get(path)?.some(isOwn) === true)) return false;
    return !(makers[one.name] ?? []).some((name) => installed.has(name));
  });
}

/** Whose file it is where a package lists it; rules of one name agree, or the strictest counts. */
function packagesOf(name: string): Rule['packages'] {
  return rulesNamed(name)[0]?.packages ?? 'any';
}

/** Adds to every component that was read from a package's file whose file that is. */
function markOverlaps(components: readonly Component[], tree: CatalogImageInput): Component[] {
  const owners = new Map<string, string>();
  for (const one of components) {
    if (!isOfDatabase(one)) continue;
    for (const { path } of one.owns) if (!owners.has(path)) owners.set(path, one.purl);
  }
  if (owners.size === 0) return [...components];
  return components.map((one) => {
    if (isOfDatabase(one)) return one;
    const overlaps = one.locations.flatMap(({ path }): Evidence[] => {
      const outer = path.split('!/', 1)[0] ?? path;
      const owner = owners.get(placeOf(tree, outer) ?? outer);
      return owner === undefined ? [] : [{ what: 'file of a package', where: outer, value: owner }];
    });
    return overlaps.length === 0 ? one : { ...one, evidence: [...one.evidence, ...overlaps] };
  });
}
