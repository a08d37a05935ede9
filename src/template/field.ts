import { fail, type Machine, type Val } from './machine.js';
import { intMethod } from './named.js';
import { typeName } from './reflect.js';
import { type GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue } from './value.js';

/** The zero value of an element type, for a key that a map does not have (missingkey=zero). */
export function zeroElement(type: string): GoValue {
  switch (type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'float64':
      return 0;
    case 'int':
    case 'int64':
      return new GoInt(type, 0);
    default:
      return type.startsWith('[]') ? new GoSlice([], type.slice(2), true) : null;
  }
}

/** The method of a value, if it has one of that name. */
export function methodOf(value: GoValue, name: string): GoFunc | undefined {
  if (value instanceof GoObject) return value.methods.get(name);
  if (value instanceof GoInt) return intMethod(value, name);
  return value instanceof GoMap ? value.methods?.get(name) : undefined;
}

/** The type by which errors call a receiver: its static one where it is an element of a container. */
const typeOf = (value: GoValue, type: string | null): string => type ?? typeName(value);

/**
 * `.name` of a value: the element of a map, the field of a struct; methods are the caller's (`methodOf`).
 *
 * `type` is the static type where the value came out of a container, else null.
 * Follows: evalField of text/template/exec.go with missingkey=zero.
 */
export function fieldOf(machine: Machine, value: GoValue, name: string, type: string | null, hasArgs: boolean): Val {
  if (value === null) fail(machine, `nil pointer evaluating ${type ?? 'interface {}'}.${name}`);
  if (value instanceof GoMap) {
    if (hasArgs) fail(machine, `${name} is not a method but has arguments`);
    const element = value.entries.get(name);
    return element === undefined ? zeroElement(value.element) : element;
  }
  if (value instanceof GoObject) {
    if (value.kind === 'map') {
      if (hasArgs) fail(machine, `${name} is not a method but has arguments`);
      return value.fields.get(name) ?? zeroElement(value.type.replace(/^.*\]/, ''));
    }
    const field = structField(value, name);
    if (field !== undefined) {
      if (hasArgs) fail(machine, `${name} has arguments but cannot be invoked as function`);
      return field;
    }
    if (value.hidden?.().has(name) === true) {
      fail(machine, `${name} is an unexported field of struct type ${typeOf(value, type)}`);
    }
  }
  fail(machine, `can't evaluate field ${name} in type ${typeOf(value, type)}`);
}

/** A field of a struct, also one of a struct that is embedded in it. */
function structField(object: GoObject, name: string): GoValue | undefined {
  const own = object.fields.get(name);
  if (own !== undefined) return own;
  for (const embedded of object.embedded) {
    const inner = object.fields.get(embedded);
    const field = inner instanceof GoObject ? structField(inner, name) : undefined;
    if (field !== undefined) return field;
  }
  return undefined;
}

/** The static type of what `.name` of this value gives: that of the elements, where they are of an interface type. */
export function elementType(value: GoValue): string | null {
  return value instanceof GoMap && value.element === 'interface {}' ? 'interface {}' : null;
}
