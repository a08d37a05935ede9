import { isTrowelError, TrowelError } from '../model/index.js';
import { builtins } from './builtins.js';
import { callableOf } from './call.js';
import { execFailure, parseFailure } from './helm-error.js';
import { engineFunctions, execute, nothingFound, setName, withoutNoValue } from './helm-functions.js';
import { type KeptFiles, readKept } from './kept/read.js';
import { writeKept } from './kept/write.js';
import { KnownActions, type Vocabulary } from './known-actions.js';
import {
  Budget,
  type Callable,
  type Definition,
  defaultLimits,
  ExecError,
  type Host,
  type Limits,
  type Machine,
  placeOf,
} from './machine.js';
import { type Origin, withoutText } from './origin.js';
import { parseTemplate } from './parser.js';
import type { Recall } from './recall/recall.js';
import { Source } from './source.js';
import { Templates } from './template-set.js';
import { compareBytes, goBytes, goString, hasInvalidBytes } from './text.js';
import { Tokens } from './tokens.js';
import { type NamedTables, Trace, ValueTracer } from './trace.js';
import { GoError, type GoFunc, GoMap, type GoValue } from './value.js';
import { metered } from './work.js';

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
}

export interface RenderOptions {
  /** The dot of a template; the engine sets `.Template` in it. Charts share theirs, so that `set` is seen by later ones. */
  readonly data: (template: HelmTemplate) => GoValue;
  /** Paths of the templates to run; all but partials if absent. */
  readonly only?: readonly string[];
  /** What `lookup` finds; nothing if absent. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => GoValue;
  readonly limits?: Partial<Limits>;
  /** Follows what is read of these tables, and which template writes what; costs about as much again as the rendering. */
  readonly trace?: NamedTables;
  /** What templates wrote before; used where nothing is traced or looked up. `data` gives its dots. */
  readonly recall?: Recall;
  /** Called before a template changes a table (`set`, `merge` …), whatever table it is. */
  readonly changed?: (table: GoValue) => void;
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
  const table = tableOf(functions);
  const { vocabulary, parsed } = table;
  const ordered = inHelmsOrder(templates);
  const set = new Templates();
  for (const { path, text } of ordered) {
    let file = parsed.get(path);
    if (file === undefined || file.text !== text) {
      let trees = table.kept?.find(path, text);
      if (trees === undefined) {
        trees = parseFile(path, text, vocabulary);
        table.parsedAnew += 1;
      }
      file = { text, trees };
      parsed.set(path, file);
    }
    set.add(file.trees);
  }
  return { templates: ordered, set };
}

/**
 * Lets `prepare` take what was parsed before from the bytes that `keptTemplates` gave, for files whose text is exactly
 * the same. Nothing checks the bytes: they come from this version of the program, for functions of the same names.
 */
export function useKeptTemplates(functions: ReadonlyMap<string, GoFunc>, bytes: Uint8Array): void {
  const table = tableOf(functions);
  table.kept = readKept(bytes, table.vocabulary.functions);
}

/** What `prepare` parsed for these functions, as bytes; null where it parsed nothing but what was kept before. */
export function keptTemplates(functions: ReadonlyMap<string, GoFunc>): Uint8Array | null {
  const { parsed, parsedAnew } = tableOf(functions);
  if (parsedAnew === 0) return null;
  return writeKept([...parsed].map(([path, { text, trees }]) => ({ path, text, trees })));
}

/** All functions that templates call, and the files that were parsed for them: a chart's programs share most files. */
interface FunctionTable {
  readonly vocabulary: Vocabulary;
  readonly parsed: Map<string, { readonly text: string; readonly trees: ReadonlyMap<string, Definition> }>;
  /** Where files are looked for before they are parsed, and how many had to be parsed all the same. */
  kept: KeptFiles | null;
  parsedAnew: number;
}

const tables = new WeakMap<ReadonlyMap<string, GoFunc>, FunctionTable>();

function tableOf(functions: ReadonlyMap<string, GoFunc>): FunctionTable {
  const known = tables.get(functions);
  if (known !== undefined) return known;
  const all = new Map<string, Callable>(builtins);
  const vocabulary: Vocabulary = {
    functions: all,
    known: new KnownActions(),
    tokens: new Tokens(new Source('', '')),
  };
  for (const [name, func] of functions) {
    const callable = callableOf(func);
    all.set(name, changers.has(name) ? { ...callable, changes: true } : callable);
  }
  for (const callable of engineFunctions(textParser(vocabulary))) all.set(callable.name, callable);
  const table: FunctionTable = { vocabulary, parsed: new Map(), kept: null, parsedAnew: 0 };
  tables.set(functions, table);
  return table;
}

/** The functions that change a table, and do not make a new one. */
const changers: ReadonlySet<string> = new Set([
  'set',
  'unset',
  'merge',
  'mergeOverwrite',
  'mustMerge',
  'mustMergeOverwrite',
]);

function changedBy({ changed }: RenderOptions): Host['changed'] {
  return changed === undefined ? null : (table) => changed(table ?? null);
}

function parseFile(path: string, text: string, vocabulary: Vocabulary): ReadonlyMap<string, Definition> {
  try {
    return parseTemplate(path, text, vocabulary);
  } catch (error) {
    if (error instanceof GoError) throw parseFailure(path, error.message);
    throw error;
  }
}

function textParser(vocabulary: Vocabulary): (source: string) => ReadonlyMap<string, Definition> {
  const known = new Map<string, ReadonlyMap<string, Definition>>();
  let size = 0;
  return (source) => {
    const old = known.get(source);
    if (old !== undefined) return old;
    const trees = parseTemplate(setName, source, vocabulary);
    size += source.length;
    if (size > rememberedText) {
      known.clear();
      size = source.length;
    }
    known.set(source, trees);
    return trees;
  };
}

/** Deepest path first, then the last by name (byPathLen of Helm's engine.go, reversed). */
function inHelmsOrder(templates: readonly HelmTemplate[]): readonly HelmTemplate[] {
  return templates
    .map((template) => ({ template, depth: template.path.split('/').length }))
    .sort((a, b) => b.depth - a.depth || compareBytes(b.template.path, a.template.path))
    .map(({ template }) => template);
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
  return metered(
    (elements) => machine.budget.worked(machine, elements),
    () => {
      for (const template of program.templates) {
        if (isPartial(template.path) || (only !== null && !only.has(template.path))) continue;
        rendered.set(template.path, renderOne(machine, template, options));
      }
      return rendered;
    },
  );
}

function newMachine(program: Program, options: RenderOptions): Machine {
  return {
    set: program.set,
    name: setName,
    node: null,
    action: null,
    vars: [],
    dotType: null,
    depth: 0,
    out: '',
    tracer: options.trace === undefined ? null : new ValueTracer(options.trace),
    recall: options.trace === undefined && options.lookup === undefined ? (options.recall ?? null) : null,
    budget: new Budget({ ...defaultLimits, ...options.limits }),
    host: { includes: new Map(), changed: changedBy(options), lookup: options.lookup ?? nothingFound },
  };
}

function renderOne(machine: Machine, template: HelmTemplate, options: RenderOptions): RenderedTemplate {
  const data = options.data(template);
  if (data instanceof GoMap) data.entries.set('Template', templateData(template, data.type));
  const { tracer, recall, budget } = machine;
  const before = recall?.fileAgain(template.path, budget) ?? null;
  if (before !== null) return { text: before, trace: null };
  recall?.beginFile(template.path, budget);
  const output = runGuarded(machine, template, data);
  const clean = withoutNoValue(output);
  const text = hasInvalidBytes(clean) ? goString(goBytes(clean)) : clean;
  recall?.endFile(text, budget);
  return { text, trace: tracer === null ? null : new Trace(text, cleaned(tracer.origin, output)) };
}

/** The origin of a text after `<no value>` was taken out of it. */
function cleaned(origin: Origin | null, output: string): Origin | null {
  if (origin?.stretches == null) return origin;
  return { paths: origin.paths, stretches: withoutText(origin.stretches, output, '<no value>') };
}

/** `.Template`, of the same Go type as the dot: chartutil.Values, and common.Values with Helm 4. */
function templateData(template: HelmTemplate, type: string): GoMap {
  const entries = new Map<string, GoValue>([
    ['Name', template.path],
    ['BasePath', template.basePath],
  ]);
  return new GoMap(entries, type);
}

function runGuarded(machine: Machine, template: HelmTemplate, data: GoValue): string {
  try {
    machine.node = null;
    machine.action = null;
    if (machine.tracer !== null) machine.tracer.origin = null;
    return execute(machine, template.path, data);
  } catch (error) {
    if (isTrowelError(error)) throw named(error, template);
    if (error instanceof ExecError) throw execFailure(template.path, error.message);
    if (error instanceof GoError) throw new TrowelError('render-failed', { what: error.message });
    if (error instanceof RangeError) throw named(beyondUs(machine, error), template);
    throw new TrowelError('internal', {
      what: 'the template engine failed',
      where: { file: template.path },
      cause: error,
    });
  }
}

/** A limit that was met in a text given to `tpl`, with the template that gave it. */
function named(error: TrowelError, template: HelmTemplate): TrowelError {
  const { code, what, where, todo, cause } = error;
  if (where.file !== setName) return error;
  return new TrowelError(code, {
    what: `${what}, in line ${where.line ?? 1} of a text given to tpl`,
    where: { file: template.path },
    ...(todo === undefined ? {} : { todo }),
    cause,
  });
}

/** Where JavaScript ends: its stack, or the length of a text. */
function beyondUs(machine: Machine, cause: RangeError): TrowelError {
  const where = placeOf(machine);
  if (cause.message.startsWith(stackFull)) {
    return new TrowelError('too-large', { what: 'templates are nested too deeply', where, cause });
  }
  return new TrowelError('too-large', {
    what: `the template makes a text that is too long (${cause.message})`,
    where,
    cause,
  });
}

const stackFull = 'Maximum call stack size exceeded';

/**
 * Whether a template was left because it fills the stack: on a larger one (of a worker thread with `stackSizeMb`) it
 * may end, or meet a limit of Helm.
 */
export function isStackFull(error: unknown): boolean {
  return (
    isTrowelError(error, 'too-large') && error.cause instanceof RangeError && error.cause.message.startsWith(stackFull)
  );
}
