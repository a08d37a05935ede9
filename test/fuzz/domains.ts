import { Buffer } from 'node:buffer';
import { goBytes } from '../../src/template/index.js';
import type { FuzzValue } from './case.js';
import type { Maker } from './maker.js';
import * as pools from './pools.js';
import type { Random } from './random.js';

/** What an argument is for; `domains` makes it. */
export type Domain =
  | 'any'
  | 'special'
  | 'str'
  | 'list'
  | 'map'
  | 'number'
  | 'time'
  | 'date'
  | 'semver'
  | 'constraint'
  | 'yaml'
  | 'format'
  | 'nil'
  | 'bool'
  | 'int'
  | 'small'
  | 'count'
  | 'index'
  | 'float'
  | 'word'
  | 'key'
  | 'strs'
  | 'ints'
  | 'lists'
  | 'pattern'
  | 'replacement'
  | 'duration'
  | 'layout'
  | 'zone'
  | 'url'
  | 'urlMap'
  | 'path'
  | 'json'
  | 'toml'
  | 'base64'
  | 'base32'
  | 'kind'
  | 'type'
  | 'dateLayout'
  | 'ownMap';

const keys = ['a', 'b', 'c', 'd.e', 'key', '', 'é', 'A', 'z9', 'z10'] as const;

/** A text of the pool, or one put together. */
export function anyString(random: Random): string {
  if (random.chance(0.7)) return random.pick(pools.strings);
  return Array.from({ length: random.between(1, 6) }, () => random.pick(pools.fragments)).join('');
}

/** A value as charts have them, `depth` levels deep at most. */
export function anyValue(random: Random, depth = 2): FuzzValue {
  const kind = random.below(depth > 0 ? 9 : 6);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return random.pick(pools.floats);
  if (kind === 3) return random.pick(pools.smallInts);
  if (kind === 4 || kind === 5) return anyString(random);
  if (kind === 6) return anyList(random, depth);
  return anyMap(random, depth);
}

function anyList(random: Random, depth = 2): FuzzValue[] {
  const length = random.pick([0, 1, 2, 3, 3, 5]);
  if (random.chance(0.3)) {
    const one = anyValue(random, 0);
    return Array.from({ length }, () => (random.chance(0.5) ? one : anyValue(random, 0)));
  }
  return Array.from({ length }, () => anyValue(random, depth - 1));
}

function anyMap(random: Random, depth = 2): Record<string, FuzzValue> {
  const map: Record<string, FuzzValue> = {};
  for (let i = random.below(4); i > 0; i--) map[random.pick(keys)] = anyValue(random, depth - 1);
  return map;
}

const pooled =
  (pool: readonly string[], noise = 0.05) =>
  (m: Maker): string =>
    m.text(m.random.chance(noise) ? anyString(m.random) : m.random.pick(pool));

/** An operand whose Go type is int. */
function anInt(m: Maker, small: boolean): string {
  const { random } = m;
  const number = small ? BigInt(random.between(-2, 12)) : random.pick(pools.ints);
  const how = random.below(10);
  if (how < 6) return String(number);
  if (how === 6)
    return m.nest(
      () => `int ${m.held(number)}`,
      () => String(number),
    );
  if (how === 7)
    return m.nest(
      () => `len ${m.text(anyString(random))}`,
      () => '3',
    );
  if (how === 8) return m.held(number);
  return small ? String(number) : random.pick(pools.numberLiterals);
}

function number(m: Maker): string {
  const { random } = m;
  switch (random.below(7)) {
    case 0:
      return m.held(random.pick(pools.floats));
    case 1:
      return m.held(random.pick(pools.ints));
    case 2:
      return m.text(
        random.pick(['1', '-5', '2.5', '1e3', '0x1f', '017', '', 'x', '9223372036854775808', '1_000', ' 1', 'NaN']),
      );
    case 3:
      return random.pick(pools.numberLiterals);
    case 4:
      return m.oneOf('bool', 'nil', 'float', 'duration');
    case 5:
      return String(random.between(-20, 100));
    default:
      return anInt(m, random.chance(0.5));
  }
}

function list(m: Maker): string {
  const { random } = m;
  const held = (): string => m.held(anyList(random));
  switch (random.below(10)) {
    case 0:
      return m.of('strs');
    case 1:
      return m.of('ints');
    case 2:
    case 3:
      return m.nest(
        () => `list ${Array.from({ length: random.below(5) }, () => m.of('any')).join(' ')}`.trimEnd(),
        held,
      );
    case 4:
      return m.nest(
        () =>
          random.pick([
            `append ${m.of('list')} ${m.of('any')}`,
            `concat ${m.of('list')} ${m.of('list')}`,
            `rest ${m.of('list')}`,
          ]),
        held,
      );
    default:
      return held();
  }
}

function map(m: Maker): string {
  const { random } = m;
  const held = (): string => m.held(anyMap(random));
  switch (random.below(8)) {
    case 0:
      return m.nest(
        () =>
          `dict ${Array.from({ length: random.below(3) }, () => `${m.of('key')} ${m.of('any')}`).join(' ')}`.trimEnd(),
        held,
      );
    case 1:
      return m.nest(() => `pick ${m.of('map')} ${m.of('key')}`, held);
    case 2:
      return random.chance(0.3) ? '$.Values' : held();
    default:
      return held();
  }
}

/** A map that nothing else holds: what is put into it can be anything but itself. */
function ownMap(m: Maker): string {
  const { random } = m;
  return random.chance(0.2)
    ? m.nest(
        () => `dict ${m.of('key')} ${m.held(anyValue(random))}`,
        () => 'dict',
      )
    : m.held(anyMap(random, 3));
}

function any(m: Maker): string {
  const { random } = m;
  const how = random.below(24);
  if (how < 4) return m.of('str');
  if (how < 6) return m.of('list');
  if (how < 8) return m.of('map');
  if (how < 10) return m.random.chance(0.5) ? m.held(random.pick(pools.floats)) : String(random.between(-5, 50));
  if (how === 10) return m.of('bool');
  if (how === 11) return m.of('nil');
  if (how === 12) return m.of('special');
  if (how === 13 && m.variables.length > 0) return random.pick(m.variables);
  if (how === 14) return m.of('semver');
  if (how === 15) return m.of('yaml');
  return m.held(anyValue(random));
}

/** Values of Go types that neither YAML nor `--set` give. */
function special(m: Maker): string {
  const { random } = m;
  const plain = random.pick([
    '$.Chart',
    '$.Release',
    '$.Capabilities.KubeVersion',
    '$.Capabilities.APIVersions',
    '$.Chart.Metadata',
    '$.Chart.Keywords',
    '$.Chart.Annotations',
    '$.Chart.Maintainers',
    '$.Chart.Deprecated',
    '$.Values',
    '$.Subcharts',
    '$.Template',
    '$.Template.Name',
    '$.Release.Revision',
    '$.Values.missing',
  ]);
  return m.nest(
    () =>
      random.pick([
        'semver "1.2.3-a+b"',
        'split "," "x,y"',
        'splitn "," 2 "x,y,z"',
        'splitList "," "x,y"',
        'until 3',
        'toDate "2006-01-02" "2020-02-03"',
        'urlParse "http://u@h/p?q#f"',
        '$.Files.Get "conf/a.txt"',
        '$.Files.GetBytes "conf/b.bin"',
        '$.Files.Glob "conf/*"',
        '$.Files.Lines "conf/a.txt"',
        'index "abc" 1',
        'float64 "NaN"',
        'float64 "-inf"',
        'list',
        'dict',
        'rest (list)',
        'fromToml "d = 2020-01-02T03:04:05Z"',
        'lookup "v1" "Pod" "" ""',
        'regexFindAll "x" "a" -1',
        'int64 5',
        'default',
        'add 1 2',
        'round 2.5 0',
        'toStrings (list 1 "a")',
        'chunk 2 (list 1 2 3)',
        'slice (list 1 2 3) 1 2',
        'pluck "a" (dict "a" 1)',
        'set (dict) "a" "b"',
        'unset (dict "a" "b") "a"',
        'hasKey (dict) "a"',
        'fromJson "[1]"',
      ]),
    () => plain,
  );
}

function str(m: Maker): string {
  const { random } = m;
  const how = random.below(12);
  if (how === 0) {
    return m.nest(
      () =>
        random.pick([
          () => `upper ${m.of('str')}`,
          () => `toString ${number(m)}`,
          () => `printf "%v" ${m.of('any')}`,
          () => `trim ${m.of('str')}`,
          () => `quote ${m.of('str')}`,
          () => `default ${m.of('str')} ${m.of('any')}`,
          () => `toJson ${m.of('any')}`,
        ])(),
      () => m.text(anyString(random)),
    );
  }
  if (how === 1) return random.pick(['$.Release.Name', '$.Chart.Name', '$.Chart.Version', '$.Release.Namespace']);
  return m.text(anyString(random));
}

function time(m: Maker): string {
  const { random } = m;
  return m.nest(
    () => {
      if (random.chance(0.2)) return `(toDate "2006-01-02" "2020-01-31") | dateModify ${m.of('duration')}`;
      const [layout, date] = random.pick(pools.datesByLayout);
      return random.chance(0.5)
        ? `toDate "2006-01-02T15:04:05Z07:00" "${random.pick(['2020-01-02T03:04:05Z', '1999-12-31T23:59:59+05:30', '2024-02-29T12:00:00-08:00', '0001-01-01T00:00:00Z', '1969-07-20T20:17:40Z'])}"`
        : `toDate ${m.text(layout)} ${m.text(date)}`;
    },
    () => m.held(random.pick(pools.ints.slice(0, 20))),
  );
}

function date(m: Maker): string {
  const { random } = m;
  if (random.chance(0.65)) return time(m);
  const number = random.pick([0n, 1n, -1n, 1583020799n, 253402300800n, -62135596801n, 951782400n, 1709164800n]);
  if (random.chance(0.4)) return String(number);
  return m.nest(
    () => `int64 ${m.held(number)}`,
    () => m.held(number),
  );
}

function semver(m: Maker): string {
  const { random } = m;
  if (random.chance(0.25)) {
    const parts = Array.from({ length: random.between(1, 3) }, () => random.below(4));
    return m.text(`${random.pick(['', '', 'v'])}${parts.join('.')}${random.pick(['', '', '-0', '-rc.1', '+x'])}`);
  }
  return pooled(pools.versions)(m);
}

function constraint(m: Maker): string {
  const { random } = m;
  if (random.chance(0.6)) return pooled(pools.constraints)(m);
  const one = (): string => {
    const parts = Array.from({ length: random.between(1, 3) }, () => random.pick(['0', '1', '2', '3', 'x', '*', '10']));
    const suffix = random.pick(['', '', '', '-0', '-rc.1', '+b']);
    return `${random.pick(['', '=', '!=', '>', '<', '>=', '<=', '~', '~>', '^', '=>', '=<'])}${random.pick(['', ' '])}${parts.join('.')}${suffix}`;
  };
  const count = random.between(1, 3);
  return m.text(Array.from({ length: count }, one).join(random.pick([', ', ' ', ' || ', ',', '||', ' - '])));
}

function yaml(m: Maker): string {
  const { random } = m;
  const how = random.below(10);
  if (how === 0)
    return m.nest(
      () => `toYaml ${m.of('any')}`,
      () => '"a: b"',
    );
  if (how < 4) {
    const word = (): string =>
      random.pick([
        'a',
        'b: ',
        '- ',
        '\n',
        '\n  ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '"x"',
        "'y'",
        '#c',
        '&k ',
        '*k',
        '|\n',
        '>\n',
        '1',
        '~',
        ': ',
        '? ',
        '!!str ',
        '---\n',
        'é',
        '\t',
        '<<: ',
      ]);
    return m.text(Array.from({ length: random.between(2, 9) }, word).join(''));
  }
  return m.text(random.pick(pools.yamls));
}

function mutated(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(3)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + random.pick(pools.fragments) + text.slice(at);
    default:
      return text.slice(0, at);
  }
}

/** Texts of a format: right and wrong ones, some of them damaged anew. */
const textsOf =
  (pool: readonly string[], write: string) =>
  (m: Maker): string => {
    const { random } = m;
    if (random.chance(0.1))
      return m.nest(
        () => `${write} ${m.of('any')}`,
        () => '""',
      );
    const text = random.pick(pool);
    return m.text(random.chance(0.25) ? mutated(random, text) : text);
  };

function encoded(m: Maker, encode: (bytes: Buffer) => string): string {
  const text = encode(Buffer.from(goBytes(anyString(m.random))));
  return m.text(m.random.chance(0.25) ? mutated(m.random, text) : text);
}

function base32(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  let out = '';
  for (let i = 0; i < bits.length; i += 5) out += alphabet[Number.parseInt(bits.slice(i, i + 5).padEnd(5, '0'), 2)];
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

function format(m: Maker): string {
  const { random } = m;
  let out = '';
  for (let i = random.between(1, 4); i > 0; i--) {
    if (random.chance(0.3)) out += random.pick(pools.fragments);
    out += '%';
    if (random.chance(0.35)) out += random.pick(['+', '-', '#', ' ', '0', '+#', '-0', '# ', '+ ']);
    if (random.chance(0.35)) out += random.pick(['5', '10', '2', '*', '03', '20']);
    if (random.chance(0.25)) out += random.pick(['.', '.0', '.2', '.5', '.*', '.10']);
    if (random.chance(0.08)) out += random.pick(['[1]', '[2]', '[3]', '[0]', '[x]', '[1', '[1]*']);
    out += random.chance(0.03) ? random.pick(['', '!', 'é', 'Z', ' ', '\udcff']) : random.pick(pools.verbs);
  }
  return m.text(out);
}

/** Every domain: makes an operand of what its name says. */
export const domains: Readonly<Record<Domain, (m: Maker) => string>> = {
  any,
  special,
  str,
  list,
  map,
  number,
  time,
  date,
  semver,
  constraint,
  yaml,
  format,
  nil: (m: Maker) => (m.random.chance(0.3) ? 'nil' : m.random.chance(0.5) ? '$.Values.missing' : m.held(null)),
  bool: (m: Maker) =>
    m.random.chance(0.3) ? m.held(m.random.chance(0.5)) : m.random.pick(['true', 'false', '(not true)', '(eq 1 1)']),
  int: (m: Maker) => anInt(m, false),
  small: (m: Maker) => anInt(m, true),
  count: (m: Maker) => (m.random.chance(0.9) ? String(m.random.between(0, 60)) : anInt(m, true)),
  index: (m: Maker) => (m.random.chance(0.8) ? String(m.random.between(0, 4)) : anInt(m, true)),
  float: (m: Maker) =>
    m.random.chance(0.5) ? m.held(m.random.pick(pools.floats)) : m.random.pick(['1.5', '2.', '.5', '1e3', '5']),
  word: (m: Maker) =>
    m.text(m.random.pick(['a', 'b', 'o', 'l', ' ', ',', '/', '.', 'foo', 'é', '', 'ab', '\udcff', '\n', 'the'])),
  key: (m: Maker) => m.text(m.random.pick(keys)),
  strs: (m: Maker) =>
    m.nest(
      () =>
        `splitList ${m.text(m.random.pick([',', ' ', '', '/']))} ${m.text(m.random.pick(['a,b,c', 'x y', '', 'é,日', 'a/b', 'b,a,c,a']))}`,
      () => m.held(['b', 'a', 'c', 'a']),
    ),
  ints: (m: Maker) =>
    m.nest(
      () => `until ${m.random.below(6)}`,
      () => m.held([1n, 2n]),
    ),
  lists: (m: Maker) => m.held(Array.from({ length: m.random.below(4) }, () => anyList(m.random))),
  pattern: (m: Maker) => {
    if (m.random.chance(0.75)) return pooled(pools.patterns)(m);
    return m.text(m.random.pick(pools.patterns) + m.random.pick(pools.patterns));
  },
  replacement: pooled(pools.replacements),
  duration: pooled(pools.durations),
  layout: pooled(pools.layouts),
  zone: pooled(pools.zones),
  url: (m: Maker) =>
    m.text(m.random.chance(0.2) ? mutated(m.random, m.random.pick(pools.urls)) : m.random.pick(pools.urls)),
  urlMap: (m: Maker) => {
    const { random } = m;
    if (random.chance(0.3))
      return m.nest(
        () => `urlParse ${m.of('url')}`,
        () => 'dict',
      );
    const part = (): FuzzValue =>
      random.chance(0.1) ? anyValue(random, 1) : random.pick([...pools.paths, ...pools.urls, 'h:80', 'a=b', 'u:p']);
    const names = ['scheme', 'host', 'hostname', 'path', 'query', 'opaque', 'fragment', 'userinfo'];
    return m.held(Object.fromEntries(names.filter(() => random.chance(0.5)).map((name) => [name, part()])));
  },
  path: pooled(pools.paths),
  json: textsOf(pools.jsons, 'toJson'),
  toml: textsOf(pools.tomls, 'toToml'),
  base64: (m: Maker) => encoded(m, (bytes) => bytes.toString('base64')),
  base32: (m: Maker) => encoded(m, base32),
  kind: (m: Maker) =>
    m.text(
      m.random.pick([
        'string',
        'int',
        'int64',
        'float64',
        'bool',
        'map',
        'slice',
        'invalid',
        'struct',
        'ptr',
        'func',
        'x',
      ]),
    ),
  type: (m: Maker) =>
    m.text(
      m.random.pick([
        'string',
        'int',
        'int64',
        'float64',
        'bool',
        'map[string]interface {}',
        '[]interface {}',
        '[]string',
        '<nil>',
        'chartutil.Values',
        'semver.Version',
        '*semver.Version',
        'time.Time',
        'x',
      ]),
    ),
  ownMap,
  dateLayout: (m: Maker) => m.text(m.random.pick(pools.datesByLayout)[0]),
};
