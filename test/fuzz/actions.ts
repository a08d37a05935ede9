import type { Maker } from './maker.js';
import { method, operand, pipeline, wrongStrings } from './operands.js';
import * as pools from './pools.js';
import { broken } from './tokens.js';

const open = (m: Maker): string => m.random.pick(['{{ ', '{{ ', '{{', '{{- ', '{{-\n']);
const close = (m: Maker): string => m.random.pick([' }}', ' }}', '}}', ' -}}', '\n-}}', '\n}}']);

/** An action of this text, trimmed or not. */
const act = (m: Maker, text: string): string => open(m) + text + close(m);

const plain = (m: Maker): string => m.random.pick(pools.plainTexts);

/** Up to three of something. */
function some(m: Maker, one: () => string, between = ''): string {
  return Array.from({ length: m.random.between(1, 3) }, one).join(between);
}

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
] as const;

function inner(m: Maker, depth: number): string {
  return makers[m.random.pick(innerNames)]?.(m, depth) ?? '';
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

/** A body of a definition: variables of outside are not seen, and `$` is what it is given. */
function apart(m: Maker, depth: number): string {
  const { variables } = m;
  m.variables = [];
  const out = scoped(m, depth, [], true);
  m.variables = variables;
  return out;
}

const names = ['$a', '$b', '$x', '$y1', '$é'] as const;

function declaration(m: Maker): { readonly text: string; readonly added: readonly string[] } {
  if (m.random.chance(0.7)) return { text: '', added: [] };
  const name = m.random.pick(names);
  return { text: `${name}${m.form([' := ', ':='], [' = ', ' : ', ' == ', ', $q := '])}`, added: [name] };
}

function conditional(m: Maker, depth: number, word: 'if' | 'with', least = 0): string {
  const { random } = m;
  const dot = word === 'with';
  const first = declaration(m);
  let added = first.added;
  let out = act(m, `${word} ${first.text}${pipeline(m)}`) + scoped(m, depth, added, dot);
  for (let i = least + random.pick([0, 0, 0, 1, 2]); i > 0; i--) {
    const next = declaration(m);
    added = [...added, ...next.added];
    out += act(m, `else ${m.form([word], ['if', 'with', 'range', 'els'])} ${next.text}${pipeline(m)}`);
    out += scoped(m, depth, added, dot);
  }
  if (random.chance(0.5)) out += control(m, 'else') + scoped(m, depth, added, false);
  return out + control(m, 'end');
}

/** What a loop goes over. */
function over(m: Maker): string {
  const { random } = m;
  if (m.wild && random.chance(0.4)) return m.oneOf('str', 'special', 'bool', 'float', 'any');
  return random.pick([
    () => m.of('list'),
    () => m.of('list'),
    () => m.of('map'),
    () => m.of('map'),
    () => m.of('strs'),
    () => m.of('ints'),
    () => m.of('lists'),
    () => m.held(null),
    () => '$.Values.missing',
    () => String(random.between(-1, 5)),
    () => m.held(BigInt(random.below(4))),
    () => '($.Files.Glob "conf/*")',
    () => '$.Chart.Keywords',
    () => `(int ${random.below(4)})`,
  ])();
}

function loop(m: Maker): { readonly text: string; readonly added: readonly string[] } {
  const one = m.random.pick(names);
  const two = m.random.pick(names);
  const text = m.form(
    ['', `${one} := `, `${one}, ${two} := `, `${one},${two}:=`, ...m.variables.map((name) => `${name} = `)],
    [`${one} = `, `${one}, ${two} = `, `${one}, ${two}, $z := `, `${one}, `, `${one} `, `${one}, 1 := `, ', := '],
  );
  return { text, added: text.includes(':=') ? (text.includes(',') ? [one, two] : [one]) : [] };
}

function range(m: Maker, depth: number): string {
  const { random } = m;
  const { text, added } = loop(m);
  let out = act(m, `range ${text}${over(m)}`) + scoped(m, depth, added, true);
  if (random.chance(0.3)) {
    out += act(m, `if ${pipeline(m)}`) + act(m, random.pick(['break', 'continue'])) + act(m, 'end');
  }
  if (random.chance(0.3)) out += control(m, 'else') + scoped(m, depth, [], false);
  return out + control(m, 'end');
}

/** `break` and `continue`, most often where they may stand. */
function looped(m: Maker, depth: number, word: string): string {
  const { random } = m;
  const right = [
    () => act(m, `if ${pipeline(m)}`) + control(m, word) + act(m, 'end'),
    () => act(m, `if eq (toString .) "a"`) + control(m, word) + act(m, 'else') + body(m, 0) + act(m, 'end'),
    () => act(m, 'with .') + control(m, word) + act(m, 'end'),
    () => act(m, `range ${over(m)}`) + plain(m) + control(m, word) + act(m, 'end'),
    () => control(m, word),
  ];
  const inside =
    m.wild && random.chance(0.15) ? act(m, 'define "x"') + control(m, word) + act(m, 'end') : random.pick(right)();
  const { text, added } = loop(m);
  let out = act(m, `range ${text}${over(m)}`) + scoped(m, depth, added, true) + inside + plain(m);
  if (random.chance(0.2)) out += act(m, 'else') + (m.wild && random.chance(0.3) ? control(m, word) : plain(m));
  out += act(m, 'end');
  return m.wild && random.chance(0.2) ? out + control(m, word) : out;
}

const right = ['"one"', '"two"', '`one`', '"é x"', '"_h"', '"help"'] as const;
const wrong = ['"none"', 'one', '5', '"probe/templates/_h.tpl"', '', '"a" "b"', "'x'", '(print "one")', '.'] as const;

/** What stands beside the template under test. */
export const besideActions = {
  path: 'templates/_h.tpl',
  text: '{{ define "help" }}[{{ . | toJson }}]{{ end }}{{- define "deep" -}}{{ include "help" .x }}{{- end -}} outside',
};

/** A definition and the name under which it can be used. */
function defined(m: Maker, depth: number): { readonly text: string; readonly name: string } {
  const name = m.form(right, wrong);
  return { text: act(m, `define ${name}`) + apart(m, depth) + control(m, 'end'), name };
}

const data = (m: Maker): string => m.random.pick(['', ' .', ' $', ` ${m.of('any')}`, ` (${pipeline(m)})`]);

const nameFor = (m: Maker, name: string): string => m.form([name, name, name, '"help"'], [...wrong, '"deep"']);

/** `end`, `else`, `break`, `continue`: in wild templates with something after them. */
function control(m: Maker, word: string): string {
  return act(
    m,
    m.wild && m.random.chance(0.06) ? `${word}${m.random.pick([' 1', ' x', ' .', ' | quote', ' )', ' "', 'x'])}` : word,
  );
}

/** In wild templates sometimes one action more than there should be. */
const stray = (m: Maker, words: readonly string[]): string =>
  m.wild && m.random.chance(0.25) ? act(m, m.random.pick(words)) : '';

const comments = [
  '{{/* c */}}',
  '{{- /* c */ -}}',
  '{{/**/}}',
  '{{/* a\nb */}}',
  '{{/* {{ x }} */}}',
  '{{- /* c */}}',
  '{{/* c */ -}}',
  '{{- /*\n*/ -}}',
] as const;
const wrongComments = [
  '{{ /* c */}}',
  '{{/* c */ }}',
  '{{/* c',
  '{{/* c */ 1}}',
  '{{/* a */ /* b */}}',
  '{{-/* c */-}}',
  '{{/* */ }}',
  '{{/*/}}',
  '{{/* c */',
  '{{- /* c */-}}',
  '{{1 /* c */}}',
] as const;

/** Every action and syntactic kind, by the name that the table of results shows. */
const makers: Readonly<Record<string, (m: Maker, depth: number) => string>> = {
  text: (m) =>
    some(m, () => plain(m)) +
    (m.random.chance(0.4)
      ? act(m, pipeline(m))
      : m.form(['{{/* a */}}', '}}{'], ['{{', '{{/', '{{ /* a */ }}', '{{-', '}}{{', '{{}}', '{{ }}'])) +
    plain(m),
  comment: (m) => plain(m) + m.form(comments, wrongComments) + plain(m) + some(m, () => act(m, pipeline(m))),
  'trim marker': (m) =>
    some(
      m,
      () =>
        plain(m) +
        m.form(['{{- ', '{{-\n', '{{-\t', '{{'], ['{{-', '{{ -', '{{ - ']) +
        pipeline(m) +
        m.form([' -}}', '\n-}}', '\t-}}', '}}', ' }}'], ['-}}', ' - }}', '- }}']) +
        plain(m),
    ),
  pipeline: (m) =>
    act(
      m,
      some(m, () => pipeline(m), m.wild ? ' | ' : ' | default '),
    ),
  operand: (m) => act(m, operand(m)) + plain(m) + (m.random.chance(0.3) ? act(m, operand(m)) : ''),
  parentheses: (m) =>
    act(
      m,
      m.form(
        [
          `((${pipeline(m)}))`,
          `print (${pipeline(m)}) (${pipeline(m)})`,
          `(${pipeline(m)}) | print`,
          `(dict "a" (${pipeline(m)})).a`,
        ],
        [
          `(${pipeline(m)}`,
          `${pipeline(m)})`,
          '()',
          '( )',
          `(${pipeline(m)}) ${operand(m)}`,
          `(${pipeline(m)}).x.y`,
          `(${pipeline(m)} | )`,
          `(.).x`,
        ],
      ),
    ),
  number: (m) => {
    const one = (): string => m.form(pools.numberLiterals, pools.wrongLiterals);
    return act(
      m,
      m.random.pick([
        one,
        () => `print ${one()} ${one()}`,
        () => `printf "%T %v" ${one()} ${one()}`,
        () =>
          `${m.random.pick(['int64', 'float64', 'add1', 'eq 1', 'index "abcdefg"', 'addf 1', 'toString', 'toJson', 'round 2.55', 'regexFindAll "a" "aaa"', 'ternary 1 2', 'trunc'])} ${one()}`,
      ])(),
    );
  },
  string: (m) =>
    act(
      m,
      m.wild
        ? m.random.pick(wrongStrings)
        : m.form(
            [
              literalOf(m),
              `print ${literalOf(m)} ${literalOf(m)}`,
              '"\\x00"',
              "'\\x00'",
              '`a\r\nb`',
              '"\udcff"',
              '"\\xc3\\xa9"',
              '`\\n`',
            ],
            wrongStrings,
          ),
    ),
  field: (m) =>
    act(
      m,
      `${m.held({ a: { b: 1, c: null }, s: 'x', l: [{ a: 1 }] })}.${m.form(['a', 'a.b', 'zz', 'a | quote', 's | len', 'a.c', 'l'], ['a.c.d', 's.x', 'zz.y.x', 'l.a', 'a.b.c', 'a 1', 's "x"', 'a .'])}`,
    ) + act(m, operand(m)),
  variable: (m, depth) => {
    const name = m.random.pick(names);
    const declared = act(
      m,
      `${name}${m.form([' := ', ':='], [' = ', ' : = ', ' == ', ' ', ', $b := ', ' :=:= '])}${pipeline(m)}`,
    );
    return (
      declared +
      scoped(m, depth, [name], false) +
      act(
        m,
        m.form(
          [name, `printf "%v" ${name}`, `${name} | toJson`],
          [`${name}.a`, `${name} 1`, `${name} | len`, `${name}1`],
        ),
      ) +
      stray(m, ['end', '$undefined', `${name} = `])
    );
  },
  assignment: (m, depth) => {
    const name = m.random.pick(names);
    return (
      act(m, `${name} := ${pipeline(m)}`) +
      act(m, m.random.pick([`if ${pipeline(m)}`, `range ${over(m)}`, `with ${m.of('any')}`])) +
      act(m, `${m.form([name], ['$nope', '$a', '$'])} ${m.form(['='], ['=', ':=', '=='])} ${pipeline(m)}`) +
      scoped(m, depth, [name], true) +
      act(m, 'end') +
      act(m, name)
    );
  },
  if: (m, depth) => conditional(m, depth, 'if'),
  'else if': (m, depth) => conditional(m, depth, 'if', 1) + stray(m, ['else', 'else if true', 'end']),
  else: (m, depth) =>
    act(m, `${m.random.pick(['if', 'with', 'range'])} ${m.random.chance(0.6) ? '$.Values.missing' : over(m)}`) +
    body(m, depth) +
    control(m, 'else') +
    body(m, depth) +
    stray(m, ['else', 'else if 1', 'else with 1']) +
    control(m, 'end'),
  end: (m, depth) => act(m, `if ${pipeline(m)}`) + body(m, depth) + control(m, 'end') + stray(m, ['end', 'end end']),
  with: (m, depth) => conditional(m, depth, 'with'),
  'else with': (m, depth) => conditional(m, depth, 'with', 1) + stray(m, ['else', 'else with true', 'end']),
  range: (m, depth) => range(m, depth),
  break: (m, depth) => looped(m, depth, 'break'),
  continue: (m, depth) => looped(m, depth, 'continue'),
  define: (m, depth) => {
    const { text, name } = defined(m, depth);
    return (
      text +
      plain(m) +
      act(m, `template ${nameFor(m, name)}${data(m)}`) +
      (m.random.chance(0.3) ? defined(m, depth).text : '')
    );
  },
  template: (m, depth) => {
    const { text, name } = defined(m, depth);
    const used = act(m, `template ${nameFor(m, name)}${data(m)}${m.form([''], [' 5', ' |', ' )'])}`);
    return m.random.chance(0.5) ? text + used : used + text;
  },
  block: (m, depth) =>
    act(
      m,
      `block ${m.form(right.slice(0, 5), wrong)}${m.form([' .', ' $', ` ${m.of('any')}`, ` (${pipeline(m)})`], ['', ' 1 2', ' |'])}`,
    ) +
    scoped(m, depth, [], true) +
    control(m, 'end') +
    (m.random.chance(0.3) ? defined(m, depth).text : ''),
  method: (m) => act(m, method(m)) + (m.random.chance(0.3) ? act(m, method(m)) : ''),
  include: (m, depth) => {
    const { text, name } = defined(m, depth);
    const used = m.wild && m.random.chance(0.3) ? m.of('any') : nameFor(m, name);
    return (
      text +
      act(
        m,
        `include ${used}${m.form([' .', ' $', ` ${m.of('any')}`, ` (dict "x" ${m.of('any')})`], ['', ' 1 2'])}${m.random.pick(['', '', ' | quote', ' | nindent 2', ' | trim'])}`,
      )
    );
  },
  tpl: (m, depth) => {
    const text = m.random.chance(0.5)
      ? body(m, Math.min(depth, 1))
      : m.form(
          [
            '{{ .Values.v0 }}',
            '{{ include "help" 1 }}',
            '{{ define "new" }}n{{ end }}{{ include "new" . }}',
            'plain',
            '',
            '{{ tpl "{{ . }}" 5 }}',
            '{{ .Template.Name }}',
            '{{ template "help" 1 }}',
            '{{ $.Values.v0 }}',
            '<no value>{{ .zz }}',
            '{{- define "help" }}new{{ end }}{{ include "help" . }}',
          ],
          [
            '{{',
            '{{ fail "x" }}',
            '{{ .x.y.z }}',
            '{{ nofunc }}',
            '{{ index .Values "v0" "v" }}',
            '{{ required "r" .zz }}',
            '{{ include "none" . }}',
            '{{ tpl "{{ fail `deep` }}" . }}',
            '{{ end }}',
            '{{ break }}',
            '{{ template "none" }}',
          ],
        );
    return act(
      m,
      `tpl ${m.text(text)} ${m.random.pick(['.', '$', '.', '.Values', m.of('any')])}${m.random.pick(['', ' | quote', ' | print'])}`,
    );
  },
};

const literalOf = (m: Maker): string => m.text(m.random.pick(pools.strings));

/** Every action by name: gives the text of a template that has it. */
export const actions: ReadonlyMap<string, (m: Maker) => string> = new Map([
  ...Object.entries(makers).map(([name, maker]): [string, (m: Maker) => string] => [name, (m) => maker(m, 2)]),
  ['syntax error', (m: Maker) => broken(m.random, makers[m.random.pick(Object.keys(makers))]?.(m, 2) ?? '')],
]);
