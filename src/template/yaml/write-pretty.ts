import { formatFloat } from '../float.js';
import { intText } from '../named.js';
import { typeName } from '../reflect.js';
import { goBytes, hasInvalidBytes } from '../text.js';
import { GoError, GoFunc, GoInt, GoMap, type GoObject, GoSlice, type GoValue } from '../value.js';
import { type Writers, writeList, writeMap, writeScalarText } from './collections.js';
import { Emitter, type Style } from './emitter.js';
import { writeJson } from './json.js';
import { comparePrettyKeys } from './key-order.js';

const style: Style = { width: Number.POSITIVE_INFINITY, step: 2, compactLists: false, tabs: true };

/** Go would fill its stack with a value that contains itself. */
const deepest = 1000;

/**
 * Helm's toYamlPretty: go-yaml v3 with two columns a level, lists indented, nothing folded. It looks at Go's values
 * themselves, not at their JSON: fields of structs in lower case, bytes as numbers, nil lists as empty ones, text that
 * is no UTF-8 as `!!binary`. Ends in a line break.
 *
 * Throws GoError for functions. Follows: go.yaml.in/yaml/v3, encode.go.
 */
export function writeYamlPretty(value: GoValue): string {
  const emitter = new Emitter(style);
  writeNode(emitter, value, false, 0);
  emitter.indent = -1;
  emitter.writeIndent();
  return emitter.text;
}

const writers: Writers = { node: writeNode, keyText: (key) => key, key: writeText };

function writeNode(emitter: Emitter, value: GoValue, inMapping: boolean, depth: number): void {
  if (depth > deepest) throw new GoError('the value contains itself');
  if (value === null) emitter.scalar('null', 'plain', false);
  else if (typeof value === 'string') writeText(emitter, value, false);
  else if (typeof value === 'boolean') emitter.scalar(String(value), 'plain', false);
  else if (typeof value === 'number') emitter.scalar(floatText(value), 'plain', false);
  else if (value instanceof GoInt) writeInt(emitter, value);
  else if (value instanceof GoSlice) writeList(emitter, value.items, inMapping, depth, writers);
  else if (value instanceof GoMap) {
    const entries = [...value.entries].sort((a, b) => comparePrettyKeys(a[0], b[0]));
    writeMap(emitter, entries, depth, writers);
  } else if (value instanceof GoFunc) throw new GoError(`cannot marshal type: ${typeName(value)}`);
  else writeObject(emitter, value, inMapping, depth);
}

function floatText(value: number): string {
  const text = formatFloat(value, 'g', -1);
  return text === 'NaN' ? '.nan' : text.replace('+Inf', '.inf').replace('-Inf', '-.inf');
}

/** A duration is its text, other named integers are numbers. */
function writeInt(emitter: Emitter, value: GoInt): void {
  const text = value.type === 'time.Duration' ? intText(value) : null;
  if (text === null) emitter.scalar(value.value.toString(), 'plain', false);
  else writeText(emitter, text, false);
}

const base64Line = 70;

const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00';

function writeText(emitter: Emitter, value: string, key: boolean): void {
  if (!hasInvalidBytes(value)) {
    writeScalarText(emitter, value, key);
    return;
  }
  const encoded = Buffer.from(goBytes(value)).toString('base64');
  const lines = encoded.match(new RegExp(`.{1,${base64Line}}`, 'g')) ?? [];
  emitter.tag('!!binary');
  if (encoded.length < base64Line) emitter.scalar(encoded, 'plain', key);
  else emitter.scalar(`${lines.join('\n')}\n`, 'literal', key);
}

function writeObject(emitter: Emitter, value: GoObject, inMapping: boolean, depth: number): void {
  const type = value.type.replace(/^\*/, '');
  if (type === 'time.Time') emitter.scalar(String(value.methods.get('Format')?.call([rfc3339Nano])), 'plain', false);
  else if (type === 'semver.Version') writeText(emitter, String(JSON.parse(writeJson(value))), false);
  else if (value.kind === 'slice') writeList(emitter, [...value.fields.values()], inMapping, depth, writers);
  else if (value.kind === 'string') writeText(emitter, String(value.payload), false);
  else if (value.kind === 'func' || value.kind === 'complex128') throw new GoError(`cannot marshal type: ${type}`);
  else {
    const entries = [...value.fields];
    if (value.kind === 'map') entries.sort((a, b) => comparePrettyKeys(a[0], b[0]));
    const named = value.kind === 'map' ? entries : entries.map(([name, field]) => [name.toLowerCase(), field] as const);
    writeMap(emitter, named, depth, writers);
  }
}
