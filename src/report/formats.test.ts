import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { exampleDig } from '../../test/example-dig.js';
import { type Dig, type DigImage, LazyRows, type UnknownFile } from '../model/index.js';
import type { View } from './format.js';
import { json } from './json.js';
import { formats, usesFormats } from './list.js';
import { table } from './table.js';
import { tree } from './tree.js';
import { why } from './why.js';
import { whyUses } from './why-uses.js';
import { widthOf } from './width.js';

const view: View = { width: 80, color: false };
const text = (pieces: Iterable<string>): string => [...pieces].join('');
/** The text as if no line had been broken. */
const flat = (pieces: Iterable<string>): string =>
  text(pieces)
    .replace(/\n[│ ]*(?![├└])/g, ' ')
    .replace(/ +/g, ' ');

/** The same dig with every string of the input changed; words of closed lists stay. */
function withStrings(value: unknown, change: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return closed.has(key) ? value : change(value, key);
  if (Array.isArray(value)) return value.map((item) => withStrings(item, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withStrings(item, change, name)]));
}

const closed: ReadonlySet<string> = new Set(
  'schema kind how role certainty from part source grade type status level severity verdict reason created'.split(' '),
);

/** A dig that differs from the example in its strings alone. */
function changed(change: (text: string, key: string) => string): Dig {
  return JSON.parse(JSON.stringify(withStrings(exampleDig(), change)));
}

test('the list names each format once', () => {
  assert.deepEqual(
    formats.map((format) => format.name),
    ['tree', 'table', 'json'],
  );
  assert.deepEqual(
    usesFormats.map((format) => format.name),
    ['tree', 'table', 'json'],
  );
});

const summary =
  '5 images · 5 components · 3 vulnerabilities in 4 findings (1 critical, 2 high, 1 unknown), 3 fixable · ' +
  'NOT ASSESSED: 1 image, 1 component, 2 files, advisories for 61 components, 1 use, 1 severity';

test('tree and table end in one line that has findings and what was not assessed together', () => {
  for (const format of [tree, table]) {
    const lines = text(format.write(exampleDig(), { ...view, width: 400 }))
      .trimEnd()
      .split('\n');
    assert.equal(lines.at(-1), summary, format.name);
  }
});

test('whom a program runs as is told where a configuration says it, which directories and files have none of', () => {
  const lineOf = (change: (image: DigImage) => DigImage): string => {
    const dig = exampleDig();
    const [first, ...rest] = dig.images;
    assert.ok(first !== undefined);
    const shown = flat(tree.write({ ...dig, images: [change(first), ...rest] }, view));
    return shown.split('\n').find((line) => line.includes('3 layers') || line.includes('2 layers')) ?? '';
  };
  const asUser = (user: string | null) => lineOf((image) => ({ ...image, config: { ...image.config, user } }));
  assert.match(asUser('101'), / · runs as 101$/);
  // A configuration that names nobody is root's (image-spec, config.md).
  assert.match(asUser(null), / · runs as root$/);
  const bare = lineOf((image) => ({ ...image, config: { ...image.config, user: null, digest: null } }));
  assert.doesNotMatch(bare, /runs as/);
});

test('the tree tells what a reader asks for', () => {
  const shown = flat(tree.write(exampleDig(), view));
  const wanted = [
    'monitoring 12.0.0 (chart)',
    'chart grafana 5.8.16 · app 7.2.1',
    'chart ruler ~1.2 is off (ruler.enabled)',
    'DaemonSet/rel-node-exporter in ns',
    'Pod/rel-grafana-test in ns (test)',
    '(argument of operator) ? the name it stands under does not say image',
    '← grafana.image.{repository,tag}',
    'appVersion 1.0.1 (set nodeExporter.image.tag)',
    'no distribution named · created 5 years ago (2020-05-25) · 3 layers · runs as nobody',
    'age unknown (states 1970-01-01)',
    'base quay.io/prometheus/busybox:glibc@sha256:',
    '░ unknown 12 % (2.77 MiB, 12 files) · nothing proved',
    '12 unknown files, 2.77 MiB; the largest:',
    '7 more, 183 KiB',
    '1 file not as recorded',
    'CVE-2021-3711 critical 9.8 → fixed in 1.1.1l-r0',
    'CVE-2020-99999 severity unknown → no fixed version',
    'NOT ASSESSED 1 component, no version is stated: github.com/grafana/grafana',
    'docker.io/bats/bats:v1.1.0',
    'the registry has no such tag; check the tag, or give the image with --image-store',
  ];
  for (const words of wanted) assert.ok(shown.includes(words), `${words}\n${shown}`);
});

test('a dig in which nothing was found does not say that all is well while something was not assessed', () => {
  const blind: Dig = {
    ...exampleDig(),
    findings: [],
    tally: {
      ...exampleDig().tally,
      findings: 0,
      vulnerabilities: 0,
      fixable: 0,
      bySeverity: { critical: 0, high: 0, medium: 0, low: 0, none: 0, unknown: 0 },
    },
  };
  for (const format of [tree, table]) {
    const shown = text(format.write(blind, { ...view, width: 400 }));
    assert.match(shown, /0 vulnerabilities · NOT ASSESSED: /);
    assert.doesNotMatch(shown, /clean|no vulnerabilities|all good|✓|✔/i);
  }
});

test('a complete dig says so', () => {
  const dig = exampleDig();
  const none = { image: 0, layer: 0, component: 0, file: 0, advisories: 0, use: 0, severity: 0 };
  const complete: Dig = { ...dig, notAssessed: [], tally: { ...dig.tally, notAssessed: none } };
  assert.match(text(tree.write(complete, view)), /everything was assessed\n$/);
});

test('what is not listed is counted, and told', () => {
  const narrowed: View = { ...view, width: 400, severities: ['critical'], ignoreUnfixed: true };
  for (const format of [tree, table]) {
    const shown = text(format.write(exampleDig(), narrowed));
    assert.ok(shown.includes('CVE-2021-3711') && !shown.includes('CVE-2022-46146 '), shown);
    assert.ok(shown.includes('3 findings are counted and not listed (--severity critical --ignore-unfixed)'));
    assert.ok(shown.endsWith(`${summary}\n`));
  }
});

test('no line is wider than the terminal', () => {
  for (const width of [40, 80, 100, 140]) {
    for (const color of [false, true]) {
      for (const format of [tree, table]) {
        for (const line of text(format.write(exampleDig(), { width, color })).split('\n')) {
          const bare = stripVTControlCharacters(line);
          // A table's columns end at eight each, which is more than a narrow terminal has.
          if (format !== table || width >= 80) assert.ok(widthOf(bare) <= width, `${width}: ${bare}`);
        }
      }
    }
  }
});

test('nothing of the input reaches the output raw', () => {
  const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(hostile, fc.constantFrom(40, 80, 200), (noise, width) => {
      const dig = changed((value) => `${value}${noise}\u001b]0;x\u0007\u009b2J\u202e`);
      const outputs = [
        ...formats.map((format) => text(format.write(dig, { width, color: false }))),
        ...usesFormats.map((format) => text(format.write(dig, { width, color: false }))),
        ...['lib/libm.so.6', 'CVE-2022-46146', noise].map((query) => text(why(dig, query, view).text)),
        text(why(dig, dig.components[0]?.name ?? '', view).text),
      ];
      for (const output of outputs) assert.doesNotMatch(output, /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    }),
    { numRuns: 60 },
  );
});

test('two reports of one dig are the same bytes', () => {
  for (const format of formats) {
    assert.equal(text(format.write(exampleDig(), view)), text(format.write(exampleDig(), view)));
  }
});

test('uses as a table: an image is named once, its places below it, a doubt is marked', () => {
  const [, table] = usesFormats;
  assert.ok(table !== undefined);
  const lines = text(table.write(exampleDig(), { ...view, width: 200 })).split('\n');
  assert.match(lines[0] ?? '', /^IMAGE \/ OBJECT +FIELD +DECIDED BY$/);
  assert.ok(
    lines.some((line) =>
      /Deployment\/rel-operator +argument of operator\? +monitoring\/templates\/operator\.yaml:20$/.test(line),
    ),
  );
  const at = lines.indexOf('quay.io/prometheus/prometheus:v2.22.1');
  assert.match(lines[at + 1] ?? '', /^ {2}Prometheus\/rel-prometheus .*prometheus\.prometheusSpec\.image\.tag$/);
});

test('what other values would bring stands apart, and is not counted', () => {
  const [tree, table] = usesFormats;
  const dig = exampleDig();
  const [first] = dig.uses;
  assert.ok(tree !== undefined && table !== undefined && first !== undefined);
  const more = { ...first, image: 'docker.io/x/renderer:1', conditional: { path: 'renderer.enabled', value: true } };
  const wide = { ...view, width: 200 };
  const before = text(tree.write(dig, wide));
  const after = text(tree.write({ ...dig, uses: [...dig.uses, more] }, wide));
  assert.match(
    after,
    /other values would bring\n└─ with renderer\.enabled=true\n {3}└─ .*\n {6}└─ docker\.io\/x\/renderer:1/,
  );
  assert.equal(after.split('\n').at(-2), before.split('\n').at(-2));
  assert.match(text(table.write({ ...dig, uses: [more] }, wide)), /only with renderer\.enabled=true/);
});

test('the chain of an image ends in what to give to Helm', () => {
  const dig = exampleDig();
  const [use] = dig.uses;
  assert.ok(use !== undefined);
  const override = {
    option: '--set',
    argument: 'a.tag=1,b=true',
    values: 'a:\n  tag: "1"\nb: true\n',
    gives: 'docker.io/x/a:1',
  } as const;
  const cause = {
    from: 'value',
    part: 'tag',
    path: 'a.tag',
    value: null,
    default: true,
    verified: true,
    alsoMoves: ['docker.io/x/b:1', 'docker.io/x/c:1'],
    file: null,
    line: null,
    override,
  } as const;
  const one = { ...dig, uses: [{ ...use, image: 'docker.io/x/a:0', causes: [cause] }] };
  const lines = text(whyUses(one, 'x/a', { ...view, width: 120 })).split('\n');
  assert.equal(lines[0], 'image docker.io/x/a:0');
  assert.deepEqual(lines.slice(-8, -1), [
    '   └─ tag would be set by a.tag (not set), tried by rendering again',
    '      ├─ override --set a.tag=1,b=true gives docker.io/x/a:1',
    '      ├─ as values',
    '      │  ├─ a:',
    '      │  ├─   tag: "1"',
    '      │  └─ b: true',
    '      └─ also moves docker.io/x/b:1, docker.io/x/c:1',
  ]);
  assert.match(text(whyUses(one, 'a.tag', view)), /^value a\.tag\n/);
  assert.equal(text(whyUses(one, 'nothing', view)), '');
});

test('json: lists of any length, made as they are asked for or not, are laid out as JSON.stringify does', () => {
  const dig = exampleDig();
  const [image] = dig.images;
  const [component] = dig.components;
  assert.ok(image !== undefined && component !== undefined);
  for (const count of [0, 1, 99, 100, 199, 200, 201, 450]) {
    const file = (at: number): UnknownFile => ({
      path: `f\u00e9/${at}\n`,
      sizeBytes: at,
      sha256: null,
      type: 'data',
      layer: 0,
    });
    const of = (
      unknownFiles: Iterable<UnknownFile> & { readonly length: number; at(index: number): UnknownFile | undefined },
    ): Dig => ({
      ...dig,
      components: Array.from({ length: count }, (_, at) => ({ ...component, id: String(at) })),
      images: [{ ...image, unknownFiles }, image],
    });
    const written = text(json.write(of(new LazyRows(count, file)), view));
    const read: unknown = JSON.parse(written);
    assert.equal(written, `${JSON.stringify(read, null, 2)}\n`, String(count));
    assert.deepEqual(read, JSON.parse(JSON.stringify(of(Array.from({ length: count }, (_, at) => file(at))))));
  }
});
