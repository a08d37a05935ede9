import { createHash } from 'node:crypto';
import { cataloguers } from '../catalog/index.js';
import { type Image, isTrowelError } from '../model/index.js';
import type { DugImage } from './dug-image.js';
import type { DigImageTools } from './image-tools.js';

/** What is kept of a dug image: all but the image itself, which was resolved anew, and its single files. */
type KeptImage = Omit<DugImage, 'image' | 'files'>;

const producer = 'image@1';

/** An image with more files that nobody owns is not kept whole, only its layers: its row would be too large to pay. */
const mostUnknown = 100_000;

/**
 * What an earlier run made of exactly this image, so that neither its files are laid over each other again nor its
 * components joined; null where it must be done. Single files are not kept: a dig with `--files` goes the long way.
 */
export function keptImage(image: Image, tools: DigImageTools): DugImage | null {
  const key = tools.options.files ? null : keyOf(image, tools);
  const bytes = key === null ? null : tools.store.get(key, producer);
  if (bytes === null) return null;
  const kept: unknown = parsed(bytes);
  return isKept(kept) ? { ...kept, image, files: null } : null;
}

/** Keeps it, where every layer could be read and was what it should be. */
export function keepImage(dug: DugImage, tools: DigImageTools): void {
  if (dug.attribution.unknownFiles.length > mostUnknown) return;
  const isWhole = dug.layers.every((layer) => layer !== null) && !dug.gaps.some((gap) => gap.kind === 'layer');
  const key = isWhole ? keyOf(dug.image, tools) : null;
  if (key === null) return;
  const { image: _image, files: _files, ...kept } = dug;
  try {
    tools.store.put(key, producer, Buffer.from(JSON.stringify(kept)));
  } catch (error) {
    // What cannot be kept, or is more than one text can be, costs the next run its time.
    if (!isTrowelError(error) && !(error instanceof RangeError)) throw error;
  }
}

/**
 * All that the answer follows from: the build, the cataloguers, and what the image is by its digests. Null where that
 * does not tell the bytes: a layer without a digest, one whose size is not the promised one, a directory.
 */
function keyOf(image: Image, { options }: DigImageTools): string | null {
  const layers: unknown[] = [];
  for (const { digest, diffID, sizeBytes, mediaType, location } of image.layers) {
    if (location === null || location.kind === 'tree' || digest === null || diffID === null) return null;
    if (location.kind !== 'registry' && location.sizeBytes !== sizeBytes) return null;
    layers.push([digest, diffID, sizeBytes, mediaType, location.kind]);
  }
  const readers = cataloguers.map(({ name, version }) => `${name}@${version}`);
  const { id, digest, config, problems } = image;
  const all = [options.build, readers, options.images.allowBadDigest, id, digest, config.digest, problems, layers];
  return `sha256:${createHash('sha256').update(JSON.stringify(all)).digest('hex')}`;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

/** Only the outline: the store's check sum and the build in the key tell that this very program wrote it. */
function isKept(value: unknown): value is KeptImage {
  if (typeof value !== 'object' || value === null) return false;
  const lists = ['layers', 'components', 'gaps', 'named', 'distroWords'].map((name): unknown =>
    Reflect.get(value, name),
  );
  return lists.every(Array.isArray) && 'attribution' in value && 'distro' in value;
}
