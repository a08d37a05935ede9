import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { compareText, type Descriptor, type Platform, TrowelError } from '../model/index.js';
import { type TarEntry, writeTar } from '../pack/index.js';
import { digestOf } from './digest.js';
import { isObject, listOf, parseObject } from './json.js';
import { type ImageIndex, mediaTypes, parseManifest } from './manifest.js';

/** A layer that was written: what a manifest and a configuration say of it. */
export interface WrittenLayer {
  readonly descriptor: Descriptor;
  readonly diffID: string;
}

/** An image to write. What is left out is left out of its documents. */
export interface NewImage {
  /** The name in the layout's index (`org.opencontainers.image.ref.name`), null for an image that only an index names. */
  readonly reference: string | null;
  readonly platform: Platform;
  /** RFC 3339; left out, no time is stated. */
  readonly created?: string | null;
  readonly config?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly user?: string | null;
    readonly entrypoint?: readonly string[];
    readonly cmd?: readonly string[];
    readonly env?: readonly string[];
    readonly workingDir?: string;
  };
  /** From the base up. */
  readonly layers: readonly WrittenLayer[];
  /** One line a layer, and any number that made none. */
  readonly history?: readonly {
    readonly createdBy: string;
    readonly created?: string | null;
    readonly comment?: string;
    readonly emptyLayer?: boolean;
  }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image that was written: the descriptor that an index holds of it. */
export interface WrittenImage {
  readonly descriptor: Descriptor;
  readonly platform: Platform;
}

const gzipLevel = 6;

/**
 * Writes one layer into a layout. Equal entries give equal bytes in every run: they are sorted by path (hard links
 * last, after what they point to), owners and times are 0 unless stated, and the gzip header names neither time nor
 * system. Only another release of zlib may compress to other bytes; with `none` not even that.
 * Throws TrowelError `usage` for a name that tar cannot hold, and what the file system throws.
 */
export async function writeLayer(
  layoutDir: string,
  entries: Iterable<TarEntry>,
  compression: 'gzip' | 'none' = 'gzip',
): Promise<WrittenLayer> {
  await mkdir(join(layoutDir, 'blobs', 'sha256'), { recursive: true });
  const part = join(layoutDir, 'blobs', `.layer-${randomUUID()}.part`);
  const plain = createHash('sha256');
  const stored = createHash('sha256');
  let sizeBytes = 0;
  async function* tar(): AsyncGenerator<Uint8Array> {
    for (const piece of writeTar(sorted(entries))) {
      plain.update(piece);
      yield piece;
    }
  }
  async function* counted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of compression === 'gzip' ? namelessGzip(pieces) : pieces) {
      stored.update(piece);
      sizeBytes += piece.length;
      yield piece;
    }
  }
  try {
    const file = createWriteStream(part);
    const source = Readable.from(tar(), { objectMode: false });
    if (compression === 'gzip') await pipeline(source, createGzip({ level: gzipLevel }), counted, file);
    else await pipeline(source, counted, file);
    const digest = `sha256:${stored.digest('hex')}`;
    await rename(part, blobPath(layoutDir, digest));
    const mediaType = compression === 'gzip' ? `${mediaTypes.ociLayer}+gzip` : mediaTypes.ociLayer;
    return { descriptor: { mediaType, digest, sizeBytes }, diffID: `sha256:${plain.digest('hex')}` };
  } finally {
    await rm(part, { force: true });
  }
}

/** RFC 1952, 2.3: the tenth byte names the system that compressed; 255 is "unknown". */
async function* namelessGzip(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of pieces) {
    if (at <= 9 && at + piece.length > 9) piece[9 - at] = 255;
    at += piece.length;
    yield piece;
  }
}

function sorted(entries: Iterable<TarEntry>): readonly TarEntry[] {
  const rank = (entry: TarEntry): number => (entry.type === 'hardlink' ? 1 : 0);
  return [...entries].sort((a, b) => rank(a) - rank(b) || compareText(a.path, b.path));
}

/** Writes the configuration and manifest of an image, and its name into the layout's index, replacing an older one. */
export async function writeImage(layoutDir: string, image: NewImage): Promise<WrittenImage> {
  const config = await writeDocument(layoutDir, mediaTypes.ociConfig, configOf(image));
  const manifest = await writeDocument(layoutDir, mediaTypes.ociManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: wire(config),
    layers: image.layers.map((layer) => wire(layer.descriptor)),
    ...annotationsOf(image.annotations),
  });
  if (image.reference !== null) await nameInIndex(layoutDir, image.reference, manifest, image.platform);
  return { descriptor: manifest, platform: image.platform };
}

/** Writes an index over images of several platforms, and its name into the layout's index. */
export async function writeIndex(
  layoutDir: string,
  index: {
    readonly reference: string | null;
    readonly images: readonly WrittenImage[];
    readonly annotations?: Readonly<Record<string, string>>;
  },
): Promise<Descriptor> {
  const descriptor = await writeDocument(layoutDir, mediaTypes.ociIndex, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: index.images.map((image) => ({ ...wire(image.descriptor), platform: wirePlatform(image.platform) })),
    ...annotationsOf(index.annotations),
  });
  if (index.reference !== null) await nameInIndex(layoutDir, index.reference, descriptor, null);
  return descriptor;
}

/** Follows: image-spec config.md; fields in its order. */
function configOf(image: NewImage): Readonly<Record<string, unknown>> {
  const { labels, user, entrypoint, cmd, env, workingDir } = image.config ?? {};
  return {
    ...(image.created ? { created: image.created } : {}),
    ...wirePlatform(image.platform),
    config: {
      ...(user ? { User: user } : {}),
      ...(env === undefined ? {} : { Env: env }),
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      ...(cmd === undefined ? {} : { Cmd: cmd }),
      ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
      ...(labels === undefined ? {} : { Labels: sortedMap(labels) }),
    },
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => layer.diffID) },
    history: (image.history ?? []).map((line) => ({
      ...(line.created ? { created: line.created } : {}),
      created_by: line.createdBy,
      ...(line.comment === undefined ? {} : { comment: line.comment }),
      ...(line.emptyLayer === true ? { empty_layer: true } : {}),
    })),
  };
}

async function nameInIndex(
  layoutDir: string,
  reference: string,
  descriptor: Descriptor,
  platform: Platform | null,
): Promise<void> {
  const key = 'org.opencontainers.image.ref.name';
  const kept = (await readIndexEntries(layoutDir)).filter((entry) => {
    const annotations = isObject(entry) && isObject(entry.annotations) ? entry.annotations : {};
    return annotations[key] !== reference;
  });
  const added = {
    ...wire(descriptor),
    ...(platform === null ? {} : { platform: wirePlatform(platform) }),
    annotations: { [key]: reference },
  };
  await writeAtomically(join(layoutDir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeAtomically(
    join(layoutDir, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [...kept, added] }),
  );
}

/** The entries of an index that is there already, just as they are written. */
async function readIndexEntries(layoutDir: string): Promise<readonly unknown[]> {
  const path = join(layoutDir, 'index.json');
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const where = { file: path };
  const known: ImageIndex | { readonly kind: string } = parseManifest(bytes, mediaTypes.ociIndex, where);
  if (known.kind !== 'index') throw new TrowelError('bad-bytes', { what: 'the layout has no index', where });
  return listOf(parseObject(bytes, 'the index of the layout', where).manifests);
}

async function writeDocument(layoutDir: string, mediaType: string, document: unknown): Promise<Descriptor> {
  await mkdir(join(layoutDir, 'blobs', 'sha256'), { recursive: true });
  const bytes = Buffer.from(JSON.stringify(document), 'utf8');
  const digest = digestOf(bytes);
  await writeAtomically(blobPath(layoutDir, digest), bytes);
  return { mediaType, digest, sizeBytes: bytes.length };
}

/** A reader sees the old file or the new one, never a part. */
async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

function blobPath(layoutDir: string, digest: string): string {
  return join(layoutDir, 'blobs', digest.replace(':', '/'));
}

function wire(descriptor: Descriptor): Readonly<Record<string, unknown>> {
  return { mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.sizeBytes };
}

function wirePlatform(platform: Platform): Readonly<Record<string, string>> {
  const { architecture, os, variant } = platform;
  return { architecture, os, ...(variant === null || variant === '' ? {} : { variant }) };
}

function annotationsOf(annotations: Readonly<Record<string, string>> | undefined): object {
  return annotations === undefined ? {} : { annotations: sortedMap(annotations) };
}

function sortedMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compareText(a, b)));
}
