/** What Go's reflection tells about a value: its type, kind, truth and equality; and strings as bytes. */
import { complexOf } from './complex.js';
import { GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue, isNilMap } from './value.js';
import { work } from './work.js';

export { byteLength, byteSlice, compareBytes, goBytes, goString, runeCount } from './text.js';

/** The type as `%T` prints it: `string`, `float64`, `map[string]interface {}`, `<nil>`, …. */
export function typeName(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof GoSlice) return `[]${value.element}`;
  if (value instanceof GoFunc) return funcType(value);
  return value.type;
}

const paramTypes: Readonly<Record<string, string>> = {
  any: 'interface {}',
  value: 'reflect.Value',
  map: 'map[string]interface {}',
  list: 'interface {}',
  strings: '[]string',
  anys: '[]interface {}',
  bytes: '[]uint8',
  time: 'time.Time',
  certificate: 'sprig.certificate',
  duration: 'time.Duration',
  location: '*time.Location',
  writer: 'io.Writer',
};

/** The Go type of a parameter, as error texts name it. */
export function paramType(param: string): string {
  return paramTypes[param] ?? param;
}

function funcType(func: GoFunc): string {
  const params = func.params.map(paramType);
  if (func.variadic !== undefined) params.push(`...${paramType(func.variadic)}`);
  return `func(${params.join(', ')}) interface {}`;
}

/** reflect.Kind of the value: `invalid` for nil, `map`, `slice`, `float64`, `struct`, `ptr`, …. */
export function kindName(value: GoValue): string {
  if (value === null) return 'invalid';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof GoSlice) return 'slice';
  if (value instanceof GoMap) return 'map';
  if (value instanceof GoFunc) return 'func';
  return value.kind;
}

/** Whether a value is true for `if`: not the zero of its type, not empty. Follows: template.IsTrue. */
export function truth(value: GoValue): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoInt) return value.value !== 0n;
  if (value instanceof GoFunc) return true;
  if (value.kind === 'map' || value.kind === 'slice') return value.fields.size > 0;
  const complex = complexOf(value);
  if (complex !== null) return complex.real !== 0 || complex.imaginary !== 0;
  return value.kind !== 'string' || value.payload !== '';
}

/** How deep values may be nested before comparing or printing them is given up. */
export const maxValueDepth = 500;

/**
 * reflect.DeepEqual: same types, same content; 1 is not 1.0, a nil slice not an empty one.
 *
 * Values that contain themselves are equal where the comparison comes round to the same pair, as in Go.
 */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  return equal(a, b, new Map(), 0);
}

function equal(a: GoValue, b: GoValue, seen: Map<object, Set<object>>, depth: number): boolean {
  work();
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (a instanceof GoInt) return b instanceof GoInt && a.type === b.type && a.value === b.value;
  if (a instanceof GoFunc || b instanceof GoFunc) return false;
  if (depth > 4) {
    // Go remembers pairs that are being compared; below a few levels that is only needed for deep or cyclic values.
    const others = seen.get(a) ?? new Set();
    if (others.has(b)) return true;
    others.add(b);
    seen.set(a, others);
  }
  if (a instanceof GoSlice) {
    if (!(b instanceof GoSlice) || a.element !== b.element || a.isNil !== b.isNil) return false;
    if (a.items.length !== b.items.length) return false;
    if (a.items === b.items) return true;
    return a.items.every((item, i) => equal(item, b.items[i] ?? null, seen, depth + 1));
  }
  if (a instanceof GoMap) {
    if (!(b instanceof GoMap) || a.type !== b.type || isNilMap(a) !== isNilMap(b)) return false;
    return a.entries === b.entries || equalEntries(a.entries, b.entries, seen, depth);
  }
  if (!(b instanceof GoObject) || a.type !== b.type) return false;
  const [x, y] = [complexOf(a), complexOf(b)];
  if (x !== null && y !== null) return x.real === y.real && x.imaginary === y.imaginary;
  return a === b || (samePayload(a.payload, b.payload) && equalEntries(a.fields, b.fields, seen, depth));
}

/** Whether what functions keep in two objects is the same: it may have its own question (`isSame`). */
export function samePayload(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === 'object' && a !== null && 'isSame' in a && typeof a.isSame === 'function' && a.isSame(b) === true;
}

function equalEntries(
  a: ReadonlyMap<string, GoValue>,
  b: ReadonlyMap<string, GoValue>,
  seen: Map<object, Set<object>>,
  depth: number,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equal(value, other, seen, depth + 1)) return false;
  }
  return true;
}
