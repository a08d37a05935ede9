import { formatV, sliceBytes } from '../format.js';
import { goString, kindName, typeName } from '../reflect.js';
import { GoError, GoFunc, GoInt, GoMap, GoObject, type GoParam, GoSlice, type GoValue } from '../value.js';

/** What the functions need of the world; with a fixed clock and fixed bytes they are deterministic. */
export interface Environment {
  readonly now: () => Date;
  /** That many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** IANA name of the zone that Go calls Local; without it the machine's own. */
  readonly timeZone?: string;
}

/** The arguments of a call, after the executor checked them against the parameters. */
export class Args {
  readonly all: readonly GoValue[];

  constructor(all: readonly GoValue[]) {
    this.all = all;
  }

  get length(): number {
    return this.all.length;
  }

  any(i: number): GoValue {
    return this.all[i] ?? null;
  }

  /** The arguments from `i` on. */
  from(i: number): readonly GoValue[] {
    return this.all.slice(i);
  }

  str(i: number): string {
    const value = this.any(i);
    return typeof value === 'string' ? value : mismatch('string', value);
  }

  bool(i: number): boolean {
    const value = this.any(i);
    return typeof value === 'boolean' ? value : mismatch('bool', value);
  }

  /** An int as a number; what is beyond 2^53 is of no use to any function here. */
  int(i: number): number {
    const value = this.any(i);
    return value instanceof GoInt ? Number(value.value) : mismatch('int', value);
  }

  float(i: number): number {
    const value = this.any(i);
    return typeof value === 'number' ? value : mismatch('float64', value);
  }

  map(i: number): GoMap {
    const value = this.any(i);
    return value instanceof GoMap ? value : mismatch('map[string]interface {}', value);
  }

  maps(from: number): readonly GoMap[] {
    return this.from(from).map((_, k) => this.map(from + k));
  }

  /** The items of a []interface{} or []string. */
  items(i: number): readonly GoValue[] {
    const value = this.any(i);
    return value instanceof GoSlice ? value.items : mismatch('[]interface {}', value);
  }
}

function mismatch(wanted: string, value: GoValue): never {
  throw new GoError(`wrong type for value; expected ${wanted}; got ${typeName(value)}`);
}

/** A function with a fixed number of parameters. */
export function define(name: string, params: readonly GoParam[], body: (args: Args) => GoValue): GoFunc {
  return new GoFunc(name, params, undefined, (args) => body(new Args(args)));
}

/** A function that takes any number of further arguments of one type. */
export function defineVariadic(
  name: string,
  params: readonly GoParam[],
  rest: GoParam,
  body: (args: Args) => GoValue,
): GoFunc {
  return new GoFunc(name, params, rest, (args) => body(new Args(args)));
}

/** The same function under another name. */
export function alias(name: string, func: GoFunc): GoFunc {
  return new GoFunc(name, func.params, func.variadic, func.call);
}

/** What calling a method of a nil reflect.Type says. */
export const nilDereference = 'runtime error: invalid memory address or nil pointer dereference';

/** The elements of a list that a function checks itself; `complaint` is what it says of another kind. */
export function itemsOf(value: GoValue, complaint: (kind: string) => string): readonly GoValue[] {
  if (value instanceof GoSlice) return value.items;
  if (value === null) throw new GoError(nilDereference);
  if (value instanceof GoObject && value.kind === 'slice') return [...value.fields.values()];
  throw new GoError(complaint(kindName(value)));
}

/** A value as text, as sprig's strval makes it. */
export function strval(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof GoSlice && value.element === 'uint8') return goString(sliceBytes(value));
  return formatV(value);
}

/** A []string of what is not nil. */
export function strings(value: GoValue): string[] {
  if (value instanceof GoSlice) {
    const out: string[] = [];
    for (const item of value.items) if (item !== null) out.push(strval(item));
    return out;
  }
  return value === null ? [] : [strval(value)];
}

/** Go's []string. */
export function stringSlice(items: readonly string[], isNil = false): GoSlice {
  return new GoSlice([...items], 'string', isNil);
}

/** Go's map[string]string. */
export function stringMap(entries: Iterable<readonly [string, string]>): GoMap {
  return new GoMap(new Map<string, GoValue>(entries), 'map[string]string', 'string');
}

/** How many bytes one call may make; Go would go on until memory ends. */
const largest = 64 * 1024 * 1024;

/** How many elements a list may have. */
const mostItems = 2 * 1024 * 1024;

/** Throws GoError where a list becomes too long. */
export function checkItems(count: number): void {
  if (count > mostItems) throw new GoError(`a list of ${count} elements is over the limit of ${mostItems}`);
}

export function checkSize(size: number, what: string): void {
  if (size > largest) throw new GoError(`${what}: result of ${size} is over the limit of ${largest}`);
}
