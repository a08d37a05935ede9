import { call } from './calls.js';
import type { Maker } from './maker.js';
import * as pools from './pools.js';
import { signatures } from './signatures.js';

/** Functions whose result is the same each time and that do not end the template: what expressions are made of. */
const callable = [...signatures.keys()].filter(
  (name) => !/^(fail|required|call|lookup|ago|duration.*|must.*)$/.test(name),
);

/** A pipeline for an action. */
function pipeline(m: Maker): string {
  const { random } = m;
  const how = random.below(12);
  if (how < 4) return m.of('any');
  if (how < 6) return operand(m);
  if (how === 6)
    return `${m.of('any')} | ${random.pick(['quote', 'toString', 'toJson', 'kindOf', 'len', 'not', 'default 1', 'print', 'upper'])}`;
  return call(m, random.pick(callable));
}

/** An operand of every syntactic kind, right and wrong. */
function operand(m: Maker): string {
  const { random } = m;
  const map = (): string => m.held({ a: { b: { c: [1, 'x', null] } }, s: 'text', n: null, i: 5n, f: 1.5, t: true });
  return random.pick([
    () => random.pick(pools.numberLiterals),
    () => m.text(random.pick(pools.strings)),
    () =>
      random.pick([
        "'a'",
        "'ab'",
        "''",
        "'\\''",
        "'\\400'",
        '"\\q"',
        '"\\x4"',
        '"a\nb"',
        '`raw\nraw`',
        '"\\u00e9"',
        '"\\ud800"',
        "'\\ud800'",
        '"\\101"',
      ]),
    () =>
      random.pick([
        'true',
        'false',
        'nil',
        '.',
        '$',
        '$.Values',
        '.Values',
        '.Chart.Name',
        '.Release.Nope.x',
        '.Nope',
        '.Nope.x',
        '$.Nope',
      ]),
    () => `${map()}.${random.pick(['a.b.c', 'a', 's', 'n', 'n.x', 's.x', 'i.x', 'zz', 'zz.y', 'a.b.c.d', 'f', 't.u'])}`,
    () => `(${map()}).${random.pick(['a.b', 's.x', 'n.x', 'zz'])}`,
    () => `(${pipeline(m)}).${random.pick(['a', 'x.y', 'Key'])}`,
    () => `(${pipeline(m)})`,
    () => random.pick(['$x', '$x.a', '$undefined', ...m.variables, ...m.variables.map((name) => `${name}.a`)]),
    () =>
      `$.Files.${random.pick(['Get "conf/a.txt"', 'Lines "conf/a.txt"', 'AsConfig', 'AsSecrets', 'Nope', 'Get', 'Get 5', 'Glob "**"', 'GetBytes "empty"', '("x")'])}`,
    () =>
      `($.Files.Glob "${random.pick(['conf/*', '*', '**', 'conf/{a,b}.*', '[', '[a-c]onf/*', 'conf/?.txt', '{', 'a\\\\'])}").${random.pick(['AsConfig', 'AsSecrets', 'Nope'])}`,
    () =>
      `$.Capabilities.${random.pick(['KubeVersion', 'KubeVersion.Minor', 'KubeVersion.Version', 'KubeVersion.GitVersion', 'APIVersions.Has "apps/v1"', 'APIVersions.Has "x/v1"', 'APIVersions.Has', 'Nope', 'KubeVersion.String', 'KubeVersion.Major'])}`,
    () =>
      `.Values.${random.pick(['AsMap', 'YAML', 'Table "v0"', 'Table "no"', 'PathValue "v0"', 'PathValue "v0.a"', 'PathValue ""', 'Encode', 'Nope'])}`,
    () =>
      `$.Chart.${random.pick(['Name', 'Version', 'AppVersion', 'Keywords', 'Annotations', 'Annotations.a', 'Annotations.zz', 'Maintainers', 'Nope', 'IsRoot', 'Metadata.Name', 'Type', 'Deprecated', 'Dependencies', 'name', 'KubeVersion', 'Validate'])}`,
    () =>
      random.pick([
        '.Values.v0.v1.v2',
        '.a.b',
        '..',
        '.1',
        '$x.',
        '.Values..a',
        'a.b',
        '.é',
        '.a-b',
        '$1',
        '$é',
        '1.a',
        '"a".b',
        'nil.a',
        'true.x',
        '(1).x',
        '().x',
      ]),
  ])();
}

const open = (m: Maker): string => m.random.pick(['{{ ', '{{ ', '{{', '{{- ', '{{-\n']);
const close = (m: Maker): string => m.random.pick([' }}', ' }}', '}}', ' -}}', '\n-}}', '\n}}']);

/** An action of this text, trimmed or not. */
const act = (m: Maker, text: string): string => open(m) + text + close(m);

const plain = (m: Maker): string => m.random.pick(pools.plainTexts);

/** Text and actions in turn. */
function body(m: Maker, depth: number): string {
  let out = '';
  for (let i = m.random.below(3); i >= 0; i--) {
    out += plain(m);
    if (m.random.chance(0.6)) out += depth > 0 && m.random.chance(0.4) ? inner(m, depth - 1) : act(m, pipeline(m));
  }
  return out;
}

const innerNames = [
  'if',
  'with',
  'range',
  'variable',
  'assignment',
  'comment',
  'else if',
  'break',
  'continue',
  'parentheses',
  'pipeline',
] as const;

function inner(m: Maker, depth: number): string {
  return make(m, m.random.pick(innerNames), depth);
}

/** A body in which variables may be added that are gone after it, and in which `.` is something else if `dot`. */
function scoped(m: Maker, depth: number, added: readonly string[], dot: boolean): string {
  const { variables, atRoot } = m;
  m.variables = [...variables, ...added];
  if (dot) m.atRoot = false;
  const out = body(m, depth);
  m.variables = variables;
  m.atRoot = atRoot;
  return out;
}

const names = ['$a', '$b', '$x', '$y1', '$é'] as const;

function declaration(m: Maker): { text: string; added: string[] } {
  const name = m.random.pick(names);
  if (m.random.chance(0.7)) return { text: '', added: [] };
  return { text: `${name}${m.random.pick([' := ', ':=', ' = ', ' :='])}`, added: [name] };
}

function conditional(m: Maker, depth: number, word: 'if' | 'with'): string {
  const { random } = m;
  const dot = word === 'with';
  const first = declaration(m);
  let out = act(m, `${word} ${first.text}${pipeline(m)}`) + scoped(m, depth, first.added, dot);
  for (let i = random.pick([0, 0, 0, 1, 2]); i > 0; i--) {
    const next = declaration(m);
    out += act(
      m,
      `else ${random.chance(0.95) ? word : random.pick(['if', 'with', 'range'])} ${next.text}${pipeline(m)}`,
    );
    out += scoped(m, depth, [...first.added, ...next.added], dot);
  }
  if (random.chance(0.5)) out += act(m, 'else') + scoped(m, depth, first.added, false);
  return out + act(m, 'end');
}

function over(m: Maker): string {
  const { random } = m;
  return random.pick([
    () => m.of('list'),
    () => m.of('list'),
    () => m.of('map'),
    () => m.of('map'),
    () => m.of('strs'),
    () => m.of('ints'),
    () => m.of('nil'),
    () => String(random.between(-1, 5)),
    () => m.held(BigInt(random.below(4))),
    () => m.held(random.pick(pools.floats)),
    () => m.of('str'),
    () => m.of('special'),
    () => m.of('bool'),
    () => pipeline(m),
  ])();
}

function range(m: Maker, depth: number): string {
  const { random } = m;
  const one = random.pick(names);
  const two = random.pick(names);
  const [text, added] = random.pick([
    ['', []],
    ['', []],
    [`${one} := `, [one]],
    [`${one}, ${two} := `, [one, two]],
    [`${one},${two}:=`, [one, two]],
    [`${one} = `, []],
    [`${one}, ${two} = `, []],
    [`${one}, ${two}, $z := `, [one]],
    [`${one}, `, []],
  ] as const);
  let out = act(m, `range ${text}${over(m)}`) + scoped(m, depth, added, true);
  if (random.chance(0.3))
    out += act(m, `if ${pipeline(m)}`) + act(m, random.pick(['break', 'continue'])) + act(m, 'end');
  if (random.chance(0.3)) out += act(m, 'else') + scoped(m, depth, [], false);
  return out + act(m, 'end');
}

const templateNames = [
  '"one"',
  '"two"',
  '"one"',
  '"none"',
  '`one`',
  '"é x"',
  '"probe/templates/t.yaml"',
  '"_h"',
  'one',
  '5',
  '"probe/templates/_h.tpl"',
] as const;

/** What stands beside the template under test. */
const helpers =
  '{{ define "help" }}[{{ . | toJson }}]{{ end }}{{- define "deep" -}}{{ include "help" .x }}{{- end -}} outside';

function defined(m: Maker, depth: number): string {
  const { random } = m;
  const atRoot = m.atRoot;
  m.atRoot = false;
  const text = act(m, `define ${random.pick(templateNames)}`) + scopedDefine(m, depth) + act(m, 'end');
  m.atRoot = atRoot;
  return text;
}

/** Variables of outside are not seen in a definition, and `$` is what it is given. */
function scopedDefine(m: Maker, depth: number): string {
  const { variables } = m;
  m.variables = [];
  const out = body(m, depth);
  m.variables = variables;
  return out;
}

const data = (m: Maker): string => m.random.pick(['', ' .', ' $', ` ${m.of('any')}`, ` (${pipeline(m)})`]);

/** What may stand in an action that is no pipeline, in wrong places and wrong forms too. */
function control(m: Maker, word: string): string {
  const { random } = m;
  const wrong = random.pick(['', ' 1', ' x', ' .', ' | quote', ' )', ' "']);
  return act(m, `${word}${random.chance(0.85) ? '' : wrong}`);
}

/** Every action and syntactic kind, by the name that the table of results shows. */
const makers: Readonly<Record<string, (m: Maker, depth: number) => string>> = {
  text: (m) =>
    plain(m) +
    random3(m, () => plain(m)) +
    (m.random.chance(0.4) ? act(m, pipeline(m)) : m.random.pick(['', '{{', '{{/', '{{ /* a */ }}', '{{-', '}}{{'])) +
    plain(m),
  comment: (m) =>
    plain(m) +
    m.random.pick([
      '{{/* c */}}',
      '{{- /* c */ -}}',
      '{{/**/}}',
      '{{/* a\nb */}}',
      '{{ /* c */}}',
      '{{/* c */ }}',
      '{{/* c',
      '{{/* {{ x }} */}}',
      '{{/* c */ 1}}',
      '{{- /* c */}}',
      '{{/* c */ -}}',
      '{{/* a */ /* b */}}',
      '{{-/* c */-}}',
      '{{/* */ }}',
    ]) +
    plain(m) +
    random3(m, () => act(m, pipeline(m))),
  'trim marker': (m) =>
    random3(
      m,
      () =>
        plain(m) +
        m.random.pick(['{{- ', '{{-\n', '{{-', '{{']) +
        pipeline(m) +
        m.random.pick([' -}}', '\n-}}', '-}}', ' - }}', ' }}']) +
        plain(m),
    ),
  pipeline: (m) =>
    act(
      m,
      random3(m, () => pipeline(m), ' | '),
    ),
  operand: (m) => act(m, operand(m)) + plain(m) + (m.random.chance(0.3) ? act(m, operand(m)) : ''),
  parentheses: (m) =>
    act(
      m,
      m.random.pick([
        `((${pipeline(m)}))`,
        `print (${pipeline(m)}) (${pipeline(m)})`,
        `(${pipeline(m)}`,
        `${pipeline(m)})`,
        '()',
        '( )',
        `(${pipeline(m)}) ${operand(m)}`,
        `(${pipeline(m)}).x.y`,
      ]),
    ),
  number: (m) =>
    act(
      m,
      m.random.pick([
        m.random.pick(pools.numberLiterals),
        `print ${m.random.pick(pools.numberLiterals)} ${m.random.pick(pools.numberLiterals)}`,
        `printf "%T %v" ${m.random.pick(pools.numberLiterals)} 1`,
        `${m.random.pick(['int64', 'float64', 'trunc', 'until', 'add1', 'round', 'eq 1', 'index (list 1 2)'])} ${m.random.pick(pools.numberLiterals)}`,
        m.random.pick([
          '1_',
          '0x',
          '0b2',
          '1e',
          '1a',
          '+',
          '-',
          '0o8',
          '1.2.3',
          '1__0',
          '0x1.8',
          '1i+2i',
          '+-1',
          '1+2i',
          '- 1',
          '0_1',
          '_1',
          '0xg',
          '1e+',
          '0x_1',
        ]),
      ]),
    ),
  string: (m) =>
    act(
      m,
      m.random.pick([
        () => m.text(m.random.pick(pools.strings)),
        () =>
          m.random.pick([
            "'a'",
            "'ab'",
            "''",
            '"\\q"',
            '"\\x4"',
            '"a\nb"',
            '`raw\n`',
            '`raw',
            '"open',
            "'",
            '"\\u12"',
            '"\\U00110000"',
            '"\\777"',
            '"\\x00"',
            "'\\x00'",
            "'\udcff'",
            '"\udcff"',
            '"a" "b"',
            '"\\\'"',
            "'\\\"'",
            '`a\r\nb`',
          ]),
      ])(),
    ),
  field: (m) =>
    act(
      m,
      `${m.held({ a: { b: 1, c: null }, s: 'x', l: [{ a: 1 }] })}.${m.random.pick(['a', 'a.b', 'a.c.d', 's.x', 'zz', 'zz.y.x', 'l.a', 'a.b.c', 'a 1', 's "x"', 'a .', 'a | quote', 's | len'])}`,
    ) + act(m, operand(m)),
  variable: (m, depth) => {
    const name = m.random.pick(names);
    const declared = act(
      m,
      `${name}${m.random.pick([' := ', ':=', ' := ', ' = ', ' : = ', ' == ', ' '])}${pipeline(m)}`,
    );
    return (
      declared +
      scoped(m, depth, [name], false) +
      act(m, m.random.pick([name, `${name}.a`, `${name} 1`, `${name} | len`, `printf "%v" ${name}`]))
    );
  },
  assignment: (m, depth) => {
    const name = m.random.pick(names);
    const other = m.random.pick(names);
    return (
      act(m, `${name} := ${pipeline(m)}`) +
      act(m, m.random.pick([`if ${pipeline(m)}`, `range ${over(m)}`, `with ${m.of('any')}`])) +
      act(m, `${m.random.chance(0.8) ? name : other} = ${pipeline(m)}`) +
      scoped(m, depth, [name], true) +
      act(m, 'end') +
      act(m, name)
    );
  },
  if: (m, depth) => conditional(m, depth, 'if'),
  'else if': (m, depth) =>
    act(m, `if ${pipeline(m)}`) +
    body(m, depth) +
    act(m, `else if ${pipeline(m)}`) +
    body(m, depth) +
    (m.random.chance(0.5) ? act(m, 'else') + plain(m) : '') +
    act(m, 'end') +
    (m.random.chance(0.2) ? control(m, m.random.pick(['else', 'else if true', 'end'])) : ''),
  else: (m, depth) =>
    act(m, `${m.random.pick(['if', 'with', 'range'])} ${m.random.chance(0.6) ? m.of('nil') : pipeline(m)}`) +
    body(m, depth) +
    control(m, 'else') +
    body(m, depth) +
    (m.random.chance(0.12) ? control(m, m.random.pick(['else', 'else if 1', 'else with 1'])) : '') +
    control(m, 'end'),
  end: (m, depth) =>
    act(m, `if ${pipeline(m)}`) + body(m, depth) + control(m, 'end') + (m.random.chance(0.3) ? control(m, 'end') : ''),
  with: (m, depth) => conditional(m, depth, 'with'),
  range: (m, depth) => range(m, depth),
  break: (m, depth) => looped(m, depth, 'break'),
  continue: (m, depth) => looped(m, depth, 'continue'),
  define: (m, depth) =>
    defined(m, depth) +
    plain(m) +
    act(m, `template ${m.random.pick(templateNames)}${data(m)}`) +
    (m.random.chance(0.3) ? defined(m, depth) : ''),
  template: (m, depth) =>
    (m.random.chance(0.7) ? defined(m, depth) : '') +
    act(
      m,
      `template ${m.random.chance(0.7) ? m.random.pick(['"one"', '"help"', '"deep"', '"two"']) : m.random.pick(templateNames)}${data(m)}${m.random.chance(0.1) ? ' 5' : ''}`,
    ),
  block: (m, depth) =>
    act(
      m,
      `block ${m.random.pick(templateNames)}${m.random.pick([' .', ' $', ` ${m.of('any')}`, ` ${pipeline(m)}`, ''])}`,
    ) +
    scoped(m, depth, [], true) +
    act(m, 'end') +
    (m.random.chance(0.3) ? defined(m, depth) : ''),
  method: (m) =>
    act(
      m,
      m.random.pick([
        () => `$.Files.${m.random.pick(['Get', 'GetBytes', 'Lines', 'Glob'])} ${m.of('path')}`,
        () => `$.Files.Get ${m.random.pick(['"conf/a.txt"', '"conf/b.bin"', '"t.tpl"'])} | quote`,
        () => `$.Capabilities.APIVersions.Has ${m.text('v1')}`,
        () => `(.Files.Glob ${m.text(m.random.pick(['**', 'conf/*', '[', '*.tpl']))}).AsConfig`,
        () => `tpl ($.Files.Get "t.tpl") ${m.random.pick(['.', '$', '.Values'])}`,
        () => `$.Values.${m.random.pick(['Table', 'PathValue'])} ${m.of('str')}`,
        () => operand(m),
        () => operand(m),
      ])(),
    ),
  include: (m, depth) =>
    defined(m, depth) +
    act(
      m,
      `include ${m.random.chance(0.8) ? m.random.pick(['"one"', '"help"', '"deep"', '"two"', '"é x"']) : m.of('any')}${m.random.pick([' .', ' $', ` ${m.of('any')}`, ` (dict "x" ${m.of('any')})`, ''])}${m.random.pick(['', '', ' | quote', ' | nindent 2', ' | trim'])}`,
    ),
  tpl: (m, depth) => {
    const text = m.random.chance(0.5)
      ? body(m, Math.min(depth, 1))
      : m.random.pick([
          '{{ .Values.v0 }}',
          '{{ include "help" . }}',
          '{{ define "new" }}n{{ end }}{{ include "new" . }}',
          'plain',
          '',
          '{{ tpl "{{ . }}" 5 }}',
          '{{ .Template.Name }}',
          '{{ template "help" . }}',
          '{{',
          '{{ fail "x" }}',
          '{{ .x.y.z }}',
          '{{ nofunc }}',
          '{{ index .Values "v0" }}',
          '<no value>{{ .zz }}',
          '{{ $.Values.v0 }}',
          '{{ required "r" .zz }}',
          '{{ include "none" . }}',
        ]);
    return act(
      m,
      `tpl ${m.text(text)} ${m.random.pick(['.', '$', '.', '.Values', m.of('any')])}${m.random.pick(['', ' | quote', ' | len'])}`,
    );
  },
};

/** Up to three of something. */
function random3(m: Maker, one: () => string, between = ''): string {
  return Array.from({ length: m.random.between(1, 3) }, one).join(between);
}

function looped(m: Maker, depth: number, word: string): string {
  const { random } = m;
  const inside = random.pick([
    () => act(m, `if ${pipeline(m)}`) + control(m, word) + act(m, 'end'),
    () => act(m, `if eq . ${m.of('any')}`) + control(m, word) + act(m, 'else') + body(m, 0) + act(m, 'end'),
    () => act(m, 'with .') + control(m, word) + act(m, 'end'),
    () => act(m, `range ${over(m)}`) + plain(m) + control(m, word) + act(m, 'end'),
    () => control(m, word),
    () => act(m, 'define "x"') + control(m, word) + act(m, 'end'),
  ])();
  const outside = random.chance(0.2) ? control(m, word) : '';
  const otherwise = random.chance(0.2) ? act(m, 'else') + (random.chance(0.3) ? control(m, word) : plain(m)) : '';
  return (
    act(m, `range ${over(m)}`) + scoped(m, depth, [], true) + inside + plain(m) + otherwise + act(m, 'end') + outside
  );
}

function make(m: Maker, name: string, depth: number): string {
  return makers[name]?.(m, depth) ?? '';
}

/** Pieces of a template as a person would name them: the units that mutation and shrinking work on. */
export function tokens(text: string): string[] {
  return text.match(/\{\{-?|-?\}\}|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[$.]?[\p{L}\p{N}_.]+|\s+|[\s\S]/gu) ?? [];
}

const strange = [
  '{{',
  '}}',
  '{{-',
  '-}}',
  '(',
  ')',
  '|',
  ':=',
  '=',
  ',',
  '.',
  '$',
  '"',
  '`',
  "'",
  'end',
  'else',
  'if',
  'range',
  'define',
  'block',
  'template',
  'with',
  'break',
  'continue',
  'nil',
  '\n',
  '/*',
  '*/',
  '{{end}}',
  '{{else}}',
  '\0',
  '\udcff',
  'é',
  '#',
  '\\',
  ';',
  '&',
  '!',
  '1',
  '"x"',
  '..',
  ' ',
] as const;

/** A template made wrong somewhere: a piece lost, doubled, moved, or a strange one added. */
function broken(m: Maker): string {
  const { random } = m;
  const parts = tokens(make(m, random.pick(Object.keys(makers)), 2));
  for (let i = random.between(1, 3); i > 0; i--) {
    const at = random.below(parts.length + 1);
    switch (random.below(4)) {
      case 0:
        parts.splice(at, random.between(1, 2));
        break;
      case 1:
        parts.splice(at, 0, parts[random.below(parts.length)] ?? '');
        break;
      case 2:
        parts.splice(at, 0, random.pick(strange));
        break;
      default:
        parts.splice(at, 1, random.pick(strange));
    }
  }
  return parts.join('');
}

/** Every action by name: gives the texts of a template that has it, and of those beside it. */
export const actions: ReadonlyMap<string, (m: Maker) => string> = new Map([
  ...Object.entries(makers).map(([name, maker]): [string, (m: Maker) => string] => [
    name,
    (m) => {
      const text = maker(m, 2);
      return m.random.chance(0.12)
        ? tokens(text)
            .filter(() => m.random.chance(0.97))
            .join('')
        : text;
    },
  ]),
  ['syntax error', broken],
]);

/** Templates that stand beside those of actions. */
export const besideActions = { path: 'templates/_h.tpl', text: helpers };
