import { createHash } from 'node:crypto';
import type {
  CatalogFile,
  CatalogGap,
  CatalogRecord,
  Cataloguer,
  FileEntry,
  FileHead,
  JsonValue,
  ReadResult,
  VisibleFile,
} from '../model/index.js';
import { assertDeclaredComponent, assertDeclaredFile } from './about.test.support.js';
import { type CatalogImageInput, catalogImage, type ImageCatalog } from './catalog-image.js';
import { cataloguers, everyCataloguer } from './list.js';

/** A file of a test image: its bytes or text, or `{ link }` for a symbolic link, or null for one that is removed. */
export type TestContent = string | Uint8Array | { readonly link: string } | null;
export type TestLayer = Readonly<Record<string, TestContent>>;

export interface TestImage extends CatalogImageInput {
  readonly files: ReadonlyMap<string, VisibleFile>;
  readonly regular: readonly VisibleFile[];
}

function bytesOf(content: TestContent): Uint8Array | null {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : null;
}

function entryOf(path: string, content: TestContent): FileEntry {
  const bytes = bytesOf(content);
  const link = content !== null && typeof content === 'object' && 'link' in content ? content.link : null;
  const digest = (algorithm: string): string =>
    createHash(algorithm)
      .update(bytes ?? '')
      .digest('hex');
  return {
    path,
    type: link === null ? 'file' : 'symlink',
    mode: 0o755,
    uid: 0,
    gid: 0,
    sizeBytes: bytes?.length ?? 0,
    link,
    sha256: bytes === null ? null : digest('sha256'),
    ...(bytes === null ? {} : { md5: digest('md5'), sha1: digest('sha1') }),
    content: sniff(bytes),
  };
}

function sniff(bytes: Uint8Array | null): FileEntry['content'] {
  if (bytes === null) return 'none';
  if (bytes.length === 0) return 'empty';
  if (bytes[0] === 0x7f && bytes[1] === 0x45) return 'elf';
  return bytes[0] === 0x23 && bytes[1] === 0x21 ? 'script' : 'text';
}

export function fileOf(path: string, bytes: Uint8Array, mode = 0o755): CatalogFile {
  const head: FileHead = { path, type: 'file', mode, sizeBytes: bytes.length, link: null };
  return {
    head,
    sizeBytes: bytes.length,
    slice: (offset, length) => bytes.subarray(offset, offset + length),
    bytes: () => bytes,
  };
}

/** What one cataloguer reads in one file, or null where it does not want it. */
export function readWith(cataloguer: Cataloguer, path: string, content: string | Uint8Array): ReadResult | null {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = fileOf(path, bytes);
  if (!cataloguer.wants(file.head, bytes.subarray(0, 4096))) return null;
  assertDeclaredFile(cataloguer, path, bytes);
  return cataloguer.read(file);
}

/** Layers of test files, read by all cataloguers and composed; records go through JSON as they do in the store. */
export function testImage(...layers: readonly TestLayer[]): TestImage {
  return imageOf(layers, cataloguers);
}

/** The same, read by these cataloguers. */
export function imageOf(layers: readonly TestLayer[], list: readonly Cataloguer[]): TestImage {
  const files = new Map<string, VisibleFile>();
  const read = layers.map((layer, index) => {
    const records: CatalogRecord[] = [];
    const gaps: CatalogGap[] = [];
    for (const [path, content] of Object.entries(layer)) {
      if (content === null) {
        files.delete(path);
        continue;
      }
      files.set(path, { entry: entryOf(path, content), layer: index });
      const bytes = bytesOf(content);
      if (bytes === null) continue;
      for (const one of list) {
        const result = readWith(one, path, bytes);
        for (const record of result?.records ?? []) records.push({ by: one.name, path, data: throughJson(record) });
        for (const gap of result?.gaps ?? []) gaps.push({ by: one.name, path, ...gap });
      }
    }
    return { records, gaps };
  });
  addFolders(files);
  const regular = [...files.values()].filter(({ entry }) => entry.type === 'file');
  return { layers: read, files, regular, resolve: (path) => resolveIn(files, path) };
}

function throughJson(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value));
}

function addFolders(files: Map<string, VisibleFile>): void {
  for (const path of [...files.keys()]) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (files.has(folder)) continue;
      files.set(folder, {
        entry: { ...entryOf(folder, null), type: 'directory' },
        layer: 0,
      });
    }
  }
}

/** Follows links in every part of a path, inside the image, at most 40. Linear in the path, whatever it holds. */
export function resolveIn(files: ReadonlyMap<string, VisibleFile>, path: string): string | null {
  const partsOf = (text: string): string[] =>
    text
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .reverse();
  // What is left, the next part last.
  const rest = partsOf(path);
  let done = '';
  let hops = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === '..') {
      done = done.slice(0, Math.max(0, done.lastIndexOf('/')));
      continue;
    }
    const place = done === '' ? part : `${done}/${part}`;
    const entry = files.get(place)?.entry;
    if (entry === undefined) return null;
    if (entry.type !== 'symlink') {
      done = place;
      continue;
    }
    if (++hops > 40) return null;
    if (entry.link?.startsWith('/') === true) done = '';
    for (const one of partsOf(entry.link ?? '')) rest.push(one);
  }
  return done;
}

export function catalogued(...layers: readonly TestLayer[]): ImageCatalog {
  const catalog = catalogImage(testImage(...layers));
  for (const one of catalog.components) assertDeclaredComponent(everyCataloguer, one);
  return catalog;
}
