import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { exampleDig } from '../../test/example-dig.js';
import { inRoot } from '../../test/paths.js';
import { type Dig, gapKinds, reasons, TrowelError } from '../model/index.js';
import { json, usesJson } from './json.js';
import { parseDig } from './parse-dig.js';
import { digSchema } from './schema.js';

const published: unknown = JSON.parse(readFileSync(inRoot('schema', 'dig.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(digSchema);
const view = { width: 80, color: false };

function errorsOf(value: unknown): readonly string[] {
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

test('the published schema is the one of the code', () => {
  // To renew it: write JSON.stringify(digSchema, null, 2) to schema/dig.schema.json and format it.
  assert.deepEqual(published, JSON.parse(JSON.stringify(digSchema)));
});

test('closed lists are those of the model', () => {
  assert.deepEqual(digSchema.$defs.gap?.properties?.reason?.enum, reasons);
  assert.deepEqual(digSchema.$defs.gap?.properties?.kind?.enum, gapKinds);
});

test('example digs, as written, meet the schema', () => {
  const full = exampleDig();
  const digs: readonly Dig[] = [
    full,
    { ...full, charts: [], uses: [], images: [], components: [], claims: [], findings: [], notAssessed: [] },
    {
      ...full,
      images: full.images.map((image) => ({
        ...image,
        files: [
          {
            path: 'a',
            sizeBytes: 1,
            mode: 0o644,
            sha256: null,
            layer: 0,
            component: null,
            bucket: 'unknown',
            grade: 'unknown',
          },
        ],
      })),
    },
  ];
  for (const dig of digs) {
    const text = [...json.write(dig, view)].join('');
    assert.deepEqual(errorsOf(JSON.parse(text)), []);
    assert.equal(text, `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    assert.deepEqual(parseDig(text, 'dig.json'), dig);
  }
  const uses: unknown = JSON.parse([...usesJson.write(full, view)].join(''));
  assert.deepEqual(errorsOf(uses), []);
  assert.deepEqual(Object.keys(Object(uses)), ['schema', 'target', 'charts', 'uses', 'notAssessed', 'tool']);
});

test('the schema refuses what is no dig', () => {
  const dig = exampleDig();
  const wrong: readonly unknown[] = [
    {},
    { ...dig, created: 'today' },
    { ...dig, more: 1 },
    { ...dig, notAssessed: [{ ...dig.notAssessed[0], reason: 'because' }] },
    { ...dig, tally: { ...dig.tally, bySeverity: {} } },
    { ...dig, images: [{ ...dig.images[0], digest: 'no digest' }] },
  ];
  for (const value of wrong) assert.notDeepEqual(errorsOf(value), []);
});

test('reading a dig names what is wrong with it', () => {
  const dig = exampleDig();
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /is empty/],
    ['{', /is no JSON/],
    ['[]', /is no dig/],
    ['null', /is no dig/],
    ['{"schema":"trowel/dig/2"}', /dig of another form \(trowel\/dig\/2\)/],
    [[...usesJson.write(dig, view)].join(''), /only the uses/],
    [JSON.stringify({ ...dig, findings: [{ id: 1 }] }), /\/findings\/0 has no "aliases"/],
    [JSON.stringify({ ...dig, charts: [{ ...dig.charts[0], name: 7 }] }), /\/charts\/0\/name is no string/],
    [
      JSON.stringify({ ...dig, notAssessed: [{ ...dig.notAssessed[0], kind: 'x' }] }),
      /\/notAssessed\/0\/kind is none of/,
    ],
  ];
  for (const [text, pattern] of cases) {
    assert.throws(
      () => parseDig(text, 'dig.json'),
      (error) => error instanceof TrowelError && error.code === 'bad-bytes' && pattern.test(error.message),
      text.slice(0, 60),
    );
  }
  // A newer Trowel may write more.
  assert.doesNotThrow(() => parseDig(JSON.stringify({ ...dig, more: { a: 1 } }), 'dig.json'));
});
