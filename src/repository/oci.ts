import type { Descriptor } from '../model/index.js';
import { TrowelError, type Where } from '../model/index.js';
import {
  type ClientTls,
  type Credential,
  clip,
  digestOf,
  type Env,
  type ImageManifest,
  openRegistries,
  parseManifest,
  type RegistryClient,
} from '../oci/index.js';
import { type ChartCache, notKept, sha256 } from './cache.js';
import { chartHints } from './http.js';
import type { ChartReference } from './reference.js';
import { chooseTag, isVersion, versionsOfTags } from './versions.js';

type OciReference = ChartReference & { kind: 'oci' };

export interface OciChartsOptions {
  readonly cache: ChartCache;
  readonly offline: boolean;
  readonly timeoutMs: number;
  readonly env: Env;
  readonly plainHttp: readonly string[];
  readonly tls: ClientTls;
  readonly registryConfig: string | null;
  /** Helm's own logins. */
  readonly firstConfigs: readonly string[];
  readonly credential: (registry: string) => Credential | null;
  readonly warn: (text: string) => void;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** A chart as a registry has it. */
export interface OciChart {
  readonly bytes: Uint8Array;
  /** The `.prov` layer, null where the chart has none. */
  readonly provenance: Uint8Array | null;
  /** The tag that it was taken by, with `+`; null for a digest alone. */
  readonly version: string | null;
  /** Digest of the manifest. */
  readonly manifestDigest: string;
}

export interface OciCharts {
  /**
   * A chart by its tag, its digest, or the newest version in a range (an empty one: the newest stable).
   * Throws TrowelError as `RegistryClient` does, `not-found` where no version fits, `bad-bytes` for what is no chart.
   */
  fetch(reference: OciReference, wanted: string, limitBytes: number): Promise<OciChart>;
  /** The version that a range takes: for dependencies. Null where none fits. */
  choose(registry: string, repository: string, wanted: string): Promise<string | null>;
  close(): Promise<void>;
}

/** Follows: helm pkg/registry/constants.go */
const mediaTypes = {
  config: 'application/vnd.cncf.helm.config.v1+json',
  chart: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  oldChart: 'application/tar+gzip',
  provenance: 'application/vnd.cncf.helm.chart.provenance.v1.prov',
} as const;

const provenanceBytes = 5 * 1024 * 1024;
const tagListBytes = 16 * 1024 * 1024;
const mostManifests = 16;

/** Charts in OCI registries. Opens nothing yet. Follows: helm pkg/registry/client.go (Pull, ValidateReference). */
export function openOciCharts(options: OciChartsOptions): OciCharts {
  const { cache, offline } = options;
  const registries: RegistryClient = openRegistries({ ...options, ca: null, noun: 'chart', hints: chartHints });

  async function versions(registry: string, repository: string): Promise<readonly string[]> {
    const question = `tags ${registry}/${repository}`;
    if (!offline) {
      const tags = await registries.tags(registry, repository);
      const digest = await cache.keep(Buffer.from(JSON.stringify(tags)));
      await cache.remember(question, { digest, etag: null, lastModified: null });
      return versionsOfTags(tags);
    }
    const known = await cache.answer(question);
    const bytes = known === null ? null : await cache.bytes(known.digest);
    if (bytes === null || bytes.length > tagListBytes) {
      throw notKept('the list of its versions', { chart: `oci://${registry}/${repository}` });
    }
    const tags: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return versionsOfTags(Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []);
  }

  async function choose(registry: string, repository: string, wanted: string): Promise<string | null> {
    return chooseTag(await versions(registry, repository), wanted);
  }

  /** The tag to ask for, with what stands beside it in the reference. */
  async function resolve(
    reference: OciReference,
    wanted: string,
  ): Promise<{ tag: string | null; digest: string | null }> {
    const { registry, repository, tag, digest } = reference;
    const shown = { chart: `oci://${registry}/${repository}` };
    if (tag !== null && wanted !== '' && wanted.replaceAll('+', '_') !== tag) {
      throw new TrowelError('usage', {
        what: `chart reference and version mismatch: ${clip(wanted)} is not ${tag}`,
        where: shown,
        todo: 'leave out --version or the tag',
      });
    }
    const asked = tag ?? wanted.replaceAll('+', '_');
    if (digest !== null) {
      if (asked !== '') await checkTag({ ...reference, tag: asked }, digest);
      return { tag: asked === '' ? null : asked, digest };
    }
    if (tag !== null || isVersion(wanted)) return { tag: asked, digest: null };
    const all = await versions(registry, repository);
    if (all.length === 0) {
      throw new TrowelError('not-found', {
        what: `Unable to locate any tags in provided repository: ${shown.chart}`,
        todo: 'check the name: none of its tags is a semantic version',
      });
    }
    const chosen = choosing(wanted, all);
    return { tag: chosen.replaceAll('+', '_'), digest: null };
  }

  function choosing(wanted: string, all: readonly string[]): string {
    const chosen = chooseTag(all, wanted);
    if (chosen !== null) return chosen;
    throw new TrowelError('not-found', {
      what: `Could not locate a version matching provided version string ${clip(wanted)}`,
      todo: availableVersions(all, wanted),
    });
  }

  /** A digest need not be tagged; a tag that says otherwise is refused. */
  async function checkTag(reference: OciReference & { tag: string }, digest: string): Promise<void> {
    const actual = await manifestOf({ ...reference, digest: null }).then(
      (found) => found.digest,
      () => digest,
    );
    if (actual === digest) return;
    throw new TrowelError('bad-digest', {
      what: `chart reference digest mismatch: ${actual} is not ${digest}`,
      where: { chart: reference.given },
    });
  }

  async function manifestOf(
    reference: Pick<OciReference, 'registry' | 'repository' | 'tag' | 'digest'>,
  ): Promise<{ readonly digest: string; readonly bytes: Uint8Array; readonly mediaType: string }> {
    const { registry, repository, tag, digest } = reference;
    const name = digest === null ? `:${tag}` : `@${digest}`;
    const question = `manifest ${registry}/${repository}${name}`;
    const known = await cache.answer(question);
    const kept = known === null ? null : await cache.bytes(known.digest);
    // What a digest names never changes.
    if (kept !== null && (offline || digest !== null)) return { digest: digestOf(kept), bytes: kept, mediaType: '' };
    if (offline) throw notKept('its manifest', { chart: `oci://${registry}/${repository}${name}` });
    const asked = { registry, repository, tag: digest === null ? tag : null, digest };
    const { descriptor, bytes } = await registries.manifest(asked);
    await cache.remember(question, { digest: await cache.keep(bytes), etag: null, lastModified: null });
    return { digest: descriptor.digest, bytes, mediaType: descriptor.mediaType };
  }

  /** The manifest of the chart, through an index where one stands before it. */
  async function chartManifest(
    reference: Pick<OciReference, 'registry' | 'repository' | 'tag' | 'digest'>,
    where: Where,
  ): Promise<{ readonly digest: string; readonly manifest: ImageManifest }> {
    const { digest, bytes, mediaType } = await manifestOf(reference);
    const parsed = parseManifest(bytes, mediaType === '' ? null : mediaType, where);
    if (parsed.kind === 'manifest') return { digest, manifest: parsed };
    for (const { descriptor } of parsed.entries.slice(0, mostManifests)) {
      const inner = await manifestOf({ ...reference, digest: descriptor.digest });
      const manifest = parseManifest(inner.bytes, descriptor.mediaType, where);
      if (manifest.kind === 'manifest' && manifest.config.mediaType === mediaTypes.config) {
        return { digest: inner.digest, manifest };
      }
    }
    throw noChart(where);
  }

  async function layer(
    reference: OciReference,
    descriptor: Descriptor,
    limitBytes: number,
    where: Where,
  ): Promise<Uint8Array> {
    const { digest, sizeBytes } = descriptor;
    if (sizeBytes > limitBytes) {
      throw new TrowelError('too-large', {
        what: `the archive has ${sizeBytes} bytes, the limit is ${limitBytes}`,
        where,
      });
    }
    const hex = digest.startsWith('sha256:') ? digest.slice('sha256:'.length) : null;
    const kept = hex === null ? null : await cache.bytes(hex);
    if (kept !== null) return kept;
    if (offline) throw notKept('its archive', { chart: reference.given });
    const { registry, repository } = reference;
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of await registries.blob({ kind: 'registry', registry, repository, digest })) {
      size += part.length;
      if (size > sizeBytes) break;
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    if (size !== sizeBytes) {
      throw new TrowelError('bad-size', {
        what: `the archive should have ${sizeBytes} bytes and has ${size > sizeBytes ? 'more' : size}`,
        where,
      });
    }
    if (digestOf(bytes, digest) !== digest) {
      throw new TrowelError('bad-digest', {
        what: `the archive should be ${digest} and is sha256:${sha256(bytes)}`,
        where,
      });
    }
    await cache.keep(bytes);
    return bytes;
  }

  return {
    choose,
    async fetch(reference, wanted, limitBytes) {
      const { tag, digest } = await resolve(reference, wanted);
      const where: Where = { chart: shownReference(reference, tag, digest) };
      const found = await chartManifest({ ...reference, tag, digest }, where);
      const { config, layers } = found.manifest;
      if (config.mediaType !== mediaTypes.config) throw noChart(where, config.mediaType);
      const current = layers.filter(({ mediaType }) => mediaType === mediaTypes.chart).at(-1);
      const old = layers.filter(({ mediaType }) => mediaType === mediaTypes.oldChart).at(-1);
      const archive = current ?? old;
      if (archive === undefined) {
        throw new TrowelError('bad-bytes', {
          what: `manifest does not contain a layer with mediatype ${mediaTypes.chart}`,
          where,
        });
      }
      if (current === undefined) options.warn(`Warning: chart media type ${mediaTypes.oldChart} is deprecated`);
      const prov = layers.filter(({ mediaType }) => mediaType === mediaTypes.provenance).at(-1);
      return {
        bytes: await layer(reference, archive, limitBytes, where),
        provenance: prov === undefined ? null : await layer(reference, prov, provenanceBytes, where),
        version: tag?.replaceAll('_', '+') ?? null,
        manifestDigest: found.digest,
      };
    },
    close: () => registries.close(),
  };
}

function shownReference({ registry, repository }: OciReference, tag: string | null, digest: string | null): string {
  return `oci://${registry}/${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

function noChart(where: Where, mediaType = ''): TrowelError {
  const image = mediaType.includes('image');
  return new TrowelError('bad-bytes', {
    what: `could not load config with mediatype ${mediaTypes.config}${image ? ': it is an image' : ''}`,
    where,
    ...(image ? { todo: 'dig it as an image: image:REFERENCE' } : {}),
  });
}

/** `it has 1.2.3, 1.2.2, 1.2.1 and 40 more`, for what to do next. */
export function availableVersions(versions: readonly string[], wanted: string): string {
  const shown = versions
    .slice(0, 5)
    .map((version) => clip(version, 60))
    .join(', ');
  const more = versions.length > 5 ? ` and ${versions.length - 5} more` : '';
  const development = wanted === '' || wanted === '*' ? '; all are development versions: add --devel' : '';
  return versions.length === 0 ? 'it has no version' : `it has ${shown}${more}${development}`;
}
