import {
  compareText,
  type FileEntry,
  type FilesByPath,
  type FinalFiles,
  type LayerResult,
  pathsUnder,
  type VisibleFile,
} from '../model/index.js';
import { type HiddenRow, hidings, LayerStack } from './layer-stack.js';
import { none } from './name-tree.js';
import { ShownEntry } from './shown-entry.js';

/** A file that an upper layer took away or put another in the place of. */
export interface HiddenFile {
  readonly path: string;
  readonly file: VisibleFile;
  /** Index of the layer that hid it. */
  readonly by: number;
  readonly how: 'replaced' | 'whiteout' | 'opaque';
}

/** What the layers of an image add up to. Paths are sorted by `compareText`. Objects are made when they are asked for. */
export interface FinalImage {
  /**
   * Everything visible by its path in the image. `entry.path` is that path, also where the layer wrote it through a
   * symbolic link (`lib/x` where `lib` leads to `usr/lib`). A hard link to a symbolic link or a device is one too.
   * Directories that no entry states are not in here.
   */
  readonly files: FilesByPath;
  /** What is in a layer and not in the image, directories that were merged left out. */
  hidden(): readonly HiddenFile[];
  /** Hard links to nothing: their content is unknown. */
  danglingLinks(): readonly VisibleFile[];
  /** Follows links inside the image in every part of a path, at most 40, never out of it; null where nothing is there. */
  resolve(path: string): string | null;
  /** The file as its layer has it: where to read its bytes again. Hard and symbolic links are followed. */
  contentOf(path: string): VisibleFile | null;
  /**
   * The path in the image of what a layer has at `path`, null where that is hidden: records of cataloguers stand or
   * fall with it. A file whose own name is hidden is still there under the name of a hard link.
   */
  placed(layer: number, path: string): string | null;
  /**
   * The regular files, each group of hard links once, under its first path in sorted order. An entry has the content's
   * size and digests, `layer` is the one that brought the content.
   */
  readonly regular: FinalFiles;
}

/**
 * Lays layers over each other, lowest first; a layer that could not be read is null and only counts for the index.
 *
 * A layer's whiteouts hide what lower layers have, never its own entries. A directory over a directory merges; anything
 * else over a name replaces it with all that is below it. An entry goes where the links of lower layers (and of earlier
 * entries) lead its directory, as runtimes unpack it; a hard link takes what its target's name holds at that moment.
 * Throws TrowelError `too-large` where links lead through so many parts that following them would take hours.
 * Follows: OCI image-spec, layer.md, "Applying Changesets"; agrees with umoci's unpack.
 */
export function compose(layers: readonly (LayerResult | null)[]): FinalImage {
  const stack = new LayerStack(layers);
  const files = new FileView(stack);
  return {
    files,
    hidden: () => stack.hidden.map((one) => hiddenFile(stack, one)),
    danglingLinks: () => [...files.values()].filter(({ entry, layer }) => isDangling(stack, entry, layer)),
    resolve(path) {
      const node = stack.find(path, true);
      return node === none ? null : stack.tree.path(node);
    },
    contentOf(path) {
      const node = stack.find(path, true);
      return node === none ? null : contentAt(stack, node);
    },
    placed: (layer, path) => placed(stack, layer, path),
    regular: new RegularFiles(stack, files.order),
  };
}

function hiddenFile({ tables, tree }: LayerStack, { node, layer, row, by, how }: HiddenRow): HiddenFile {
  const entry = tables[layer]?.entry(row);
  if (entry === undefined) throw new RangeError(`no layer ${layer}`);
  const path = tree.path(node);
  return { path, file: { entry: { ...entry, path }, layer }, by, how: hidings[how] ?? 'replaced' };
}

function isDangling(stack: LayerStack, entry: FileEntry, layer: number): boolean {
  if (entry.type !== 'hardlink') return false;
  const node = stack.literal(entry.path);
  return stack.contentLayer(node) === layer && stack.contentRow(node) === stack.fileRow(node);
}

/** The content of a node as its layer has it. */
function contentAt(stack: LayerStack, node: number): VisibleFile | null {
  const layer = stack.contentLayer(node);
  const table = stack.tables[layer];
  return table === undefined || table === null ? null : { entry: table.entry(stack.contentRow(node)), layer };
}

function placed(stack: LayerStack, layer: number, path: string): string | null {
  const row = stack.rowOf(layer, path);
  if (row < 0) return null;
  const own = stack.placedAt(layer, row);
  if (own !== none && stack.fileLayer(own) === layer && stack.fileRow(own) === row) return stack.tree.path(own);
  let first: string | null = null;
  for (const node of stack.holders(layer, row)) {
    if (!stack.tree.isAlive(node) || stack.contentLayer(node) !== layer || stack.contentRow(node) !== row) continue;
    const place = stack.tree.path(node);
    if (first === null || compareText(place, first) < 0) first = place;
  }
  return first;
}

/** Everything visible, as a map that makes its values when they are asked for. */
class FileView implements FilesByPath {
  readonly #stack: LayerStack;
  /** Nodes that an entry states, by path. */
  readonly order: Uint32Array;

  constructor(stack: LayerStack) {
    this.#stack = stack;
    this.order = stack.tree.sorted((node) => stack.fileLayer(node) >= 0);
  }

  get size(): number {
    return this.order.length;
  }

  has(path: string): boolean {
    const node = this.#stack.literal(path);
    return node !== none && this.#stack.fileLayer(node) >= 0;
  }

  get(path: string): VisibleFile | undefined {
    const node = this.#stack.literal(path);
    return node === none ? undefined : this.#at(node, path);
  }

  *entries(): MapIterator<[string, VisibleFile]> {
    for (const node of this.order) {
      const path = this.#stack.tree.path(node);
      const file = this.#at(node, path);
      if (file !== undefined) yield [path, file];
    }
    return undefined;
  }

  *keys(): MapIterator<string> {
    for (const node of this.order) yield this.#stack.tree.path(node);
    return undefined;
  }

  under(folder: string): Iterable<string> {
    return pathsUnder(folder, this.order.length, (index) => this.#stack.tree.path(this.order[index] ?? none));
  }

  *values(): MapIterator<VisibleFile> {
    for (const [, file] of this.entries()) yield file;
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[string, VisibleFile]> {
    return this.entries();
  }

  forEach(action: (file: VisibleFile, path: string, map: ReadonlyMap<string, VisibleFile>) => void): void {
    for (const [path, file] of this.entries()) action(file, path, this);
  }

  /** An entry as the image shows it; a hard link to anything but a regular file is that thing under another name. */
  #at(node: number, path: string): VisibleFile | undefined {
    const stack = this.#stack;
    const layer = stack.fileLayer(node);
    const table = stack.tables[layer];
    if (table === undefined || table === null) return undefined;
    const row = stack.fileRow(node);
    const target = table.type(row) === 'hardlink' ? stack.contentType(node) : null;
    const other = target === null || target === 'hardlink' || target === 'file' ? null : stack.contentTable(node);
    const entry =
      other === null ? new ShownEntry(table, row, path) : new ShownEntry(other, stack.contentRow(node), path);
    return { entry, layer };
  }
}

/** The regular files as columns: eight bytes a file. */
class RegularFiles implements FinalFiles {
  readonly #stack: LayerStack;
  readonly #nodes: Uint32Array;
  /** By layer, by row of the content: index of the file plus one. */
  readonly #indexes: readonly Uint32Array[];

  constructor(stack: LayerStack, order: Uint32Array) {
    this.#stack = stack;
    this.#indexes = stack.tables.map((table) => new Uint32Array(table?.length ?? 0));
    const nodes = new Uint32Array(order.length);
    let count = 0;
    for (const node of order) {
      if (stack.contentType(node) !== 'file') continue;
      const index = this.#indexes[stack.contentLayer(node)];
      const row = stack.contentRow(node);
      if (index === undefined || index[row] !== 0) continue;
      index[row] = count + 1;
      nodes[count++] = node;
    }
    this.#nodes = nodes.slice(0, count);
  }

  get length(): number {
    return this.#nodes.length;
  }

  path(index: number): string {
    return this.#stack.tree.path(this.#node(index));
  }

  sizeBytes(index: number): number {
    const node = this.#node(index);
    return this.#stack.tables[this.#stack.contentLayer(node)]?.sizeBytes(this.#stack.contentRow(node)) ?? 0;
  }

  digest(index: number, algorithm: 'sha256' | 'md5' | 'sha1'): string | null {
    const node = this.#node(index);
    return this.#stack.tables[this.#stack.contentLayer(node)]?.[algorithm](this.#stack.contentRow(node)) ?? null;
  }

  at(index: number): VisibleFile {
    const node = this.#node(index);
    const table = this.#stack.contentTable(node);
    if (table === null) throw new RangeError(`no file ${index}`);
    const path = this.#stack.tree.path(node);
    return { entry: new ShownEntry(table, this.#stack.contentRow(node), path), layer: this.#stack.contentLayer(node) };
  }

  indexOf(path: string): number {
    const stack = this.#stack;
    const literal = stack.literal(path);
    // The folders of a path may be links; the file itself is taken as it is.
    const node = literal === none ? stack.find(path, false) : literal;
    if (node === none || stack.fileLayer(node) < 0 || stack.contentType(node) !== 'file') return -1;
    return (this.#indexes[stack.contentLayer(node)]?.[stack.contentRow(node)] ?? 0) - 1;
  }

  *[Symbol.iterator](): Generator<VisibleFile> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  #node(index: number): number {
    const node = this.#nodes[index];
    if (node === undefined) throw new RangeError(`no file ${index} among ${this.length}`);
    return node;
  }
}
