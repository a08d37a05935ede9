import { formatFloat, sliceBytes } from '../format.js';
import { typeName } from '../reflect.js';
import { GoError, GoFunc, GoInt, GoMap, type GoObject, GoSlice, type GoValue, isNilMap } from '../value.js';
import { work } from '../work.js';
import { type Writers, writeList, writeMap, writeScalarText } from './collections.js';
import { Emitter, type Style } from './emitter.js';
import { jsonNumber, jsonString, writeJson } from './json.js';
import { compareKeys } from './key-order.js';
import { readYaml } from './read.js';

const helmStyle: Style = { width: 80, step: 2, compactLists: true, tabs: false };

/** Nothing real nests deeper; Go starts to look for cycles here. */
const deepest = 1000;

/**
 * A value as sigs.k8s.io/yaml v1.6 marshals it: through JSON, then by go-yaml v2. Ends in a line break.
 *
 * Keys in go-yaml's natural order, lists at the column of their key, text folded behind column 80, quotes where YAML
 * 1.1 would read something else. Throws GoError for what has no JSON (functions, NaN, values that contain themselves).
 */
export function writeYaml(value: GoValue): string {
  const emitter = new Emitter(helmStyle);
  try {
    writeNode(emitter, value, false, 0);
  } catch (error) {
    if (error instanceof GoError && error.message.startsWith('json: ')) {
      throw new GoError(`error marshaling into JSON: ${error.message}`);
    }
    throw error;
  }
  emitter.indent = -1;
  emitter.writeIndent();
  return emitter.text;
}

function writeNode(emitter: Emitter, value: GoValue, inMapping: boolean, depth: number): void {
  work();
  if (value === null) {
    emitter.scalar('null', 'plain', false);
    return;
  }
  switch (typeof value) {
    case 'string':
      writeString(emitter, value, false);
      return;
    case 'boolean':
      emitter.scalar(value ? 'true' : 'false', 'plain', false);
      return;
    case 'number':
      emitter.scalar(yamlNumber(value), 'plain', false);
      return;
  }
  if (value instanceof GoInt) {
    emitter.scalar(yamlInteger(value.value), 'plain', false);
    return;
  }
  if (value instanceof GoFunc) throw new GoError(`json: unsupported type: ${typeName(value)}`);
  if (depth > deepest) throw new GoError(`json: unsupported value: encountered a cycle via ${typeName(value)}`);
  if (value instanceof GoMap && isNilMap(value)) {
    emitter.scalar('null', 'plain', false);
    return;
  }
  if (value instanceof GoMap) {
    const entries = [...value.entries].sort((a, b) => compareKeys(a[0], b[0]));
    writeMap(emitter, entries, depth, writers);
    return;
  }
  if (value instanceof GoSlice) {
    if (value.isNil) {
      emitter.scalar('null', 'plain', false);
      return;
    }
    if (value.element === 'uint8') {
      writeString(emitter, Buffer.from(sliceBytes(value)).toString('base64'), false);
      return;
    }
    writeList(emitter, value.items, inMapping, depth, writers);
    return;
  }
  writeNode(emitter, throughJson(value), inMapping, depth + 1);
}

/** Structs by what their JSON says. */
function throughJson(value: GoObject): GoValue {
  return readYaml(writeJson(value));
}

const writers: Writers = {
  node: writeNode,
  keyText: (key) => {
    checkKey(key);
    return throughYaml(key);
  },
  key: writeScalarText,
};

function writeString(emitter: Emitter, value: string, key: boolean): void {
  writeScalarText(emitter, throughYaml(value), key);
}

const odd = /[\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]/;

/**
 * The string after its way through JSON and back by go-yaml: characters that YAML forbids are an error (which makes
 * Helm's toYaml empty), NEL is a line break, bytes that are no UTF-8 are U+FFFD.
 */
function throughYaml(value: string): string {
  if (!odd.test(value)) return value;
  try {
    const read = readYaml(jsonString(value, true));
    return typeof read === 'string' ? read : value;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(error.message.replace('error converting YAML to JSON: ', ''));
  }
}

/** go-yaml reads a key only as far as 1024 characters, in its JSON spelling, and only on one line. */
function checkKey(key: string): void {
  if (key.includes('\u0085') || (key.length > 160 && [...jsonString(key, true)].length > 1024)) {
    throw new GoError("yaml: line 1: did not find expected ',' or '}'");
  }
}

const minInt64 = -(1n << 63n);
const maxUint64 = (1n << 64n) - 1n;

function yamlInteger(value: bigint): string {
  return value >= minInt64 && value <= maxUint64 ? value.toString() : formatFloat(Number(value), 'g', -1);
}

/** A float64 by way of its JSON text: what looks like an integer of 64 bits is one. */
function yamlNumber(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '0' : String(value);
  const text = jsonNumber(value);
  return /^-?[0-9]+$/.test(text) ? yamlInteger(BigInt(text)) : formatFloat(value, 'g', -1);
}
