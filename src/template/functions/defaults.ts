import { deepEqual, kindName, truth, typeName } from '../reflect.js';
import { GoFunc as Func, type GoFunc, GoInt, GoMap, type GoObject, GoSlice, type GoValue } from '../value.js';
import { define, defineVariadic } from './args.js';

/** Whether sprig calls a value empty: zero, "", false, nil, no elements; a struct never is (defaults.go). */
export function isEmpty(value: GoValue): boolean {
  if (value === null || value === false || value === '' || value === 0) return true;
  if (typeof value !== 'object') return false;
  if (value instanceof GoMap) return value.entries.size === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoInt) return value.value === 0n;
  if (value instanceof Func) return false;
  return isEmptyObject(value);
}

function isEmptyObject(value: GoObject): boolean {
  if (value.kind === 'map' || value.kind === 'slice') return value.fields.size === 0;
  if (value.kind === 'complex128') return !truth(value);
  return value.kind === 'string' && value.payload === '';
}

/** sprig's functions of defaults, types and reflection. Follows: sprig v3.3.0, defaults.go and reflect.go. */
export function typeFunctions(): readonly GoFunc[] {
  return [
    defineVariadic('default', ['any'], 'any', (a) => (a.length < 2 || isEmpty(a.any(1)) ? a.any(0) : a.any(1))),
    define('empty', ['any'], (a) => isEmpty(a.any(0))),
    defineVariadic('coalesce', [], 'any', (a) => a.all.find((value) => !isEmpty(value)) ?? null),
    defineVariadic('all', [], 'any', (a) => a.all.every((value) => !isEmpty(value))),
    defineVariadic('any', [], 'any', (a) => a.all.some((value) => !isEmpty(value))),
    define('ternary', ['any', 'any', 'bool'], (a) => (a.bool(2) ? a.any(0) : a.any(1))),
    define('typeOf', ['any'], (a) => typeName(a.any(0))),
    define('typeIs', ['string', 'any'], (a) => a.str(0) === typeName(a.any(1))),
    define('typeIsLike', ['string', 'any'], (a) => {
      const type = typeName(a.any(1));
      return a.str(0) === type || `*${a.str(0)}` === type;
    }),
    define('kindOf', ['any'], (a) => kindName(a.any(0))),
    define('kindIs', ['string', 'any'], (a) => a.str(0) === kindName(a.any(1))),
    define('deepEqual', ['any', 'any'], (a) => deepEqual(a.any(0), a.any(1))),
  ];
}
