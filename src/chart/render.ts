import { type ChartSummary, isTrowelError, type JsonValue, type Manifest, TrowelError } from '../model/index.js';
import {
  goString,
  type Program,
  Recall,
  type RenderedTemplate,
  render,
  type Trace,
  toJsonValue,
} from '../template/index.js';
import { capabilities } from './capabilities.js';
import { coalesceValues, type Joining, lookAtValues } from './coalesce.js';
import { contextsOf, dotsOf, sharedOf } from './contexts.js';
import { processDependencies } from './dependencies.js';
import { copyMap } from './go-values.js';
import { helm4Message } from './helm4-error.js';
import { checkInstallable, checkKubeVersion, checkReleaseName } from './install-checks.js';
import { asManifest, type RenderedDocument, sortDocuments } from './manifests.js';
import { namedTables } from './named-tables.js';
import { onlyShown, printed, type Section } from './output.js';
import { type OwnedTemplate, type PreparedChart, templatesOf } from './prepared.js';
import { validateValues } from './schema/index.js';
import { summariesOf } from './summary.js';
import { type ChartNode, chartTree, fullPath, idOf } from './tree.js';
import { type GivenValues, mergeGiven, noValues } from './values.js';
import { ValuesWatch } from './values-watch.js';

/** How a chart is rendered; the names are those of `helm template`. */
export interface RenderChartOptions {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly values: GivenValues;
  /** `--kube-version`; what Helm's release builds carry if absent. */
  readonly kubeVersion?: string;
  readonly apiVersions: readonly string[];
  readonly includeCrds: boolean;
  readonly noHooks: boolean;
  readonly skipTests: boolean;
  readonly showOnly: readonly string[];
  readonly isUpgrade: boolean;
  readonly skipSchemaValidation: boolean;
  /** Whose rules hold where the two differ. */
  readonly helm: 3 | 4;
  readonly now: () => Date;
  readonly random: (bytes: number) => Uint8Array;
  /** Whether manifests know which template wrote what of them, and which values were read for it. */
  readonly trace?: boolean;
  /**
   * Paths of the templates to run (`chart/templates/x.yaml`), for a variant of a chart of which the rest is known: the
   * manifests are theirs alone. Templates that were seen to change the values that others read run, too; before all have
   * run once, so that this is known, all of them do.
   */
  readonly only?: readonly string[];
  /** False where nobody asks for the values that the templates began with: they are null then. */
  readonly asksValues?: boolean;
  /**
   * When what a template wrote is taken again instead of running it, where it would write the same: `within` one
   * rendering (several that call the same helper; without this option), also `between` renderings of a prepared chart
   * (those with the option note what is read), or `never`.
   */
  readonly recall?: 'within' | 'between' | 'never';
  /** What Chart.yaml of some charts is to state instead, by the chart's id: for experiments. */
  readonly stated?: ReadonlyMap<string, { readonly appVersion?: string; readonly version?: string }>;
  readonly limits?: { readonly outputBytes?: number; readonly steps?: number; readonly timeMs?: number };
}

/** What `helm template` does if it is told nothing: a release `release-name` in `default`, without values. */
export const helmDefaults: Omit<RenderChartOptions, 'now' | 'random'> = {
  name: 'release-name',
  namespace: 'default',
  values: noValues,
  apiVersions: [],
  includeCrds: false,
  noHooks: false,
  skipTests: false,
  showOnly: [],
  isUpgrade: false,
  skipSchemaValidation: false,
  helm: 3,
};

export interface RenderedChart {
  /** What `helm template` prints. */
  readonly text: string;
  /** The objects among it, hooks included, in the order of the text; documents of comments and CRDs of `crds/` are not. */
  readonly manifests: readonly Manifest[];
  /** What each template wrote, NOTES.txt included, by its path; partials are not executed. */
  readonly raw: ReadonlyMap<string, string>;
  /** The charts that take part; a disabled dependency stands in its parent's list. */
  readonly charts: readonly ChartSummary[];
  /** What Helm says on standard error. */
  readonly warnings: readonly string[];
  /** The values that the root chart's templates began with. */
  readonly values: JsonValue;
  /** The text in its parts, as `outputFiles` wants them. */
  readonly sections: readonly Section[];
}

/** What the engine made of a chart, before documents are split, read and sorted. */
export interface RawChart {
  /** What each template wrote, NOTES.txt included, by its path; partials are not executed. */
  readonly raw: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/**
 * Runs the templates of a chart and gives what they wrote, whatever it is (`--raw`). Unlike `renderChart` it does not
 * ask whether the chart can be installed (dependencies vendored, type) nor whether what was written is YAML.
 *
 * Throws TrowelError as `renderChart` does. Follows: helm pkg/engine Render behind pkg/chartutil's steps.
 */
export function renderRaw(prepared: PreparedChart, options: RenderChartOptions): RawChart {
  const { raw, warnings } = run(prepared, options);
  return { raw, warnings };
}

/**
 * Renders a chart as `helm template` does: the same text, byte for byte, without a cluster and without running
 * anything but its templates.
 *
 * Throws TrowelError whose `what` is what Helm prints after `Error: ` (without its hint at `--debug`): `bad-chart`
 * (dependencies not vendored, a library), `bad-values` (unreadable, or against a schema), `usage`, `render-failed`,
 * `too-large`, `timeout`.
 * Follows: helm cmd/helm/install.go runInstall, pkg/action/install.go, cmd/helm/template.go.
 */
export function renderChart(prepared: PreparedChart, options: RenderChartOptions): RenderedChart {
  checkInstallable(prepared.chart, options.helm);
  checkReleaseName(options.name, options.helm);
  const { root, values, templates, rendered, raw, warnings, warn } = run(prepared, options);
  const sections = onlyShown(sectionsOf(root, prepared.documents, raw, options, warn), options.showOnly, options.helm);
  return {
    text: printed(sections, options.showOnly.length > 0),
    manifests: manifestsOf(sections, templates, rendered),
    raw,
    charts: summariesOf(root),
    warnings,
    get values() {
      return values();
    },
    sections,
  };
}

/** Everything up to what the templates wrote. */
function run(
  prepared: PreparedChart,
  options: RenderChartOptions,
): RawChart & {
  readonly root: ChartNode;
  readonly values: () => JsonValue;
  readonly templates: ReadonlyMap<string, OwnedTemplate>;
  readonly rendered: ReadonlyMap<string, RenderedTemplate>;
  readonly warn: (text: string) => void;
} {
  const { chart } = prepared;
  const warnings: string[] = [...chart.warnings];
  const warn = (text: string): void => {
    if (!warnings.includes(text)) warnings.push(text);
  };
  if (chart.metadata.deprecated) warn('WARNING: This chart is deprecated');
  const cluster = capabilities(options.kubeVersion ?? '', options.apiVersions, options.helm);
  const given = mergeGiven(options.values, options.helm);

  const joining: Joining = { merge: false, helm: options.helm, warn };
  const root = chartTree(chart);
  processDependencies(root, given, joining);
  // Templates that change values need their own; that others do is only seen when they do (`unshare`).
  const { changers } = prepared;
  const isShared = options.trace !== true && options.recall !== 'never' && (changers?.size ?? 0) === 0;
  const coalesced = isShared ? lookAtValues(root, copyMap(given), joining) : coalesceValues(root, given, joining);
  if (!options.skipSchemaValidation) validateValues(root, coalesced, prepared.schemas, warn);
  checkKubeVersion(chart, cluster);

  // Read when somebody asks, or before a template changes the tables.
  let read: JsonValue | undefined;
  const values = (): JsonValue => {
    read ??= options.asksValues === false ? null : toJsonValue(coalesced);
    return read;
  };
  const templates = templatesOf(prepared, root);
  const contexts = contextsOf(prepared, root, coalesced, cluster, options);
  const only = options.only === undefined || changers === null ? undefined : [...options.only, ...changers];
  const program = inHelmsWords(options.helm, () => prepared.program([...templates.values()], options.helm));
  const recall = recallFor(prepared, program, options);
  const dots = dotsOf(contexts);
  const unshare = (): void => {
    const own = contextsOf(prepared, root, coalesceValues(root, given, joining), cluster, options);
    for (const [node, { entries }] of contexts) entries.set('Values', own.get(node)?.entries.get('Values') ?? null);
    recall?.rebase();
  };
  recall?.begin(sharedOf(prepared, dots, contexts, cluster, options, isShared ? unshare : values));
  const watch =
    only === undefined && recall === null ? new ValuesWatch(coalesced, [...contexts.values()], values) : null;
  // Templates that are known to change the values run unseen.
  if (recall === null && changers !== null && changers.size > 0) values();
  const all = inHelmsWords(options.helm, () =>
    prepared.within(options, recall, () =>
      render(program, {
        data: (template) => {
          watch?.runs(template.path);
          const node = templates.get(template.path)?.node ?? root;
          return recall?.dot(dots.get(node) ?? '') ?? contexts.get(node) ?? null;
        },
        ...(recall === null ? {} : { recall }),
        ...(options.trace === true ? { trace: namedTables(root, coalesced, contexts) } : {}),
        ...(options.limits === undefined ? {} : { limits: options.limits }),
        ...(only === undefined ? {} : { only }),
        ...(watch === null ? {} : { changed: (table) => watch.sees(table) }),
      }),
    ),
  );
  const seen = watch ?? recall;
  if (seen !== null && only === undefined) prepared.changers = new Set([...(changers ?? []), ...seen.changers]);
  const wanted = options.only === undefined ? null : new Set(options.only);
  const rendered = wanted === null ? all : new Map([...all].filter(([path]) => wanted.has(path)));
  const raw = new Map([...rendered].map(([path, template]) => [path, template.text]));
  return { root, values, templates, rendered, raw, warnings, warn };
}

/** What templates read and wrote before; null where they are traced, which runs them all. */
function recallFor(prepared: PreparedChart, program: Program, options: RenderChartOptions): Recall | null {
  if (options.trace === true || options.recall === 'never') return null;
  return options.recall === 'between' ? prepared.recallOf(program) : new Recall(false);
}

/** The engine fails in the words of Helm 3; those of Helm 4 are laid out anew. */
function inHelmsWords<T>(helm: 3 | 4, work: () => T): T {
  if (helm === 3) return work();
  try {
    return work();
  } catch (error) {
    if (!isTrowelError(error, 'render-failed')) throw error;
    throw new TrowelError('render-failed', { what: helm4Message(error.what), where: error.where, cause: error });
  }
}

function sectionsOf(
  root: ChartNode,
  known: PreparedChart['documents'],
  raw: ReadonlyMap<string, string>,
  options: RenderChartOptions,
  warn: (text: string) => void,
): readonly Section[] {
  const { generic, hooks } = sortDocuments(raw, options.helm, warn, known);
  const section = (kind: 'manifest' | 'hook', document: RenderedDocument): Section => ({
    kind,
    source: document.template,
    text: document.text,
    document,
  });
  const sections = [...(options.includeCrds ? crdsOf(root) : []), ...generic.map((one) => section('manifest', one))];
  if (options.noHooks) return sections;
  const wanted = hooks.filter((hook) => !(options.skipTests && hook.hooks.includes('test')));
  return [...sections, ...wanted.map((one) => section('hook', one))];
}

/** The CRDs of a chart, then those of its subcharts, as they lie in their files. */
function crdsOf(node: ChartNode): readonly Section[] {
  const own = node.chart.crds.map(
    (file): Section => ({
      kind: 'crd',
      source: `${fullPath(node)}/${file.path}`,
      text: goString(file.bytes),
      document: null,
    }),
  );
  return [...own, ...node.children.flatMap(crdsOf)];
}

function manifestsOf(
  sections: readonly Section[],
  templates: ReadonlyMap<string, OwnedTemplate>,
  rendered: ReadonlyMap<string, RenderedTemplate>,
): readonly Manifest[] {
  return sections.flatMap(({ document }) => {
    if (document === null || document.isEmpty) return [];
    const template = rendered.get(document.template);
    const node = templates.get(document.template)?.node;
    const trace = template?.trace ? documentTrace(template.trace, document) : null;
    return [asManifest(document, node === undefined ? null : idOf(node), trace)];
  });
}

/** The trace of a template's text as one of one document in it. */
function documentTrace(trace: Trace, { text, offset }: RenderedDocument): Pick<Manifest, 'lineOf' | 'traceOf'> {
  return {
    lineOf: (textLine) => {
      let at = 0;
      for (let line = 0; line < textLine; line++) {
        at = text.indexOf('\n', at) + 1;
        if (at === 0) return null;
      }
      return trace.lineAt(offset + at);
    },
    traceOf: (from, to) =>
      trace.between(offset + from, offset + to).map((stretch) => ({
        ...stretch,
        from: stretch.from - offset,
        to: stretch.to - offset,
      })),
  };
}
