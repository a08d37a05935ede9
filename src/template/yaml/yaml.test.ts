import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { inRoot } from '../../../test/paths.js';
import { cpuMs } from '../../model/cpu.test.support.js';
import { type JsonValue, TrowelError } from '../../model/index.js';
import { GoError, GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue, int64 } from '../value.js';
import { fromJsonValue, readJson, readYaml, readYamlDocument, toJsonValue, writeJson, writeYaml } from './index.js';

/** Cases that go-yaml v2.4.4, sigs.k8s.io/yaml v1.6.0 and encoding/json answered themselves; one a line. */
function cases<T>(name: string): T[] {
  return readFileSync(inRoot('src', 'template', 'yaml', 'testdata', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What comes out, or the text of the GoError. */
function answer(make: () => string): { out: string } | { err: string } {
  try {
    return { out: make() };
  } catch (error) {
    assert.ok(error instanceof GoError, String(error));
    return { err: error.message };
  }
}

test('YAML is read as Helm reads it, with its errors', () => {
  for (const { yaml, json, err } of cases<{ yaml: string; json?: string; err?: string }>('go-read.jsonl')) {
    const want = err === undefined ? { out: json } : { err };
    assert.deepEqual(
      answer(() => writeJson(readYaml(yaml))),
      want,
      JSON.stringify(yaml),
    );
  }
});

test('YAML is written as Helm writes it', () => {
  for (const { value, yaml, err } of cases<{ value: JsonValue; yaml?: string; err?: string }>('go-write.jsonl')) {
    const got = answer(() => writeYaml(fromJsonValue(value)));
    if (err !== undefined) assert.ok('err' in got, JSON.stringify(value));
    else assert.deepEqual(got, { out: yaml }, JSON.stringify(value));
  }
});

test('JSON is read as Go reads it, with its errors', () => {
  for (const { text, json, err } of cases<{ text: string; json?: string; err?: string }>('go-json.jsonl')) {
    const want = err === undefined ? { out: json } : { err };
    assert.deepEqual(
      answer(() => writeJson(readJson(text))),
      want,
      text,
    );
  }
});

test('what is not JSON has the words of encoding/json', () => {
  const self = new GoMap();
  self.entries.set('self', self);
  const table: [string, GoValue, string][] = [
    ['not a number', Number.NaN, 'json: unsupported value: NaN'],
    ['infinite', Number.NEGATIVE_INFINITY, 'json: unsupported value: -Inf'],
    ['a function', new GoFunc('f', [], undefined, () => null), 'json: unsupported type: func() interface {}'],
    ['a value within itself', self, 'json: unsupported value: encountered a cycle via map[string]interface {}'],
  ];
  for (const [name, value, err] of table) {
    assert.deepEqual(
      answer(() => writeJson(value)),
      { err },
      name,
    );
    assert.ok('err' in answer(() => writeYaml(value)), name);
  }
});

test('Go values that are no JSON values are written as Go writes them', () => {
  const table: [string, GoValue, string, string][] = [
    ['int64', int64(9007199254740993n), '9007199254740993', '9007199254740993\n'],
    ['uint64', new GoInt('uint64', 18446744073709551615n), '18446744073709551615', '18446744073709551615\n'],
    ['nil slice', new GoSlice([], 'string', true), 'null', 'null\n'],
    ['bytes', new GoSlice([new GoInt('uint8', 104), new GoInt('uint8', 105)], 'uint8'), '"aGk="', 'aGk=\n'],
    [
      'struct',
      new GoObject({
        type: 'x.Y',
        fields: new Map([
          ['B', 1],
          ['A', null],
        ]),
      }),
      '{"B":1,"A":null}',
      'A: null\nB: 1\n',
    ],
    ['invalid bytes', 'a\udcff', '"a\\ufffd"', 'a\ufffd\n'],
    ['negative zero', -0, '-0', '0\n'],
    ['lines and HTML', '<a>\u2028&', '"\\u003ca\\u003e\\u2028\\u0026"', "'<a>\u2028  &'\n"],
  ];
  for (const [name, value, json, yaml] of table) {
    assert.equal(writeJson(value), json, name);
    assert.equal(writeYaml(value), yaml, name);
  }
});

test('a byte that is no UTF-8 does not become a pair with an escaped half before it', () => {
  // What Helm 4.3 made of it: mustFromJson of these bytes prints two U+FFFD.
  assert.equal(readJson('"\\ud800\udcff"'), '\ufffd\ufffd');
  assert.equal(readJson('"\\ud83d\\ude00 \u{1f600}\udcff"'), '\u{1f600} \u{1f600}\ufffd');
});

test('indented JSON is json.MarshalIndent', () => {
  const value = fromJsonValue({ b: [], a: { c: [1, '<'] }, d: {} });
  const text = '{\n  "a": {\n    "c": [\n      1,\n      "\\u003c"\n    ]\n  },\n  "b": [],\n  "d": {}\n}';
  assert.equal(writeJson(value, { escapeHtml: true, indent: '  ' }), text);
});

test('plain callers get objects without a prototype, and the line of what is wrong', () => {
  const value = readYamlDocument('a: {__proto__: 1, constructor: [x]}\n---\nb: 2\n');
  assert.deepEqual(JSON.parse(JSON.stringify(value)).a.constructor, ['x']);
  assert.ok(value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === null);
  assert.throws(
    () => readYamlDocument('a: b\nc: d: e\n'),
    (error) => error instanceof TrowelError && error.code === 'bad-bytes' && error.where.line === 2,
  );
});

test('an empty text is nothing', () => {
  for (const text of ['', '\n', '# only a comment\n', '---\n'])
    assert.equal(readYaml(text), null, JSON.stringify(text));
});

test('hostile texts end in an error, soon', () => {
  const laughs = [
    'a0: &a0 x',
    ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`),
  ];
  const table: [string, string, RegExp][] = [
    ['nested lists', '['.repeat(100_000), /exceeded max depth/],
    ['nested blocks', Array.from({ length: 5000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /exceeded max depth/],
    ['aliases', `${laughs.join('\n')}\n`, /document contains excessive aliasing/],
    ['an alias of itself', '&a [*a]', /value contains itself/],
    ['an open quote', `"${'a\n'.repeat(100_000)}`, /found unexpected end of stream/],
  ];
  for (const [name, text, wanted] of table) {
    const start = cpuMs();
    assert.throws(() => readYaml(text), wanted, name);
    assert.ok(cpuMs() - start < 30_000, name);
  }
});

test('long keys and deep numbers do not hang', () => {
  const start = cpuMs();
  assert.equal(readYaml(`${'0'.repeat(200_000)}9x`), `${'0'.repeat(200_000)}9x`);
  readYaml(`a: ${'1'.repeat(200_000)}`);
  assert.ok(cpuMs() - start < 20_000);
});

test('what is written is read back as it was', () => {
  const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fc.integer());
  const json = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
  })).value;
  fc.assert(
    fc.property(json, (value) => {
      let text: string;
      try {
        text = writeYaml(fromJsonValue(value));
      } catch (error) {
        // Control characters have no YAML, for Helm as for us.
        assert.ok(error instanceof GoError);
        return;
      }
      // A key `<<` is written plain, by go-yaml as by us, and read as a merge: often an error, and never itself again.
      if (JSON.stringify(value).includes('"<<":')) return;
      const back = JSON.parse(JSON.stringify(toJsonValue(readYaml(text))));
      // NEL is a line break to go-yaml, and so is lost; see throughYaml.
      if (JSON.stringify(value).includes('\u0085')) return;
      assert.deepEqual(back, JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 300, examples: [[{ '<<': 0 }]] },
  );
});

test('any text gives a value or an error in words', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&a ',
    '*a',
    '!!int ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '? ',
    '%',
    '<<: ',
    '\t',
    '---',
    '1',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const got = answer(() => writeJson(readYaml(pieces.join(''))));
      if ('err' in got) assert.match(got.err, /^(error converting YAML to JSON: |json: )/);
    }),
    { numRuns: 2000 },
  );
});
