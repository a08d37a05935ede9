import { GoMap, type GoValue, type Shared } from '../template/index.js';
import type { Capabilities } from './capabilities.js';
import { tableAt } from './dependencies.js';
import { filesObject } from './files-object.js';
import { capabilitiesObject, chartObject, type Release, releaseObject, valuesObject, valuesType } from './objects.js';
import type { PreparedChart } from './prepared.js';
import { type ChartNode, idOf } from './tree.js';

/** What of the options of a rendering its templates see. */
export interface ContextOptions extends Release {
  readonly helm: 3 | 4;
  /** What Chart.yaml of some charts is to state instead, by the chart's id. */
  readonly stated?: ReadonlyMap<string, { readonly appVersion?: string; readonly version?: string }>;
}

/** The dot of each chart's templates; a child's stands in its parent's `.Subcharts` (engine.go recAllTpls). */
export function contextsOf(
  prepared: PreparedChart,
  root: ChartNode,
  values: GoMap,
  cluster: Capabilities,
  options: ContextOptions,
): ReadonlyMap<ChartNode, GoMap> {
  const contexts = new Map<ChartNode, GoMap>();
  const release = releaseObject(options);
  const about = capabilitiesObject(cluster, options.helm);
  const visit = (node: ChartNode, above: GoMap): GoMap => {
    const subcharts = new GoMap();
    const context = new GoMap(
      new Map<string, GoValue>([
        ['Chart', chartObject(restated(node, options), options.helm)],
        ['Files', filesObject(node.chart.files, prepared.slices)],
        ['Release', release],
        ['Capabilities', about],
        ['Values', valuesObject(node.parent === null ? values : childValues(above, node.name), options.helm)],
        ['Subcharts', subcharts],
      ]),
      valuesType(options.helm),
    );
    for (const child of node.children) subcharts.entries.set(child.name, visit(child, context));
    contexts.set(node, context);
    return context;
  };
  visit(root, new GoMap());
  return contexts;
}

/** The chart as it would be if its Chart.yaml stated what the options say. */
function restated(node: ChartNode, { stated }: ContextOptions): ChartNode {
  const other = stated?.get(idOf(node));
  if (other === undefined) return node;
  return { ...node, chart: { ...node.chart, metadata: { ...node.chart.metadata, ...other } } };
}

/** The child's table in the parent's values, shared with it; empty where the name has a dot, which Helm takes apart. */
function childValues(parent: GoMap, name: string): GoMap {
  const table = tableAt(parent, `Values.${name}`);
  return table instanceof GoMap ? table : new GoMap();
}

/** A name for the dot of each chart: its id, which others of the same name must not share. */
export function dotsOf(contexts: ReadonlyMap<ChartNode, GoMap>): ReadonlyMap<ChartNode, string> {
  const names = new Map<ChartNode, string>();
  const taken = new Set<string>();
  for (const node of contexts.keys()) {
    let name = idOf(node);
    while (taken.has(name)) name += '/';
    taken.add(name);
    names.set(node, name);
  }
  return names;
}

/** The dots of the charts, and what in them is the same in each rendering that says the same of it. */
export function sharedOf(
  prepared: PreparedChart,
  names: ReadonlyMap<ChartNode, string>,
  contexts: ReadonlyMap<ChartNode, GoMap>,
  { version, plainVersion, apiVersions }: Capabilities,
  options: ContextOptions,
  before: () => void,
): Shared {
  const dots = new Map<string, GoMap>();
  const constants = new Map<GoValue, string>();
  for (const [node, context] of contexts) {
    const id = idOf(node);
    dots.set(names.get(node) ?? id, context);
    const { entries } = context;
    const number = prepared.numberOf(node.chart);
    const stated = options.stated?.get(id) ?? null;
    constants.set(entries.get('Chart') ?? null, JSON.stringify(['Chart', number, id, stated, node.dependencies]));
    constants.set(entries.get('Files') ?? null, JSON.stringify(['Files', number]));
    const cluster = JSON.stringify(['Capabilities', version, plainVersion, apiVersions]);
    constants.set(entries.get('Capabilities') ?? null, cluster);
  }
  return {
    dots,
    constants,
    withMethods: (entries) => valuesObject(new GoMap(entries), options.helm),
    before,
  };
}
