import { TrowelError } from '../model/index.js';
import { formatV, GoMap, type GoValue, sprintf } from '../template/index.js';
import { checkNesting, copyMap, copyValue } from './go-values.js';
import type { ChartNode } from './tree.js';

/** How tables are joined. */
export interface Joining {
  /** Keep nulls (import-values) instead of letting them delete a default. */
  readonly merge: boolean;
  /** Whose rules hold: with Helm 4 a null among a chart's own defaults says nothing. */
  readonly helm: 3 | 4;
  /** Takes what Helm logs as a warning. */
  readonly warn: (text: string) => void;
  /** Set where the values are only looked at; else all of them is new. */
  readonly sharing?: Sharing;
}

/**
 * Which tables may be changed where values share with what they are made of all that does not change. Those of charts
 * are copied one by one; below `global` everything is, since charts share that and see each other's changes of it.
 */
class Sharing {
  readonly #own = new Set<GoMap>();
  readonly #whole = new Set<GoMap>();

  /** The table, or a copy of it that may be changed. */
  own(table: GoMap): GoMap {
    if (this.#own.has(table)) return table;
    const copy = new GoMap(new Map(table.entries));
    this.#own.add(copy);
    return copy;
  }

  isWhole(table: GoMap): boolean {
    return this.#whole.has(table);
  }

  /** As `own`, with all tables in it. */
  whole(table: GoMap): GoMap {
    if (this.#whole.has(table)) return table;
    const copy = new GoMap();
    for (const [key, value] of table.entries) {
      copy.entries.set(key, value instanceof GoMap ? this.whole(value) : value);
    }
    return this.toWhole(copy);
  }

  /** Takes a table as one in which everything may be changed. */
  toWhole(table: GoMap): GoMap {
    this.#own.add(table);
    this.#whole.add(table);
    return table;
  }
}

/**
 * The values of a chart and its subcharts under the user's: the user's over the parent's values.yaml over the child's,
 * globals handed down, null deleting a default. Nothing that is given is changed.
 *
 * Throws TrowelError `bad-values` where a subchart's values are no table.
 * Follows: helm pkg/chartutil/coalesce.go (CoalesceValues, MergeValues).
 */
export function coalesceValues(node: ChartNode, given: GoMap | null, joining: Joining): GoMap {
  const values = given === null ? new GoMap() : copyMap(given);
  coalesce(node, values, '', joining);
  return values;
}

/** As `coalesceValues`, for values that are looked at and never changed: they share what they can. */
export function lookAtValues(node: ChartNode, given: GoMap, joining: Joining): GoMap {
  const sharing = new Sharing();
  const values = sharing.own(given);
  coalesce(node, values, '', { ...joining, sharing });
  return values;
}

/**
 * Lays `source` under `target`: tables are joined, what `target` has wins, a null there deletes what `source` has
 * unless `merge` is set. Changes `target` and shares what it takes (CoalesceTables, MergeTables).
 */
export function coalesceTables(target: GoMap, source: GoMap, prefix: string, joining: Joining, depth = 0): void {
  checkNesting(depth);
  const { merge, warn } = joining;
  const stated = new Set<string>();
  for (const [key, value] of source.entries) if (value !== null) stated.add(key);
  for (const [key, value] of target.entries) if (value === null) source.entries.set(key, null);
  for (const [key, value] of source.entries) {
    const full = joined(prefix, key);
    const known = target.entries.get(key);
    if (known === undefined) target.entries.set(key, value);
    else if (known === null && !merge && stated.has(key)) target.entries.delete(key);
    else if (value instanceof GoMap) {
      if (known instanceof GoMap) coalesceTables(known, value, full, joining, depth + 1);
      else warn(`warning: cannot overwrite table with non table for ${full} (${formatV(value)})`);
    } else if (known instanceof GoMap && value !== null) {
      warn(`warning: destination for ${full} is a table. Ignoring non-table value (${formatV(value)})`);
    }
  }
}

/**
 * As `coalesceTables`, with a source that stays as it is: what is taken of it is copied. Most of a chart's defaults are
 * there already when they are laid under a second time, and copying all of them first took longer than all the rest.
 * Gives the target, or a copy where it was to be shared.
 */
function laidUnder(target: GoMap, source: GoMap, prefix: string, joining: Joining, depth: number): GoMap {
  // A shared table says what it says already.
  if (target === source) return target;
  checkNesting(depth);
  const { merge, warn, sharing } = joining;
  let result = target;
  const own = (): GoMap => {
    if (sharing !== undefined) result = sharing.own(result);
    return result;
  };
  for (const [key, value] of source.entries) {
    const known = target.entries.get(key);
    if (known === undefined) own().entries.set(key, taken(value, target, sharing, depth + 1));
    else if (known === null) {
      if (!merge && value !== null) own().entries.delete(key);
    } else if (value instanceof GoMap) {
      const full = joined(prefix, key);
      if (known instanceof GoMap) {
        const below = laidUnder(known, value, full, joining, depth + 1);
        if (below !== known) own().entries.set(key, below);
      } else warn(`warning: cannot overwrite table with non table for ${full} (${formatV(value)})`);
    } else if (known instanceof GoMap && value !== null) {
      const full = joined(prefix, key);
      warn(`warning: destination for ${full} is a table. Ignoring non-table value (${formatV(value)})`);
    }
  }
  return result;
}

/** A value as it goes into a table. */
function taken(value: GoValue, target: GoMap, sharing: Sharing | undefined, depth: number): GoValue {
  if (sharing === undefined) return copyValue(value, depth);
  return value instanceof GoMap && sharing.isWhole(target) ? sharing.whole(value) : value;
}

function coalesce(node: ChartNode, target: GoMap, prefix: string, joining: Joining): void {
  coalesceOwn(node, target, prefix, joining);
  const below = joined(prefix, node.name);
  for (const child of node.children) {
    const known = target.entries.get(child.name);
    if (known !== undefined && !(known instanceof GoMap)) {
      throw new TrowelError('bad-values', { what: `type mismatch on ${child.name}: ${sprintf('%t', [known])}` });
    }
    const { sharing } = joining;
    const table = sharing === undefined ? (known ?? new GoMap()) : sharing.own(known ?? new GoMap());
    target.entries.set(child.name, table);
    handDownGlobals(table, target, below, joining);
    coalesce(child, table, below, joining);
  }
}

function coalesceOwn(node: ChartNode, target: GoMap, prefix: string, joining: Joining): void {
  if (node.values === null) return;
  const { warn } = joining;
  const drop = joining.helm === 4 && !joining.merge;
  const below = joined(prefix, node.name);
  for (const [key, value] of node.values.entries) {
    const known = target.entries.get(key);
    if (known === undefined) {
      if (drop && value === null) continue;
      const dropped = drop && value instanceof GoMap;
      const own = dropped ? copyMap(value) : taken(value, target, joining.sharing, 1);
      if (dropped && own instanceof GoMap) dropNulls(own);
      target.entries.set(key, own);
    } else if (known === null && !joining.merge) target.entries.delete(key);
    else if (known instanceof GoMap) {
      if (value instanceof GoMap) {
        // A subchart's table keeps its nulls here: they are for the subchart's own defaults.
        const child = node.children.some((candidate) => candidate.name === key);
        const merge = child || joining.merge;
        let own = value;
        if (joining.helm === 4 && !merge) {
          own = copyMap(value);
          dropNulls(own);
        }
        const laid = laidUnder(known, own, joined(below, key), { ...joining, merge }, 0);
        if (laid !== known) target.entries.set(key, laid);
      } else if (value !== null) warn(`warning: skipped value for ${below}.${key}: Not a table.`);
    }
  }
}

/** The parent's globals go over the child's, table by table. */
function handDownGlobals(child: GoMap, parent: GoMap, prefix: string, joining: Joining): void {
  const { warn } = joining;
  const { sharing } = joining;
  const ownTable = (of: GoMap): GoValue => {
    const found = of.entries.get('global') ?? (of.entries.has('global') ? null : new GoMap());
    return sharing !== undefined && found instanceof GoMap ? sharing.whole(found) : found;
  };
  const target = ownTable(child);
  if (!(target instanceof GoMap)) {
    warn('warning: skipping globals because destination global is not a table.');
    return;
  }
  const source = ownTable(parent);
  if (!(source instanceof GoMap)) {
    warn('warning: skipping globals because source global is not a table.');
    return;
  }
  // Its tables go down to the child, which may change them: they are the parent's as well.
  if (sharing !== undefined && parent.entries.has('global')) parent.entries.set('global', source);
  for (const [key, value] of source.entries) {
    const known = target.entries.get(key);
    if (value instanceof GoMap) {
      const table = new GoMap(new Map(value.entries));
      sharing?.toWhole(table);
      if (known === undefined) target.entries.set(key, table);
      else if (known instanceof GoMap) {
        coalesceTables(table, known, joined(prefix, key), { ...joining, merge: true });
        target.entries.set(key, table);
      } else warn(`Conflict: cannot merge map onto non-map for "${key}". Skipping.`);
    } else if (known instanceof GoMap) warn(`key ${key} is table. Skipping`);
    else target.entries.set(key, value);
  }
  child.entries.set('global', target);
}

/** Takes nulls out of a table and the tables in it. */
function dropNulls(table: GoMap): void {
  for (const [key, value] of table.entries) {
    if (value === null) table.entries.delete(key);
    else if (value instanceof GoMap) dropNulls(value);
  }
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
