import { cataloguers } from '../catalog/index.js';
import { readLayer } from '../layer/index.js';
import {
  type Gap,
  type Image,
  isTrowelError,
  type Layer,
  type LayerResult,
  placeOf,
  type Reason,
} from '../model/index.js';
import { keepLayer, keptLayer } from '../store/index.js';
import type { DigImageTools } from './dig-image.js';

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

  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < image.layers.length; index = next++) {
      const layer = image.layers[index];
      if (layer === undefined) continue;
      if (layer.location === null) {
        if (!told.has(index)) gaps.push(layerGap(image, index, layer, 'layer-missing', 'the layer is not there'));
        continue;
      }
      try {
        const result = await oneLayer(layer, tools);
        const [first] = result.problems;
        if (first !== undefined) {
          bad.add(index);
          for (const problem of result.problems) {
            gaps.push(layerGap(image, index, layer, problem.reason, problem.detail));
          }
          if (!tools.options.images.allowBadDigest) continue;
        }
        results[index] = result;
      } catch (error) {
        if (!isTrowelError(error)) throw error;
        tools.io.progress({ kind: 'layer', digest: nameOf(layer, index), state: 'failed', bytes: 0 });
        const place = placeOf({ ...error.where, layer: undefined } as typeof error.where);
        gaps.push(layerGap(image, index, layer, error.code, place === '' ? error.what : `${place}: ${error.what}`));
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, tools.options.jobs) }, () => worker()));
  return { results, bad, gaps };
}

async function oneLayer(layer: Layer, { open, store, options, io }: DigImageTools): Promise<LayerResult> {
  const location = layer.location;
  if (location === null) throw new Error('a layer without a place cannot be read');
  const key = layer.digest ?? layer.diffID;
  const kept = key === null || location.kind === 'tree' ? null : keptLayer(store, key, cataloguers);
  if (kept !== null && kept.missing.length === 0) {
    io.progress({ kind: 'layer', digest: key ?? '', state: 'stored', bytes: kept.result.sizeBytes });
    return kept.result;
  }
  const result = await readLayer(
    {
      location,
      mediaType: layer.mediaType,
      digest: layer.digest,
      sizeBytes: layer.sizeBytes,
      diffID: layer.diffID,
      cataloguers: cataloguers.map((cataloguer) => cataloguer.name),
      // A second look at a layer from a registry would fetch it twice: see stated-digests.ts.
      digests: location.kind === 'registry' ? ['md5', 'sha1'] : [],
      limits: options.limits,
    },
    { open, cataloguers, onBytes: (bytes) => io.progress({ kind: 'bytes', bytes }) },
  );
  io.progress({ kind: 'layer', digest: result.digest, state: 'read', bytes: result.sizeBytes });
  // Bytes that are not what they should be are never kept under the name of what they should be.
  if (key !== null && location.kind !== 'tree' && result.problems.length === 0) {
    keepLayer(store, key, cataloguers, result);
  }
  return result;
}

function nameOf(layer: Layer | undefined, index: number | null): string {
  return layer?.digest ?? layer?.diffID ?? (index === null ? 'the image' : `layer ${index}`);
}

function layerGap(image: Image, index: number | null, layer: Layer | undefined, reason: Reason, detail: string): Gap {
  const subject = index === null ? nameOf(layer, index) : `${nameOf(layer, index)} (layer ${index})`;
  const bytes = layer?.sizeBytes ?? 0;
  return { kind: 'layer', reason, image: image.id, subject, detail, count: 1, bytes };
}
