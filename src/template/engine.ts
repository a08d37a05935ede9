import { isTrowelError, TrowelError } from '../model/index.js';
import { builtins } from './builtins.js';
import { callableOf } from './call.js';
import { execFailure, parseFailure } from './helm-error.js';
import { engineFunctions, execute, nothingFound, setName, withoutNoValue } from './helm-functions.js';
import {
  Budget,
  type Callable,
  type Definition,
  defaultLimits,
  ExecError,
  fail,
  type Limits,
  type Machine,
  maxDepth,
} from './machine.js';
import { type Origin, withoutText } from './origin.js';
import { parseTemplate } from './parser.js';
import { Templates } from './template-set.js';
import { compareBytes, goBytes, goString, hasInvalidBytes } from './text.js';
import { type NamedTables, Trace, ValueTracer } from './trace.js';
import { GoError, type GoFunc, GoMap, type GoValue } from './value.js';

/** One file of a chart's templates. `path` is as Helm prints it: `chart/charts/sub/templates/x.yaml`. */
export interface HelmTemplate {
  readonly path: string;
  readonly text: string;
  /** `.Template.BasePath`: the templates folder of its chart. */
  readonly basePath: string;
  readonly chartPath: string;
}

/** Templates that were parsed together, ready to be rendered many times. */
export interface Program {
  /** In the order in which they are parsed and executed. */
  readonly templates: readonly HelmTemplate[];
  readonly set: Templates;
  readonly functions: ReadonlyMap<string, Callable>;
}

export interface RenderOptions {
  /** The dot of a template; the engine sets `.Template` in it. Charts share theirs, so that `set` is seen by later ones. */
  readonly data: (template: HelmTemplate) => GoValue;
  /** Paths of the templates to run; all but partials if absent. */
  readonly only?: readonly string[];
  /** What `lookup` finds; nothing if absent. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => GoValue;
  readonly limits?: Partial<Limits>;
  /** Follows what is read of these tables, and which template writes what; costs a third more time. */
  readonly trace?: NamedTables;
}

export interface RenderedTemplate {
  readonly text: string;
  /** Which line of which template wrote what, and the values that were read for it; null where it was not asked for. */
  readonly trace: Trace | null;
}

/** Texts given to `tpl` are remembered up to so many characters. */
const rememberedText = 16 * 1024 * 1024;

/**
 * Parses the templates of a chart and of all its subcharts into one set.
 *
 * `functions` are sprig's and Helm's own (functions/index.ts); text/template's and those of the engine are added.
 * They are parsed in Helm's order, deepest path first, so that the shallowest definition of a name stays.
 * Throws TrowelError `render-failed` whose `what` is Helm's message: `parse error at (chart/templates/x.yaml:3): …`.
 */
export function prepare(templates: readonly HelmTemplate[], functions: ReadonlyMap<string, GoFunc>): Program {
  const all = new Map<string, Callable>(builtins);
  for (const [name, func] of functions) all.set(name, callableOf(func));
  for (const callable of engineFunctions(textParser(all))) all.set(callable.name, callable);
  const ordered = [...templates].sort((a, b) => comparePaths(b.path, a.path));
  const set = new Templates();
  for (const { path, text } of ordered) set.add(parseFile(path, text, all));
  return { templates: ordered, set, functions: all };
}

function parseFile(
  path: string,
  text: string,
  functions: ReadonlyMap<string, Callable>,
): ReadonlyMap<string, Definition> {
  try {
    return parseTemplate(path, text, functions);
  } catch (error) {
    if (error instanceof GoError) throw parseFailure(path, error.message);
    throw error;
  }
}

function textParser(functions: ReadonlyMap<string, Callable>): (source: string) => ReadonlyMap<string, Definition> {
  const known = new Map<string, ReadonlyMap<string, Definition>>();
  let size = 0;
  return (source) => {
    const old = known.get(source);
    if (old !== undefined) return old;
    const trees = parseTemplate(setName, source, functions);
    size += source.length;
    if (size > rememberedText) {
      known.clear();
      size = source.length;
    }
    known.set(source, trees);
    return trees;
  };
}

/** By depth, then by name (byPathLen of Helm's engine.go). */
function comparePaths(a: string, b: string): number {
  const depth = (path: string): number => path.split('/').length;
  return depth(a) - depth(b) || compareBytes(a, b);
}

const isPartial = (path: string): boolean => path.slice(path.lastIndexOf('/') + 1).startsWith('_');

/**
 * Runs every template that is not a partial, deepest path first, and gives their texts by path.
 *
 * Throws TrowelError `render-failed` whose `what` is Helm's message after `Error: `; `too-large` and `timeout` where a
 * template passes the limits.
 * Follows: Engine.render of Helm 3.22.
 */
export function render(program: Program, options: RenderOptions): ReadonlyMap<string, RenderedTemplate> {
  const machine = newMachine(program, options);
  const only = options.only === undefined ? null : new Set(options.only);
  const rendered = new Map<string, RenderedTemplate>();
  for (const template of program.templates) {
    if (isPartial(template.path) || (only !== null && !only.has(template.path))) continue;
    rendered.set(template.path, renderOne(machine, template, options));
  }
  return rendered;
}

function newMachine(program: Program, options: RenderOptions): Machine {
  return {
    set: program.set,
    name: setName,
    node: null,
    vars: [],
    dotType: null,
    depth: 0,
    out: '',
    tracer: options.trace === undefined ? null : new ValueTracer(options.trace),
    budget: new Budget({ ...defaultLimits, ...options.limits }),
    host: { includes: new Map(), overflow: null, lookup: options.lookup ?? nothingFound },
  };
}

function renderOne(machine: Machine, template: HelmTemplate, options: RenderOptions): RenderedTemplate {
  const data = options.data(template);
  if (data instanceof GoMap) data.entries.set('Template', templateData(template));
  const output = runGuarded(machine, template, data);
  const { tracer } = machine;
  const clean = withoutNoValue(output);
  const text = hasInvalidBytes(clean) ? goString(goBytes(clean)) : clean;
  return { text, trace: tracer === null ? null : new Trace(text, cleaned(tracer.origin, output)) };
}

/** The origin of a text after `<no value>` was taken out of it. */
function cleaned(origin: Origin | null, output: string): Origin | null {
  if (origin?.stretches == null) return origin;
  return { paths: origin.paths, stretches: withoutText(origin.stretches, output, '<no value>') };
}

function templateData(template: HelmTemplate): GoMap {
  const entries = new Map<string, GoValue>([
    ['Name', template.path],
    ['BasePath', template.basePath],
  ]);
  return new GoMap(entries, 'chartutil.Values');
}

function runGuarded(machine: Machine, template: HelmTemplate, data: GoValue): string {
  try {
    machine.node = null;
    if (machine.tracer !== null) machine.tracer.origin = null;
    return execute(machine, template.path, data);
  } catch (error) {
    if (isTrowelError(error)) throw error;
    if (error instanceof ExecError) throw execFailure(template.path, error.message);
    if (error instanceof GoError) throw new TrowelError('render-failed', { what: error.message });
    if (error instanceof RangeError) throw execFailure(template.path, stackMessage(machine));
    throw new TrowelError('internal', {
      what: 'the template engine failed',
      where: { file: template.path },
      cause: error,
    });
  }
}

/** Our stack is full long before Go's limit of templates within templates; it is the same fault. */
function stackMessage(machine: Machine): string {
  try {
    return fail(machine, `exceeded maximum template depth (${maxDepth})`);
  } catch (error) {
    return error instanceof ExecError ? error.message : 'exceeded maximum template depth';
  }
}
