import type { FinalImage } from '../layer/index.js';
import { layerLimits, reread } from '../layer/index.js';
import { type Component, type Gap, type Image, isTrowelError } from '../model/index.js';
import type { DigImageTools } from './image-tools.js';
import type { ReadLayers } from './read-layers.js';

/** MD5 and SHA-1 of a file, as far as somebody states one for it. */
export interface ActualDigests {
  readonly md5?: string;
  readonly sha1?: string;
}

/** A file to read again: what is to be computed, and the names in the image under which it is owned. */
interface Wanted {
  readonly algorithms: Set<'md5' | 'sha1'>;
  readonly names: Set<string>;
}

/**
 * The digests that package databases state in other algorithms than SHA-256, computed over the files' own bytes.
 *
 * The pass computes SHA-256; which files dpkg (MD5) and apk (SHA-1) own is known only once their databases were read.
 * So these files are read again, a second look that stays on this machine: layers from a registry had all digests
 * computed in the first pass instead of being fetched twice. What is gone is a gap, and stays graded by its record.
 */
export async function statedDigests(
  image: Image,
  layers: ReadLayers,
  final: FinalImage,
  components: readonly Component[],
  tools: DigImageTools,
): Promise<{ actual: ReadonlyMap<string, ActualDigests>; gaps: readonly Gap[] }> {
  const actual = new Map<string, ActualDigests>();
  const wanted = new Map<number, Map<string, Wanted>>();
  for (const component of components) {
    for (const owned of component.owns) {
      const algorithm = owned.digest?.algorithm;
      if (algorithm !== 'md5' && algorithm !== 'sha1') continue;
      const file = final.regular.indexOf(owned.path);
      if (file >= 0 && final.regular.digest(file, algorithm) !== null) continue;
      const path = final.resolve(owned.path);
      // Where the bytes lie: a link's content has another name, and the layer may spell its folders otherwise.
      const content = path === null ? null : final.contentOf(path);
      if (path === null || content === null || content.entry.type !== 'file') continue;
      const known = content.entry[algorithm];
      if (known !== undefined) {
        actual.set(path, { ...actual.get(path), [algorithm]: known });
        continue;
      }
      const places = wanted.get(content.layer) ?? new Map<string, Wanted>();
      wanted.set(content.layer, places);
      const place = places.get(content.entry.path) ?? { algorithms: new Set(), names: new Set() };
      places.set(content.entry.path, place);
      place.algorithms.add(algorithm);
      place.names.add(path);
    }
  }

  const gaps: Gap[] = [];
  for (const [index, places] of [...wanted].sort(([a], [b]) => a - b)) {
    const location = image.layers[index]?.location;
    const result = layers.results[index];
    if (location === undefined || location === null || result === undefined || result === null) continue;
    const producer = 'stated-digests@1';
    const kept = readKept(tools.store.get(result.digest, producer));
    const missing = [...places].filter(([path, { algorithms }]) =>
      [...algorithms].some((algorithm) => kept[path]?.[algorithm] === undefined),
    );
    let digests = kept;
    if (missing.length > 0) {
      try {
        const fresh: Record<string, ActualDigests> = {};
        await reread(
          { location, mediaType: image.layers[index]?.mediaType ?? '' },
          new Set(missing.map(([path]) => path)),
          {
            open: tools.open,
            limits: layerLimits,
            digests: [...new Set(missing.flatMap(([, { algorithms }]) => [...algorithms]))],
            onFile: (path, _file, entry) => {
              fresh[path] = {
                ...(entry.md5 === undefined ? {} : { md5: entry.md5 }),
                ...(entry.sha1 === undefined ? {} : { sha1: entry.sha1 }),
              };
            },
          },
        );
        digests = { ...kept, ...fresh };
        if (location.kind !== 'tree' && result.problems.length === 0) {
          tools.store.put(result.digest, producer, new TextEncoder().encode(JSON.stringify(digests)));
        }
      } catch (error) {
        if (!isTrowelError(error)) throw error;
        gaps.push({
          kind: 'layer',
          reason: 'source-gone',
          image: image.id,
          subject: `${result.digest} (layer ${index})`,
          detail: `could not be read again to compare ${missing.length} files with their package's digests: ${error.what}`,
          count: 1,
          bytes: result.sizeBytes,
        });
        continue;
      }
    }
    for (const [path, { names }] of places) {
      const found = digests[path];
      for (const name of found === undefined ? [] : names) actual.set(name, { ...actual.get(name), ...found });
    }
  }
  return { actual, gaps };
}

/** What an earlier dig kept: our own bytes, checksummed by the store; anything odd is a miss. */
function readKept(bytes: Uint8Array | null): Readonly<Record<string, ActualDigests>> {
  if (bytes === null) return {};
  const kept: Record<string, ActualDigests> = Object.create(null);
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof parsed !== 'object' || parsed === null) return {};
  for (const [path, value] of Object.entries(parsed)) {
    if (typeof value !== 'object' || value === null) continue;
    kept[path] = {
      ...('md5' in value && typeof value.md5 === 'string' ? { md5: value.md5 } : {}),
      ...('sha1' in value && typeof value.sha1 === 'string' ? { sha1: value.sha1 } : {}),
    };
  }
  return kept;
}
