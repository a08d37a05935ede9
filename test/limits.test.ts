import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { programMissing } from './paths.js';
import { inScratch, type Run, trowel } from './run.js';

/** A chart of one template and its values, rendered by a whole run. */
async function withChart<T>(template: string, values: string, body: (dir: string) => Promise<T>): Promise<T> {
  return await inScratch(async (dir) => {
    const chart = join(dir, 'probe');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: probe\nversion: 1.2.3\n');
    writeFileSync(join(chart, 'values.yaml'), values);
    writeFileSync(join(chart, 'templates', 'a.yaml'), template);
    return await body(chart);
  });
}

const run = (template: string, values = ''): Promise<Run> =>
  withChart(template, values, (chart) => trowel(['render', chart]));

const counted = (call: string): string =>
  `{{ define "a" }}{{ if gt . 0 }}{{ ${call} "a" (sub . 1 | int) }}{{ else }}end{{ end }}{{ end }}`;

const place = (line: number, column: number): string => `probe/templates/a.yaml:${line}:${column}`;

/** What Helm says of include that never ends: 1001 levels of `level` below the first call. */
const includeLevels = (level: string, first: string): string =>
  `${first}${level.repeat(1001)}rendering template has a nested reference name: a: unable to execute template`;

const recursions = {
  include: {
    template: '{{ define "a" }}{{ include "a" . }}{{ end }}\nname: {{ include "a" . }}\n',
    what: includeLevels(
      `template: ${place(1, 19)}: executing "a" at <include "a" .>: error calling include: `,
      `template: ${place(2, 9)}: executing "probe/templates/a.yaml" at <include "a" .>: error calling include: `,
    ),
    at: place(2, 9),
  },
  'include through another': {
    template:
      '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}\n{{ include "a" . }}{{ end }}{{ include "a" . }}\n',
    what: includeLevels(
      `template: ${place(1, 19)}: executing "a" at <include "b" .>: error calling include: ` +
        `template: ${place(2, 3)}: executing "b" at <include "a" .>: error calling include: `,
      `template: ${place(2, 31)}: executing "probe/templates/a.yaml" at <include "a" .>: error calling include: `,
    ),
    at: place(2, 31),
  },
  template: {
    template: '{{ define "a" }}{{ template "a" . }}{{ end }}\nname: {{ template "a" . }}\n',
    what: `template: ${place(1, 28)}: executing "a" at <{{template "a" .}}>: exceeded maximum template depth (100000)`,
    at: place(1, 28),
  },
};

for (const [name, { template, what, at }] of Object.entries(recursions)) {
  test(`endless recursion of ${name} meets the limit of Helm, with its words`, async () => {
    const { code, stdout, stderr } = await run(template);
    assert.deepEqual([code, stdout], [4, '']);
    assert.ok(stderr === `trowel: ${at}: ${what}\n`, stderr.slice(0, 500));
  });

  test(`Helm itself says so of endless recursion of ${name}`, { skip: programMissing('helm') }, () =>
    withChart(template, '', async (chart) => {
      const helm = promisify(execFile)('helm', ['template', chart], { maxBuffer: 2 ** 26 });
      await assert.rejects(helm, (error) => {
        const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
        assert.ok(said.startsWith(`Error: ${what}\n`), said.slice(0, 500));
        return true;
      });
    }),
  );
}

test('recursion that ends renders, as deep as Helm allows', async () => {
  const deep = `${counted('include')}a: {{ include "a" 1000 }}\n`;
  assert.deepEqual(await run(deep), { code: 0, stdout: '---\n# Source: probe/templates/a.yaml\na: end\n', stderr: '' });
  const deeper = `${counted('template')}a: {{ template "a" 99990 }}\n`;
  assert.match((await run(deeper)).stdout, /^a: end$/m);
});

test('expressions and branches nest as deep as Helm allows', async () => {
  const parens = (count: number): string => `a: {{ ${'('.repeat(count)}1${')'.repeat(count)} }}\n`;
  assert.match((await run(parens(9990))).stdout, /^a: 1$/m);
  const { stderr } = await run(parens(10_001));
  assert.match(stderr, /: parse error at \(probe\/templates\/a\.yaml:1\): max expression depth exceeded\n$/);
  const branches = `${'{{ if true }}'.repeat(20_000)}a: b${'{{ end }}'.repeat(20_000)}\n`;
  assert.match((await run(branches)).stdout, /^a: b$/m);
});

test('--raw is rendered on the large stack as well', () =>
  withChart(`${counted('template')}a: {{ template "a" 50000 }}\n`, '', async (chart) => {
    const { code, stdout } = await trowel(['render', '--raw', chart]);
    assert.deepEqual([code, JSON.parse(stdout)], [0, { 'probe/templates/a.yaml': 'a: end\n' }]);
  }));

test('what never ends is stopped with the name and the line of its template', async () => {
  const grow = '{{ $d := dict }}{{ range until 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}';
  const cases: readonly (readonly [name: string, template: string, line: number])[] = [
    ['range over a number', 'a: b\n{{ range 1000000000000 }}x{{ end }}', 2],
    ['ranges within ranges', '{{ range until 100000 }}\n{{ range until 100000 }}{{ end }}{{ end }}', 2],
    [
      'two calls a level',
      '{{ define "a" }}{{ template "b" . }}{{ end }}{{ define "b" }}\n' +
        '{{ if gt . 0 }}{{ template "a" (sub . 1 | int) }}{{ template "a" (sub . 1 | int) }}{{ end }}{{ end }}\n' +
        '{{ template "a" 60 }}',
      2,
    ],
    ['a text that doubles', '{{ $x := "aaaaaaaa" }}\n{{ range until 60 }}{{ $x = print $x $x }}{{ end }}', 2],
    ['a list that doubles', '{{ $x := list 1 2 }}\n{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}', 2],
    ['a map that holds itself many times', `${grow}\n{{ toJson $d }}`, 2],
    ['until', 'a: b\n{{ range until 1000000000 }}{{ end }}', 2],
    ['repeat', 'a: b\n{{ repeat 1000000000 "x" }}', 2],
    [
      'long texts again and again',
      '{{ $x := repeat 60000000 "a" }}\n{{ range until 1000000 }}{{ sha256sum $x }}{{ end }}',
      2,
    ],
  ];
  for (const [name, template, line] of cases) {
    const { code, stdout, stderr } = await run(template);
    assert.deepEqual([code, stdout], [4, ''], name);
    assert.match(stderr, new RegExp(`^trowel: probe/templates/a\\.yaml:${line}:[0-9]+: `), name);
  }
});

test('a text given to tpl that calls tpl for ever is stopped with the name of the template', async () => {
  const { code, stderr } = await run('{{ tpl .Values.self . }}', 'self: "{{ tpl .Values.self . }}"\n');
  assert.equal(code, 4);
  assert.equal(
    stderr,
    'trowel: probe/templates/a.yaml: templates are nested too deeply, in line 1 of a text given to tpl\n',
  );
});

test('a regular expression that would never end elsewhere is linear', async () => {
  const template = 'a: {{ regexMatch "^(a+)+$" (printf "%s!" (repeat 100000 "a")) }}\n';
  assert.match((await run(template)).stdout, /^a: false$/m);
});

test('aliases that multiply are refused where values are read', async () => {
  const level = (name: string, of: string): string => `${name}: &${name} [${new Array(9).fill(`*${of}`).join(',')}]\n`;
  const values = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, i) => level(name, 'abcdefghi'[i] ?? '')).join('')}`;
  const { code, stderr } = await run('a: b\n', values);
  assert.equal(code, 4);
  assert.match(stderr, /values\.yaml: .*document contains excessive aliasing\n$/);
});
