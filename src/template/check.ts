import { fail, type Machine, type Val } from './machine.js';
import { paramType, typeName } from './reflect.js';
import { GoInt, GoMap, GoObject, type GoParam, GoSlice, type GoValue, NilEntries } from './value.js';

/** Whether nil can be given for a parameter (canBeNil). */
export function canBeNil(param: GoParam): boolean {
  return !['string', 'bool', 'int', 'int64', 'uint32', 'float64', 'time', 'certificate', 'duration'].includes(param);
}

/** The zero value of a parameter's type. */
export function zeroOf(param: GoParam): Val {
  switch (param) {
    case 'value':
      return undefined;
    case 'map':
      return new GoMap(new NilEntries());
    case 'strings':
      return new GoSlice([], 'string', true);
    case 'anys':
      return new GoSlice([], 'interface {}', true);
    case 'bytes':
      return new GoSlice([], 'uint8', true);
    default:
      return null;
  }
}

/** Whether a value is of a parameter's type, or can be assigned to it. */
function fits(value: GoValue, param: GoParam): boolean {
  switch (param) {
    case 'any':
    case 'value':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'float64':
      return typeof value === 'number';
    case 'int':
    case 'int64':
    case 'uint32':
      return value instanceof GoInt && value.type === param;
    case 'map':
      return value instanceof GoMap && value.element === 'interface {}';
    case 'strings':
      return value instanceof GoSlice && value.element === 'string';
    case 'anys':
      return value instanceof GoSlice && value.element === 'interface {}';
    case 'bytes':
      return value instanceof GoSlice && value.element === 'uint8';
    case 'time':
      return value instanceof GoObject && (value.type === 'time.Time' || value.type === '*time.Time');
    case 'certificate':
      return value instanceof GoObject && value.type === 'sprig.certificate';
    case 'duration':
      return value instanceof GoInt && value.type === 'time.Duration';
    case 'location':
      return value instanceof GoObject && value.type === '*time.Location';
    case 'writer':
      return false;
    case 'error':
      return value instanceof GoObject && value.methods.has('Error');
  }
}

/** A map of a named type becomes a plain one over the same entries. */
function plainMap(value: GoValue): GoValue {
  return value instanceof GoMap && value.type !== paramType('map') ? new GoMap(value.entries) : value;
}

/** A value as it becomes an interface{}. */
export function passed(value: GoValue): GoValue {
  return value instanceof GoObject && value.passed !== undefined ? value.passed : value;
}

/**
 * Checks an argument against its parameter as reflection does, and gives what the function gets.
 *
 * Follows: validateType of text/template/exec.go.
 */
export function checkArg(machine: Machine, value: Val, param: GoParam): Val {
  if (value === undefined) {
    if (canBeNil(param)) return zeroOf(param);
    fail(machine, `invalid value; expected ${paramType(param)}`);
  }
  if (param === 'any') return passed(value);
  if (fits(value, param)) return param === 'map' ? plainMap(value) : value;
  const type = value === null ? 'interface {}' : typeName(value);
  fail(machine, `wrong type for value; expected ${paramType(param)}; got ${type}`);
}
