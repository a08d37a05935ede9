import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderedChart } from '../chart/index.js';
import { findUses } from '../discover/index.js';
import {
  by,
  type ChartSummary,
  type Gap,
  type Image,
  type ImageProblem,
  type ImageUse,
  type Io,
  isTrowelError,
  type Manifest,
  type OpenBlob,
  TrowelError,
} from '../model/index.js';
import { type ImageTarget, openImages } from '../oci/index.js';
import type { ChartAccess, ChartPlace, LoadedChart } from '../repository/index.js';
import { archiveImage } from './archive-image.js';
import { withCauses } from './causes.js';
import { claimWarning, surroundingsOf, withImageClaims } from './chart-claims.js';
import { directoryImage } from './directory-image.js';
import type { DigOptions } from './options.js';
import type { Target } from './target.js';

/** What a target's manifests name: charts, uses, and what could not be read of them. */
export interface FoundUses {
  readonly name: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  /** Where the chart was fetched from; null for one of this machine. */
  readonly from: string | null;
  readonly charts: readonly ChartSummary[];
  readonly uses: readonly ImageUse[];
  readonly gaps: readonly Gap[];
}

/** How a chart is rendered; `conditional` also tries what its switches would bring. */
export type FindOptions = Pick<DigOptions, 'chart' | 'access' | 'templates'> & { readonly conditional?: boolean };

/** The images of a target, opened; layers are not read yet. */
export interface OpenedImages {
  readonly images: readonly Image[];
  readonly gaps: readonly Gap[];
  readonly openBlob: OpenBlob;
  readonly close: () => Promise<void>;
}

const nothing: FoundUses = { name: null, version: null, digest: null, from: null, charts: [], uses: [], gaps: [] };

/** Renders a chart, or reads manifests, and finds the images that they use; an image target has no uses. */
export async function findTargetUses(target: Target, options: FindOptions, io: Io): Promise<FoundUses> {
  switch (target.kind) {
    case 'chart':
      return await usesOfChart(target.place, options, io);
    case 'manifests':
      return await usesOfManifests(target.path, io);
    default:
      return nothing;
  }
}

async function usesOfChart(place: ChartPlace, options: FindOptions, io: Io): Promise<FoundUses> {
  const { chart: inputs, access } = options;
  // The template engine is half of the program: an image that is dug alone does without it.
  const { isStackFull, prepareChart, readManifests, renderChart, renderDeep } = await import('../chart/index.js');
  const { chart, from } = await openChart(place, inputs.helm ?? 3, access, io);
  io.progress({ kind: 'stage', name: 'rendering', detail: chart.id });
  const prepared = prepareChart(chart);
  options.templates?.lend(prepared);
  const settings = { ...inputs, now: io.now, random: (bytes: number) => randomBytes(bytes) };
  let rendered: RenderedChart;
  try {
    rendered = renderChart(prepared, settings);
  } catch (error) {
    // On a larger stack Helm's own limit is met, and its words are the better ones.
    if (isStackFull(error)) await renderDeep(chart, settings, true);
    throw error;
  }
  for (const text of rendered.warnings) io.progress({ kind: 'warning', text });
  const root = rendered.charts.find((summary) => !summary.id.includes('/'));
  const surroundings = surroundingsOf(chart, rendered.manifests, readManifests);
  const { uses, gaps } = findUses(rendered.manifests, { ...surroundings, others: [] });
  const charts = withImageClaims(rendered.charts, chart, uses);
  const claims = charts.filter((summary) => summary.id === root?.id).map(claimWarning);
  for (const text of claims) if (text !== null) io.progress({ kind: 'warning', text });
  io.progress({ kind: 'stage', name: 'trying what decides each image' });
  const decided = await withCauses(uses, { prepared, options: settings, raw: rendered.raw, surroundings });
  const further = options.conditional === true ? await usesBehindSwitches() : [];
  options.templates?.keep(prepared);
  return {
    name: root?.name ?? null,
    version: root?.version ?? null,
    digest: root?.digest ?? null,
    from,
    charts,
    uses: [...decided, ...further],
    gaps,
  };

  async function usesBehindSwitches(): Promise<readonly ImageUse[]> {
    io.progress({ kind: 'stage', name: 'trying what other values would bring' });
    const { conditionalUses } = await import('./conditional.js');
    const more = await conditionalUses({ prepared, options: settings, rendered, uses, surroundings });
    const { tried, untried } = more;
    if (untried > 0) {
      io.progress({
        kind: 'warning',
        text: `the chart has more switches than are tried: ${untried} of ${tried + untried} are left`,
      });
    }
    return more.uses;
  }
}

/** A chart of this machine as it is, or fetched, verified and completed as the options want it. */
async function openChart(place: ChartPlace, helm: 3 | 4, access: ChartAccess, io: Io): Promise<LoadedChart> {
  if (place.kind === 'path' && !access.verify && !access.dependencyUpdate) {
    const { loadChart } = await import('../chart/index.js');
    return { chart: await loadChart(place.path, { helm }), from: null };
  }
  io.progress({ kind: 'stage', name: 'fetching', detail: place.kind === 'path' ? place.path : place.given });
  const { loadWantedChart } = await import('../repository/index.js');
  const warn = (text: string): void => io.progress({ kind: 'warning', text });
  const loaded = await loadWantedChart(place, access, helm, { env: io.env, warn });
  if (loaded.from !== null) io.progress({ kind: 'stage', name: 'fetched', detail: loaded.from });
  return loaded;
}

async function usesOfManifests(path: string, io: Io): Promise<FoundUses> {
  const { readManifests } = await import('../chart/index.js');
  const manifests: Manifest[] = [];
  const gaps: Gap[] = [];
  for await (const { name, text } of manifestFiles(path, io)) {
    const read = readManifests(text, name);
    manifests.push(...read.manifests);
    for (const problem of read.problems) {
      const subject = `${name}${problem.line === null ? '' : `:${problem.line}`}`;
      gaps.push({
        kind: 'use',
        reason: 'bad-bytes',
        image: null,
        subject,
        detail: problem.message,
        count: 1,
        bytes: 0,
      });
    }
  }
  if (manifests.length === 0 && gaps.length > 0) {
    throw new TrowelError('bad-bytes', {
      what: gaps[0]?.detail ?? 'no YAML',
      where: { file: gaps[0]?.subject ?? path },
    });
  }
  const found = findUses(manifests);
  return { ...nothing, uses: found.uses, gaps: [...gaps, ...found.gaps] };
}

/** The most that one file of manifests may hold, in bytes. */
const manifestBytes = 64 << 20;

/** Standard input, one file, or every .yaml, .yml and .json file under a directory, in the order of their names. */
async function* manifestFiles(path: string, io: Io): AsyncGenerator<{ name: string; text: string }> {
  if (path === '-') {
    yield { name: 'standard input', text: await readAll(io.stdin) };
    return;
  }
  if ((await stat(path)).isDirectory()) {
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    const names = entries
      .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const name of names) yield { name, text: await readText(name) };
    return;
  }
  // A pipe has no size to check beforehand, so it is read with the same bound as standard input.
  if ((await stat(path)).isFile()) yield { name: path, text: await readText(path) };
  else yield { name: path, text: await readAll(createReadStream(path)) };
}

async function readText(path: string): Promise<string> {
  if ((await stat(path)).size > manifestBytes) throw tooLarge(path);
  return await readFile(path, 'utf8');
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > manifestBytes) throw tooLarge('standard input');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(file: string): TrowelError {
  return new TrowelError('too-large', { what: `more than ${manifestBytes >> 20} MiB of manifests`, where: { file } });
}

/**
 * Opens every image of a target, each reference once, in the order of their names.
 *
 * An image of a chart that cannot be opened is a gap; the only image of an image target is an error.
 */
export async function findTargetImages(
  target: Target,
  found: FoundUses,
  options: DigOptions,
  io: Io,
): Promise<OpenedImages> {
  if (target.kind === 'dir' || target.kind === 'file') {
    const none: OpenBlob = async () => {
      throw new TrowelError('internal', { what: 'what lies on this machine has no blobs' });
    };
    const image = await (target.kind === 'dir' ? directoryImage(target.path) : archiveImage(target.path));
    return { images: [image], gaps: [], openBlob: none, close: async () => {} };
  }
  const finder = openImages({ ...options.images, offline: options.offline, env: io.env, stdin: io.stdin });
  const images: Image[] = [];
  const gaps: Gap[] = [];
  try {
    const only = onlyImage(target);
    for (const wanted of only === null ? references(found.uses) : [only]) {
      const name = wanted.kind === 'reference' ? wanted.reference : wanted.path;
      io.progress({ kind: 'image', reference: name, state: 'open' });
      try {
        for (const image of await finder.find(wanted)) {
          const [problem] = image.problems;
          // A platform that was asked for and is not there comes back without layers.
          if (problem === undefined || image.layers.length > 0) images.push(image);
          else gaps.push(unreadImage(image, problem));
        }
      } catch (error) {
        if (only !== null || !isTrowelError(error)) throw error;
        io.progress({ kind: 'image', reference: name, state: 'failed' });
        gaps.push(imageGap(name, error));
      }
    }
    const [unread] = gaps;
    if (only !== null && images.length === 0 && unread !== undefined) {
      throw new TrowelError(unread.reason, { what: unread.detail, where: { reference: unread.subject } });
    }
  } catch (error) {
    await finder.close();
    throw error;
  }
  images.sort(by((image) => [image.id]));
  return { images, gaps, openBlob: finder.openBlob, close: () => finder.close() };
}

function unreadImage(image: Image, problem: ImageProblem): Gap {
  const { reason, detail } = problem;
  return { kind: 'image', reason, image: null, subject: image.id, detail, count: 1, bytes: 0 };
}

function onlyImage(target: Target): ImageTarget | null {
  switch (target.kind) {
    case 'image':
      return { kind: 'reference', reference: target.reference };
    case 'oci-dir':
    case 'oci-archive':
    case 'docker-archive':
      return { kind: target.kind, path: target.path, tag: target.tag };
    default:
      return null;
  }
}

/** References to open: what is certain or likely an image and could be read as one. */
function references(uses: readonly ImageUse[]): ImageTarget[] {
  const names = new Set(uses.map((use) => use.image).filter((image) => image !== ''));
  return [...names].sort().map((reference) => ({ kind: 'reference', reference }));
}

function imageGap(reference: string, error: TrowelError): Gap {
  const detail = error.todo === undefined ? error.what : `${error.what}; ${error.todo}`;
  return { kind: 'image', reason: error.code, image: null, subject: reference, detail, count: 1, bytes: 0 };
}
