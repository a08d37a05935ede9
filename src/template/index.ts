/**
 * Helm's template engine as a library: Go's text/template, Helm's own functions and rules, and the Go values that they
 * compute with. Nothing here does I/O or looks at the clock but to stop a template that runs too long.
 *
 * ```ts
 * const program = prepare(templates, functions);
 * const texts = render(program, { data: (template) => dotOf(template.chartPath) });
 * ```
 */
export {
  type HelmTemplate,
  isStackFull,
  keptTemplates,
  type Program,
  prepare,
  type RenderedTemplate,
  type RenderOptions,
  render,
  useKeptTemplates,
} from './engine.js';
export { type FloatFormat, formatFloat, formatV, quote, sprint, sprintf, sprintln, unquote } from './format.js';
export { type Environment, helmFunctions } from './functions/index.js';
export { defaultLimits, type Limits } from './machine.js';
export { Recall, type Shared } from './recall/recall.js';
export {
  byteLength,
  compareBytes,
  deepEqual,
  goBytes,
  goString,
  kindName,
  truth,
  typeName,
} from './reflect.js';
export { childPath, type NamedTables, type Trace } from './trace.js';
export {
  GoError,
  GoFunc,
  GoInt,
  type GoIntKind,
  GoMap,
  GoObject,
  type GoParam,
  GoSlice,
  type GoValue,
  int,
  int64,
  NilEntries,
} from './value.js';
export * from './yaml/index.js';
