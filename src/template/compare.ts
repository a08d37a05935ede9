import { complexOf } from './complex.js';
import { kindName, samePayload, typeName } from './reflect.js';
import { compareBytes } from './text.js';
import { GoError, GoInt, GoMap, GoObject, GoSlice, type GoValue, isNilMap } from './value.js';
import { formatArg, formatV, noFlags } from './verbs.js';

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string' | 'invalid';

function basicKind(value: GoValue): BasicKind {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'float';
  if (value instanceof GoInt) return value.signed ? 'int' : 'uint';
  if (complexOf(value) !== null) return 'complex';
  return value instanceof GoObject && value.kind === 'string' ? 'string' : 'invalid';
}

const isWhole = (kind: BasicKind): boolean => kind === 'int' || kind === 'uint';

function textOf(value: GoValue): string {
  if (typeof value === 'string') return value;
  return value instanceof GoObject && typeof value.payload === 'string' ? value.payload : '';
}

function incompatible(a: GoValue, b: GoValue): never {
  throw new GoError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

/**
 * Whether the first is equal to any of the others.
 *
 * Throws GoError where types differ (float64 and int do), or cannot be compared. Follows: eq of text/template/funcs.go.
 */
export function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison');
  return others.some((other) => equalBasic(first, other));
}

function equalBasic(a: GoValue, b: GoValue): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA !== kindB) {
    if (isWhole(kindA) && isWhole(kindB)) return a instanceof GoInt && b instanceof GoInt && a.value === b.value;
    return a !== null && b !== null ? incompatible(a, b) : false;
  }
  switch (kindA) {
    case 'bool':
    case 'float':
      return a === b;
    case 'string':
      return textOf(a) === textOf(b);
    case 'complex':
      return complexOf(a)?.real === complexOf(b)?.real && complexOf(a)?.imaginary === complexOf(b)?.imaginary;
    case 'int':
    case 'uint':
      return a instanceof GoInt && b instanceof GoInt && a.value === b.value;
    case 'invalid':
      return equalOther(a, b);
  }
}

const isNil = (value: GoValue): boolean =>
  value === null || (value instanceof GoSlice && value.isNil) || (value instanceof GoMap && isNilMap(value));

/** A value as `%s` prints a reflect.Value. */
const shown = (value: GoValue): string =>
  value === null ? '<invalid reflect.Value>' : formatArg(value, 's', noFlags());

function equalOther(a: GoValue, b: GoValue): boolean {
  if (a !== null && b !== null && kindName(a) !== kindName(b)) {
    throw new GoError(`non-comparable types ${shown(a)}: ${typeName(a)}, ${typeName(b)}: ${formatV(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (b instanceof GoMap || b instanceof GoSlice || kindName(b) === 'map' || kindName(b) === 'func') {
    throw new GoError(`non-comparable type ${shown(b)}: ${typeName(b)}`);
  }
  return a === b || (a instanceof GoObject && b instanceof GoObject && samePayload(a.payload, b.payload));
}

/** a < b. Throws GoError where the types have no order. Follows: lt of text/template/funcs.go. */
export function lessThan(a: GoValue, b: GoValue): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA === 'invalid' || kindB === 'invalid') throw new GoError('invalid type for comparison');
  if (a instanceof GoInt && b instanceof GoInt) return a.value < b.value;
  if (kindA !== kindB) incompatible(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (kindA === 'string') return compareBytes(textOf(a), textOf(b)) < 0;
  throw new GoError('invalid type for comparison');
}

/** a <= b: less, or equal. */
export function lessOrEqual(a: GoValue, b: GoValue): boolean {
  return lessThan(a, b) || equalsAny(a, [b]);
}
