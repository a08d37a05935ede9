import type { TracedStretch } from '../model/index.js';
import { TextNode } from './actions.js';
import type { BranchState, Callable, Machine, Tracer, Val } from './machine.js';
import type { PlacedNode } from './node.js';
import { joinPaths, type Origin, originOfText, type Piece, pathsBetween, type Stretch, unionOf } from './origin.js';
import { truth } from './reflect.js';
import { GoMap, GoObject, GoSlice, type GoValue } from './value.js';

/** The tables whose content is to be followed, each with the path by which it is called (the values: `''`). */
export type NamedTables = Iterable<readonly [table: GoValue, path: string]>;

/** What a table keeps its content in: two tables over the same content are one. */
function contentOf(value: GoValue | undefined): object | null {
  if (value instanceof GoMap) return value.entries;
  if (value instanceof GoSlice) return value.items;
  return value instanceof GoObject ? value.fields : null;
}

/** A path one step further, as `--set` takes it: `a.b`, `a\.b` for a key with a dot, `a[0]`. */
export function childPath(path: string, key: string, isIndex = false): string {
  if (isIndex) return `${path}[${key}]`;
  const escaped = key.replace(/[\\.,=[\]]/g, '\\$&');
  return path === '' ? escaped : `${path}.${escaped}`;
}

/** The element of a table, or undefined. */
function childOf(value: GoValue | undefined, key: string): GoValue | undefined {
  if (value instanceof GoMap) return value.entries.get(key);
  if (value instanceof GoSlice) return value.items[Number(key)];
  return value instanceof GoObject ? value.fields.get(key) : undefined;
}

/**
 * Follows where values come from while templates run: through variables, `include`, `tpl`, tables that functions make,
 * and texts that are put together. A value that a function made of others comes from all that it was given, unless a
 * rule below knows better; of a table that functions made, `.key` comes from `key` of each table that went into it.
 *
 * Paths are those of the tables given; what the template itself says comes from nowhere.
 */
export class ValueTracer implements Tracer {
  origin: Origin | null = null;
  final: Origin | null = null;
  dot: Origin | null = null;

  private readonly names = new Map<object, string>();
  private readonly tables = new Map<string, GoValue>();
  /** What was put into tables while templates ran. */
  private readonly placed = new WeakMap<object, Map<string, Origin | null>>();
  private vars: (Origin | null)[] = [];
  private conditions: Origin | null = null;
  private written: Stretch[] = [];
  /** The node of the file that called the template that runs; null while the file itself runs. */
  private site: PlacedNode | null = null;
  /** Where the text given to `tpl` comes from, and the node that gave it; null outside of it. */
  private source: { readonly origin: Origin; readonly node: PlacedNode } | null = null;

  constructor(tables: NamedTables) {
    for (const [table, path] of tables) {
      const content = contentOf(table);
      if (content === null || this.names.has(content)) continue;
      this.names.set(content, path);
      this.tables.set(path, table);
    }
  }

  step(receiver: GoValue, key: string): void {
    this.origin = this.child(receiver, key, this.origin);
  }

  /** Where `.key` of a value comes from, which itself comes from `whole`. */
  private child(receiver: GoValue | undefined, key: string, whole: Origin | null): Origin | null {
    const content = contentOf(receiver);
    const placed = content === null ? undefined : this.placed.get(content);
    if (placed?.has(key)) return unionOf([placed.get(key) ?? null, this.beside(whole, content)]);
    const name = content === null ? undefined : this.names.get(content);
    if (name === undefined) return this.narrowed(whole, key, receiver instanceof GoSlice);
    const element = contentOf(childOf(receiver, key));
    const own = element === null ? undefined : this.names.get(element);
    const path = own ?? childPath(name, key, receiver instanceof GoSlice);
    return unionOf([{ paths: [path], stretches: null }, this.beside(whole, content)]);
  }

  /** What else decided which table it is: all of its origin but the table itself and what is around it. */
  private beside(whole: Origin | null, content: object | null): Origin | null {
    const name = content === null ? undefined : this.names.get(content);
    if (whole === null || name === undefined) return null;
    const paths = whole.paths.filter((path) => path !== name && !name.startsWith(`${path}.`) && path !== '');
    return paths.length === 0 ? null : { paths, stretches: null };
  }

  /** `.key` of a table that functions made: that key of each table that went into it and has it. */
  private narrowed(whole: Origin | null, key: string, isIndex: boolean): Origin | null {
    if (whole === null) return null;
    const tables = whole.paths.filter((path) => this.tables.has(path));
    const having = tables.filter((path) => childOf(this.tables.get(path), key) !== undefined);
    const used = having.length > 0 ? having : tables.filter((path) => this.tables.get(path) instanceof GoMap);
    const paths = whole.paths.filter((path) => !this.tables.has(path));
    for (const path of used) paths.push(childPath(path, key, isIndex || this.tables.get(path) instanceof GoSlice));
    return paths.length === 0 ? null : { paths: [...new Set(paths)].sort(), stretches: null };
  }

  variable(slot: number): Origin | null {
    return this.vars[slot] ?? null;
  }

  setVariable(slot: number): void {
    this.vars[slot] = this.origin;
  }

  call(machine: Machine, callable: Callable, argv: Val[], origins: readonly (Origin | null)[]): Val {
    const node = machine.action;
    const { name } = callable;
    const { source } = this;
    if (name === 'include' || name === 'tpl') this.origin = origins[1] ?? null;
    const text = origins[0] ?? null;
    if (name === 'tpl' && node !== null) this.source = text === null ? null : { origin: text, node };
    else if (name === 'include') this.source = null;
    const known = name.startsWith('merge') || name.startsWith('mustMerge') ? keysOf(argv[0]) : null;
    const result = callable.call(argv, machine);
    this.source = source;
    if (known !== null) this.merged(argv, origins, known);
    this.origin = this.ofCall(name, argv, origins, result, node);
    return result;
  }

  private ofCall(
    name: string,
    argv: readonly Val[],
    origins: readonly (Origin | null)[],
    result: Val,
    node: PlacedNode | null,
  ): Origin | null {
    switch (name) {
      case 'include':
        return withPaths(this.origin, origins[0] ?? null);
      case 'tpl':
        return withPaths(this.origin, origins[0] ?? null);
      case 'required':
        return origins[1] ?? null;
      case 'default':
        return truth(argv[1] ?? null) ? (origins[1] ?? null) : unionOf(origins);
      case 'coalesce': {
        const chosen = argv.findIndex((arg) => truth(arg ?? null));
        return unionOf(chosen < 0 ? origins : origins.slice(0, chosen + 1));
      }
      case 'ternary':
        return unionOf([origins[argv[2] === true ? 0 : 1] ?? null, origins[2] ?? null]);
      case 'index':
      case 'get':
      case 'hasKey':
        return this.ofPath(argv[0], argv.slice(1), origins[0] ?? null, origins.slice(1));
      case 'dig': {
        const keys = argv.slice(0, -2);
        const found = this.ofPath(argv.at(-1), keys, origins.at(-1) ?? null, origins.slice(0, -2));
        return unionOf([found, origins.at(-2) ?? null]);
      }
      case 'pluck':
        return unionOf(
          argv.slice(1).map((table, i) => this.ofPath(table, [argv[0]], origins[i + 1] ?? null, [origins[0] ?? null])),
        );
      case 'first':
        return this.ofPath(argv[0], ['0'], origins[0] ?? null, []);
      case 'set':
        this.place(argv[0], argv[1], origins[2] ?? null);
        return origins[0] ?? null;
      case 'unset':
        return origins[0] ?? null;
      case 'dict':
        for (let i = 0; i < argv.length; i += 2) this.place(result, argv[i], origins[i + 1] ?? null);
        return unionOf(origins);
      case 'list':
      case 'tuple':
        for (const [i, origin] of origins.entries()) this.place(result, String(i), origin);
        return unionOf(origins);
      default:
        return this.ofText(argv, origins, result, node);
    }
  }

  /** What a function makes of its arguments: a text may hold some of them as they are. */
  private ofText(
    argv: readonly Val[],
    origins: readonly (Origin | null)[],
    result: Val,
    node: PlacedNode | null,
  ): Origin | null {
    const whole = unionOf(origins);
    if (whole === null || typeof result !== 'string' || node === null) return whole;
    const pieces: Piece[] = [];
    for (const [i, arg] of argv.entries()) {
      const origin = origins[i] ?? null;
      if (typeof arg === 'string') pieces.push({ text: arg, origin });
      else if (arg instanceof GoSlice) {
        for (const [k, item] of arg.items.entries()) {
          if (typeof item === 'string') pieces.push({ text: item, origin: this.child(arg, String(k), origin) });
        }
      }
    }
    return originOfText(result, pieces, whole, node);
  }

  /** Where an element comes from that lies at the end of some keys. */
  private ofPath(
    table: Val,
    keys: readonly Val[],
    whole: Origin | null,
    others: readonly (Origin | null)[],
  ): Origin | null {
    let value: GoValue | undefined = table;
    let origin = whole;
    for (const key of keys) {
      const name = typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : String(key);
      origin = this.child(value, name, origin);
      value = childOf(value, name);
    }
    return unionOf([origin, ...others]);
  }

  /** Notes where something comes from that was put into a table. */
  private place(table: Val, key: Val, origin: Origin | null): void {
    const content = contentOf(table);
    if (content === null || typeof key !== 'string') return;
    const placed = this.placed.get(content) ?? new Map<string, Origin | null>();
    placed.set(key, origin);
    this.placed.set(content, placed);
  }

  /** What `merge` put into its first table comes from the others. */
  private merged(argv: readonly Val[], origins: readonly (Origin | null)[], known: ReadonlySet<string>): void {
    for (const key of keysOf(argv[0])) {
      if (known.has(key)) continue;
      const from = argv.findIndex((table, i) => i > 0 && childOf(table, key) !== undefined);
      if (from > 0) this.place(argv[0], key, this.child(argv[from], key, origins[from] ?? null));
    }
  }

  enter(site: PlacedNode | null): object {
    const outer = { vars: this.vars, dot: this.dot, site: this.site };
    this.vars = [this.origin];
    this.dot = this.origin;
    if (site !== null) this.site ??= site;
    return outer;
  }

  leave(outer: object): void {
    const { vars, dot, site } = outer as { vars: (Origin | null)[]; dot: Origin | null; site: PlacedNode | null };
    this.vars = vars;
    this.dot = dot;
    this.site = site;
  }

  under(): BranchState {
    const outer = { dot: this.dot, conditions: this.conditions, read: this.origin };
    this.conditions = unionOf([this.conditions, this.origin]);
    return outer;
  }

  leaveBranch({ dot, conditions }: BranchState): void {
    this.dot = dot;
    this.conditions = conditions;
  }

  element(within: GoValue, key: Val, { read }: BranchState): void {
    const name = typeof key === 'string' ? key : key instanceof Object && 'value' in key ? String(key.value) : null;
    this.origin = name === null ? read : this.child(within, name, read);
    this.dot = this.origin;
  }

  text(at: number, node: PlacedNode, text: string): void {
    const { source } = this;
    const read = source === null ? [] : pathsBetween(source.origin, node.pos, node.pos + text.length);
    this.write(at, text.length, node, read);
  }

  action(at: number, node: PlacedNode, text: string): void {
    const { origin, source } = this;
    const around = source === null ? [] : pathsBetween(source.origin, node.pos, node.pos + 1);
    if (origin === null || origin.stretches === null) {
      this.write(at, text.length, node, joinPaths(origin?.paths ?? [], around));
      return;
    }
    const conditions = this.conditions?.paths ?? [];
    for (const part of origin.stretches) {
      this.written.push({
        from: at + part.from,
        to: at + part.to,
        node: part.node,
        site: this.site ?? node,
        paths: joinPaths(part.paths, around),
        conditions: joinPaths(part.conditions, conditions),
      });
    }
  }

  private write(at: number, length: number, node: PlacedNode, paths: readonly string[]): void {
    if (length === 0) return;
    const conditions = this.conditions?.paths ?? [];
    // What stands in a text given to `tpl` has no line of its own: it is the node that gave it.
    const shown = this.source?.node ?? node;
    this.written.push({ from: at, to: at + length, node: shown, site: this.site ?? node, paths, conditions });
  }

  begin(): object {
    const outer = { written: this.written, site: this.site };
    this.written = [];
    this.site = null;
    return outer;
  }

  end(outer: object): void {
    const { written: before, site } = outer as { written: Stretch[]; site: PlacedNode | null };
    const stretches = this.written;
    let paths: readonly string[] = [];
    for (const stretch of stretches) paths = joinPaths(paths, stretch.paths);
    this.written = before;
    this.site = site;
    this.origin = { paths, stretches };
  }
}

function withPaths(origin: Origin | null, other: Origin | null): Origin | null {
  if (origin === null) return other;
  return { paths: joinPaths(origin.paths, other?.paths ?? []), stretches: origin.stretches };
}

function keysOf(value: Val): ReadonlySet<string> {
  return new Set(value instanceof GoMap ? value.entries.keys() : []);
}

/** The trace of one file's text. */
export class Trace {
  private readonly text: string;
  private readonly written: readonly Stretch[];

  constructor(text: string, origin: Origin | null) {
    this.text = text;
    this.written = origin?.stretches ?? [];
  }

  /** All of it, in order. */
  get stretches(): readonly TracedStretch[] {
    return this.written.map((stretch) => this.shown(stretch, stretch.from));
  }

  /** What wrote the text from one place up to another. */
  between(from: number, to: number): readonly TracedStretch[] {
    const found: TracedStretch[] = [];
    for (let i = this.indexAt(from); i < this.written.length; i++) {
      const stretch = this.written[i];
      if (stretch === undefined || stretch.from >= to) break;
      if (stretch.to > from) found.push(this.shown(stretch, Math.max(from, stretch.from)));
    }
    return found;
  }

  /** The line of the file that wrote the character at a place; null where nothing did. */
  lineAt(place: number): number | null {
    return this.between(place, place + 1)[0]?.line ?? null;
  }

  /** The first stretch that ends behind a place. */
  private indexAt(place: number): number {
    let low = 0;
    let high = this.written.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.written[middle]?.to ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private shown(stretch: Stretch, place: number): TracedStretch {
    const { from, to, node, site, paths, conditions } = stretch;
    const further = node instanceof TextNode ? newlines(this.text, from, place) : 0;
    return {
      from,
      to,
      line: site.line + (site === node ? further : 0),
      template: node.source.parseName,
      templateLine: node.line + further,
      paths,
      conditions,
    };
  }
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
