import {
  type Descriptor,
  type ImageProblem,
  isTrowelError,
  type Platform,
  TrowelError,
  type Where,
} from '../model/index.js';
import { type ConfigDocument, parseConfig } from './config.js';
import { verifyBytes } from './digest.js';
import type { ImageSource } from './image-source.js';
import {
  configBytes,
  type ImageIndex,
  type ImageManifest,
  isIndexType,
  manifestBytes,
  parseManifest,
} from './manifest.js';

/** Whether documents that are not their digest are taken, with a problem. */
export interface Trust {
  readonly allowBadDigest: boolean;
}

export const unknownPlatform: Platform = { os: 'unknown', architecture: 'unknown', variant: null };

/** The same source, asking the medium once for each small document: the platform of a manifest may need two looks. */
export function remembering(medium: ImageSource): ImageSource {
  const kept = new Map<string, Uint8Array>();
  return {
    ...medium,
    async read(descriptor, role, limitBytes) {
      const known = kept.get(descriptor.digest);
      if (known !== undefined) return known;
      const bytes = await medium.read(descriptor, role, limitBytes);
      if (bytes !== null && bytes.length <= 65_536) kept.set(descriptor.digest, bytes);
      return bytes;
    },
  };
}

/**
 * A manifest or index of a source, held to its descriptor and narrowed; what was let pass is a problem.
 * Throws TrowelError `not-found`, `bad-digest`, `bad-size`, and what `parseManifest` and the source throw.
 */
export async function readManifest(
  source: ImageSource,
  descriptor: Descriptor,
  options: Trust,
  where: Where,
): Promise<{ document: ImageIndex | ImageManifest; problems: readonly ImageProblem[] }> {
  const what = isIndexType(descriptor.mediaType) ? 'the index' : 'the manifest';
  const found = await readVerified(source, descriptor, 'manifest', what, options, where);
  if (found !== null) {
    return { document: parseManifest(found.bytes, descriptor.mediaType, where), problems: found.problems };
  }
  throw new TrowelError('not-found', {
    what: `${source.noun} lacks ${what} ${descriptor.digest}`,
    where,
    todo: 'the image was saved or copied only in part: do it again',
  });
}

/** The configuration of a manifest; one that the source lacks is a problem, since the layers can be read without. */
export async function readConfig(
  source: ImageSource,
  manifest: ImageManifest,
  options: Trust,
  where: Where,
): Promise<{ document: ConfigDocument; problems: readonly ImageProblem[] }> {
  const what = 'the image configuration';
  const found = await readVerified(source, manifest.config, 'config', what, options, where);
  if (found !== null) return { document: parseConfig(found.bytes, where), problems: found.problems };
  return { document: noConfig, problems: [missingConfig(source.noun, manifest.config.digest)] };
}

/** Stands for a configuration that is not there. */
export const noConfig: ConfigDocument = {
  platform: unknownPlatform,
  created: null,
  config: { labels: {}, user: null, entrypoint: [], cmd: [], env: [] },
  diffIDs: [],
  history: [],
};

export function missingConfig(noun: string, name: string): ImageProblem {
  return { layer: null, reason: 'not-found', detail: `${noun} lacks the image configuration ${name}` };
}

/** The bytes of a small blob, held to their descriptor before anything reads them; null where the source lacks it. */
async function readVerified(
  source: ImageSource,
  descriptor: Descriptor,
  role: 'manifest' | 'config',
  what: string,
  options: Trust,
  where: Where,
): Promise<{ bytes: Uint8Array; problems: readonly ImageProblem[] } | null> {
  const bytes = await source.read(descriptor, role, role === 'manifest' ? manifestBytes : configBytes);
  if (bytes === null) return null;
  try {
    verifyBytes(bytes, descriptor, what, where);
    return { bytes, problems: [] };
  } catch (error) {
    if (!options.allowBadDigest || !isTrowelError(error, 'bad-digest', 'bad-size')) throw error;
    const reason = error.code === 'bad-size' ? 'bad-size' : 'bad-digest';
    return { bytes, problems: [{ layer: null, reason, detail: error.what }] };
  }
}
