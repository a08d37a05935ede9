import { compareText, hashOf, sameBytes } from '../model/index.js';

/** The root of every tree. */
export const root = 0;
/** No node. */
export const none = -1;

/**
 * A tree of names as columns: a node is a number, its name a stretch of bytes that somebody else holds already (the
 * paths of a layer's table). About 35 bytes a node, and nothing for the garbage collector to walk through.
 *
 * A node that is removed stays where it is and is only not alive; the same name under the same parent wakes it again.
 */
export class NameTree {
  /** Texts in which names lie; the last one grows with names that lie nowhere else. */
  readonly #texts: Buffer[];
  #own = Buffer.alloc(1024);
  #ownLength = 0;
  #count = 1;
  #capacity = 0;
  #parent = new Int32Array(0);
  /** Index in `#texts`, -1 for `#own`. */
  #text = new Int16Array(0);
  #start = new Uint32Array(0);
  #length = new Uint16Array(0);
  #firstChild = new Int32Array(0);
  #nextSibling = new Int32Array(0);
  #alive = new Uint8Array(0);
  /** The folder of the path that was asked for last, with a slash behind it. */
  #lastParent = root;
  #lastPath = '';
  /** Node number plus one, by hash of parent and name; 0 is free. */
  #slots = new Uint32Array(64);

  constructor(texts: readonly Uint8Array[]) {
    this.#texts = texts.map((text) => Buffer.from(text.buffer, text.byteOffset, text.length));
    this.#grow(64);
    this.#parent[root] = none;
    this.#firstChild[root] = none;
    this.#nextSibling[root] = none;
    this.#alive[root] = 1;
    this.#text[root] = -1;
  }

  /** How many numbers of nodes there are, dead ones included. */
  get count(): number {
    return this.#count;
  }

  parent(node: number): number {
    return this.#parent[node] ?? none;
  }

  isAlive(node: number): boolean {
    return this.#alive[node] === 1;
  }

  /** The child of this name, or `none`. */
  child(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const found = (this.#slots[this.#slotOf(parent, bytes, start, end)] ?? 0) - 1;
    return found >= 0 && this.#alive[found] === 1 ? found : none;
  }

  /** The child of this name, made where there is none. `text` says which of the texts `bytes` is, -1 for none of them. */
  make(parent: number, text: number, bytes: Uint8Array, start: number, end: number): number {
    let slot = this.#slotOf(parent, bytes, start, end);
    const found = (this.#slots[slot] ?? 0) - 1;
    if (found >= 0) {
      this.#alive[found] = 1;
      return found;
    }
    if (2 * (this.#count + 1) > this.#slots.length) {
      this.#rehash();
      slot = this.#slotOf(parent, bytes, start, end);
    }
    const node = this.#count++;
    if (node === this.#capacity) this.#grow(2 * node);
    this.#parent[node] = parent;
    this.#text[node] = text;
    this.#start[node] = text < 0 ? this.#copy(bytes, start, end) : start;
    this.#length[node] = end - start;
    this.#firstChild[node] = none;
    this.#nextSibling[node] = this.#firstChild[parent] ?? none;
    this.#firstChild[parent] = node;
    this.#alive[node] = 1;
    this.#slots[slot] = node + 1;
    return node;
  }

  /** The node only: what is below it is the caller's to remove first. */
  remove(node: number): void {
    this.#alive[node] = 0;
  }

  /** The living children, the latest first. */
  *children(node: number): Generator<number> {
    for (let child = this.#firstChild[node] ?? none; child !== none; child = this.#nextSibling[child] ?? none) {
      if (this.#alive[child] === 1) yield child;
    }
  }

  hasChildren(node: number): boolean {
    for (let child = this.#firstChild[node] ?? none; child !== none; child = this.#nextSibling[child] ?? none) {
      if (this.#alive[child] === 1) return true;
    }
    return false;
  }

  /** All living nodes under one, itself left out; they may be removed meanwhile. */
  *below(node: number): Generator<number> {
    const waiting = [...this.children(node)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const child of this.children(next)) waiting.push(child);
      yield next;
    }
  }

  name(node: number): string {
    const bytes = this.#textOf(node);
    const start = this.#start[node] ?? 0;
    return bytes.toString('utf8', start, start + (this.#length[node] ?? 0));
  }

  path(node: number): string {
    if (node === root) return '';
    const parent = this.parent(node);
    // Who asks for one file mostly asks for its neighbours next. Names and parents never change.
    if (parent !== this.#lastParent) {
      let path = '';
      for (let at = parent; at !== none && at !== root; at = this.parent(at)) path = `${this.name(at)}/${path}`;
      this.#lastParent = parent;
      this.#lastPath = path;
    }
    return this.#lastPath + this.name(node);
  }

  /** Living nodes that `wanted` says yes to, in the order of their whole paths (`compareText`). */
  sorted(wanted: (node: number) => boolean): Uint32Array {
    const found: number[] = [];
    // What is to be visited, last first: a node and whether what is below it is meant, as one number.
    const waiting: number[] = [];
    const open = (node: number): void => {
      const items: number[] = [];
      for (const child of this.children(node)) {
        if (wanted(child)) items.push(2 * child);
        if (this.hasChildren(child)) items.push(2 * child + 1);
      }
      items.sort((a, b) => this.#compareItems(b, a));
      for (const item of items) waiting.push(item);
    };
    open(root);
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      if (item % 2 === 1) open((item - 1) / 2);
      else found.push(item / 2);
    }
    return Uint32Array.from(found);
  }

  /** Siblings by name; what is below one stands where its name with a slash behind it does. */
  #compareItems(a: number, b: number): number {
    const left = a >> 1;
    const right = b >> 1;
    const x = this.#textOf(left);
    const y = this.#textOf(right);
    const xAt = this.#start[left] ?? 0;
    const yAt = this.#start[right] ?? 0;
    const xLength = this.#length[left] ?? 0;
    const yLength = this.#length[right] ?? 0;
    const most = Math.min(xLength, yLength);
    let at = 0;
    while (at < most && x[xAt + at] === y[yAt + at]) at++;
    const xByte = at < xLength ? (x[xAt + at] ?? 0) : at === xLength && (a & 1) === 1 ? slash : -1;
    const yByte = at < yLength ? (y[yAt + at] ?? 0) : at === yLength && (b & 1) === 1 ? slash : -1;
    // Bytes of UTF-8 sort as code points; the order of texts is that of UTF-16.
    if (xByte > 127 && yByte > 127) return compareText(this.name(left), this.name(right));
    return xByte === yByte ? a - b : xByte - yByte;
  }

  #textOf(node: number): Buffer {
    const index = this.#text[node] ?? -1;
    return index < 0 ? this.#own : (this.#texts[index] ?? this.#own);
  }

  #slotOf(parent: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(bytes, start, end, seedOf(parent)) & mask; ; slot = (slot + 1) & mask) {
      const node = (this.#slots[slot] ?? 0) - 1;
      if (node < 0) return slot;
      if (this.#parent[node] !== parent || this.#length[node] !== end - start) continue;
      const at = this.#start[node] ?? 0;
      if (sameBytes(this.#textOf(node), at, at + (end - start), bytes, start, end)) return slot;
    }
  }

  #rehash(): void {
    const slots = new Uint32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let node = 1; node < this.#count; node++) {
      const at = this.#start[node] ?? 0;
      const end = at + (this.#length[node] ?? 0);
      let slot = hashOf(this.#textOf(node), at, end, seedOf(this.#parent[node] ?? 0)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }

  #copy(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#ownLength;
    if (at + end - start > this.#own.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#own.length, at + end - start));
      larger.set(this.#own);
      this.#own = larger;
    }
    this.#own.set(bytes.subarray(start, end), at);
    this.#ownLength += end - start;
    return at;
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.#parent = larger(this.#parent, new Int32Array(capacity));
    this.#text = larger(this.#text, new Int16Array(capacity));
    this.#start = larger(this.#start, new Uint32Array(capacity));
    this.#length = larger(this.#length, new Uint16Array(capacity));
    this.#firstChild = larger(this.#firstChild, new Int32Array(capacity));
    this.#nextSibling = larger(this.#nextSibling, new Int32Array(capacity));
    this.#alive = larger(this.#alive, new Uint8Array(capacity));
  }
}

const slash = 47;

function seedOf(parent: number): number {
  return Math.imul(parent + 1, 0x9e3779b1) ^ 0x811c9dc5;
}

/** The numbers of one array in another that is longer. */
export function larger<T extends Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
