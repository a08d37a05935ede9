import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { readYaml } from '../template/index.js';
import { type Json, JsonError, parseJson } from './json.js';
import { isCommonSchema } from './schema/common-schema.js';
import { compileSchema, metaProblems } from './schema/compile.js';
import { describe } from './schema/messages.js';
import { SchemaError } from './schema/schema.js';
import { validate } from './schema/validate.js';

/** What Helm would say of these values under this schema; empty where they fit. */
function problems(schema: string, value: unknown): string {
  try {
    return describe(
      validate(
        compileSchema(schema, () => {}),
        readYaml(JSON.stringify(value)),
      ),
    );
  } catch (error) {
    if (error instanceof SchemaError || error instanceof JsonError) return error.message;
    throw error;
  }
}

/** Lines in one order: the reference goes through maps, whose order is random in Go. */
function inOrder(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** Where the reference quotes an error of Go's own packages we say it in short; only the part before counts. */
const shortened = /^(- at '.*': '.*' is not valid (?:ipv6|date|date-time|uri|uri-reference|period): ).*$/;

test('a schema says what santhosh-tekuri/jsonschema says', () => {
  const lines = readFileSync(inRoot('src/chart/testdata/schema.tsv'), 'utf8').split('\n');
  let count = 0;
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const [schema, value, message]: unknown[] = line.split('\t').map((part) => JSON.parse(part));
    assert.ok(typeof schema === 'string' && typeof message === 'string');
    const got = inOrder(problems(schema, value)).replace(shortened, '$1');
    assert.equal(got, inOrder(message).replace(shortened, '$1'), line);
    count++;
  }
  assert.equal(count, 183);
});

test('a remote reference is not fetched: a warning names it and the rest is checked', () => {
  const warnings: string[] = [];
  const text = JSON.stringify({
    properties: { a: { $ref: 'https://schemas.example/a.json#/x' }, b: { type: 'string' } },
    unevaluatedProperties: false,
  });
  const schema = compileSchema(text, (warning) => warnings.push(warning));
  assert.equal(describe(validate(schema, readYaml('{a: 1, b: 2}'))), "- at '/b': got number, want string");
  assert.deepEqual(warnings, [
    "the schema's reference to https://schemas.example/a.json is not fetched: what it would check is not checked",
  ]);
});

test('a schema cannot make the check run away', () => {
  const deep = `${'{"properties":{"a":'.repeat(600)}true${'}}'.repeat(600)}`;
  assert.match(problems(deep, {}), /too deep|max depth/);
  // Each level doubles the work.
  const defs: Record<string, unknown> = { d0: { type: 'string' } };
  for (let i = 1; i < 40; i++)
    defs[`d${i}`] = { anyOf: [{ $ref: `#/$defs/d${i - 1}` }, { $ref: `#/$defs/d${i - 1}` }] };
  assert.match(problems(JSON.stringify({ $defs: defs, $ref: '#/$defs/d39' }), 1), /too many steps/);
  // Backtracking without end elsewhere; linear here.
  assert.match(problems('{"pattern":"^(a+)+$"}', `${'a'.repeat(5000)}!`), /does not match pattern/);
  assert.match(problems(`{"multipleOf":1e-999999999}`, 1e300), /^(?:|- at)/);
});

test('keys that mean something to JavaScript are keys like others', () => {
  const schema =
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}},"required":["toString"]}';
  const value: unknown = JSON.parse('{"__proto__":1,"constructor":2}');
  assert.equal(
    problems(schema, value),
    "- at '': missing property 'toString'\n- at '/__proto__': got number, want string\n- at '/constructor': got number, want string",
  );
});

test('what obviously is a schema is one by its metaschema', (t) => {
  const schemas = new Set<string>();
  for (const line of readFileSync(inRoot('src/chart/testdata/schema.tsv'), 'utf8').split('\n')) {
    if (line !== '' && !line.startsWith('#')) schemas.add(String(JSON.parse(line.split('\t')[0] ?? '""')));
  }
  // Keywords with what is right for them and what is not, alone and together, for each draft.
  const values = [
    ...['null', 'true', '1', '-1', '1.0', '0.5', '"string"', '"x"', '"("', '[]', '["string"]', '["x", "x"]', '[1]'],
    ...['["null", "string"]', '{}', '[{}]', '{"a": {}}', '{"a": 1}', '{"a": {"type": "nope"}}', '[{"type": 1}]'],
  ];
  const names = (
    'type title description $comment format default const enum required pattern minimum maximum minLength maxLength ' +
    'minItems maxItems minProperties maxProperties uniqueItems readOnly writeOnly deprecated examples properties ' +
    'definitions $defs items additionalProperties not if then else allOf anyOf oneOf x-own unknown'
  ).split(' ');
  const drafts = [
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
  ];
  for (const draft of drafts) {
    for (const name of names) {
      for (const value of values) {
        schemas.add(`{"$schema": "${draft}", "${name}": ${value}}`);
        schemas.add(`{"$schema": "${draft}", "properties": {"a": {"items": {"${name}": ${value}}}}}`);
      }
    }
  }
  let common = 0;
  for (const schema of schemas) {
    let json: Json;
    try {
      json = parseJson(schema);
    } catch {
      continue;
    }
    if (!isCommonSchema(json)) continue;
    common += 1;
    assert.equal(metaProblems(schema), '', schema);
  }
  t.diagnostic(`${common} of ${schemas.size} are obvious`);
  assert.ok(common > 500);
});
