import { goBytes, goString } from '../reflect.js';
import { GoError, type GoFunc, GoMap, GoSlice, type GoValue, NilEntries } from '../value.js';
import { mismatch, readJson, readJsonOrPart, readYaml, writeJson, writeYaml, writeYamlPretty } from '../yaml/index.js';
import { define, type Environment } from './args.js';
import { decodeBase32, decodeBase64, encodeBase32 } from './base.js';
import { localZone } from './time.js';
import { writeToml } from './toml.js';
import { readToml } from './toml-read.js';

const pretty = { escapeHtml: true, indent: '  ' };
const raw = { escapeHtml: false, indent: '' };

/** The value, or what stands for it where Go's error is swallowed. */
function orElse<T>(make: () => T, otherwise: (problem: string) => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof GoError) return otherwise(error.message);
    throw error;
  }
}

const mapType = 'map[string]interface {}';
const listType = '[]interface {}';

const failedMap = (problem: string): GoMap => new GoMap(new Map<string, GoValue>([['Error', problem]]));
const failedList = (problem: string): GoSlice => new GoSlice([problem]);

/** A map from a text; anything else is reported under `Error`, nothing at all is `empty`. */
function mapFrom(value: GoValue, prefix: string, empty: () => GoMap): GoMap {
  if (value instanceof GoMap) return value;
  const problem = mismatch(value, mapType);
  return problem === null ? empty() : failedMap(prefix + problem);
}

function listFrom(value: GoValue, prefix: string, isNil: boolean): GoSlice {
  if (value instanceof GoSlice) return value;
  const problem = mismatch(value, listType);
  return problem === null ? new GoSlice([], 'interface {}', isNil) : failedList(prefix + problem);
}

/** Helm's fromJson: null makes the map nil, and what could be read stands beside the error. */
function mapFromJson(text: string): GoMap {
  const { value, problem } = readJsonOrPart(text);
  if (problem !== null && value === null)
    return failedMap(`json: cannot unmarshal number into Go value of type ${mapType}`);
  const map = mapFrom(value, '', () => new GoMap(new NilEntries()));
  if (problem !== null && value instanceof GoMap) map.entries.set('Error', problem);
  return map;
}

function listFromJson(text: string): GoSlice {
  const { value, problem } = readJsonOrPart(text);
  if (problem !== null && value === null)
    return failedList(`json: cannot unmarshal number into Go value of type ${listType}`);
  return problem !== null && value instanceof GoSlice ? failedList(problem) : listFrom(value, '', true);
}

const yamlPrefix = 'error unmarshaling JSON: while decoding JSON: ';

/** Helm's functions of YAML, JSON and TOML (pkg/engine/funcs.go) and sprig's of JSON and base 32 and 64. */
export function encodingFunctions(environment: Environment): readonly GoFunc[] {
  return [
    define('toYaml', ['any'], (a) =>
      orElse(
        () => writeYaml(a.any(0)).replace(/\n$/, ''),
        () => '',
      ),
    ),
    define('toYamlPretty', ['any'], (a) =>
      orElse(
        () => writeYamlPretty(a.any(0)).replace(/\n$/, ''),
        (problem) => {
          // Not an error but a panic in Go.
          if (problem.startsWith('cannot marshal type')) throw new GoError(problem);
          return '';
        },
      ),
    ),
    define('fromYaml', ['string'], (a) =>
      orElse(() => mapFrom(readYaml(a.str(0)), yamlPrefix, () => new GoMap()), failedMap),
    ),
    define('fromYamlArray', ['string'], (a) =>
      orElse(() => listFrom(readYaml(a.str(0)), yamlPrefix, false), failedList),
    ),
    define('toJson', ['any'], (a) =>
      orElse(
        () => writeJson(a.any(0)),
        () => '',
      ),
    ),
    define('mustToJson', ['any'], (a) => writeJson(a.any(0))),
    define('toPrettyJson', ['any'], (a) =>
      orElse(
        () => writeJson(a.any(0), pretty),
        () => '',
      ),
    ),
    define('mustToPrettyJson', ['any'], (a) => writeJson(a.any(0), pretty)),
    define('toRawJson', ['any'], (a) => writeJson(a.any(0), raw)),
    define('mustToRawJson', ['any'], (a) => writeJson(a.any(0), raw)),
    define('fromJson', ['string'], (a) => orElse(() => mapFromJson(a.str(0)), failedMap)),
    define('fromJsonArray', ['string'], (a) => orElse(() => listFromJson(a.str(0)), failedList)),
    define('mustFromJson', ['string'], (a) => readJson(a.str(0))),
    define('toToml', ['any'], (a) => {
      if (a.any(0) === null) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
      return orElse(
        () => writeToml(a.any(0)),
        (problem) => problem,
      );
    }),
    define('fromToml', ['string'], (a) => orElse(() => readToml(a.str(0), () => localZone(environment)), failedMap)),
    define('b64enc', ['string'], (a) => Buffer.from(goBytes(a.str(0))).toString('base64')),
    define('b64dec', ['string'], (a) =>
      orElse(
        () => goString(decodeBase64(a.str(0))),
        (problem) => problem,
      ),
    ),
    define('b32enc', ['string'], (a) => encodeBase32(goBytes(a.str(0)))),
    define('b32dec', ['string'], (a) =>
      orElse(
        () => goString(decodeBase32(a.str(0))),
        (problem) => problem,
      ),
    ),
  ];
}
