import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatV, quote, sprint, sprintf, sprintln, unquote } from './format.js';
import { GoInt, GoMap, GoObject, GoSlice, type GoValue, int, int64, NilEntries } from './value.js';

const bytes = (text: string): GoSlice =>
  new GoSlice(
    [...Buffer.from(text)].map((byte) => new GoInt('uint8', byte)),
    'uint8',
  );
const struct = new GoObject({
  type: 'x.T',
  fields: new Map<string, GoValue>([
    ['A', int(1)],
    ['B', 'b'],
  ]),
});
const withGoText = new GoObject({ type: 'x.T', fields: struct.fields, goText: () => 'x.Of(1)' });
const nilSlice = new GoSlice([], 'string', true);
const pointer = new GoObject({ type: '*x.T', kind: 'ptr', fields: struct.fields });
const stringer = new GoObject({ type: 'x.V', text: () => 'v1.2' });

// Beside the cases of testdata/format.jsonl: what templates there cannot make. Expected texts are fmt's.
const table: readonly (readonly [string, GoValue[], string])[] = [
  ['%s', [int64(5)], '%!s(int64=5)'],
  ['%d', ['x'], '%!d(string=x)'],
  ['%v %s', [1], '1 %!s(MISSING)'],
  ['x', [int(1), null], 'x%!(EXTRA int=1, <nil>)'],
  ['%', [], '%!(NOVERB)'],
  ['%s', [bytes('hi')], 'hi'],
  ['%v', [bytes('hi')], '[104 105]'],
  ['%x', [bytes('hi')], '6869'],
  ['%T', [bytes('hi')], '[]uint8'],
  ['%T', [new GoMap()], 'map[string]interface {}'],
  ['%v', [struct], '{1 b}'],
  ['%+v', [struct], '{A:1 B:b}'],
  ['%v', [pointer], '&{1 b}'],
  ['%v %s %d', [stringer, stringer, stringer], 'v1.2 v1.2 {}'],
  ['%q', [stringer], '"v1.2"'],
  ['%p', [struct], '%!p(x.T={1 b})'],
  ['%p %p', ['x', int(1)], '%!p(string=x) %!p(int=1)'],
  ['%p %.2p %#p %10p', [nilSlice, nilSlice, nilSlice, nilSlice], '0x0 0x00 0        0x0'],
  ['%p', [new GoMap(new NilEntries())], '0x0'],
  ['%#v %#03.2v', [withGoText, withGoText], 'x.Of(1) 0x.'],
  ['%#w', [withGoText], '%!w(x.T=x.T{A:1, B:"b"})'],
  ['%08b', [new GoInt('uint8', 5)], '00000101'],
  ['%d', [new GoInt('uint64', -1)], '18446744073709551615'],
];

test('verbs print what fmt prints', () => {
  for (const [format, args, expected] of table) assert.equal(sprintf(format, args), expected, format);
});

test('maps print sorted, nil as <nil>, blanks stand where neither is a string', () => {
  const map = new GoMap(
    new Map<string, GoValue>([
      ['b', int(2)],
      ['a', new GoSlice([1, null, 'x'])],
    ]),
  );
  assert.equal(formatV(map), 'map[a:[1 <nil> x] b:2]');
  assert.equal(sprint(['a', int(1), int(2), 'b', 'c', 3.5, true, null]), 'a1 2bc3.5 true <nil>');
  assert.equal(sprintln([1000000, null, 'x']), '1e+06 <nil> x\n');
  assert.equal(sprint([]), '');
});

test('a value that contains itself is refused, not followed for ever', () => {
  const map = new GoMap();
  map.entries.set('self', map);
  assert.throws(() => formatV(map), { name: 'GoError' });
});

test('no format makes it fail', () => {
  const value = fc.constantFrom<GoValue>(int(3), -2.5, 'é', null, true, new GoSlice(['x']), new GoMap(), stringer);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'%#+- 0123*[].vdsqxgefbcoUTtpw!') }),
      fc.array(value),
      (f, args) => {
        if (/[0-9]{4}/.test(f)) return;
        assert.equal(typeof sprintf(f, args), 'string');
      },
    ),
  );
});

test('quoting is strconv.Quote, and unquoting takes it back', () => {
  assert.equal(quote('a"\\\n\u{7}é\u{200b}\u{1f600}\u{feff}\u{dcff}'), '"a\\"\\\\\\n\\aé\\u200b😀\\ufeff\\xff"');
  assert.equal(quote('é', true), '"\\u00e9"');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(unquote(quote(text)), text);
    }),
  );
});

test('literals are read as Go reads them', () => {
  const literals: readonly (readonly [string, string | null])[] = [
    ['`a\\n\r\n`', 'a\\n\n'], // a raw string loses its carriage returns
    ['"\\xc3\\xa9"', 'é'], // escaped bytes may be UTF-8 together
    ['"\\xff"', '\u{dcff}'],
    ['"\\101\\u00e9\\U0001F600"', 'Aé😀'],
    ["'x'", 'x'],
    ["'xy'", null],
    ['"\\q"', null],
    ['"\\ud800"', null],
    ['"\\400"', null],
    ['"a', null],
    ['"', null],
    ['', null],
    ['"a"b"', null],
  ];
  for (const [literal, expected] of literals) assert.equal(unquote(literal), expected, literal);
});
