import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTrowelError, nearest, TrowelError } from '../model/index.js';
import { type Credential, clip, type Env } from '../oci/index.js';
import type { ChartAccess, FetchedChart } from './access.js';
import { type ChartCache, cacheBytes, holdToDigest, openCache, sha256 } from './cache.js';
import { helmPlaces, type RepositoryEntry, readRepositories } from './helm-config.js';
import { type HttpCharts, openHttpCharts } from './http.js';
import { scanIndex } from './index-scan.js';
import type { ScannedIndex } from './index-scanner.js';
import { availableVersions, type OciCharts, openOciCharts } from './oci.js';
import type { Entity } from './openpgp/keyring.js';
import { type ChartReference, httpUrl, parseOci, unescaped, withoutSecrets } from './reference.js';
import { owns, resolveUrl, type Server, serverOf, tlsOf } from './server.js';
import { chooseVersion, type IndexedVersion, readVersions } from './versions.js';

/** What fetching needs of the outside world. */
export interface World {
  readonly env: Env;
  /** Keys and signatures expire by the real time, whatever SOURCE_DATE_EPOCH says of a run's; a test passes its own. */
  readonly now?: () => Date;
  readonly warn: (text: string) => void;
  /** Waits before a retry; a test passes its own. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Fetches charts for one run. */
export interface ChartFetcher {
  /**
   * The archive that a reference and the wished version lead to; held to the digest that its index or registry states
   * and, with `verify`, to its provenance file.
   * Throws TrowelError: `not-found` with Helm's words and what is near, `denied`, `unreachable`, `timeout`,
   * `rate-limited`, `bad-digest`, `bad-bytes`, `too-large`, `usage`.
   */
  fetch(reference: ChartReference): Promise<FetchedChart>;
  /** Holds a local archive to the `.prov` file beside it. */
  verifyLocal(path: string): Promise<void>;
  /** For dependencies: one version of a chart of a repository, and its archive. */
  readonly repositories: Repositories;
  readonly registries: Registries;
  close(): Promise<void>;
}

/** Charts in registries. */
export interface Registries {
  readonly choose: OciCharts['choose'];
  chart(reference: ChartReference & { kind: 'oci' }, verify: boolean): Promise<FetchedChart>;
}

/** Chart repositories by URL or by the user's names for them. */
export interface Repositories {
  /** Those of `helm repo list`. */
  configured(): Promise<readonly RepositoryEntry[]>;
  /** Versions of a chart, the newest first, with the names beside it; `entry` lets Helm's own cache answer offline. */
  versions(server: Server, name: string, entry: RepositoryEntry | null): Promise<FoundVersions>;
  archive(wanted: WantedArchive, verify: boolean): Promise<FetchedChart>;
}

export interface WantedArchive {
  readonly server: Server;
  readonly chosen: IndexedVersion;
  readonly url: string;
  /** In messages. */
  readonly name: string;
}

export interface FoundVersions {
  /** Null where the index has no such chart. */
  readonly versions: readonly IndexedVersion[] | null;
  readonly names: readonly string[];
}

/** Of an archive, compressed; what is in it is bounded when it is loaded. */
export const archiveBytes = 100 * 1024 * 1024;
const provenanceBytes = 5 * 1024 * 1024;

/**
 * Opens nothing yet: connections, configuration and keyring come with the first chart that needs them.
 * Follows: helm pkg/action/install.go (LocateChart), pkg/downloader/chart_downloader.go, pkg/repo/chartrepo.go.
 */
export function openCharts(access: ChartAccess, world: World): ChartFetcher {
  const places = helmPlaces(world.env);
  const cache: ChartCache = openCache(access.cache);
  const { offline, timeoutMs, plainHttp } = access;
  const sleep = world.sleep === undefined ? {} : { sleep: world.sleep };
  const shared = { cache, offline, timeoutMs, env: world.env, plainHttp, ...sleep };
  const given = tlsOf(access);
  const http: HttpCharts = openHttpCharts(shared);
  /** The registry that the command line names: its credentials are for that one. */
  let trusted: string | null = null;
  const oci: OciCharts = openOciCharts({
    ...shared,
    tls: given,
    registryConfig: access.registryConfig,
    firstConfigs: places.registryLogins === '' ? [] : [places.registryLogins],
    warn: world.warn,
    credential: (registry): Credential | null => {
      if (access.username === '' || access.password === '') return null;
      if (!access.passCredentials && registry !== trusted) return null;
      return { kind: 'password', username: access.username, password: access.password };
    },
  });
  let entries: Promise<readonly RepositoryEntry[]> | null = null;
  let keys: Promise<readonly Entity[]> | null = null;
  let fetched = false;

  const repositories: Repositories = {
    configured: () => {
      entries ??= readRepositories(places.repositories);
      return entries;
    },
    async versions(server, name, entry) {
      const scanned = await indexOf(server, name, entry);
      if (!scanned.hasApiVersion) throw notValid(server, 'no API version specified');
      return { versions: scanned.entry === null ? null : readVersions(scanned.entry), names: scanned.names };
    },
    archive,
  };

  async function indexOf(server: Server, name: string, entry: RepositoryEntry | null): Promise<ScannedIndex> {
    const url = resolveUrl(server.url.href, 'index.yaml');
    try {
      return await http.index(server, url, name);
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      const helms = offline && error.code === 'unreachable' ? await helmsIndex(entry, name) : null;
      if (helms !== null) return helms;
      throw notValid(server, error.what, error);
    }
  }

  /** The index of the user's last `helm repo update`: better than nothing while nobody may be asked. */
  async function helmsIndex(entry: RepositoryEntry | null, name: string): Promise<ScannedIndex | null> {
    if (entry === null || places.repositoryCache === '') return null;
    const bytes = await readFile(join(places.repositoryCache, `${entry.name}-index.yaml`)).catch(() => null);
    if (bytes === null) return null;
    world.warn(`offline: versions of ${entry.name} are those of the last helm repo update`);
    return scanIndex(one(bytes), name);
  }

  async function archive({ server, chosen, url, name }: WantedArchive, verify: boolean): Promise<FetchedChart> {
    fetched = true;
    const where = { chart: `${name} ${chosen.version}` };
    if (url.startsWith('oci://')) {
      // What a repository says of another host is no reason to send it these credentials.
      const reference = parseOci(url);
      const found = await fromRegistry(reference, '', verify);
      const stated = chosen.digest;
      if (stated !== null && found.manifestDigest !== `sha256:${stated}`)
        holdToDigest(found.chart.bytes, stated, 'the archive', where);
      return found.chart;
    }
    const target = httpUrl(url, { reference: withoutSecrets(url) });
    const wish = { what: 'the archive', stated: chosen.digest, limitBytes: archiveBytes, where };
    const bytes = await http.file(server, target, wish);
    holdToDigest(bytes, chosen.digest, 'the archive', where);
    const fileName = unescaped(target.pathname.slice(target.pathname.lastIndexOf('/') + 1));
    if (verify) {
      await check({ bytes, fileName }, async () => {
        const prov = new URL(target);
        prov.pathname += '.prov';
        try {
          return await http.file(server, prov, {
            what: 'the provenance file',
            stated: null,
            limitBytes: provenanceBytes,
            where,
          });
        } catch (cause) {
          if (!isTrowelError(cause)) throw cause;
          throw noProvenance(withoutSecrets(prov.href), cause);
        }
      });
    }
    return { bytes, fileName, digest: `sha256:${sha256(bytes)}`, from: withoutSecrets(target.href) };
  }

  async function fromRegistry(
    reference: ChartReference & { kind: 'oci' },
    wanted: string,
    verify: boolean,
  ): Promise<{ readonly chart: FetchedChart; readonly manifestDigest: string }> {
    fetched = true;
    const found = await oci.fetch(reference, wanted, archiveBytes);
    const { bytes, version, manifestDigest } = found;
    const base = reference.repository.slice(reference.repository.lastIndexOf('/') + 1);
    const fileName = `${base}-${version ?? reference.digest?.replace(':', '-') ?? ''}.tgz`;
    const shown = `oci://${reference.registry}/${reference.repository}`;
    if (verify) {
      await check({ bytes, fileName: version === null ? await ownFileName(bytes) : fileName }, async () => {
        if (found.provenance !== null) return found.provenance;
        throw noProvenance(`${shown}${version === null ? '' : `:${version}`}.prov`);
      });
    }
    const from = `${shown}${version === null ? '' : `:${version}`}@${manifestDigest}`;
    return { chart: { bytes, fileName, digest: `sha256:${sha256(bytes)}`, from }, manifestDigest };
  }

  async function check(
    chart: { readonly bytes: Uint8Array; readonly fileName: string },
    provenance: () => Promise<Uint8Array>,
  ): Promise<void> {
    const { loadKeyring, verifyProvenance } = await import('./provenance.js');
    const prov = await provenance();
    keys ??= loadKeyring(access.keyring ?? places.keyring);
    const now = world.now?.() ?? new Date();
    verifyProvenance(chart, prov, await keys, Math.floor(now.getTime() / 1000));
  }

  /** A chart by name: Helm's choice among the versions, or what is near. */
  async function byName(
    server: Server,
    name: string,
    entry: RepositoryEntry | null,
    notFound: (why: string) => string,
  ): Promise<FetchedChart> {
    const { versions, names } = await repositories.versions(server, name, entry);
    const wanted = access.version;
    if (versions === null) {
      const near = nearest(name, names, 3);
      const todo =
        near.length > 0
          ? `did you mean ${near.map((one) => clip(one)).join(', ')}?`
          : `it has ${names.length} charts, none of a name like this`;
      throw new TrowelError('not-found', { what: notFound('no chart name found'), todo });
    }
    let chosen: IndexedVersion | null;
    try {
      chosen = chooseVersion(versions, wanted);
    } catch (cause) {
      if (!isTrowelError(cause, 'bad-bytes')) throw cause;
      throw new TrowelError('usage', { what: notFound(cause.what), where: { option: '--version' }, cause });
    }
    if (chosen === null) {
      const todo = availableVersions(
        versions.map(({ version }) => version),
        wanted,
      );
      throw new TrowelError('not-found', { what: notFound(`no chart version found for ${name}-${wanted}`), todo });
    }
    const [url] = chosen.urls;
    if (url === undefined) {
      throw new TrowelError('bad-bytes', {
        what: `chart ${JSON.stringify(name)} has no downloadable URLs`,
        where: { chart: `${name} ${chosen.version}` },
      });
    }
    return await archive({ server, chosen, url: resolveUrl(server.url.href, url).href, name }, access.verify);
  }

  async function fetch(reference: ChartReference): Promise<FetchedChart> {
    const { version } = access;
    switch (reference.kind) {
      case 'oci':
        trusted = reference.registry;
        return (await fromRegistry(reference, version, access.verify)).chart;
      case 'repository': {
        const url = httpUrl(reference.url, { option: '--repo' });
        const { username, password, passCredentials } = access;
        const shown = withoutSecrets(reference.url);
        const server = { url, shown, username, password, passCredentials, tls: given };
        const asked = `chart ${JSON.stringify(reference.name)}${version === '' ? '' : ` version ${JSON.stringify(version)}`}`;
        return await byName(server, reference.name, null, () => `${asked} not found in ${shown} repository`);
      }
      case 'alias': {
        const { alias, name } = reference;
        const known = await repositories.configured();
        const entry = known.find((candidate) => candidate.name === alias);
        if (entry === undefined) {
          const near = nearest(
            alias,
            known.map((candidate) => candidate.name),
            3,
          );
          const hint = near.length > 0 ? `did you mean ${near.join(', ')}? Else add it` : 'add it';
          throw new TrowelError('not-found', {
            what: `repo ${alias} not found`,
            todo: `${hint} with helm repo add, or use --repo URL`,
          });
        }
        if (entry.url === '') throw new TrowelError('not-found', { what: `no URL found for repository ${alias}` });
        return await byName(
          serverOf(entry, access),
          name,
          entry,
          (why) =>
            `chart ${JSON.stringify(name)} matching ${version} not found in ${alias} index. (try 'helm repo update'): ${why}`,
        );
      }
      case 'url': {
        const url = httpUrl(reference.url, { reference: withoutSecrets(reference.url) });
        const owner = (await repositories.configured()).find((entry) => owns(entry, url));
        const { username, password, passCredentials } = access;
        const server =
          owner === undefined
            ? { url, shown: withoutSecrets(url.href), username, password, passCredentials, tls: given }
            : serverOf(owner, access);
        const chosen = { version: '', urls: [], digest: null };
        return await archive({ server, chosen, url: url.href, name: withoutSecrets(url.href) }, access.verify);
      }
    }
  }

  return {
    fetch,
    repositories,
    registries: {
      choose: oci.choose,
      chart: async (reference, verify) => (await fromRegistry(reference, '', verify)).chart,
    },
    async verifyLocal(path) {
      if (!path.toLowerCase().endsWith('.tgz'))
        throw new TrowelError('usage', { what: 'chart must be a tgz file', where: { file: path } });
      const fileName = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      await check({ bytes: await readFile(path), fileName }, async () => {
        try {
          return await readFile(`${path}.prov`);
        } catch (cause) {
          throw new TrowelError('not-found', {
            what: `could not load provenance file ${path}.prov`,
            todo: 'ask who publishes it for the .prov file, or leave out --verify',
            cause,
          });
        }
      });
    },
    async close() {
      if (fetched) await cache.shrink(cacheBytes);
      await Promise.all([http.close(), oci.close()]);
    },
  };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function notValid(server: Server, why: string, cause?: TrowelError): TrowelError {
  const { code = 'bad-bytes', todo } = cause ?? {};
  return new TrowelError(code, {
    what: `looks like ${JSON.stringify(server.shown)} is not a valid chart repository or cannot be reached: ${why}`,
    ...(todo === undefined ? {} : { todo }),
    cause,
  });
}

function noProvenance(url: string, cause?: TrowelError): TrowelError {
  const why = cause === undefined || cause.code === 'not-found' ? '' : `: ${cause.what}`;
  return new TrowelError(cause?.code ?? 'not-found', {
    what: `failed to fetch provenance ${JSON.stringify(url)}${why}`,
    todo: 'the publisher may not sign its charts: leave out --verify to go without',
    cause,
  });
}

/** The name that `helm package` gave to an archive which is known by its digest alone. */
async function ownFileName(bytes: Uint8Array): Promise<string> {
  const { loadArchive } = await import('../chart/index.js');
  const { metadata } = loadArchive(bytes, 'the archive');
  return `${metadata.name}-${metadata.version}.tgz`;
}
