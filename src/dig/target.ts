import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Io, isTrowelError, type TargetKind, TrowelError, targetKinds } from '../model/index.js';
import { formatReference, parseReference } from '../oci/index.js';
import { decompress, readTar, sniffCompression } from '../pack/index.js';
import type { ChartPlace, ChartReference } from '../repository/index.js';

/** What a dig starts from. `takenFor` says in words what a bare argument was taken for. */
export type Target = { readonly given: string; readonly takenFor: string } & (
  | { readonly kind: 'chart'; readonly place: ChartPlace }
  | { readonly kind: 'dir' | 'file' | 'manifests'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'oci-dir' | 'oci-archive' | 'docker-archive'; readonly path: string; readonly tag: string | null }
);

/** Named, so that their prefix is not taken for a registry's host; not read. */
const named: readonly TargetKind[] = ['release', 'cluster'];
const known = targetKinds.filter((kind) => !named.includes(kind));

/** What decides beside the word itself what a target is. */
export interface TargetWorld {
  /** `--repo`: a word that is no path is then a chart's name. */
  readonly repo: string | null;
  readonly env: Io['env'];
}

/**
 * Reads TARGET as CONTRACT has it: a prefix decides; a bare argument is tried as a path, then as a chart (a URL,
 * `oci://`, a name with `--repo`, ALIAS/NAME of the user's Helm repositories), then as an image reference.
 *
 * Throws TrowelError `usage` for a prefix that is not supported, `not-found` for a path that is not there and is no
 * reference either, `bad-bytes` for a file that is none of the things that can be dug.
 */
export async function readTarget(given: string, world: TargetWorld): Promise<Target> {
  const colon = given.indexOf(':');
  const prefix = colon === -1 ? '' : given.slice(0, colon);
  const rest = given.slice(colon + 1);
  const kind = known.find((name) => name === prefix);
  if (kind === 'chart') return { given, takenFor: kind, kind, place: await chartPlace(rest, given, world) };
  if (kind !== undefined) return await withPrefix(kind, rest, given);
  if (named.some((name) => name === prefix)) {
    throw new TrowelError('usage', {
      what: `this version cannot dig a ${prefix}`,
      where: { reference: given },
      todo: 'give a chart, an image, an image archive or manifests',
    });
  }
  return await bare(given, world);
}

/**
 * The place of a chart: a path that exists, or a reference. Throws TrowelError `usage`, `not-found`, `bad-reference`.
 * Follows: helm pkg/action/install.go (LocateChart).
 */
export async function chartPlace(text: string, given: string, world: Pick<TargetWorld, 'repo'>): Promise<ChartPlace> {
  if (text === '') throw new TrowelError('usage', { what: 'nothing after chart:', where: { reference: given } });
  if ((await kindOf(text)) !== null) return { kind: 'path', path: text };
  if (/^(?:[./\\]|[a-zA-Z]:[\\/])/.test(text)) throw notThere(text);
  const { parseChartReference } = await import('../repository/index.js');
  return parseChartReference(text, world.repo);
}

async function withPrefix(kind: TargetKind, rest: string, given: string): Promise<Target> {
  const takenFor = kind;
  if (rest === '') throw new TrowelError('usage', { what: `nothing after ${kind}:`, where: { reference: given } });
  switch (kind) {
    case 'image':
      return { given, takenFor, kind, reference: formatReference(parseReference(rest)) };
    case 'dir':
      await mustExist(rest);
      if ((await kindOf(rest)) !== 'directory') {
        throw new TrowelError('bad-bytes', {
          what: 'no directory',
          where: { file: rest },
          todo: 'dig it without dir:',
        });
      }
      return { given, takenFor, kind, path: rest };
    case 'file':
      await mustExist(rest);
      if ((await kindOf(rest)) === 'directory') {
        throw new TrowelError('bad-bytes', {
          what: 'a directory, and no file',
          where: { file: rest },
          todo: `dig it as a root file system with dir:${rest}`,
        });
      }
      return { given, takenFor, kind, path: rest };
    case 'manifests':
      if (rest !== '-') await mustExist(rest);
      return { given, takenFor, kind, path: rest };
    case 'oci-dir':
    case 'oci-archive':
    case 'docker-archive':
      return { given, takenFor, kind, ...(await splitTag(rest)) };
    default:
      throw new TrowelError('usage', { what: `this version cannot dig a ${kind}`, where: { reference: given } });
  }
}

/** `PATH[:TAG]`: a path that exists as written has no tag. */
async function splitTag(text: string): Promise<{ path: string; tag: string | null }> {
  if (text === '-' || (await kindOf(text)) !== null) return { path: text, tag: null };
  // The first colon behind which the path exists: tags hold colons too, when they are whole references.
  for (let at = text.indexOf(':', 1); at !== -1; at = text.indexOf(':', at + 1)) {
    const path = text.slice(0, at);
    if (path === '-' || (await kindOf(path)) !== null) return { path, tag: text.slice(at + 1) };
  }
  throw notThere(text);
}

async function bare(given: string, world: TargetWorld): Promise<Target> {
  const what = await kindOf(given);
  if (what === 'directory') return await directory(given);
  if (what === 'file') return await file(given);
  if (/^\.{0,2}\//.test(given)) throw notThere(given);
  const reference = await fetchedChart(given, world);
  if (reference !== null) {
    const { describeReference } = await import('../repository/index.js');
    return { given, takenFor: describeReference(reference), kind: 'chart', place: reference };
  }
  try {
    return { given, takenFor: 'an image reference', kind: 'image', reference: formatReference(parseReference(given)) };
  } catch (error) {
    if (!isTrowelError(error, 'bad-reference')) throw error;
    throw new TrowelError('not-found', {
      what: 'neither a path nor a chart of helm repo list nor an image reference',
      where: { reference: given },
      todo: error.what,
      cause: error,
    });
  }
}

/** A chart that is to be fetched, or null where the word is none. */
async function fetchedChart(given: string, { repo, env }: TargetWorld): Promise<ChartReference | null> {
  const slash = given.indexOf('/');
  const isUrl = /^(?:oci|https?):\/\//i.test(given);
  if (!isUrl && repo === null && slash < 1) return null;
  const { helmPlaces, parseChartReference, readRepositories } = await import('../repository/index.js');
  if (isUrl || repo !== null) return parseChartReference(given, repo);
  const alias = given.slice(0, slash);
  const entries = await readRepositories(helmPlaces(env).repositories).catch((error: unknown) => {
    // A broken list is in nobody's way who names an image by its registry.
    if (isTrowelError(error) && /[.:]|^localhost$/.test(alias)) return [];
    throw error;
  });
  return entries.some((entry) => entry.name === alias) ? parseChartReference(given, null) : null;
}

async function directory(given: string): Promise<Target> {
  const has = async (name: string): Promise<boolean> => (await kindOf(join(given, name))) === 'file';
  if (await has('Chart.yaml'))
    return { given, takenFor: 'a chart in a directory', kind: 'chart', place: { kind: 'path', path: given } };
  if (await has('oci-layout')) return { given, takenFor: 'an OCI layout', kind: 'oci-dir', path: given, tag: null };
  throw new TrowelError('bad-bytes', {
    what: 'a directory without Chart.yaml or oci-layout',
    where: { file: given },
    todo: `dig it as a root file system with dir:${given}, or as Kubernetes objects with manifests:${given}`,
  });
}

async function file(given: string): Promise<Target> {
  if (/\.(ya?ml|json)$/i.test(given)) {
    return { given, takenFor: 'a file of Kubernetes objects', kind: 'manifests', path: given };
  }
  switch (await sniffArchive(given)) {
    case 'chart':
      return { given, takenFor: 'a packaged chart', kind: 'chart', place: { kind: 'path', path: given } };
    case 'oci-archive':
      return { given, takenFor: 'an OCI image archive', kind: 'oci-archive', path: given, tag: null };
    case 'docker-archive':
      return { given, takenFor: 'a docker image archive', kind: 'docker-archive', path: given, tag: null };
    case null:
      throw new TrowelError('bad-bytes', {
        what: 'no chart, no image archive, no file of Kubernetes objects',
        where: { file: given },
        todo: 'say what it is: file:PATH (a program, package or tarball), chart:PATH, oci-archive:PATH, docker-archive:PATH, manifests:PATH',
      });
  }
}

/** Ends the reading of an archive once its names have said what it is. */
class Known extends Error {}

/** What the names of its entries say an archive is; reads no further than the first that says it. */
async function sniffArchive(path: string): Promise<'chart' | 'oci-archive' | 'docker-archive' | null> {
  let found: 'chart' | 'oci-archive' | 'docker-archive' | null = null;
  const handler = {
    entry: (header: { path: string }): null => {
      const name = header.path.replace(/^\.\//, '');
      if (/^[^/]+\/Chart\.yaml$/.test(name)) found = 'chart';
      else if (name === 'manifest.json') found = 'docker-archive';
      else if (name === 'oci-layout' || name === 'index.json') {
        // An archive in both shapes is read as OCI: that one names digests.
        found = 'oci-archive';
      } else return null;
      throw new Known();
    },
  };
  const stream = createReadStream(path, { highWaterMark: 1 << 16 });
  try {
    const limits = { entries: 1_000_000, pathBytes: 1 << 16, totalBytes: Number.MAX_SAFE_INTEGER };
    await readTar(decompress(stream, await compressionOf(path)), handler, limits);
  } catch (error) {
    if (!(error instanceof Known) && !isTrowelError(error)) throw error;
  } finally {
    stream.destroy();
  }
  return found;
}

async function compressionOf(path: string): Promise<ReturnType<typeof sniffCompression>> {
  for await (const chunk of createReadStream(path, { end: 15 })) {
    if (chunk instanceof Uint8Array) return sniffCompression(chunk);
  }
  return 'none';
}

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? 'directory' : 'file';
  } catch {
    return null;
  }
}

async function mustExist(path: string): Promise<void> {
  if ((await kindOf(path)) === null) throw notThere(path);
}

function notThere(path: string): TrowelError {
  return new TrowelError('not-found', { what: 'no such file or directory', where: { file: path } });
}
