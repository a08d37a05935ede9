import { createHash } from 'node:crypto';
import { cataloguers, everyCataloguer } from '../catalog/index.js';
import { layerLimits, layerProblems } from '../layer/index.js';
import {
  type BlobLocation,
  by,
  type Gap,
  type Image,
  type Io,
  isTrowelError,
  type Layer,
  type LayerResult,
  placeOf,
  type Reason,
} from '../model/index.js';
import { keepLayer, keptLayer, mergeLayer } from '../store/index.js';
import type { DigImageTools } from './image-tools.js';

/** The layers of an image as far as they could be read; `results[i]` is null where layer i could not. */
export interface ReadLayers {
  readonly results: readonly (LayerResult | null)[];
  /** Layers that were read although their bytes are not their digest. */
  readonly bad: ReadonlySet<number>;
  readonly gaps: readonly Gap[];
}

/** Reads each layer once, `jobs` at a time; what the store has under its digest is taken from there. */
export async function readLayers(image: Image, tools: DigImageTools): Promise<ReadLayers> {
  const results: (LayerResult | null)[] = image.layers.map(() => null);
  const gaps: Gap[] = [];
  const bad = new Set<number>();
  for (const problem of image.problems) {
    const layer = problem.layer === null ? undefined : image.layers[problem.layer];
    gaps.push(layerGap(image, problem.layer, layer, problem.reason, problem.detail));
  }
  const told = new Set(image.problems.map((problem) => problem.layer));

  // The largest first, so that none of them is begun when the others are done.
  const sizeOf = (index: number): number => image.layers[index]?.sizeBytes ?? 0;
  const waiting = [...image.layers.keys()].sort((a, b) => sizeOf(b) - sizeOf(a) || a - b).reverse();
  async function worker(): Promise<void> {
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const layer = image.layers[index];
      if (layer === undefined) continue;
      if (layer.location === null) {
        if (!told.has(index)) gaps.push(layerGap(image, index, layer, 'layer-missing', 'the layer is not there'));
        continue;
      }
      try {
        const result = await oneLayer(layer, layer.location, tools);
        if (result.problems.length > 0) {
          bad.add(index);
          gaps.push(promiseGap(image, index, layer, result.problems));
          if (!tools.options.images.allowBadDigest) continue;
        }
        results[index] = result;
      } catch (error) {
        if (!isTrowelError(error)) throw error;
        tools.io.progress({ kind: 'layer', digest: nameOf(layer, index), state: 'failed', bytes: 0 });
        const { layer: _named, ...where } = error.where;
        const place = placeOf(where);
        gaps.push(layerGap(image, index, layer, error.code, place === '' ? error.what : `${place}: ${error.what}`));
      }
    }
  }
  await Promise.all(Array.from({ length: tools.lanes.width }, () => worker()));
  gaps.sort(by((gap) => [gap.subject, gap.reason, gap.detail]));
  return { results, bad, gaps };
}

async function oneLayer(layer: Layer, location: BlobLocation, tools: DigImageTools): Promise<LayerResult> {
  const { open, store, io } = tools;
  const digests = digestsFor(location);
  const key = await contentKey(layer, location, tools);
  const kept = key === null ? null : keptLayer(store, key, cataloguers, digests);
  if (kept !== null && kept.missing.length === 0) {
    io.progress({ kind: 'layer', digest: kept.result.digest, state: 'stored', bytes: kept.result.sizeBytes });
    return { ...kept.result, problems: layerProblems(layer, kept.result) };
  }
  const all = location.kind === 'archive' ? everyCataloguer : cataloguers;
  const readers = all.filter((one) => kept === null || kept.missing.includes(one.name));
  const keep = tools.keeps && location.kind !== 'tree' && location.kind !== 'archive';
  const { result, parts } = await tools.lanes.read(
    {
      location,
      mediaType: layer.mediaType,
      digest: layer.digest,
      sizeBytes: layer.sizeBytes,
      diffID: layer.diffID,
      cataloguers: readers.map((cataloguer) => cataloguer.name),
      digests,
      limits: layerLimits,
    },
    { open, keep, onBytes: (bytes) => io.progress({ kind: 'bytes', bytes }) },
  );
  io.progress({ kind: 'layer', digest: result.digest, state: 'read', bytes: result.sizeBytes });
  // Kept under the digest of the bytes that were read, whatever was promised of them.
  if (keep) keeping(io, () => keepLayer(store, readers, digests, result, parts));
  return kept === null ? result : mergeLayer(kept.result, result);
}

/**
 * Digests beside SHA-256 that are worth computing before anybody asks, to save the second look of stated-digests.ts:
 * both for a layer from a registry, which would be fetched twice; else MD5, which dpkg states, and which costs two thirds
 * of what inflating again does. The pass takes them of files where packages put theirs, and of no others.
 */
function digestsFor(location: BlobLocation): readonly ('md5' | 'sha1')[] {
  return location.kind === 'registry' ? ['md5', 'sha1'] : ['md5'];
}

/**
 * The digest under which the store may know these bytes, or null: not to be asked. It must be what the bytes are, not
 * what an archive says of them: a docker archive names only diff IDs, so its layers are hashed; a file whose size is
 * not the promised one is read, so that it is found out.
 */
async function contentKey(layer: Layer, location: BlobLocation, { open }: DigImageTools): Promise<string | null> {
  if (location.kind === 'tree' || location.kind === 'archive') return null;
  if (layer.digest !== null) {
    const whole = location.kind === 'registry' || location.sizeBytes === layer.sizeBytes;
    return whole ? layer.digest : null;
  }
  const hash = createHash('sha256');
  for await (const chunk of await open(location)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/** What cannot be kept costs the next dig time, not this one its answer. */
function keeping(io: Io, keep: () => void): void {
  try {
    keep();
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    io.progress({ kind: 'warning', text: `not kept: ${error.message}` });
  }
}

function nameOf(layer: Layer | undefined, index: number | null): string {
  return layer?.digest ?? layer?.diffID ?? (index === null ? 'the image' : `layer ${index}`);
}

/** One row for a layer that is not what was promised, whatever of it: the digest tells most, the size least. */
function promiseGap(image: Image, index: number, layer: Layer, problems: LayerResult['problems']): Gap {
  const told = ['bad-digest', 'bad-diff-id', 'bad-size'];
  const sorted = [...problems].sort((a, b) => told.indexOf(a.reason) - told.indexOf(b.reason));
  const detail = sorted.map((problem) => `${problem.reason}: ${problem.detail}`).join('; ');
  return layerGap(image, index, layer, sorted[0]?.reason ?? 'bad-digest', detail);
}

function layerGap(image: Image, index: number | null, layer: Layer | undefined, reason: Reason, detail: string): Gap {
  const subject = index === null ? nameOf(layer, index) : `${nameOf(layer, index)} (layer ${index})`;
  const bytes = layer?.sizeBytes ?? 0;
  return { kind: 'layer', reason, image: image.id, subject, detail, count: 1, bytes };
}
