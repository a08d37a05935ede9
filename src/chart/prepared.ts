import type { ChartFile } from '../model/index.js';
import {
  type GoFunc,
  goString,
  type HelmTemplate,
  helmFunctions,
  keptTemplates,
  type Program,
  prepare,
  Recall,
  useKeptTemplates,
} from '../template/index.js';
import type { Chart } from './chart.js';
import { ByteSlices } from './files-object.js';
import type { KnownDocuments } from './manifests.js';
import { SchemaCache } from './schema/index.js';
import { type ChartNode, fullPath } from './tree.js';

/** Clock and chance, as templates see them. */
export interface Environment {
  readonly now: () => Date;
  readonly random: (bytes: number) => Uint8Array;
}

/** How many sets of parsed templates are kept: one for each choice of subcharts. */
const keptPrograms = 8;

/**
 * A chart with everything that is the same in each render: parsed templates, compiled schemas. Which subcharts take
 * part depends on the values, so templates are parsed when a choice is met first and kept for the next render.
 */
export class PreparedChart {
  readonly chart: Chart;
  readonly schemas = new SchemaCache();
  readonly slices = new ByteSlices();
  /** What the templates wrote the last time, by template, taken apart. */
  readonly documents = new Map<string, KnownDocuments>();
  /** The templates that changed the values of the chart when all of them ran; null before that. */
  changers: ReadonlySet<string> | null = null;
  readonly #texts = new WeakMap<ChartFile, string>();
  readonly #programs = new Map<string, Program>();
  readonly #functions = new Map<3 | 4, ReadonlyMap<string, GoFunc>>();
  readonly #recalls = new WeakMap<Program, Recall>();
  readonly #numbers = new Map<Chart, number>();
  #environment: Environment | null = null;
  #recall: Recall | null = null;

  constructor(chart: Chart) {
    this.chart = chart;
  }

  /** Runs `work` with this clock and chance, whose use is told; rendering is synchronous, so nothing else can run in between. */
  within<T>(environment: Environment, recall: Recall | null, work: () => T): T {
    const before = [this.#environment, this.#recall] as const;
    this.#environment = environment;
    this.#recall = recall;
    try {
      return work();
    } finally {
      [this.#environment, this.#recall] = before;
    }
  }

  /** A number for each of the charts: two versions of one can lie side by side. */
  numberOf(chart: Chart): number {
    const known = this.#numbers.get(chart);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(chart, number);
    return number;
  }

  /** What these templates wrote in renderings before this one. */
  recallOf(program: Program): Recall {
    const known = this.#recalls.get(program);
    if (known !== undefined) return known;
    const recall = new Recall(true);
    this.#recalls.set(program, recall);
    return recall;
  }

  /** The parsed templates of the charts of a tree. Throws TrowelError `render-failed` with Helm's words. */
  program(templates: readonly HelmTemplate[], helm: 3 | 4): Program {
    const key = `${helm}\n${templates.map((template) => template.path).join('\n')}`;
    const known = this.#programs.get(key);
    if (known !== undefined) {
      // Moved to the end: the one that was not used for longest goes first.
      this.#programs.delete(key);
      this.#programs.set(key, known);
      return known;
    }
    const program = prepare(templates, this.#functionsOf(helm));
    this.#programs.set(key, program);
    const [oldest] = this.#programs.keys();
    if (this.#programs.size > keptPrograms && oldest !== undefined) this.#programs.delete(oldest);
    return program;
  }

  /** Takes templates that `keptTemplates` gave for this version of Helm; their texts are compared, their form is not. */
  useKept(helm: 3 | 4, bytes: Uint8Array): void {
    useKeptTemplates(this.#functionsOf(helm), bytes);
  }

  /** The parsed templates as bytes, for the next process; null where nothing was parsed that was not kept. */
  keptTemplates(helm: 3 | 4): Uint8Array | null {
    return keptTemplates(this.#functionsOf(helm));
  }

  textOf(file: ChartFile): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = goString(file.bytes);
    this.#texts.set(file, text);
    return text;
  }

  #functionsOf(helm: 3 | 4): ReadonlyMap<string, GoFunc> {
    const known = this.#functions.get(helm);
    if (known !== undefined) return known;
    const functions = helmFunctions(
      { now: () => this.#current().now(), random: (bytes) => this.#current().random(bytes) },
      helm,
    );
    this.#functions.set(helm, functions);
    return functions;
  }

  #current(): Environment {
    if (this.#environment === null) throw new Error('a template ran outside of a render');
    this.#recall?.draws();
    return this.#environment;
  }
}

/** Prepares a loaded chart for being rendered, once or many times. */
export function prepareChart(chart: Chart): PreparedChart {
  return new PreparedChart(chart);
}

/** A template with the chart of the tree that it belongs to. */
export interface OwnedTemplate extends HelmTemplate {
  readonly node: ChartNode;
}

/**
 * All templates of a tree by path, of a library chart only its partials. Two aliases of one chart that share subcharts
 * share those paths; the later one wins, as in Helm. Follows: helm pkg/engine/engine.go recAllTpls, isTemplateValid.
 */
export function templatesOf(prepared: PreparedChart, root: ChartNode): ReadonlyMap<string, OwnedTemplate> {
  const templates = new Map<string, OwnedTemplate>();
  const visit = (node: ChartNode): void => {
    for (const child of node.children) visit(child);
    const chartPath = fullPath(node);
    const isLibrary = node.chart.metadata.type.toLowerCase() === 'library';
    for (const file of node.chart.templates) {
      const base = file.path.slice(file.path.lastIndexOf('/') + 1);
      if (isLibrary && !base.startsWith('_')) continue;
      const path = `${chartPath}/${file.path}`;
      templates.set(path, { path, text: prepared.textOf(file), basePath: `${chartPath}/templates`, chartPath, node });
    }
  };
  visit(root);
  return templates;
}
