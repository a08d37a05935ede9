import { type Descriptor, type Platform, TrowelError, type Where } from '../model/index.js';
import { clip, digestFault } from './digest.js';
import { isObject, type JsonObject, listOf, parseObject, textMapOf, textOf, textsOf } from './json.js';
import { normalisePlatform } from './platform.js';

/** Bounds of what is read whole: registries themselves cap manifests at 4 MiB. */
export const manifestBytes = 4 * 1024 * 1024;
export const configBytes = 16 * 1024 * 1024;
const mostEntries = 10_000;
const mostLayers = 1_000;

export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
} as const;

/** One entry of an index: what it points to, and for which platform where it says so. */
export interface IndexEntry {
  readonly descriptor: Descriptor;
  readonly platform: Platform | null;
  /** `image` may be one, `index` is nested, `other` is something else: an attestation, a signature, a chart. */
  readonly role: 'image' | 'index' | 'other';
}

/** An image index (OCI) or manifest list (Docker). */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly entries: readonly IndexEntry[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** An image manifest: one configuration, layers from the base up. */
export interface ImageManifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * An index or a manifest, told apart by its content: the type that the sender states may be wrong or missing.
 *
 * A type that is none of an image's is left out for the OCI one.
 * Throws TrowelError `bad-bytes` (no such document; both an index and a manifest, CVE-2021-41190), `too-large`, and
 * `unsupported` for schema 1 by name.
 * Follows: image-spec image-index.md, manifest.md; distribution "Image Manifest Version 2, Schema 2".
 */
export function parseManifest(bytes: Uint8Array, stated: string | null, where: Where): ImageIndex | ImageManifest {
  const document = parseObject(bytes, 'the manifest', where);
  const mediaType = textOf(document.mediaType) ?? stated ?? '';
  const known: readonly string[] = Object.values(mediaTypes);
  const kept = known.includes(mediaType) ? mediaType : null;
  if (document.schemaVersion === 1 || mediaType.includes('distribution.manifest.v1')) {
    throw new TrowelError('unsupported', {
      what: 'a manifest of schema 1, which has neither configuration nor diff IDs',
      where,
      todo: 'push the image again with a docker of version 1.10 or later',
    });
  }
  const isIndex = Array.isArray(document.manifests);
  const isManifest = document.layers !== undefined || document.config !== undefined;
  if (isIndex && isManifest) bad('the manifest has manifests and layers at once: it means two things', where);
  if (isIndex) return readIndex(document, kept ?? mediaTypes.ociIndex, where);
  if (isManifest) return readManifest(document, kept ?? mediaTypes.ociManifest, where);
  const keys = Object.keys(document)
    .slice(0, 5)
    .map((key) => clip(key, 20));
  return bad(`neither an image index nor an image manifest: its fields are ${keys.join(', ') || 'none'}`, where);
}

function readIndex(document: JsonObject, mediaType: string, where: Where): ImageIndex {
  const list = listOf(document.manifests);
  if (list.length > mostEntries) tooMany('manifests in one index', list.length, mostEntries, where);
  const entries = list.map((item, at) => readEntry(item, `manifests[${at}]`, where));
  return { kind: 'index', mediaType, entries, annotations: textMapOf(document.annotations) };
}

function readEntry(item: unknown, place: string, where: Where): IndexEntry {
  const descriptor = parseDescriptor(item, place, where);
  const fields: JsonObject = isObject(item) ? item : {};
  const stated = isObject(fields.platform) ? fields.platform : null;
  const platform =
    stated === null
      ? null
      : normalisePlatform({
          os: textOf(stated.os) ?? '',
          architecture: textOf(stated.architecture) ?? '',
          variant: textOf(stated.variant),
        });
  return { descriptor, platform, role: roleOf(descriptor, platform, textOf(fields.artifactType)) };
}

/** Follows: BuildKit docs/attestations/attestation-storage.md (`unknown/unknown`, `vnd.docker.reference.type`). */
function roleOf(descriptor: Descriptor, platform: Platform | null, artifactType: string | null): IndexEntry['role'] {
  if (isIndexType(descriptor.mediaType)) return 'index';
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') return 'other';
  if (descriptor.annotations?.['vnd.docker.reference.type'] !== undefined) return 'other';
  if (artifactType !== null && artifactType !== '' && !isConfigType(artifactType)) return 'other';
  const known = ['', mediaTypes.ociManifest, mediaTypes.dockerManifest];
  return known.includes(descriptor.mediaType) || descriptor.mediaType.includes('manifest.v1') ? 'image' : 'other';
}

function readManifest(document: JsonObject, mediaType: string, where: Where): ImageManifest {
  const list = listOf(document.layers);
  if (list.length > mostLayers) tooMany('layers in one image', list.length, mostLayers, where);
  return {
    kind: 'manifest',
    mediaType,
    artifactType: textOf(document.artifactType),
    config: parseDescriptor(document.config, 'config', where),
    layers: list.map((item, at) => parseDescriptor(item, `layers[${at}]`, where)),
    annotations: textMapOf(document.annotations),
  };
}

/** A descriptor of the input (image-spec descriptor.md). Throws TrowelError `bad-bytes` naming the field. */
export function parseDescriptor(item: unknown, place: string, where: Where): Descriptor {
  if (!isObject(item)) return bad(`${place} is no descriptor`, where);
  const digest = textOf(item.digest) ?? '';
  const fault = digestFault(digest);
  if (fault !== null) bad(`${place}.digest: ${fault}`, where);
  const sizeBytes = item.size;
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    return bad(`${place}.size is no number of bytes`, where);
  }
  const annotations = textMapOf(item.annotations);
  const urls = textsOf(item.urls);
  return {
    mediaType: textOf(item.mediaType) ?? '',
    digest,
    sizeBytes,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(urls.length === 0 ? {} : { urls }),
  };
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerIndex;
}

/** Whether a media type is one of an image's configuration; early registries served Docker's as octet-stream. */
export function isConfigType(mediaType: string): boolean {
  const known: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig, 'application/octet-stream', ''];
  return known.includes(mediaType);
}

/** Whether a media type is a layer's that can be read: a tar, plain or compressed with gzip or zstd. */
export function isLayerType(mediaType: string): boolean {
  return mediaType === '' || /\.tar(?:[+.](?:gzip|zstd))?$/.test(mediaType);
}

function bad(what: string, where: Where): never {
  throw new TrowelError('bad-bytes', { what, where });
}

function tooMany(what: string, count: number, most: number, where: Where): never {
  throw new TrowelError('too-large', { what: `${count} ${what}, the limit is ${most}`, where });
}
