import { appended, collected } from '../capacity.js';
import { zeroElement } from '../field.js';
import { deepEqual, kindName } from '../reflect.js';
import { GoError, type GoFunc, GoInt, type GoParam, GoSlice, type GoValue } from '../value.js';
import { type Args, alias, checkItems, define, defineVariadic, itemsOf, nilDereference } from './args.js';
import { castInt } from './cast.js';
import { isEmpty } from './defaults.js';

/** The items of a list argument, or sprig's `Cannot … on type …`. */
function items(value: GoValue, doing: string): readonly GoValue[] {
  return itemsOf(value, (kind) => `Cannot ${doing} type ${kind}`);
}

const nilList = (): GoSlice => new GoSlice([], 'interface {}', true);

function has(needle: GoValue, list: readonly GoValue[]): boolean {
  return list.some((item) => deepEqual(needle, item));
}

function uniq(list: readonly GoValue[]): GoValue[] {
  const out: GoValue[] = [];
  for (const item of list) if (!has(item, out)) out.push(item);
  return out;
}

/** Sublists of `size`; the last one is shorter. */
function chunk(size: number, list: readonly GoValue[]): GoValue {
  if (size <= 0) {
    // Go reckons the number of sublists and the length of the last one even so.
    const count = Math.floor((list.length - 1) / size) + 1;
    const last = list.length % size;
    if (size === 0 || count < 0 || (count > 0 && (count > 1 || last <= 0))) {
      throw new GoError('runtime error: makeslice: len out of range');
    }
    return new GoSlice(count === 0 ? [] : [new GoSlice(list.slice(0, last))], '[]interface {}');
  }
  const out: GoValue[] = [];
  for (let i = 0; i < list.length; i += size) out.push(new GoSlice(list.slice(i, i + size)));
  return new GoSlice(out, '[]interface {}');
}

function slice(a: Args): GoValue {
  const value = a.any(0);
  const list = itemsOf(value, (kind) => `list should be type of slice or array but ${kind}`);
  if (list.length === 0) return null;
  const start = a.length > 1 ? Number(castInt(a.any(1))) : 0;
  const end = a.length > 2 ? Number(castInt(a.any(2))) : list.length;
  const capacity = value instanceof GoSlice ? value.capacity : list.length;
  if (start < 0 || end < start || end > capacity) throw new GoError('reflect.Value.Slice: slice index out of bounds');
  const cut = list.slice(start, end);
  const element = value instanceof GoSlice ? value.element : 'interface {}';
  const spare = value instanceof GoSlice ? value.spare : [];
  for (let i = Math.max(start, list.length); i < end; i++) cut.push(spare[i - list.length] ?? zeroElement(element));
  const behind = end < list.length ? [...list.slice(end), ...spare] : spare.slice(end - list.length);
  return new GoSlice(cut, element, false, capacity - start, behind);
}

function concat(lists: readonly GoValue[]): GoSlice {
  const out: GoValue[] = [];
  for (const list of lists) {
    if (list === null) throw new GoError(nilDereference);
    const more = itemsOf(list, () => `Cannot concat type ${kindName(list)} as list`);
    checkItems(out.length + more.length);
    for (const item of more) out.push(item);
  }
  return collectedList(out, out.length === 0);
}

/** A list that was made by appending its items one by one. */
function collectedList(list: GoValue[], isNil = false): GoSlice {
  return new GoSlice(list, 'interface {}', isNil, collected(list.length));
}

/** A function and its twin `must…`, which only differ in how Go returns the error. */
function withMust(
  name: string,
  params: readonly GoParam[],
  body: (args: Args) => GoValue,
  rest?: GoParam,
): readonly GoFunc[] {
  const func = rest === undefined ? define(name, params, body) : defineVariadic(name, params, rest, body);
  return [func, alias(`must${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, func)];
}

/** sprig's functions of lists; all of them give new lists. Follows: sprig v3.3.0, list.go. */
export function listFunctions(): readonly GoFunc[] {
  const list = defineVariadic('list', [], 'any', (a) => new GoSlice([...a.all]));
  const push = (a: Args): GoValue => {
    const all = [...items(a.any(0), 'push on'), a.any(1)];
    return new GoSlice(all, 'interface {}', false, appended(all.length - 1, all.length));
  };
  const prepend = (a: Args): GoValue => {
    const all = [a.any(1), ...items(a.any(0), 'prepend on')];
    return new GoSlice(all, 'interface {}', false, appended(1, all.length));
  };
  return [
    list,
    alias('tuple', list),
    ...withMust('append', ['any', 'any'], push),
    ...withMust('push', ['any', 'any'], push),
    ...withMust('prepend', ['any', 'any'], prepend),
    ...withMust('first', ['any'], (a) => items(a.any(0), 'find first on')[0] ?? null),
    ...withMust('last', ['any'], (a) => items(a.any(0), 'find last on').at(-1) ?? null),
    ...withMust('rest', ['any'], (a) => {
      const all = items(a.any(0), 'find rest on');
      return all.length === 0 ? nilList() : new GoSlice(all.slice(1));
    }),
    ...withMust('initial', ['any'], (a) => {
      const all = items(a.any(0), 'find initial on');
      return all.length === 0 ? nilList() : new GoSlice(all.slice(0, -1));
    }),
    ...withMust('reverse', ['any'], (a) => new GoSlice([...items(a.any(0), 'find reverse on')].reverse())),
    ...withMust('compact', ['any'], (a) =>
      collectedList(items(a.any(0), 'compact on').filter((item) => !isEmpty(item))),
    ),
    ...withMust('uniq', ['any'], (a) => collectedList(uniq(items(a.any(0), 'find uniq on')))),
    ...withMust(
      'without',
      ['any'],
      (a) => {
        const omit = a.from(1);
        return collectedList(items(a.any(0), 'find without on').filter((item) => !has(item, omit)));
      },
      'any',
    ),
    ...withMust('has', ['any', 'any'], (a) => a.any(1) !== null && has(a.any(0), items(a.any(1), 'find has on'))),
    ...withMust('slice', ['any'], slice, 'any'),
    ...withMust('chunk', ['int', 'any'], (a) => chunk(a.int(0), items(a.any(1), 'chunk'))),
    defineVariadic('concat', [], 'any', (a) => concat(a.all)),
    define('until', ['int'], (a) => intSlice(steps(0, a.int(0), a.int(0) < 0 ? -1 : 1))),
    define('untilStep', ['int', 'int', 'int'], (a) => intSlice(steps(a.int(0), a.int(1), a.int(2)))),
    defineVariadic('seq', [], 'int', (a) => seq(a.all.map((_, i) => a.int(i)))),
  ];
}

/** The numbers from `start` to before `stop` (sprig's untilStep). */
function steps(start: number, stop: number, step: number): number[] {
  if ((stop < start && step >= 0) || (stop >= start && step <= 0)) return [];
  const count = Math.ceil((stop - start) / step);
  checkItems(count);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function intSlice(numbers: readonly number[]): GoSlice {
  return new GoSlice(
    numbers.map((number) => new GoInt('int', number)),
    'int',
    false,
    collected(numbers.length, 8),
  );
}

/** `seq` of the shell: last, first last, or first step last; both ends included. */
function seq(params: readonly number[]): string {
  const [a, b, c] = params;
  if (a === undefined || params.length > 3) return '';
  if (b === undefined) return steps(1, a < 1 ? a - 1 : a + 1, a < 1 ? -1 : 1).join(' ');
  if (c === undefined) return steps(a, b < a ? b - 1 : b + 1, b < a ? -1 : 1).join(' ');
  if (c < a && b > 0) return '';
  return steps(a, c < a ? c - 1 : c + 1, b).join(' ');
}
