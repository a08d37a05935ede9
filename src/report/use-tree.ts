import { by, type ChartSummary, type ImageUse } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { causeText } from './cause.js';
import { as, type Span, type Text } from './paint.js';

/** Charts with their objects, and these with their images; subcharts hang below the chart that they belong to. */
export function chartBranches(charts: readonly ChartSummary[], uses: readonly ImageUse[]): readonly Branch[] {
  const ids = new Set(charts.map((chart) => chart.id));
  const roots = charts.filter((chart) => !ids.has(parentOf(chart.id)));
  const known = roots.map((chart) => chartBranch(chart, charts, uses));
  const stray = uses.filter((use) => use.in.chart === null || !ids.has(use.in.chart));
  return stray.length === 0 ? known : [...known, branch([as('heading', 'manifests')], objectBranches(stray))];
}

function chartBranch(chart: ChartSummary, charts: readonly ChartSummary[], uses: readonly ImageUse[]): Branch {
  const own = uses.filter((use) => use.in.chart === chart.id);
  const subcharts = charts.filter((other) => parentOf(other.id) === chart.id);
  const off = chart.dependencies.filter((dependency) => !dependency.enabled);
  return branch(chartText(chart), [
    ...objectBranches(own),
    ...subcharts.map((subchart) => chartBranch(subchart, charts, uses)),
    ...off.map((dependency) => {
      const condition = dependency.condition === null ? '' : ` (${dependency.condition})`;
      const name = dependency.alias ?? dependency.name;
      return branch([as('quiet', `chart ${name} ${dependency.version ?? dependency.range} is off${condition}`)]);
    }),
  ]);
}

function chartText(chart: ChartSummary): Text {
  const alias = chart.alias === null || chart.alias === chart.name ? '' : ` as ${chart.alias}`;
  const app = chart.appVersion === null ? '' : ` · app ${chart.appVersion}`;
  return [as('heading', `chart ${chart.name} ${chart.version}`), as('quiet', `${alias}${app}`)];
}

function parentOf(id: string): string {
  const slash = id.lastIndexOf('/');
  return slash < 0 ? '' : id.slice(0, slash);
}

/** One branch an object, in the order of kinds and names; its images below it. */
export function objectBranches(uses: readonly ImageUse[]): readonly Branch[] {
  const objects = new Map<string, ImageUse[]>();
  for (const use of [...uses].sort(by((one) => [one.in.kind, one.in.name, one.in.namespace ?? '', one.in.field]))) {
    const key = JSON.stringify([use.in.kind, use.in.name, use.in.namespace, use.in.template, use.in.document]);
    const list = objects.get(key);
    if (list === undefined) objects.set(key, [use]);
    else list.push(use);
  }
  return [...objects.values()].flatMap((list) => {
    const [first] = list;
    if (first === undefined) return [];
    const namespace = first.in.namespace === null ? '' : ` in ${first.in.namespace}`;
    const hooks = first.hooks.length === 0 ? '' : ` (${first.test ? 'test' : `hook ${first.hooks.join(', ')}`})`;
    return [branch([`${first.in.kind}/${first.in.name}`, as('quiet', `${namespace}${hooks}`)], list.map(useBranch))];
  });
}

/** `IMAGE (container app) ← image.tag`, and what speaks against it. */
function useBranch(use: ImageUse): Branch {
  const text: Span[] = [as('name', use.image === '' ? '(no image)' : use.image), as('quiet', ` ${placeWords(use)}`)];
  text.push(...causeText(use));
  for (const reason of use.against) text.push(as('missing', ` ? ${reason}`));
  return branch(text);
}

/** `grafana.imageRenderer.enabled=true`. */
export function switchText({ path, value }: NonNullable<ImageUse['conditional']>): string {
  return `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

/** Where in the object, in words: `(container app)`, `(argument of operator)`, `(spec.image)`. */
export function placeWords(use: ImageUse): string {
  const container = use.in.container === null ? '' : ` ${use.in.container}`;
  switch (use.role) {
    case 'container':
      return `(container${container})`;
    case 'init':
      return `(init container${container})`;
    case 'ephemeral':
      return `(ephemeral container${container})`;
    case 'volume':
      return `(image volume${container})`;
    case 'none':
      break;
  }
  const of = use.in.container === null ? '' : ` of ${use.in.container}`;
  switch (use.how) {
    case 'argument':
      return `(argument${of})`;
    case 'environment':
      return `(environment${of})`;
    case 'annotation':
      return '(annotation)';
    case 'operator-default':
      return '(chosen by its operator)';
    case 'config':
    case 'custom-resource':
    case 'workload':
      return `(${use.in.field.slice(1).replaceAll('/', '.')})`;
  }
}
