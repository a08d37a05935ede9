import { isTrowelError, TrowelError } from '../model/index.js';
import { GoMap, type GoValue, quote } from '../template/index.js';
import { parseConstraint, parseVersion } from '../version/index.js';
import { coalesceTables, coalesceValues, type Joining, lookAtValues } from './coalesce.js';
import { copyMap } from './go-values.js';
import type { ChartNode, DependencyOutcome, TreeDependency } from './tree.js';

/**
 * Decides which subcharts take part, names them by their aliases and takes over what `import-values` asks for.
 * Changes the tree; the user's values stay as they are.
 *
 * Follows: helm pkg/chartutil/dependencies.go (ProcessDependenciesWithMerge), HELM-ENGINE (c) 11–13.
 */
export function processDependencies(root: ChartNode, given: GoMap, joining: Joining): void {
  try {
    chooseDependencies(root, given, '', joining);
    importAll(root, { ...joining, merge: true });
  } catch (error) {
    if (joining.helm === 3 || !isTrowelError(error)) throw error;
    const what = `chart dependencies processing failed: ${error.what}`;
    throw new TrowelError(error.code, { what, where: error.where, cause: error });
  }
}

/** Whether a version satisfies a range; false where either cannot be read (helm pkg/chartutil/compatible.go). */
export function isCompatible(range: string, version: string): boolean {
  try {
    return parseConstraint(range).check(parseVersion(version));
  } catch {
    return false;
  }
}

function chooseDependencies(node: ChartNode, given: GoMap, path: string, joining: Joining): void {
  const { warn } = joining;
  const wanted = node.dependencies;
  if (wanted === null) return;
  const chosen = node.children.filter((child) => !wanted.some((one) => one.name === child.name && fits(one, child)));
  const found = new Map<TreeDependency, ChartNode>();
  for (const dependency of wanted) {
    const original = node.children.find((child) => child.name === dependency.name && fits(dependency, child));
    if (original !== undefined) {
      // A shallow copy: lists of dependencies and subcharts are shared with other aliases of the same chart, and the
      // subcharts keep their old parent until they are chosen themselves.
      const alias = dependency.alias === '' ? null : dependency.alias;
      const copy: ChartNode = { ...original, name: alias ?? original.name, alias };
      if (joining.helm === 4) separate(copy);
      found.set(dependency, copy);
      chosen.push(copy);
    }
    if (dependency.alias !== '') dependency.name = dependency.alias;
  }
  adopt(node, chosen);
  for (const dependency of wanted) dependency.enabled = true;

  const values = lookAtValues(node, given, joining);
  applyTags(wanted, values, warn);
  applyConditions(wanted, values, path, warn);
  node.outcomes = outcomesOf(node, wanted, found);
  const removed = new Set(wanted.filter((dependency) => !dependency.enabled).map((dependency) => dependency.name));
  const kept = node.children.filter((child) => !removed.has(child.name));
  const keptDependencies = wanted.filter((dependency) => !removed.has(dependency.name));
  for (const child of kept) chooseDependencies(child, values, `${path}${child.name}.`, joining);
  node.dependencies = keptDependencies.length === 0 ? null : keptDependencies;
  adopt(node, kept);
}

/** With Helm 4 a copy shares nothing that is decided for each alias. */
function separate(copy: ChartNode): void {
  copy.dependencies = copy.dependencies?.map((dependency) => ({ ...dependency })) ?? null;
  adopt(
    copy,
    copy.children.map((child) => ({ ...child })),
  );
}

function fits(dependency: TreeDependency, child: ChartNode): boolean {
  return isCompatible(dependency.version, child.chart.metadata.version);
}

function adopt(node: ChartNode, children: ChartNode[]): void {
  for (const child of children) child.parent = node;
  node.children = children;
}

function outcomesOf(
  node: ChartNode,
  wanted: readonly TreeDependency[],
  found: ReadonlyMap<TreeDependency, ChartNode>,
): readonly DependencyOutcome[] {
  return (node.chart.metadata.dependencies ?? []).flatMap((stated, index) => {
    const dependency = wanted[index];
    if (dependency === undefined) return [];
    const child = found.get(dependency);
    const { enabled } = dependency;
    const version = child?.chart.metadata.version ?? null;
    return [{ stated, version, enabled, node: enabled ? (child ?? null) : null }];
  });
}

/** Any tag that is true wins over all that are false. */
function applyTags(wanted: readonly TreeDependency[], values: GoMap, warn: Joining['warn']): void {
  const tags = values.entries.get('tags');
  if (!(tags instanceof GoMap)) return;
  for (const dependency of wanted) {
    const stated: boolean[] = [];
    for (const tag of dependency.tags) {
      const value = tags.entries.get(tag);
      if (typeof value === 'boolean') stated.push(value);
      else if (value !== undefined) {
        warn(`Warning: Tag '${tag}' for chart ${dependency.name} returned non-bool value`);
      }
    }
    dependency.enabled = stated.length === 0 || stated.includes(true);
  }
}

/** The first path of a condition that leads to a boolean decides; blanks are part of a path. */
function applyConditions(wanted: readonly TreeDependency[], values: GoMap, path: string, warn: Joining['warn']): void {
  for (const dependency of wanted) {
    for (const condition of dependency.condition.trim().split(',')) {
      if (condition === '') continue;
      const value = scalarAt(values, path + condition);
      if (typeof value === 'boolean') {
        dependency.enabled = value;
        break;
      }
      if (value !== undefined) {
        warn(`Warning: Condition path '${condition}' for chart ${dependency.name} returned non-bool value`);
      }
    }
  }
}

/** A table by its path, or what stands in the way, as Helm's Values.Table says it. */
export function tableAt(values: GoMap, path: string): GoMap | { readonly missing: string } {
  let table = values;
  for (const name of path.split('.')) {
    const next = table.entries.get(name);
    if (!(next instanceof GoMap)) return { missing: `${quote(name)} is not a table` };
    table = next;
  }
  return table;
}

/** A value that is no table by its path, undefined where there is none (Values.PathValue). */
export function scalarAt(values: GoMap, path: string): GoValue | undefined {
  const cut = path.lastIndexOf('.');
  const table = cut < 0 ? values : tableAt(values, path.slice(0, cut));
  if (!(table instanceof GoMap)) return undefined;
  const value = table.entries.get(path.slice(cut + 1));
  return value instanceof GoMap ? undefined : value;
}

/** Bottom up, so that what a child imports can be imported from it. */
function importAll(node: ChartNode, joining: Joining): void {
  for (const child of node.children) importAll(child, joining);
  importValues(node, joining);
}

/**
 * The values of a chart that has dependencies become the whole merged tree with the imports below it: what Helm does
 * even where nothing is imported, and what decides the fate of nulls later.
 */
function importValues(node: ChartNode, joining: Joining): void {
  if (node.dependencies === null) return;
  const { warn } = joining;
  // Joining changes what is imported: only where nothing is, the values can share the tables of the charts.
  const isJoined = node.dependencies.some(({ importValues }) => importValues.length > 0);
  const values = isJoined ? coalesceValues(node, null, joining) : lookAtValues(node, new GoMap(), joining);
  const imported = new GoMap();
  for (const dependency of node.dependencies) {
    for (const wanted of dependency.importValues) {
      const child = wanted.kind === 'export' ? `exports.${wanted.name}` : wanted.child;
      const found = tableAt(values, `${dependency.name}.${child}`);
      if (!(found instanceof GoMap)) {
        const from = wanted.kind === 'export' ? '' : ` from chart ${dependency.name}`;
        warn(`Warning: ImportValues missing table${from}: ${found.missing}`);
        continue;
      }
      const parent = wanted.kind === 'export' ? '.' : wanted.parent;
      // Joining marks nulls in what is joined, which the values share; but an empty table is a new one (Values.AsMap).
      const table = found.entries.size === 0 ? new GoMap() : found;
      coalesceTables(imported, parent === '.' ? table : nested(parent, table), '', joining);
    }
    // Shared by aliases of one chart: the second one finds its imports done.
    dependency.imported = dependency.importValues;
    dependency.importValues = [];
  }
  node.values = values;
  if (imported.entries.size === 0) return;
  node.values = copyMap(values);
  coalesceTables(node.values, imported, '', joining);
}

function nested(path: string, table: GoMap): GoMap {
  return path.split('.').reduceRight((inner, name) => new GoMap(new Map<string, GoValue>([[name, inner]])), table);
}
