import { type FileEntry, TrowelError, type VisibleFile } from '../model/index.js';

/**
 * One name in the composed image. `file` is null for a directory that no entry states, only its children do.
 * `content` is the entry as its layer has it: the node's own, or what a hard link was bound to.
 */
export interface Node {
  readonly name: string;
  readonly parent: Node | null;
  file: VisibleFile | null;
  content: VisibleFile | null;
  children: Map<string, Node> | null;
}

export function newNode(name: string, parent: Node | null): Node {
  return { name, parent, file: null, content: null, children: null };
}

export function pathOf(node: Node): string {
  const parts: string[] = [];
  for (let at: Node | null = node; at !== null && at.parent !== null; at = at.parent) parts.push(at.name);
  return parts.reverse().join('/');
}

/** All nodes under one, itself left out. */
export function* below(node: Node): Generator<Node> {
  const waiting = [...(node.children?.values() ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    if (next.children !== null) waiting.push(...next.children.values());
  }
}

export function isDirectory(node: Node): boolean {
  return node.content === null || node.content.entry.type === 'directory';
}

/** The entry that says where a node's link leads; a hard link to a symbolic link is that symbolic link. */
function symlinkOf(node: Node): FileEntry | null {
  const entry = node.content?.entry ?? null;
  return entry?.type === 'symlink' ? entry : null;
}

/** As many links in one path as Linux follows before it says ELOOP. */
const maxHops = 40;

/** PATH_MAX: the kernel follows no longer target. */
const maxTarget = 4096;

/** Steps for all entries of an image: links that lead through long paths could else take hours. */
export const walkSteps = 500_000_000;

function spend(budget: { steps: number }): void {
  budget.steps -= 1;
  if (budget.steps < 0) throw new TrowelError('too-large', { what: 'the links of the image lead too long ways' });
}

/**
 * Walks a path through the tree as the kernel would inside a chroot: links are followed in every part (in the last one
 * only with `last`), `..` stops at the root, absolute targets begin at it. Null where nothing is there or links go
 * round; `make` answers what to take for a missing name, or null to give up. Throws
 * `too-large` when `budget` is spent.
 */
export function walk(
  root: Node,
  path: string,
  options: {
    readonly last: boolean;
    readonly make?: (parent: Node, name: string) => Node | null;
    readonly budget?: { steps: number };
  },
): Node | null {
  const parts = path.split('/').reverse();
  let at = root;
  let hops = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (options.budget !== undefined) spend(options.budget);
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = at.parent ?? at;
      continue;
    }
    const child = at.children?.get(part) ?? options.make?.(at, part) ?? null;
    if (child === null) return null;
    const link = parts.length > 0 || options.last ? symlinkOf(child) : null;
    if (link === null) {
      at = child;
      continue;
    }
    hops += 1;
    if (hops > maxHops) return null;
    const target = link.link ?? '';
    if (target.length > maxTarget) return null;
    if (target.startsWith('/')) at = root;
    for (const next of target.split('/').reverse()) parts.push(next);
  }
  return at;
}
