import { join } from 'node:path';
import { type BlobLocation, compareText, type Descriptor, type Image, TrowelError } from '../model/index.js';
import { type ArchiveTable, findMember, memberLocation, readMember } from './archive-table.js';
import { clip, digestOf } from './digest.js';
import { fileSize, readSmallFile } from './files.js';
import type { ImageSource } from './image-source.js';
import { type ImageIndex, type IndexEntry, manifestBytes, mediaTypes, parseManifest } from './manifest.js';
import { formatReference, type Reference, tryReference } from './reference.js';
import { type ResolveOptions, resolveImages } from './resolve-image.js';

/** The files of an OCI layout, in a directory or in an archive. Names are as image-layout.md has them. */
export interface LayoutFiles {
  readonly kind: Image['source'];
  readonly noun: string;
  /** As the user writes it, `oci-dir:PATH`. */
  readonly given: string;
  read(name: string, limitBytes: number): Promise<Uint8Array | null>;
  locate(name: string): Promise<BlobLocation | null>;
}

/** An image of a layout, under all names that its index gives it. */
interface NamedEntry extends IndexEntry {
  readonly names: readonly string[];
}

/** The layout in a directory. */
export function directoryFiles(path: string, kind: 'archive' | 'store', given: string): LayoutFiles {
  return {
    kind,
    noun: kind === 'store' ? 'the image store' : 'the layout',
    given,
    read: (name, limitBytes) => readSmallFile(join(path, name), limitBytes),
    async locate(name) {
      const file = join(path, name);
      const sizeBytes = await fileSize(file);
      return sizeBytes === null ? null : { kind: 'file', path: file, offset: 0, sizeBytes };
    },
  };
}

/** The layout in an image archive. */
export function archiveFiles(table: ArchiveTable, given: string): LayoutFiles {
  return {
    kind: 'archive',
    noun: table.fault === null ? 'the archive' : `the archive, of which only a part can be read (${table.fault.what}),`,
    given,
    read: (name, limitBytes) => readMember(table, name, limitBytes),
    async locate(name) {
      const member = findMember(table, name);
      return member === null ? null : memberLocation(table, member);
    },
  };
}

/** The images of a layout as a source of blobs. */
export function layoutSource(files: LayoutFiles): ImageSource {
  return {
    kind: files.kind,
    noun: files.noun,
    has: async (descriptor) => (await files.locate(blobName(descriptor.digest))) !== null,
    read: (descriptor, _role, limitBytes) => files.read(blobName(descriptor.digest), limitBytes),
    locate: (descriptor) => files.locate(blobName(descriptor.digest)),
  };
}

/**
 * The images of a layout under a tag, or its only image. A tag is the whole name of an image in the layout, the same
 * name written in full (`nginx:1` for `docker.io/library/nginx:1`), or the tag part of its name.
 *
 * Throws TrowelError `not-found` (no layout, no such tag) and `usage` (several images and none named), both with the
 * names that there are, and what `resolveImages` throws.
 * Follows: image-spec image-layout.md, annotations.md (`org.opencontainers.image.ref.name`).
 */
export async function findInLayout(
  files: LayoutFiles,
  tag: string | null,
  options: Pick<ResolveOptions, 'platforms' | 'allowBadDigest'>,
): Promise<readonly Image[]> {
  const index = await readLayoutIndex(files);
  if (index === null) {
    throw new TrowelError('not-found', {
      what: 'holds no OCI layout: there is no index.json',
      where: { file: files.given },
      todo: 'an OCI layout has the files oci-layout and index.json and the folder blobs',
    });
  }
  const entries = namedEntries(index);
  const found = tag === null ? entries : entries.filter((entry) => hasTag(entry, tag));
  const root = onlyRoot(found);
  if (root === null) throw noChoice(files, entries, found, tag);
  const reference = referenceOf(found, files.given, tag);
  const annotations = 'kind' in root ? {} : { ...index.annotations, ...root.annotations };
  return resolveImages(layoutSource(files), root, { ...options, reference, annotations });
}

/**
 * The images that a store keeps under a reference, or null where it has none. With a digest the digest decides, and
 * the image is found whether or not it has a name; otherwise the name written in full must be the same.
 */
export async function findInStore(
  files: LayoutFiles,
  reference: Reference,
  options: Pick<ResolveOptions, 'platforms' | 'allowBadDigest'>,
): Promise<readonly Image[] | null> {
  const index = await readLayoutIndex(files);
  if (index === null) {
    throw new TrowelError('not-found', {
      what: `${files.given} holds no OCI layout: there is no index.json`,
      where: { option: '--image-store' },
    });
  }
  const full = formatReference(reference);
  const entries = namedEntries(index);
  const found =
    reference.digest === null
      ? entries.filter((entry) => entry.names.some((name) => fullName(name) === full))
      : entries.filter((entry) => entry.descriptor.digest === reference.digest);
  const root = onlyRoot(found) ?? (await blobByDigest(files, reference.digest));
  if (root === null) return null;
  const annotations = 'kind' in root ? {} : { ...index.annotations, ...root.annotations };
  return resolveImages(layoutSource(files), root, { ...options, reference: full, annotations });
}

/** A manifest that a store holds below one of its indexes, found by its digest. */
async function blobByDigest(files: LayoutFiles, digest: string | null): Promise<Descriptor | null> {
  if (digest === null) return null;
  const bytes = await files.read(blobName(digest), manifestBytes);
  if (bytes === null || digestOf(bytes, digest) !== digest) return null;
  return { mediaType: '', digest, sizeBytes: bytes.length };
}

async function readLayoutIndex(files: LayoutFiles): Promise<ImageIndex | null> {
  const bytes = await files.read('index.json', manifestBytes);
  if (bytes === null) return null;
  const where = { file: files.given, entry: 'index.json' };
  const document = parseManifest(bytes, mediaTypes.ociIndex, where);
  if (document.kind === 'index') return document;
  throw new TrowelError('bad-bytes', { what: 'an image manifest where the index of the layout should be', where });
}

/** `blobs/sha256/…`; a digest that was narrowed holds no path. */
function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** What may be images, with their names; the same image under two names is one. */
function namedEntries(index: ImageIndex): readonly NamedEntry[] {
  const byDigest = new Map<string, NamedEntry>();
  for (const entry of index.entries) {
    if (entry.role === 'other') continue;
    const before = byDigest.get(entry.descriptor.digest);
    const names = new Set([...(before?.names ?? []), ...namesOf(entry.descriptor)]);
    byDigest.set(entry.descriptor.digest, { ...(before ?? entry), names: [...names].sort(compareText) });
  }
  return [...byDigest.values()];
}

/** containerd and docker write the name in full beside a bare tag, which then says no more. */
function namesOf(descriptor: Descriptor): readonly string[] {
  const full = descriptor.annotations?.['io.containerd.image.name'];
  const name = descriptor.annotations?.['org.opencontainers.image.ref.name'];
  return [full ?? name].filter((text) => text !== undefined && text !== '').map((text) => text ?? '');
}

/** The one image, or an index of several that share all names and differ in platform: one image in a flat layout. */
function onlyRoot(entries: readonly NamedEntry[]): Descriptor | ImageIndex | null {
  const [first] = entries;
  if (first === undefined) return null;
  if (entries.length === 1) return first.descriptor;
  const sameNames = entries.every((entry) => entry.names.join('\n') === first.names.join('\n'));
  const platforms = new Set(entries.map((entry) => JSON.stringify(entry.platform)));
  const named = entries.every((entry) => entry.platform !== null && entry.role === 'image');
  if (!sameNames || !named || platforms.size < entries.length) return null;
  return { kind: 'index', mediaType: mediaTypes.ociIndex, entries, annotations: {} };
}

function hasTag(entry: NamedEntry, tag: string): boolean {
  const full = fullName(tag);
  return entry.names.some((name) => {
    if (name === tag || entry.descriptor.digest === tag) return true;
    return isFullName(name) && ((full !== null && fullName(name) === full) || tryReference(name)?.tag === tag);
  });
}

/** The name as references are written in full, or null where it is none. */
function fullName(name: string): string | null {
  const reference = tryReference(name);
  return reference === null ? null : formatReference(reference);
}

/** Whether a name of a layout is an image's and not a tag alone. */
function isFullName(name: string): boolean {
  return (name.includes('/') || name.includes(':')) && tryReference(name) !== null;
}

/** What an image of a layout or archive is called: its name in full, else where it was found. */
export function referenceOf(
  entries: readonly { readonly names: readonly string[] }[],
  given: string,
  tag: string | null,
): string {
  const names = entries.flatMap((entry) => entry.names).filter(isFullName);
  const asked = tag === null ? undefined : names.find((name) => name === tag || fullName(name) === fullName(tag));
  const name = asked ?? names.sort(compareText)[0];
  const full = name === undefined ? null : fullName(name);
  return full ?? (tag === null ? given : `${given}:${tag}`);
}

/** Why no image was chosen, with the names that there are. */
export function noChoice(
  files: { readonly given: string; readonly noun: string },
  all: readonly { readonly names: readonly string[]; readonly descriptor?: Descriptor }[],
  found: readonly unknown[],
  tag: string | null,
): TrowelError {
  const where = { file: files.given };
  if (all.length === 0) return new TrowelError('not-found', { what: `${files.noun} holds no image`, where });
  const names = all.flatMap((entry) =>
    entry.names.length > 0 ? entry.names : [entry.descriptor?.digest ?? 'untagged'],
  );
  const listed = [...new Set(names)]
    .sort(compareText)
    .slice(0, 50)
    .map((name) => clip(name))
    .join(', ');
  if (tag !== null && found.length === 0) {
    const what = `${files.noun} has no image "${clip(tag)}"; there are ${listed}`;
    return new TrowelError('not-found', { what, where, todo: `write ${files.given}:TAG with one of them` });
  }
  const count = tag === null ? all.length : found.length;
  const what = `${files.noun} holds ${count} images${tag === null ? '' : ` "${clip(tag)}"`}: ${listed}`;
  return new TrowelError('usage', { what, where, todo: `name one: ${files.given}:TAG` });
}
