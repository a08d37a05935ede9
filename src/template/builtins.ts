import { callableOf } from './call.js';
import { equalsAny, lessOrEqual, lessThan } from './compare.js';
import { escapeHtml, escapeJs, escapeQuery } from './escape.js';
import { zeroElement } from './field.js';
import { sprint, sprintf, sprintln } from './format.js';
import type { Callable, Machine, Val } from './machine.js';
import { truth, typeName } from './reflect.js';
import { byteLength, byteSlice, goBytes } from './text.js';
import { GoError, GoFunc, GoInt, GoMap, GoObject, type GoParam, GoSlice, type GoValue, int } from './value.js';

function builtin(
  name: string,
  params: readonly GoParam[],
  variadic: GoParam | undefined,
  call: (args: Val[], machine: Machine) => Val,
): Callable {
  return { name, params, variadic, call };
}

const orNil = (args: readonly Val[]): GoValue[] => args.map((arg) => arg ?? null);
const stringArg = (value: Val): string => (typeof value === 'string' ? value : '');
const unreachable = (): never => {
  throw new GoError('and and or are evaluated by the executor');
};

/** Arguments of html, js and urlquery as text (evalArgs). */
function argsText(args: readonly Val[]): string {
  const [only] = args;
  if (args.length === 1 && typeof only === 'string') return only;
  return sprint(args.map(indirect));
}

/** What print functions see: what a pointer points to, `<no value>` for nothing. Follows: printableValue. */
function indirect(arg: Val): GoValue {
  if (arg === undefined || arg === null) return '<no value>';
  if (!(arg instanceof GoObject) || arg.kind !== 'ptr' || arg.text !== undefined) return arg;
  const { fields, methods, payload } = arg;
  return new GoObject({ type: arg.type.replace(/^\*/, ''), kind: 'struct', fields, methods, payload });
}

/** The type of a value, of a pointer that of what it points to. */
function pointedType(value: GoValue): string {
  return typeName(value).replace(/^\*/, '');
}

function lengthOf(value: Val): number {
  if (value === undefined) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
  if (value === null) throw new GoError('len of nil pointer');
  if (typeof value === 'string') return byteLength(value);
  if (value instanceof GoSlice) return value.items.length;
  if (value instanceof GoMap) return value.entries.size;
  if (value instanceof GoObject) {
    if (value.kind === 'map' || value.kind === 'slice') return value.fields.size;
    if (value.kind === 'string' && typeof value.payload === 'string') return byteLength(value.payload);
  }
  throw new GoError(`len of type ${pointedType(value)}`);
}

/** An index as a number, at most `cap`. Follows: indexArg. */
function indexArg(index: GoValue, cap: number): number {
  if (index === null) throw new GoError('cannot index slice/array with nil');
  if (!(index instanceof GoInt)) throw new GoError(`cannot index slice/array with type ${typeName(index)}`);
  const at = BigInt.asIntN(64, index.value);
  if (at < 0n || at > BigInt(cap)) throw new GoError(`index out of range: ${at}`);
  return Number(at);
}

function keyArg(index: GoValue): string {
  if (index === null) throw new GoError('value is nil; should be of type string');
  if (typeof index !== 'string') throw new GoError(`value has type ${typeName(index)}; should be string`);
  return index;
}

function indexOnce(item: GoValue, index: GoValue): GoValue {
  if (item === null) throw new GoError('index of nil pointer');
  if (typeof item === 'string') {
    const bytes = goBytes(item);
    const byte = bytes[indexArg(index, bytes.length)];
    if (byte === undefined) throw new GoError('reflect: string index out of range');
    return new GoInt('uint8', byte);
  }
  if (item instanceof GoSlice) {
    const element = item.items[indexArg(index, item.items.length)];
    if (element === undefined) throw new GoError('reflect: slice index out of range');
    return element;
  }
  if (item instanceof GoMap) return item.entries.get(keyArg(index)) ?? zeroElement(item.element);
  if (item instanceof GoObject && item.kind === 'map') {
    return item.fields.get(keyArg(index)) ?? zeroElement(item.type.replace(/^.*\]/, ''));
  }
  if (item instanceof GoObject && item.kind === 'slice') {
    return indexOnce(new GoSlice([...item.fields.values()]), index);
  }
  throw new GoError(`can't index item of type ${pointedType(item)}`);
}

/** Follows: index of text/template/funcs.go. */
function index(args: readonly Val[]): GoValue {
  const [first, ...indexes] = orNil(args);
  if (first === null || first === undefined) throw new GoError('index of untyped nil');
  return indexes.reduce<GoValue>(indexOnce, first);
}

/** Follows: slice of text/template/funcs.go; a slice's capacity is taken to be its length. */
function slice(args: readonly Val[]): GoValue {
  const [item, ...indexes] = orNil(args);
  if (item === null || item === undefined) throw new GoError('slice of untyped nil');
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`);
  const isString = typeof item === 'string';
  if (isString && indexes.length === 3) throw new GoError('cannot 3-index slice a string');
  if (!isString && !(item instanceof GoSlice)) throw new GoError(`can't slice item of type ${typeName(item)}`);
  const length = isString ? byteLength(item) : item.items.length;
  const [from = 0, to = length, cap] = indexes.map((at) => indexArg(at, length));
  if (from > to) throw new GoError(`invalid slice index: ${from} > ${to}`);
  if (cap !== undefined && to > cap) throw new GoError(`invalid slice index: ${to} > ${cap}`);
  return isString ? byteSlice(item, from, to) : new GoSlice(item.items.slice(from, to), item.element);
}

/** Follows: call of text/template/funcs.go, as far as values that are functions occur. */
function call([name, func, ...rest]: Val[], machine: Machine): Val {
  if (func === undefined || func === null) throw new GoError('call of nil');
  if (!(func instanceof GoFunc)) throw new GoError(`non-function ${name} of type ${typeName(func)}`);
  const callable = callableOf(func);
  const wanted = callable.params.length;
  if (callable.variadic === undefined ? rest.length !== wanted : rest.length < wanted) {
    const least = callable.variadic === undefined ? '' : 'at least ';
    throw new GoError(`wrong number of args for ${name}: got ${rest.length} want ${least}${wanted}`);
  }
  return callable.call(rest, machine);
}

/** The functions that text/template itself has. Follows: text/template/funcs.go. */
export const builtins: ReadonlyMap<string, Callable> = new Map(
  [
    { ...builtin('and', ['value'], 'value', unreachable), logic: 'and' as const },
    { ...builtin('or', ['value'], 'value', unreachable), logic: 'or' as const },
    builtin('not', ['value'], undefined, ([value]) => !truth(value ?? null)),
    builtin('len', ['value'], undefined, ([value]) => int(lengthOf(value))),
    builtin('index', ['value'], 'value', index),
    builtin('slice', ['value'], 'value', slice),
    { ...builtin('call', ['value'], 'value', call), takesName: true as const },
    builtin('print', [], 'any', (args) => sprint(orNil(args))),
    builtin('printf', ['string'], 'any', ([format, ...args]) => sprintf(stringArg(format), orNil(args))),
    builtin('println', [], 'any', (args) => sprintln(orNil(args))),
    builtin('html', [], 'any', (args) => escapeHtml(argsText(args))),
    builtin('js', [], 'any', (args) => escapeJs(argsText(args))),
    builtin('urlquery', [], 'any', (args) => escapeQuery(argsText(args))),
    builtin('eq', ['value'], 'value', ([first, ...others]) => equalsAny(first ?? null, orNil(others))),
    builtin('ne', ['value', 'value'], undefined, ([a, b]) => !equalsAny(a ?? null, [b ?? null])),
    builtin('lt', ['value', 'value'], undefined, ([a, b]) => lessThan(a ?? null, b ?? null)),
    builtin('le', ['value', 'value'], undefined, ([a, b]) => lessOrEqual(a ?? null, b ?? null)),
    builtin('gt', ['value', 'value'], undefined, ([a, b]) => !lessOrEqual(a ?? null, b ?? null)),
    builtin('ge', ['value', 'value'], undefined, ([a, b]) => !lessThan(a ?? null, b ?? null)),
  ].map((callable): [string, Callable] => [callable.name, callable]),
);
