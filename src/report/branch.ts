import { draw, type Paper, type Text } from './paint.js';

/** A line with what hangs below it. */
export interface Branch {
  readonly text: Text;
  readonly below: readonly Branch[];
}

export function branch(text: Text, below: readonly Branch[] = []): Branch {
  return { text, below };
}

/** Draws a tree: the root at the left edge, what is below it with lines; long texts go on under their own beginning. */
export function* drawBranch(root: Branch, paper: Paper): Generator<string> {
  yield* draw(root.text, '', root.below.length > 0 ? '│ ' : '  ', paper);
  yield* drawBelow(root.below, '', paper);
}

function* drawBelow(branches: readonly Branch[], indent: string, paper: Paper): Generator<string> {
  for (const [index, item] of branches.entries()) {
    const last = index === branches.length - 1;
    const inner = `${indent}${last ? '   ' : '│  '}`;
    // Lines that go on stand two columns further in than the line they continue.
    const rest = item.below.length > 0 ? `${inner}│ ` : `${inner}  `;
    yield* draw(item.text, `${indent}${last ? '└─ ' : '├─ '}`, rest, paper);
    yield* drawBelow(item.below, inner, paper);
  }
}
