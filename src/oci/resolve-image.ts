import {
  type Descriptor,
  type Image,
  type ImageProblem,
  isTrowelError,
  type Layer,
  type Platform,
  platformName,
  TrowelError,
  type Where,
} from '../model/index.js';
import { boundHistory, type ConfigDocument, chainIDs } from './config.js';
import { clip } from './digest.js';
import { noConfig, readConfig, readManifest, remembering, type Trust, unknownPlatform } from './documents.js';
import type { ImageSource } from './image-source.js';
import { type ImageIndex, type ImageManifest, isConfigType, isLayerType } from './manifest.js';
import { choosePlatforms, type PlatformWish } from './platform.js';

/** What an image is called, and what a reader asked for. */
export interface ResolveOptions extends Trust {
  /** As `Image.reference` will have it. */
  readonly reference: string;
  readonly platforms: PlatformWish;
  /** Annotations that stand above the manifest: of the index, or of its entry in a layout. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One image that an index offers, or the lone manifest. */
interface Candidate {
  readonly descriptor: Descriptor;
  readonly platform: Platform;
  readonly index: ImageIndex;
  /** Whether the source has its manifest: an archive may hold one of the platforms that its index names. */
  readonly present: boolean;
}

const deepestIndex = 4;
/** Manifests that are read only to learn their platform. */
const mostUnnamed = 200;
/** The largest real indexes have a few dozen. */
const mostPlatforms = 500;

/**
 * The images for the wanted platforms under one descriptor (of an index or a manifest) or an index that has none of its
 * own (a layout's), in the order they were asked for.
 *
 * A layer that the source lacks, or of a media type that cannot be read, is a problem of the image and has no location.
 * With `all`, and for a wanted platform that is missing beside others, an image without layers and with a problem
 * stands for what is not there. Throws TrowelError where there is no image at all: `not-found`, `no-such-platform`,
 * `bad-digest`, `bad-size`, `bad-bytes`, `unsupported`, `too-large`, and what the source throws.
 */
export async function resolveImages(
  medium: ImageSource,
  root: Descriptor | ImageIndex,
  options: ResolveOptions,
): Promise<readonly Image[]> {
  const where: Where = { reference: options.reference };
  const source = remembering(medium);
  if ('kind' in root) return resolveIndex(source, root, null, [], options, where);
  const top = await readManifest(source, root, options, where);
  if (top.document.kind === 'index') {
    return resolveIndex(source, top.document, root.digest, top.problems, options, where);
  }
  return [await imageOf(source, root, { ...options, indexDigest: null, index: null })];
}

async function resolveIndex(
  source: ImageSource,
  index: ImageIndex,
  indexDigest: string | null,
  problems: readonly ImageProblem[],
  options: ResolveOptions,
  where: Where,
): Promise<readonly Image[]> {
  const candidates = await candidatesOf(source, index, options, where);
  if (candidates.length === 0) {
    throw new TrowelError('unsupported', {
      what: 'the index names no image, only attestations or other artifacts',
      where,
    });
  }
  const images: Image[] = [];
  const there = candidates.filter((candidate) => candidate.present);
  const choice = choosePresent(source, candidates, there, options);
  for (const candidate of choice.chosen) {
    const about = { ...options, indexDigest, index: candidate.index };
    if (!candidate.present) {
      const lack = missingManifest(source, candidate);
      images.push(absent(candidate, 'layer-missing', lack, source, about));
      continue;
    }
    try {
      const image = await imageOf(source, candidate.descriptor, { ...about, platform: candidate.platform });
      images.push({ ...image, platformTaken: choice.taken, problems: [...problems, ...image.problems] });
    } catch (error) {
      // One platform of several that cannot be read costs its own answer only.
      if (choice.chosen.length === 1 || !isTrowelError(error)) throw error;
      images.push(absent(candidate, error.code, error.what, source, about));
    }
  }
  for (const platform of choice.missing) {
    const detail = `${source.noun} has no image for ${platformName(platform)}`;
    images.push(absent({ platform }, 'no-such-platform', detail, source, { ...options, indexDigest }));
  }
  return distinctIDs(images);
}

/** With `all`, what an archive lacks is shown; asked by name, only what is there can be chosen. */
function choosePresent(
  source: ImageSource,
  all: readonly Candidate[],
  there: readonly Candidate[],
  options: ResolveOptions,
): ReturnType<typeof choosePlatforms<Candidate>> {
  if (options.platforms === 'all') return choosePlatforms(all, 'all', options.reference);
  if (there.length > 0) return choosePlatforms(there, options.platforms, options.reference);
  throw new TrowelError('not-found', {
    what: `${source.noun} has none of the ${all.length} manifests that its index names`,
    where: { reference: options.reference },
    todo: 'the image was saved only in part: save it again',
  });
}

function missingManifest(source: ImageSource, candidate: Candidate): string {
  return `${source.noun} lacks manifest ${candidate.descriptor.digest} for ${platformName(candidate.platform)}`;
}

/** The images an index offers, nested indexes opened, attestations left out, each manifest once. */
async function candidatesOf(
  source: ImageSource,
  index: ImageIndex,
  options: ResolveOptions,
  where: Where,
): Promise<readonly Candidate[]> {
  const found = new Map<string, Candidate>();
  let unnamed = 0;
  async function visit(parent: ImageIndex, depth: number): Promise<void> {
    if (depth > deepestIndex) throw new TrowelError('too-large', { what: 'indexes are nested too deeply', where });
    for (const { descriptor, platform, role } of parent.entries) {
      if (role === 'other' || found.has(descriptor.digest)) continue;
      const present = await source.has(descriptor);
      if (role === 'image' && (platform !== null || !present)) {
        const named = platform ?? unknownPlatform;
        found.set(descriptor.digest, { descriptor, platform: named, index: parent, present });
        continue;
      }
      if (!present) continue;
      unnamed += 1;
      if (unnamed > mostUnnamed) {
        throw new TrowelError('too-large', { what: `more than ${mostUnnamed} manifests without a platform`, where });
      }
      const { document } = await readManifest(source, descriptor, options, where);
      if (document.kind === 'index') await visit(document, depth + 1);
      else if (isConfigType(document.config.mediaType)) {
        const config = await readConfig(source, document, options, where);
        found.set(descriptor.digest, { descriptor, platform: config.document.platform, index: parent, present });
      }
    }
  }
  await visit(index, 1);
  if (found.size > mostPlatforms) {
    throw new TrowelError('too-large', {
      what: `an index of ${found.size} images, the limit is ${mostPlatforms}`,
      where,
    });
  }
  return [...found.values()];
}

interface ImageContext extends ResolveOptions {
  readonly indexDigest: string | null;
  readonly index: ImageIndex | null;
  readonly platform?: Platform;
}

/** The image of one manifest. */
async function imageOf(source: ImageSource, descriptor: Descriptor, about: ImageContext): Promise<Image> {
  const where: Where = { reference: about.reference };
  const { document, problems } = await readManifest(source, descriptor, about, where);
  if (document.kind !== 'manifest') {
    throw new TrowelError('bad-bytes', { what: `${descriptor.digest} is an index and not an image manifest`, where });
  }
  if (!isConfigType(document.config.mediaType)) throw notAnImage(document, where);
  const config = await readConfig(source, document, about, where);
  const layers = await layersOf(source, document, config.document);
  const platform = about.platform ?? config.document.platform;
  const lone = about.index === null ? choosePlatforms([{ platform }], about.platforms, about.reference) : null;
  return {
    id: imageID(about.reference, platform),
    reference: about.reference,
    source: source.kind,
    indexDigest: about.indexDigest,
    digest: descriptor.digest,
    platform,
    platformTaken: lone?.taken ?? false,
    created: config.document.created,
    config: { digest: document.config.digest, ...config.document.config },
    annotations: joinAnnotations(
      about.index?.annotations,
      about.annotations,
      descriptor.annotations,
      document.annotations,
    ),
    layers: layers.layers,
    history: boundHistory(config.document.history, layers.layers.length),
    problems: [...problems, ...config.problems, ...layers.problems],
    manifest: { mediaType: document.mediaType, digest: descriptor.digest, sizeBytes: descriptor.sizeBytes },
  };
}

export function imageID(reference: string, platform: Platform): string {
  return `${reference}|${platformName(platform)}`;
}

/** Layers with their places, and what is wrong with the list: missing bytes, other media types, diff IDs that lack. */
async function layersOf(
  source: ImageSource,
  manifest: ImageManifest,
  config: ConfigDocument,
): Promise<{ layers: readonly Layer[]; problems: readonly ImageProblem[] }> {
  const problems: ImageProblem[] = [];
  const layers: Layer[] = [];
  const chains = chainIDs(config.diffIDs);
  for (const [at, descriptor] of manifest.layers.entries()) {
    const readable = isLayerType(descriptor.mediaType);
    const location = readable ? await source.locate(descriptor) : null;
    if (!readable) {
      const detail = `layer ${at} is of media type ${clip(descriptor.mediaType)}`;
      problems.push({ layer: at, reason: 'unsupported', detail });
    } else if (location === null) {
      problems.push({
        layer: at,
        reason: 'layer-missing',
        detail: `${source.noun} lacks layer ${at}, ${descriptor.digest}`,
      });
    }
    layers.push({
      digest: descriptor.digest,
      diffID: config.diffIDs[at] ?? null,
      chainID: chains[at] ?? null,
      sizeBytes: descriptor.sizeBytes,
      mediaType: descriptor.mediaType,
      location,
    });
  }
  const wrong = config === noConfig ? null : diffIDProblem(manifest.layers.length, config.diffIDs);
  return { layers, problems: wrong === null ? problems : [...problems, wrong] };
}

/** A configuration that does not state one diff ID for each layer. */
function diffIDProblem(layers: number, diffIDs: readonly (string | null)[]): ImageProblem | null {
  if (diffIDs.includes(null)) {
    return { layer: null, reason: 'bad-bytes', detail: 'the configuration has a diff ID that is no digest' };
  }
  if (diffIDs.length === layers) return null;
  const detail = `the manifest has ${layers} layers and the configuration ${diffIDs.length} diff IDs`;
  return { layer: null, reason: 'bad-diff-id', detail };
}

/** Stands for a platform that was asked for and is not there: no layers, one problem. */
function absent(
  candidate: { readonly platform: Platform; readonly descriptor?: Descriptor },
  reason: ImageProblem['reason'],
  detail: string,
  source: ImageSource,
  about: Pick<ImageContext, 'reference' | 'indexDigest'>,
): Image {
  const { platform, descriptor } = candidate;
  return {
    id: imageID(about.reference, platform),
    reference: about.reference,
    source: source.kind,
    indexDigest: about.indexDigest,
    digest: descriptor?.digest ?? null,
    platform,
    platformTaken: false,
    created: null,
    config: { digest: null, labels: {}, user: null, entrypoint: [], cmd: [], env: [] },
    annotations: {},
    layers: [],
    history: [],
    problems: [{ layer: null, reason, detail }],
    manifest: null,
  };
}

/** Names what other thing a manifest describes: charts and signatures are kept in registries as well. */
function notAnImage(manifest: ImageManifest, where: Where): TrowelError {
  const type = clip(manifest.artifactType ?? manifest.config.mediaType);
  const chart = type.startsWith('application/vnd.cncf.helm.');
  return new TrowelError('unsupported', {
    what: chart ? 'a Helm chart and not a container image' : `an artifact (${type}) and not a container image`,
    where,
    ...(chart ? { todo: 'dig it as a chart: oci://REGISTRY/REPOSITORY --version TAG' } : {}),
  });
}

/** Names under which layouts keep an image say nothing of the image. */
const namingKeys = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];

/** Annotations from the outermost document in; the manifest's own win. */
function joinAnnotations(
  ...levels: readonly (Readonly<Record<string, string>> | undefined)[]
): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const level of levels) {
    for (const [key, value] of Object.entries(level ?? {})) if (!namingKeys.includes(key)) joined.set(key, value);
  }
  return Object.fromEntries([...joined].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Windows images differ in versions that a platform's name does not hold: later ones carry their digest. */
function distinctIDs(images: readonly Image[]): readonly Image[] {
  const seen = new Set<string>();
  return images.map((image) => {
    const id = seen.has(image.id) ? `${image.id}@${image.digest ?? 'none'}` : image.id;
    seen.add(id);
    return { ...image, id };
  });
}
