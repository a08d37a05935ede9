import { compareText, type FileEntry, type LayerResult, type VisibleFile, type Whiteout } from '../model/index.js';
import { below, isDirectory, type Node, newNode, pathOf, walk, walkSteps } from './compose-tree.js';

/** A file that an upper layer took away or put another in the place of. */
export interface HiddenFile {
  readonly path: string;
  readonly file: VisibleFile;
  /** Index of the layer that hid it. */
  readonly by: number;
  readonly how: 'replaced' | 'whiteout' | 'opaque';
}

/** What the layers of an image add up to. Paths are sorted by `compareText`. */
export interface FinalImage {
  /**
   * Everything visible by its path in the image. `entry.path` is that path, also where the layer wrote it through a
   * symbolic link (`lib/x` where `lib` leads to `usr/lib`). A hard link to a symbolic link or a device is one too.
   * Directories that no entry states are not in here.
   */
  readonly files: ReadonlyMap<string, VisibleFile>;
  /** What is in a layer and not in the image, directories that were merged left out. */
  readonly hidden: readonly HiddenFile[];
  /** Hard links to nothing: their content is unknown. */
  readonly danglingLinks: readonly VisibleFile[];
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
   * The regular files, each group of hard links once, under its first path in sorted order. `entry` has the content's
   * size and digests, `layer` is the one that brought the content.
   */
  regularFiles(): readonly VisibleFile[];
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
  const stack = new Stack();
  layers.forEach((layer, index) => {
    if (layer !== null) stack.apply(layer, index);
  });
  return stack.image();
}

class Stack {
  readonly #root = newNode('', null);
  readonly #hidden: HiddenFile[] = [];
  /** Nodes by the content they hold, for what was reached through links: `moved` entries and hard-linked ones. */
  readonly #holders = new Map<VisibleFile, Set<Node>>();
  /** Content by layer and path in it, only for `#holders`. */
  readonly #origins: Map<string, VisibleFile>[] = [];
  readonly #budget = { steps: walkSteps };

  apply(layer: LayerResult, index: number): void {
    for (const whiteout of layer.whiteouts) this.#hide(whiteout, index);
    const unbound: FileEntry[] = [];
    for (const entry of layer.entries) {
      if (!this.#place(entry, index)) unbound.push(entry);
    }
    // A tar that names the link before its target cannot be unpacked everywhere; here the target may still come.
    for (const entry of unbound) this.#bind(entry, index);
  }

  #bind(entry: FileEntry, index: number): void {
    const node = walk(this.#root, entry.path, { last: false, budget: this.#budget });
    if (node === null || node.file?.layer !== index || node.file.entry.type !== 'hardlink') return;
    const target = this.#target(entry);
    if (target === null) return;
    node.file = { entry: stated(node.file.entry, target, pathOf(node)), layer: index };
    node.content = target;
    this.#hold(node, target);
  }

  #hide(whiteout: Whiteout, index: number): void {
    const node = walk(this.#root, whiteout.path, { last: whiteout.opaque, budget: this.#budget });
    if (node === null) return;
    if (whiteout.opaque) this.#clear(node, index, 'opaque');
    else if (node.parent !== null) this.#remove(node, index, 'whiteout');
  }

  #clear(node: Node, index: number, how: HiddenFile['how']): void {
    for (const child of below(node)) this.#note(child, index, how);
    node.children = null;
  }

  #remove(node: Node, index: number, how: HiddenFile['how']): void {
    this.#clear(node, index, how);
    this.#note(node, index, how);
    node.parent?.children?.delete(node.name);
  }

  #note(node: Node, index: number, how: HiddenFile['how']): void {
    if (node.file !== null) this.#hidden.push({ path: pathOf(node), file: node.file, by: index, how });
  }

  /** Puts an entry in its place; false for a hard link whose target is not there yet. */
  #place(entry: FileEntry, index: number): boolean {
    const slash = entry.path.lastIndexOf('/');
    const make = (at: Node, name: string): Node => this.#child(at, name, index);
    const parent =
      slash < 0 ? this.#root : walk(this.#root, entry.path.slice(0, slash), { last: true, make, budget: this.#budget });
    // Links that go round: no runtime could unpack this either. The name stands where the layer says.
    const dir = parent ?? this.#literal(entry.path.slice(0, slash), index);
    this.#directory(dir, index);
    const name = entry.path.slice(slash + 1);
    const target = entry.type === 'hardlink' ? this.#target(entry) : null;
    const node = this.#child(dir, name, index);
    // A link to itself changes nothing.
    if (target !== null && target === node.content) return true;
    if (!(entry.type === 'directory' && isDirectory(node))) this.#replace(node, index);
    const path = pathOf(node);
    const own: VisibleFile = { entry: stated(entry, target, path), layer: index };
    const content = target ?? (path === entry.path ? own : { entry, layer: index });
    node.file = own;
    node.content = content;
    if (content !== own) this.#hold(node, content);
    return entry.type !== 'hardlink' || target !== null;
  }

  #target(entry: FileEntry): VisibleFile | null {
    const node = walk(this.#root, entry.link ?? '', { last: false, budget: this.#budget });
    const content = node?.content ?? null;
    if (node === null || content === null) return null;
    if (content.entry.type === 'directory' || content.entry.type === 'hardlink') return null;
    this.#hold(node, content);
    return content;
  }

  #hold(node: Node, content: VisibleFile): void {
    const holders = this.#holders.get(content);
    if (holders === undefined) this.#holders.set(content, new Set([node]));
    else holders.add(node);
    const origins = this.#origins[content.layer] ?? new Map<string, VisibleFile>();
    this.#origins[content.layer] = origins;
    origins.set(content.entry.path, content);
  }

  #child(parent: Node, name: string, index: number): Node {
    this.#directory(parent, index);
    const children = parent.children ?? new Map<string, Node>();
    parent.children = children;
    const child = children.get(name) ?? newNode(name, parent);
    children.set(name, child);
    return child;
  }

  /** Something that is no directory gives way to the one that an entry below it needs. */
  #directory(node: Node, index: number): void {
    if (isDirectory(node)) return;
    this.#replace(node, index);
    node.file = null;
    node.content = null;
  }

  #literal(path: string, index: number): Node {
    let at = this.#root;
    for (const part of path.split('/')) at = this.#child(at, part, index);
    return at;
  }

  #replace(node: Node, index: number): void {
    this.#clear(node, index, 'replaced');
    this.#note(node, index, 'replaced');
  }

  image(): FinalImage {
    const nodes = [...below(this.#root)].filter((node) => node.file !== null);
    const paths = new Map<string, Node>();
    for (const node of nodes) paths.set(pathOf(node), node);
    const sorted = [...paths].sort((a, b) => compareText(a[0], b[0]));
    const files = new Map<string, VisibleFile>();
    for (const [path, node] of sorted) if (node.file !== null) files.set(path, node.file);
    const root = this.#root;
    return {
      files,
      hidden: this.#hidden,
      danglingLinks: [...files.values()].filter(
        (file) => file.entry.type === 'hardlink' && paths.get(file.entry.path)?.content === file,
      ),
      resolve: (path) => {
        const node = walk(root, path, { last: true });
        return node === null ? null : pathOf(node);
      },
      contentOf: (path) => walk(root, path, { last: true })?.content ?? null,
      placed: (layer, path) => this.#placed(paths, layer, path),
      regularFiles: () => regularFiles(sorted),
    };
  }

  #placed(paths: ReadonlyMap<string, Node>, layer: number, path: string): string | null {
    const own = paths.get(path);
    if (own?.file?.layer === layer && (own.file.entry.type === 'hardlink' || own.content?.entry.path === path))
      return path;
    const content = this.#origins[layer]?.get(path);
    if (content === undefined) return null;
    let first: string | null = null;
    for (const node of this.#holders.get(content) ?? []) {
      const place = pathOf(node);
      if (node.content !== content || paths.get(place) !== node) continue;
      if (first === null || compareText(place, first) < 0) first = place;
    }
    return first;
  }
}

/** An entry as the image shows it; a hard link to anything but a regular file is that thing under another name. */
function stated(entry: FileEntry, target: VisibleFile | null, path: string): FileEntry {
  if (target !== null && target.entry.type !== 'file') return { ...target.entry, path };
  return path === entry.path ? entry : { ...entry, path };
}

function regularFiles(sorted: readonly (readonly [string, Node])[]): VisibleFile[] {
  const seen = new Set<VisibleFile>();
  const found: VisibleFile[] = [];
  for (const [path, { content }] of sorted) {
    if (content === null || content.entry.type !== 'file' || seen.has(content)) continue;
    seen.add(content);
    found.push(content.entry.path === path ? content : { entry: { ...content.entry, path }, layer: content.layer });
  }
  return found;
}
