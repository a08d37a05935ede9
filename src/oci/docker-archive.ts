import type { BlobLocation, Image, ImageProblem, Layer } from '../model/index.js';
import { sniffCompression } from '../pack/index.js';
import { type ArchiveTable, findMember, type Member, memberLocation, readMember } from './archive-table.js';
import { boundHistory, type ConfigDocument, chainIDs, parseConfig } from './config.js';
import { clip, digestOf } from './digest.js';
import { missingConfig, noConfig } from './documents.js';
import { isObject, listOf, parseJson, textOf, textsOf } from './json.js';
import { noChoice, referenceOf } from './layout.js';
import { configBytes, mediaTypes } from './manifest.js';
import { choosePlatforms } from './platform.js';
import { tryReference } from './reference.js';
import { imageID, type ResolveOptions } from './resolve-image.js';

/** One image of `manifest.json`. */
interface SavedImage {
  readonly config: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

/**
 * The image of a `docker save` archive under a tag, or its only one: `manifest.json` names a configuration and layers
 * from the base up, as paths in the archive. Skopeo and podman write the same.
 *
 * A layer that is not there, and each diff ID without a layer, is a layer without location and a problem. The archive
 * states no digests: `digest` is null, save that of a configuration or layer whose file is named after it.
 * Throws TrowelError `bad-bytes`, `not-found` (no such tag), `usage` (several images).
 * Follows: moby/docker-image-spec v1.2 "Combined Image JSON + Filesystem Changeset Format".
 */
export async function findInDockerArchive(
  table: ArchiveTable,
  given: string,
  tag: string | null,
  options: Pick<ResolveOptions, 'platforms' | 'allowBadDigest'>,
): Promise<readonly Image[]> {
  const saved = await readSaved(table, given);
  const found = tag === null ? saved : saved.filter((image) => image.names.some((name) => isNamed(name, tag)));
  const [image] = found;
  if (image === undefined || found.length > 1) throw noChoice({ given, noun: 'the archive' }, saved, found, tag);
  return [await imageOf(table, image, referenceOf([image], given, tag), options)];
}

async function readSaved(table: ArchiveTable, given: string): Promise<readonly SavedImage[]> {
  const where = { file: given, entry: 'manifest.json' };
  const bytes = await readMember(table, 'manifest.json', configBytes);
  const items = bytes === null ? [] : listOf(parseJson(bytes, 'manifest.json', where));
  return items.flatMap((item) => {
    if (!isObject(item)) return [];
    return [{ config: textOf(item.Config) ?? '', names: textsOf(item.RepoTags), layers: textsOf(item.Layers) }];
  });
}

function isNamed(name: string, tag: string): boolean {
  if (name === tag) return true;
  const reference = tryReference(name);
  const wanted = tryReference(tag);
  if (reference === null) return false;
  const same = reference.registry === wanted?.registry && reference.repository === wanted.repository;
  return reference.tag === tag || (same && reference.tag === wanted?.tag);
}

async function imageOf(
  table: ArchiveTable,
  image: SavedImage,
  reference: string,
  options: Pick<ResolveOptions, 'platforms'>,
): Promise<Image> {
  const config = await configOf(table, image.config, reference);
  const { layers, problems } = layersOf(table, image, config.document);
  const { platform } = config.document;
  return {
    id: imageID(reference, platform),
    reference,
    source: 'archive',
    indexDigest: null,
    digest: null,
    platform,
    platformTaken: choosePlatforms([{ platform }], options.platforms, reference).taken,
    created: config.document.created,
    config: { digest: config.digest, ...config.document.config },
    annotations: {},
    layers,
    history: boundHistory(config.document.history, layers.length),
    problems: [...config.problems, ...problems],
    manifest: null,
  };
}

interface FoundConfig {
  readonly document: ConfigDocument;
  readonly digest: string | null;
  readonly problems: readonly ImageProblem[];
}

async function configOf(table: ArchiveTable, name: string, reference: string): Promise<FoundConfig> {
  const bytes = await readMember(table, name, configBytes);
  if (bytes === null) {
    return { document: noConfig, digest: null, problems: [missingConfig('the archive', clip(name) || 'by name')] };
  }
  const digest = digestOf(bytes);
  const stated = digestInName(name);
  const problems: ImageProblem[] = [];
  if (stated !== null && stated !== digest) {
    problems.push({ layer: null, reason: 'bad-digest', detail: `the configuration ${stated} is ${digest}` });
  }
  return { document: parseConfig(bytes, { reference, entry: clip(name) }), digest, problems };
}

/** Layers and diff IDs side by side; where one list is longer, what the other lacks is said for each. */
function layersOf(
  table: ArchiveTable,
  image: SavedImage,
  config: ConfigDocument,
): { layers: readonly Layer[]; problems: readonly ImageProblem[] } {
  const { diffIDs } = config;
  const count = Math.max(image.layers.length, diffIDs.length);
  const chains = chainIDs(diffIDs);
  const problems: ImageProblem[] = [];
  const layers = Array.from({ length: count }, (_, at): Layer => {
    const name = image.layers[at];
    const member = name === undefined ? null : findMember(table, name);
    const lack = lackOf(at, image, member, config, table);
    if (lack !== null) problems.push(lack);
    return {
      digest: member === null || name === undefined ? null : digestInName(name, 'blobs/'),
      diffID: diffIDs[at] ?? null,
      chainID: chains[at] ?? null,
      sizeBytes: member?.sizeBytes ?? null,
      mediaType: mediaTypeOf(member),
      location: member === null ? null : locationOf(table, member),
    };
  });
  return { layers, problems };
}

function lackOf(
  at: number,
  image: SavedImage,
  member: Member | null,
  config: ConfigDocument,
  table: ArchiveTable,
): ImageProblem | null {
  const [listed, stated] = [image.layers.length, config.diffIDs.length];
  if (at >= listed) {
    const detail = `the archive lists ${listed} layers for ${stated} diff IDs: layer ${at}, ${config.diffIDs[at]}, is missing`;
    return { layer: at, reason: 'layer-missing', detail };
  }
  if (member === null) {
    const because = table.fault === null ? '' : `, ${table.fault.what}`;
    const detail = `the archive lacks layer ${at}, ${clip(image.layers[at] ?? '')}${because}`;
    return { layer: at, reason: 'layer-missing', detail };
  }
  if (at >= stated && config !== noConfig) {
    return {
      layer: at,
      reason: 'bad-diff-id',
      detail: `the archive lists ${listed} layers for ${stated} diff IDs: layer ${at} has none`,
    };
  }
  return config.diffIDs[at] === null
    ? { layer: at, reason: 'bad-diff-id', detail: `the diff ID of layer ${at} is no digest` }
    : null;
}

function locationOf(table: ArchiveTable, member: Member): BlobLocation {
  return memberLocation(table, member);
}

/** Docker saves plain tars, yet tools repack them: the first bytes decide. */
function mediaTypeOf(member: Member | null): string {
  const kind = member === null ? 'none' : sniffCompression(member.head);
  return kind === 'gzip' || kind === 'zstd' ? `${mediaTypes.dockerLayer}.${kind}` : mediaTypes.dockerLayer;
}

/** `HEX.json` and `blobs/sha256/HEX` are named after their content; a layer's `HEX/layer.tar` is not. */
function digestInName(name: string, prefix: 'blobs/' | '' = ''): string | null {
  const found = /^(?:\.\/)?(blobs\/sha256\/|sha256:)?([a-f0-9]{64})(?:\.json)?$/.exec(name);
  return found === null || (prefix !== '' && found[1] === undefined) ? null : `sha256:${found[2]}`;
}
