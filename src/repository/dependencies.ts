import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import {
  type Chart,
  type LockedDependency,
  loadArchive,
  loadChart,
  missingDependencies,
  type StatedDependency,
  withVendored,
} from '../chart/index.js';
import { isTrowelError, nearest, TrowelError } from '../model/index.js';
import { type MastermindsConstraint, parseConstraint, parseVersion } from '../version/index.js';
import type { ChartFetcher, FoundVersions } from './fetch.js';
import { type RepositoryEntry, sameUrl } from './helm-config.js';
import { lockDigest, oldLockDigest } from './lock-digest.js';
import { hasScheme, parseOci, withoutSecrets } from './reference.js';
import { plainServer, resolveUrl, serverOf } from './server.js';
import { chooseVersion, type IndexedVersion, isVersion, sameVersion } from './versions.js';

export interface VendorOptions {
  /** Directory of the chart, to which `file://` is relative; null for an archive, where there is none. */
  readonly directory: string | null;
  readonly helm: 3 | 4;
  readonly warn: (text: string) => void;
}

/** A dependency with the place that its repository turned out to be. */
interface Wish {
  readonly stated: StatedDependency;
  readonly place: Place;
}

type Place =
  | { readonly kind: 'charts' }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'oci'; readonly url: string }
  | { readonly kind: 'http'; readonly url: string; readonly entry: RepositoryEntry | null };

/**
 * The chart with its dependencies in `charts/`, where some of those that it states are missing; else the chart itself.
 * Versions are those of the lock where it is in step with Chart.yaml, else the newest in the ranges. Nothing is
 * written into the chart's directory.
 *
 * Throws TrowelError with Helm's words where it has some: `not-found`, `bad-chart`, `usage`, and as `ChartFetcher`.
 * Follows: helm pkg/downloader/manager.go (Update, Build, downloadAll), internal/resolver/resolver.go.
 */
export async function vendorDependencies(chart: Chart, fetcher: ChartFetcher, options: VendorOptions): Promise<Chart> {
  if (missingDependencies(chart).length === 0) return chart;
  const wishes = await placesOf(chart, fetcher, options.directory);
  const locked = lockedVersions(chart, wishes, options.warn);
  const charts = new Map<string, Chart>();
  const keep = new Set<string>();
  const lacking: string[] = [];
  for (const [index, wish] of wishes.entries()) {
    const { stated, place } = wish;
    const constraint = constraintOf(stated);
    const version = locked?.[index]?.version ?? null;
    const found = await (async (): Promise<Chart | null> => {
      switch (place.kind) {
        case 'charts':
          keep.add(stated.name);
          return checkVendored(chart, stated, constraint);
        case 'directory':
          return await fromDirectory(place.path, constraint, options.helm);
        case 'oci':
          return await fromRegistry(place.url, stated, version, fetcher, options.helm);
        case 'http':
          return await fromRepository(place, stated, constraint, version, fetcher, options.helm);
      }
    })();
    if (found === null) lacking.push(shown(stated));
    else if (place.kind !== 'charts') charts.set(`${found.metadata.name}-${found.metadata.version}`, found);
  }
  if (lacking.length > 0) {
    throw new TrowelError('not-found', {
      what:
        `can't get a valid version for ${lacking.length} subchart(s): ${lacking.join(', ')}. ` +
        'Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml',
      where: { chart: chart.id },
    });
  }
  return withVendored(chart, [...charts.values()], keep);
}

function shown({ name, repository, version }: StatedDependency): string {
  return `${JSON.stringify(name)} (repository ${JSON.stringify(withoutSecrets(repository))}, version ${JSON.stringify(version)})`;
}

/** Follows: manager.go resolveRepoNames. */
async function placesOf(chart: Chart, fetcher: ChartFetcher, directory: string | null): Promise<readonly Wish[]> {
  const entries = await fetcher.repositories.configured();
  const unknown: string[] = [];
  const wishes: Wish[] = [];
  for (const stated of chart.metadata.dependencies ?? []) {
    const { repository } = stated;
    if (repository === '') wishes.push({ stated, place: { kind: 'charts' } });
    else if (repository.startsWith('file://')) {
      wishes.push({ stated, place: { kind: 'directory', path: await localPath(repository, directory, chart) } });
    } else if (repository.startsWith('oci://')) wishes.push({ stated, place: { kind: 'oci', url: repository } });
    else {
      const alias = /^(?:@|alias:)(.*)$/s.exec(repository)?.[1] ?? null;
      const entry = entries.find((known) => (alias === null ? sameUrl(known.url, repository) : known.name === alias));
      if (entry !== undefined) {
        wishes.push({
          stated: { ...stated, repository: alias === null ? repository : entry.url },
          place: { kind: 'http', url: entry.url, entry },
        });
      } else if (alias === null && hasScheme(repository)) {
        wishes.push({ stated, place: { kind: 'http', url: repository, entry: null } });
      } else unknown.push(repository);
    }
  }
  if (unknown.length === 0) return wishes;
  const names = unknown.filter((name) => !name.includes('//') && !/^(?:@|alias:)/.test(name));
  throw new TrowelError('not-found', {
    what: `no repository definition for ${unknown.map(withoutSecrets).join(', ')}. Please add them via 'helm repo add'`,
    where: { chart: chart.id },
    ...(names.length === 0
      ? {}
      : { todo: `repositories must be URLs or aliases: write "@${names[0]}", not "${names[0]}"` }),
  });
}

/** Follows: resolver.go GetLocalPath. A chart that came as an archive names no directory of this machine. */
async function localPath(repository: string, directory: string | null, chart: Chart): Promise<string> {
  if (directory === null) {
    throw new TrowelError('unsafe-path', {
      what: `only unpacked charts can be updated from a directory: ${repository}`,
      where: { chart: chart.id },
      todo: 'unpack the chart where its dependencies are',
    });
  }
  const path = repository.slice('file://'.length);
  const found = isAbsolute(path) ? path : join(directory, path);
  const isThere = await stat(found).then(
    () => true,
    () => false,
  );
  if (isThere) return found;
  throw new TrowelError('not-found', { what: `directory ${found} not found`, where: { chart: chart.id } });
}

/** The locked versions in the order of the wishes, or null where there is no lock that is in step with Chart.yaml. */
function lockedVersions(
  chart: Chart,
  wishes: readonly Wish[],
  warn: (text: string) => void,
): readonly LockedDependency[] | null {
  const { lock, metadata } = chart;
  if (lock === null) return null;
  const stated = wishes.map((wish) => wish.stated);
  const inStep =
    lock.digest === lockDigest(stated, lock.dependencies) ||
    (metadata.apiVersion === 'v1' && lock.digest === oldLockDigest(metadata.dependencies ?? []));
  const fits =
    lock.dependencies.length === stated.length && lock.dependencies.every((one, at) => one.name === stated[at]?.name);
  if (inStep && fits) return lock.dependencies;
  const [file, other] =
    metadata.apiVersion === 'v1' ? ['requirements.lock', 'requirements.yaml'] : ['Chart.lock', 'Chart.yaml'];
  warn(`the lock file (${file}) is out of sync with the dependencies file (${other}): versions are chosen anew`);
  return null;
}

function constraintOf({ name, version }: StatedDependency): MastermindsConstraint {
  try {
    return parseConstraint(version);
  } catch (cause) {
    if (!isTrowelError(cause)) throw cause;
    throw new TrowelError('bad-chart', {
      what: `dependency ${JSON.stringify(name)} has an invalid version/constraint format: ${cause.what}`,
      where: { entry: 'Chart.yaml' },
      cause,
    });
  }
}

function satisfies(constraint: MastermindsConstraint, version: string): boolean {
  return isVersion(version) && constraint.check(parseVersion(version));
}

/** A dependency without a repository lies in charts/ already, or nowhere. */
function checkVendored(chart: Chart, stated: StatedDependency, constraint: MastermindsConstraint): Chart {
  const found = chart.dependencies.find((child) => child.metadata.name === stated.name);
  if (found === undefined) {
    throw new TrowelError('not-found', {
      what: `directory charts/${stated.name} not found`,
      where: { chart: chart.id },
    });
  }
  const { version } = found.metadata;
  if (satisfies(constraint, version)) return found;
  throw new TrowelError('bad-chart', {
    what: `dependency ${stated.name} at version ${version} does not satisfy the constraint ${stated.version}`,
    where: { chart: chart.id },
  });
}

async function fromDirectory(path: string, constraint: MastermindsConstraint, helm: 3 | 4): Promise<Chart | null> {
  const found = await loadChart(path, { helm });
  return satisfies(constraint, found.metadata.version) ? found : null;
}

async function fromRegistry(
  url: string,
  { name, version }: StatedDependency,
  locked: string | null,
  fetcher: ChartFetcher,
  helm: 3 | 4,
): Promise<Chart | null> {
  const { registry, repository } = parseOci(`${url.replace(/\/+$/, '')}/${name}`);
  const wanted =
    locked ?? (isVersion(version) ? version : await fetcher.registries.choose(registry, repository, version));
  if (wanted === null) return null;
  const tag = wanted.replaceAll('+', '_');
  const given = `oci://${registry}/${repository}:${wanted}`;
  const fetched = await fetcher.registries.chart(
    { kind: 'oci', given, registry, repository, tag, digest: null },
    false,
  );
  return loadArchive(fetched.bytes, fetched.fileName, { helm });
}

async function fromRepository(
  place: Place & { kind: 'http' },
  { name }: StatedDependency,
  constraint: MastermindsConstraint,
  locked: string | null,
  fetcher: ChartFetcher,
  helm: 3 | 4,
): Promise<Chart | null> {
  const { repositories } = fetcher;
  const server = place.entry === null ? plainServer(place.url) : serverOf(place.entry, null);
  const found = await repositories.versions(server, name, place.entry);
  if (found.versions === null) throw noSuchChart(name, place.url, found);
  const chosen =
    locked === null
      ? found.versions.find((one) => one.urls.length > 0 && satisfies(constraint, one.version))
      : lockedEntry(found.versions, locked, place.entry !== null);
  const [url] = chosen?.urls ?? [];
  if (chosen === undefined || chosen === null || url === undefined) return null;
  const absolute = place.entry === null ? resolveUrl(place.url, url) : joinUrl(place.url, url);
  const fetched = await repositories.archive({ server, chosen, url: absolute.href, name }, false);
  return loadArchive(fetched.bytes, fetched.fileName, { helm });
}

/** Helm looks a locked version up in two ways (manager.go findChartURL). */
function lockedEntry(versions: readonly IndexedVersion[], locked: string, configured: boolean): IndexedVersion | null {
  if (!configured) return chooseVersion(versions, locked);
  return versions.find((one) => one.urls.length > 0 && sameVersion(locked, one.version)) ?? null;
}

/** For repositories that the user configured Helm joins paths where it resolves them elsewhere (normalizeURL). */
function joinUrl(base: string, reference: string): URL {
  if (hasScheme(reference)) return resolveUrl(base, reference);
  const url = new URL(base);
  url.pathname = join('/', url.pathname, reference);
  return url;
}

function noSuchChart(name: string, url: string, { names }: FoundVersions): TrowelError {
  const near = nearest(name, names, 3);
  return new TrowelError('not-found', {
    what: `${name} chart not found in repo ${withoutSecrets(url)}`,
    ...(near.length === 0 ? {} : { todo: `did you mean ${near.join(', ')}?` }),
  });
}
