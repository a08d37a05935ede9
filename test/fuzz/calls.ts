import type { Domain } from './domains.js';
import type { Maker } from './maker.js';
import { type Signature, signatures } from './signatures.js';

/** How often a call is made wrong on purpose. Wrong values in well-made calls come on top. */
const wrongShare = 0.36;

/** Expressions that fail, each in another way. */
function failing(m: Maker): string {
  const { random } = m;
  return `(${random.pick([
    () => `fail ${m.text(random.pick(['boom', '', 'a: b', 'é', 'HELM_ERR_END', 'line\ntwo']))}`,
    () => `required ${m.text(random.pick(['needed', '', 'x: y']))} ${random.pick(['nil', '""', '$.Values.missing'])}`,
    () => `index ${m.of('list')} 99`,
    () => `index ${m.of('map')} ${m.of('key')} ${m.of('key')}`,
    () => 'div 1 0',
    () => '$.Values.missing.deeper',
    () => `$.Release.Name.field`,
    () => `$.Chart.NoSuchField`,
    () => `include "none" .`,
    () => `tpl ${m.text(random.pick(['{{', '{{ fail "x" }}', '{{ .a.b.c }}', '{{ nofunc }}']))} $`,
    () => `mustFromJson ${m.text('{')}`,
    () => `semver ${m.text('x')}`,
    () => `mustRegexMatch ${m.text('(')} "a"`,
    () => `first ${m.of('number')}`,
    () => `len ${m.of('number')}`,
    () => `lt ${m.of('str')} ${m.of('number')}`,
    () => `eq ${m.of('list')} ${m.of('map')}`,
    () => 'nil',
    () => `$.Files.Get`,
    () => `$.Files.Get 1 2`,
    () => `atoi`,
    () => `trunc "x" "y"`,
    () => `dig "a" "b" "c"`,
    () => '$undefined',
    () => 'nofunction 1',
    () => `"text" 1`,
    () => `5 | 6`,
    () => `$.Capabilities.APIVersions.Has`,
    () => `$.Values.Table "no.such"`,
  ])()})`;
}

/** The arguments of one call, made from a signature and then perhaps made wrong. */
function args(m: Maker, signature: Signature, wrong: boolean): string[] {
  const { random } = m;
  const wanted: Domain[] = [...signature.params];
  if (signature.rest !== undefined) {
    const more = random.pick([0, 1, 1, 2, 2, 3]);
    for (let i = 0; i < more; i++) wanted.push(random.pick(signature.rest));
  }
  const made = wanted.map((domain) => m.of(domain));
  if (!wrong) return made;
  const at = random.below(made.length);
  const anyParams = wanted.every((domain) => ['any', 'list', 'number', 'special'].includes(domain));
  const how = random.below(anyParams ? 6 : 5);
  if (made.length === 0 || how === 0) {
    // One argument too many, or too few.
    if (made.length === 0 || random.chance(0.5)) made.splice(at, 0, m.of('any'));
    else made.splice(at, 1);
    if (signature.rest !== undefined) made.splice(random.below(made.length + 1), 0, failing(m));
  } else if (how <= 2 && !anyParams) made[at] = m.of('any');
  else made[at] = failing(m);
  return made;
}

/** One call of a function, or null where there is no signature: `trunc 5 "text"`, often as a pipeline. */
export function call(m: Maker, name: string, wrong = wrongShare): string {
  const options = signatures.get(name);
  if (options === undefined) throw new Error(`no signature of ${name}`);
  return withArgs(m, name, args(m, m.random.pick(options), m.random.chance(wrong)));
}

/** A call with these arguments; the last one may come through a pipe. */
export function withArgs(m: Maker, name: string, made: readonly string[]): string {
  const last = made.at(-1);
  if (last !== undefined && m.random.chance(0.3)) {
    return [last, [name, ...made.slice(0, -1)].join(' ')].join(m.random.pick([' | ', '|', ' |']));
  }
  return [name, ...made].join(' ');
}

/** Calls that give numbers. */
const loops =
  /\b(add1?|mul|sub|div|mod|int|int64|max|min|biggest|atoi|unixEpoch|round|float64|ceil|floor|len|index|derivePassword|toDecimal|duration\w*|mustToDuration|until|untilStep|dig|get|ternary|coalesce|default|first|last)\b/;

/** Text before or after an action that changes nothing of the result but its place. */
const around = ['', '', '', '', 'x', '\n', ' ', 'a: ', '\n\n  ', 'é'] as const;

/** An action that prints an expression, so that its type can be seen as often as its text. */
export function shown(m: Maker, expression: string): string {
  const { random } = m;
  const [open, close] = random.pick([
    ['{{ ', ' }}'],
    ['{{', '}}'],
    ['{{- ', ' -}}'],
    ['{{ ', '\n}}'],
  ] as const);
  const print = (text: string): string => `${open}${text}${close}`;
  const body = ((): string => {
    switch (random.below(20)) {
      case 0:
        return print(`${expression} | toJson`);
      case 1:
        return print(`${expression} | toYaml`);
      case 2:
        return print(`${expression} | quote`);
      case 3:
        return print(`printf "%T %v" (${expression}) (${expression})`);
      case 4:
        return print(`${expression} | typeOf`);
      case 5:
        return print(`$r := ${expression}`) + print('$r') + print('kindOf $r');
      case 6:
        return `${print(`if ${expression}`)}yes${print('else')}no${print('end')}`;
      case 7:
        return `${print(`with ${expression}`)}<${print('.')}>${print('end')}`;
      case 8:
        return print(`${expression} | printf "%#v"`);
      case 9:
        // A loop to a large number would not end.
        if (random.chance(0.6) || loops.test(expression)) return print(expression);
        return `${print(`range $k, $v := ${expression}`)}${print('$k')}=${print('$v')};${print('end')}`;
      case 10:
        return print(`list (${expression}) 1`);
      case 11:
        return print(`dict "k" (${expression}) | toJson`);
      default:
        return print(expression);
    }
  })();
  return `${random.pick(around)}${body}${random.pick(around)}`;
}
