import { childPath, GoMap, GoObject, GoSlice, type GoValue } from '../template/index.js';
import { type ChartNode, idOf } from './tree.js';

/**
 * The tables that templates of a chart read from, each with the path by which a trace calls it: values as `--set` of
 * the root chart takes them (`grafana.image.tag`; a subchart's globals are everybody's: `global.x`), the rest with a
 * mark in front that no value has: `@CHART.AppVersion` of the chart with that id, `@release.Name`,
 * `@capabilities.KubeVersion`.
 */
export function* namedTables(
  root: ChartNode,
  values: GoMap,
  contexts: ReadonlyMap<ChartNode, GoMap>,
): Generator<readonly [GoValue, string]> {
  yield* valueTables(values, '', root);
  for (const [node, context] of contexts) {
    const { entries } = context;
    yield [entries.get('Chart') ?? null, `@${idOf(node)}`];
    yield [entries.get('Release') ?? null, '@release'];
    yield [entries.get('Capabilities') ?? null, '@capabilities'];
  }
}

/** The values of a chart and, below the names of its subcharts, theirs. */
function* valueTables(values: GoMap, path: string, node: ChartNode): Generator<readonly [GoValue, string]> {
  yield [values, path];
  for (const [key, value] of values.entries) {
    const child = node.children.find((one) => one.name === key);
    if (child !== undefined && value instanceof GoMap) yield* valueTables(value, childPath(path, key), child);
    else yield* inside(value, key === 'global' ? key : childPath(path, key));
  }
}

function* inside(value: GoValue, path: string): Generator<readonly [GoValue, string]> {
  if (value instanceof GoMap) {
    yield [value, path];
    for (const [key, one] of value.entries) yield* inside(one, childPath(path, key));
  } else if (value instanceof GoSlice) {
    yield [value, path];
    for (const [i, one] of value.items.entries()) yield* inside(one, childPath(path, String(i), true));
  } else if (value instanceof GoObject) yield [value, path];
}
