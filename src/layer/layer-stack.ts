import {
  FileIndex,
  type FileTable,
  type FileType,
  type LayerResult,
  startOf,
  TrowelError,
  type Whiteout,
} from '../model/index.js';
import { larger, NameTree, none, root } from './name-tree.js';

/** As many links in one path as Linux follows before it says ELOOP. */
const maxHops = 40;

/** PATH_MAX: the kernel follows no longer target. */
const maxTarget = 4096;

/** Steps for all entries of an image: links that lead through long paths could else take hours. */
const walkSteps = 500_000_000;

/** How a file was hidden, by its number in `HiddenRow.how`. */
export const hidings = ['replaced', 'whiteout', 'opaque'] as const;

/** What is hidden: node where it stood, layer and row that it is, layer that hid it, how. */
export interface HiddenRow {
  readonly node: number;
  readonly layer: number;
  readonly row: number;
  readonly by: number;
  readonly how: number;
}

const slash = 47;
const dot = 46;

/**
 * Layers laid over each other: a tree of names in which each node has the row of the table that is its entry, and the
 * row that is its content (another one where a hard link was bound).
 */
export class LayerStack {
  readonly tables: readonly (FileTable | null)[];
  readonly tree: NameTree;
  /** By node: layer and row of its entry, -1 for a folder that no entry states; and of its content. */
  #fileLayer = new Int16Array(0);
  #fileRow = new Int32Array(0);
  #contentLayer = new Int16Array(0);
  #contentRow = new Int32Array(0);
  /** By layer, by row: the node where it was put. */
  readonly #placedAt: readonly Int32Array[];
  /** Nodes that hold a content which has several names. */
  readonly #holders = new Map<number, Set<number>>();
  readonly #indexes: (FileIndex | null)[] = [];
  readonly hidden: HiddenRow[] = [];
  #steps = walkSteps;
  /** The folder of the entry before, while nothing changed that could lead its path elsewhere. */
  #folder = { layer: -1, start: 0, end: 0, node: root, steps: 0 };

  readonly #asked = { path: '', node: root, folder: '', folderNode: root };

  constructor(layers: readonly (LayerResult | null)[]) {
    this.tables = layers.map((layer) => layer?.entries ?? null);
    this.tree = new NameTree(this.tables.map((table) => table?.columns.paths ?? new Uint8Array(0)));
    this.#placedAt = this.tables.map((table) => new Int32Array(table?.length ?? 0).fill(none));
    this.#room();
    layers.forEach((layer, index) => {
      if (layer !== null) this.#apply(layer, index);
    });
  }

  /** Layer and row of a node's entry; layer -1 where no entry states it. */
  fileLayer(node: number): number {
    return this.#fileLayer[node] ?? -1;
  }

  fileRow(node: number): number {
    return this.#fileRow[node] ?? -1;
  }

  contentLayer(node: number): number {
    return this.#contentLayer[node] ?? -1;
  }

  contentRow(node: number): number {
    return this.#contentRow[node] ?? -1;
  }

  contentTable(node: number): FileTable | null {
    return this.tables[this.contentLayer(node)] ?? null;
  }

  contentType(node: number): FileType | null {
    return this.contentTable(node)?.type(this.contentRow(node)) ?? null;
  }

  /** Where a row of a layer was put, if it is still there. */
  placedAt(layer: number, row: number): number {
    const node = this.#placedAt[layer]?.[row] ?? none;
    return node !== none && this.tree.isAlive(node) ? node : none;
  }

  rowOf(layer: number, path: string): number {
    const table = this.tables[layer];
    if (table === null || table === undefined) return -1;
    const index = this.#indexes[layer] ?? new FileIndex(table.columns);
    this.#indexes[layer] = index;
    return index.rowOf(path);
  }

  /** Nodes that hold this content beside the one where it was put. */
  holders(layer: number, row: number): ReadonlySet<number> {
    return this.#holders.get(contentKey(layer, row)) ?? noNodes;
  }

  /**
   * The node of exactly this path, no link followed; only once all layers are laid over each other. Who asks for a path
   * mostly asks for it again, or for its neighbour.
   */
  literal(path: string): number {
    const asked = this.#asked;
    if (path === asked.path) return asked.node;
    const slashAt = path.lastIndexOf('/');
    const folder = slashAt < 0 ? '' : path.slice(0, slashAt);
    if (folder !== asked.folder) {
      asked.folderNode = this.#literalFrom(root, folder);
      asked.folder = folder;
    }
    asked.node = asked.folderNode === none ? none : this.#literalFrom(asked.folderNode, path.slice(slashAt + 1));
    asked.path = path;
    return asked.node;
  }

  #literalFrom(from: number, path: string): number {
    const bytes = Buffer.from(path);
    let node = from;
    for (let start = 0; start < bytes.length && node !== none; ) {
      let end = start;
      while (end < bytes.length && bytes[end] !== slash) end++;
      if (end > start) node = this.tree.child(node, bytes, start, end);
      start = end + 1;
    }
    return node;
  }

  /** As a reader inside the image would: links followed in every part; `last` tells whether in the last one too. */
  find(path: string, last: boolean): number {
    const bytes = Buffer.from(path);
    return this.#walk(root, bytes, 0, bytes.length, { last, make: null, spend: false });
  }

  #apply(layer: LayerResult, index: number): void {
    for (const whiteout of layer.whiteouts) this.#hide(whiteout, index);
    this.#folder = { layer: -1, start: 0, end: 0, node: root, steps: 0 };
    const unbound: number[] = [];
    for (let row = 0; row < layer.entries.length; row++) {
      if (!this.#place(layer.entries, row, index)) unbound.push(row);
    }
    // A tar that names the link before its target cannot be unpacked everywhere; here the target may still come.
    for (const row of unbound) this.#bind(layer.entries, row, index);
  }

  #bind(table: FileTable, row: number, index: number): void {
    const { paths, pathEnds } = table.columns;
    const start = startOf(pathEnds, row);
    const node = this.#walk(root, paths, start, pathEnds[row] ?? start, { last: false, make: null, spend: true });
    if (node === none || this.fileLayer(node) !== index) return;
    if (table.type(this.fileRow(node)) !== 'hardlink') return;
    const target = this.#target(table.link(row) ?? '');
    if (target === none) return;
    this.#setContent(node, this.contentLayer(target), this.contentRow(target));
    this.#hold(node);
  }

  #hide({ path, opaque }: Whiteout, index: number): void {
    const bytes = Buffer.from(path);
    const node = this.#walk(root, bytes, 0, bytes.length, { last: opaque, make: null, spend: true });
    if (node === none) return;
    if (opaque) this.#clear(node, index, 2);
    else if (node !== root) {
      this.#clear(node, index, 1);
      this.#note(node, index, 1);
      this.#forget(node);
      this.tree.remove(node);
    }
  }

  #clear(node: number, index: number, how: number): void {
    if (!this.tree.hasChildren(node)) return;
    for (const child of this.tree.below(node)) {
      this.#note(child, index, how);
      this.#forget(child);
      this.tree.remove(child);
    }
  }

  #note(node: number, by: number, how: number): void {
    const layer = this.fileLayer(node);
    if (layer >= 0) this.hidden.push({ node, layer, row: this.fileRow(node), by, how });
  }

  /** What held a place no longer does. */
  #forget(node: number): void {
    this.#fileLayer[node] = -1;
    this.#contentLayer[node] = -1;
  }

  /** Puts an entry in its place; false for a hard link whose target is not there yet. */
  #place(table: FileTable, row: number, index: number): boolean {
    const { paths, pathEnds } = table.columns;
    const start = startOf(pathEnds, row);
    const end = pathEnds[row] ?? start;
    let nameStart = end;
    while (nameStart > start && paths[nameStart - 1] !== slash) nameStart--;
    const folder = this.#folderOf(paths, start, nameStart - 1, index);
    const type = table.type(row);
    const target = type === 'hardlink' ? this.#target(table.link(row) ?? '') : none;
    const node = this.tree.make(folder, index, paths, nameStart, end);
    this.#room();
    if (target !== none && this.#sameContent(target, node)) return true;
    if (!(type === 'directory' && this.#isDirectory(node))) {
      if (this.#isLink(node) || this.tree.hasChildren(node) || node === this.#folder.node) this.#folder.layer = -1;
      this.#clear(node, index, 0);
      this.#note(node, index, 0);
    }
    if (type === 'symlink') this.#folder.layer = -1;
    this.#fileLayer[node] = index;
    this.#fileRow[node] = row;
    const placed = this.#placedAt[index];
    if (placed !== undefined) placed[row] = node;
    if (target === none) {
      this.#setContent(node, index, row);
      return type !== 'hardlink';
    }
    this.#setContent(node, this.contentLayer(target), this.contentRow(target));
    this.#hold(node);
    return true;
  }

  /** The folder in which an entry lies, made where it is missing. */
  #folderOf(paths: Uint8Array, start: number, end: number, index: number): number {
    if (end <= start) return root;
    const cached = this.#folder;
    if (cached.layer === index && cached.end - cached.start === end - start) {
      let at = 0;
      const length = end - start;
      while (at < length && paths[cached.start + at] === paths[start + at]) at++;
      if (at === length) {
        // Counted as if it were walked again: what is refused does not depend on what was remembered.
        this.#spend(cached.steps);
        return cached.node;
      }
    }
    const before = this.#steps;
    const found = this.#walk(root, paths, start, end, { last: true, make: index, spend: true });
    // Links that go round: no runtime could unpack this either. The name stands where the layer says.
    const node = found === none ? this.#literally(paths, start, end, index) : found;
    this.#toDirectory(node, index);
    this.#folder = { layer: index, start, end, node, steps: before - this.#steps };
    return node;
  }

  #literally(paths: Uint8Array, start: number, end: number, index: number): number {
    let node = root;
    for (let from = start; from < end; ) {
      let to = from;
      while (to < end && paths[to] !== slash) to++;
      this.#toDirectory(node, index);
      node = this.tree.make(node, index, paths, from, to);
      this.#room();
      from = to + 1;
    }
    return node;
  }

  /** The node that a hard link names, if it has something to link to. */
  #target(link: string): number {
    const bytes = Buffer.from(link);
    const node = this.#walk(root, bytes, 0, bytes.length, { last: false, make: null, spend: true });
    if (node === none || node === root) return none;
    const type = this.contentType(node);
    if (type === null || type === 'directory' || type === 'hardlink') return none;
    this.#hold(node);
    return node;
  }

  #hold(node: number): void {
    const key = contentKey(this.contentLayer(node), this.contentRow(node));
    const holders = this.#holders.get(key);
    if (holders === undefined) this.#holders.set(key, new Set([node]));
    else holders.add(node);
  }

  #sameContent(a: number, b: number): boolean {
    return (
      this.#contentLayer[b] !== -1 &&
      this.#contentLayer[a] === this.#contentLayer[b] &&
      this.#contentRow[a] === this.#contentRow[b]
    );
  }

  #setContent(node: number, layer: number, row: number): void {
    this.#contentLayer[node] = layer;
    this.#contentRow[node] = row;
  }

  #isDirectory(node: number): boolean {
    const type = this.contentType(node);
    return type === null || type === 'directory';
  }

  #isLink(node: number): boolean {
    return this.contentType(node) === 'symlink';
  }

  /** Something that is no directory gives way to the one that an entry below it needs. */
  #toDirectory(node: number, index: number): void {
    if (this.#isDirectory(node)) return;
    this.#folder.layer = -1;
    this.#clear(node, index, 0);
    this.#note(node, index, 0);
    this.#forget(node);
  }

  /**
   * Walks a path through the tree as the kernel would inside a chroot: links are followed in every part (in the last
   * one only with `last`), `..` stops at the root, absolute targets begin at it. `none` where nothing is there or links
   * go round; `make` says for which layer missing names are made, null for not at all. Throws `too-large` when the
   * steps are spent.
   */
  #walk(
    from: number,
    path: Uint8Array,
    pathStart: number,
    pathEnd: number,
    options: { readonly last: boolean; readonly make: number | null; readonly spend: boolean },
  ): number {
    let node = from;
    let bytes = path;
    let start = pathStart;
    let end = pathEnd;
    let hops = 0;
    while (start < end) {
      let to = start;
      while (to < end && bytes[to] !== slash) to++;
      if (options.spend) this.#spend(1);
      const length = to - start;
      if (length === 0 || (length === 1 && bytes[start] === dot)) {
        start = to + 1;
        continue;
      }
      if (length === 2 && bytes[start] === dot && bytes[start + 1] === dot) {
        if (node !== root) node = this.tree.parent(node);
        start = to + 1;
        continue;
      }
      let child = this.tree.child(node, bytes, start, to);
      if (child === none) {
        if (options.make === null) return none;
        this.#toDirectory(node, options.make);
        child = this.tree.make(node, bytes === path ? options.make : -1, bytes, start, to);
        this.#room();
      }
      const isLast = to >= end;
      start = to + 1;
      if ((isLast && !options.last) || !this.#isLink(child)) {
        node = child;
        continue;
      }
      hops += 1;
      if (hops > maxHops) return none;
      const target = this.tables[this.contentLayer(child)]?.link(this.contentRow(child)) ?? '';
      if (target.length > maxTarget) return none;
      if (target.startsWith('/')) node = root;
      const rest = isLast ? '' : `/${Buffer.from(bytes.subarray(start, end)).toString('utf8')}`;
      bytes = Buffer.from(`${target}${rest}`);
      start = 0;
      end = bytes.length;
    }
    return node;
  }

  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new TrowelError('too-large', { what: 'the links of the image lead too long ways' });
  }

  /** Columns as long as the tree. */
  #room(): void {
    if (this.tree.count <= this.#fileLayer.length) return;
    const old = this.#fileLayer.length;
    const size = Math.max(256, 2 * this.tree.count);
    this.#fileLayer = larger(this.#fileLayer, new Int16Array(size)).fill(-1, old);
    this.#fileRow = larger(this.#fileRow, new Int32Array(size));
    this.#contentLayer = larger(this.#contentLayer, new Int16Array(size)).fill(-1, old);
    this.#contentRow = larger(this.#contentRow, new Int32Array(size));
  }
}

const noNodes: ReadonlySet<number> = new Set();

function contentKey(layer: number, row: number): number {
  return layer * 2 ** 32 + row;
}
