import type { GoValue } from '../value.js';
import type { Emitter, ScalarStyle } from './emitter.js';
import { isText, resolve, strTag } from './resolve.js';

/** How the two writers of YAML (go-yaml v2 for toYaml, v3 for toYamlPretty) write what stands in a list or a map. */
export interface Writers {
  readonly node: (emitter: Emitter, value: GoValue, inMapping: boolean, depth: number) => void;
  /** What is written for a key; throws GoError where none can be. */
  readonly keyText: (key: string) => string;
  readonly key: (emitter: Emitter, text: string, simple: boolean) => void;
}

/** A block list; an empty one as `[]`. */
export function writeList(
  emitter: Emitter,
  items: readonly GoValue[],
  inMapping: boolean,
  depth: number,
  writers: Writers,
): void {
  if (items.length === 0) {
    writeEmpty(emitter, '[', ']');
    return;
  }
  const outer = emitter.indent;
  if (outer < 0) emitter.indent = 0;
  else if (!(emitter.style.compactLists && inMapping && !emitter.indention)) emitter.indent = outer + 2;
  for (const item of items) {
    emitter.writeIndent();
    emitter.writeIndicator('-', true, false, true);
    writers.node(emitter, item, false, depth + 1);
  }
  emitter.indent = outer;
}

/** A block map with its entries in this order; an empty one as `{}`. */
export function writeMap(
  emitter: Emitter,
  entries: readonly (readonly [string, GoValue])[],
  depth: number,
  writers: Writers,
): void {
  if (entries.length === 0) {
    writeEmpty(emitter, '{', '}');
    return;
  }
  const outer = emitter.indent;
  emitter.indent = outer < 0 ? 0 : outer + 2;
  for (const [name, value] of entries) {
    const key = writers.keyText(name);
    emitter.writeIndent();
    if (emitter.fitsKey(key)) {
      writers.key(emitter, key, true);
      emitter.writeIndicator(':', false, false, false);
    } else {
      emitter.writeIndicator('?', true, false, true);
      writers.key(emitter, key, false);
      emitter.writeIndent();
      emitter.writeIndicator(':', true, false, true);
    }
    writers.node(emitter, value, true, depth + 1);
  }
  emitter.indent = outer;
}

function writeEmpty(emitter: Emitter, open: string, close: string): void {
  emitter.writeIndicator(open, true, true, false);
  emitter.writeIndicator(close, false, false, false);
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** The style that go-yaml asks for: a block for lines, quotes for what would not be read back as text. */
export function writeScalarText(emitter: Emitter, value: string, key: boolean): void {
  let style: ScalarStyle;
  if (value.includes('\n')) style = 'literal';
  else if (isText(value)) style = 'plain';
  else style = resolve('', value).tag === strTag && !base60.test(value) ? 'plain' : 'double';
  emitter.scalar(value, style, key);
}
