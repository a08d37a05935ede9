import { call } from './calls.js';
import type { Maker } from './maker.js';
import * as pools from './pools.js';
import { signatures } from './signatures.js';

/** Functions whose result is the same each time and that do not end the template: what expressions are made of. */
const callable = [...signatures.keys()].filter(
  (name) => !/^(fail|required|call|lookup|ago|duration.*|must.*)$/.test(name),
);

/** A pipeline for an action. */
export function pipeline(m: Maker): string {
  const { random } = m;
  const how = random.below(20);
  if (how < 9) return m.of('any');
  if (how < 11) return operand(m);
  if (how < 14) return random.pick(['.', '$', '$.Release.Name', '$.Values', ...m.variables, ...m.variables]);
  if (how === 14) {
    return `${m.of('any')} | ${m.form(['quote', 'toString', 'toJson', 'kindOf', 'not', 'default 1', 'print'], ['len', 'upper', '5', '.', ''])}`;
  }
  return call(m, random.pick(callable), m.wild ? 0.1 : 0);
}

const someMap = { a: { b: { c: [1, 'x', null] } }, s: 'text', n: null, i: 5n, f: 1.5, t: true };

/** An operand of every syntactic kind. */
export function operand(m: Maker): string {
  const { random } = m;
  return random.pick([
    () => m.form(pools.numberLiterals, pools.wrongLiterals),
    () => m.text(random.pick(pools.strings)),
    () => m.form(['"\\u00e9"', '"\\101"', '`raw\nraw`', "'a'", "'\\''", '"\\""'], wrongStrings),
    () =>
      m.form(
        ['true', 'false', '.', '$', '$.Values', '$.Chart.Name', '$.Nope'],
        ['nil', '.Release.Nope.x', '.Nope.x', '.Chart.Nope', '$.Nope.x'],
      ),
    () =>
      `${m.held(someMap)}.${m.form(['a.b.c', 'a', 's', 'n', 'zz', 'f'], ['n.x', 's.x', 'i.x', 'zz.y', 'a.b.c.d', 't.u'])}`,
    () => `(${m.held(someMap)}).${m.form(['a.b', 'zz', 's'], ['s.x', 'n.x', '', '.'])}`,
    () => (m.wild ? `(${pipeline(m)}).${random.pick(['a', 'x.y', 'Key'])}` : `(dict "a" ${m.of('any')}).a`),
    () => `(${pipeline(m)})`,
    () => m.form(['$', ...m.variables], ['$x', '$x.a', '$undefined', ...m.variables.map((name) => `${name}.a`)]),
    () => method(m),
    () =>
      `$.Chart.${m.form(
        [
          'Name',
          'Version',
          'AppVersion',
          'Keywords',
          'Annotations',
          'Annotations.a',
          'Annotations.zz',
          'Maintainers',
          'IsRoot',
          'Metadata.Name',
          'Type',
          'Deprecated',
          'Dependencies',
          'KubeVersion',
        ],
        ['Nope', 'name', 'Name.x', 'Keywords.x', 'Metadata.Nope', 'IsRoot.x'],
      )}`,
    () =>
      m.form(
        ['.Values', '$.Release.Name', '$.Template.Name', '$.Template.BasePath', '$.Subcharts'],
        [
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
          '(nil).x',
        ],
      ),
  ])();
}

/** Literals of strings and characters that are none. */
export const wrongStrings: readonly string[] = [
  "'ab'",
  "''",
  "'\\400'",
  '"\\q"',
  '"\\x4"',
  '"a\nb"',
  '"\\ud800"',
  "'\\ud800'",
  '`raw',
  '"open',
  "'",
  '"\\u12"',
  '"\\U00110000"',
  '"\\777"',
  '"a" "b"',
  '"\\\'"',
  "'\\\"'",
  "'\udcff'",
];

/** A method of the objects that Helm gives to templates. */
export function method(m: Maker): string {
  const { random } = m;
  return random.pick([
    () =>
      `$.Files.${m.form(
        [
          'Get "conf/a.txt"',
          'Get "conf/b.bin"',
          'Get "none"',
          'Lines "conf/a.txt"',
          'Lines "empty"',
          'AsConfig',
          'AsSecrets',
          'Glob "**"',
          'GetBytes "empty"',
          'GetBytes "none"',
        ],
        ['Nope', 'Get', 'Get 5', 'Get nil', '("x")', 'AsConfig 1', 'Glob', 'Lines nil', 'Get "a" "b"', 'AsConfig.x'],
      )}`,
    () =>
      `($.Files.Glob ${m.text(random.pick(['conf/*', '*', '**', 'conf/{a,b}.*', '[', '[a-c]onf/*', 'conf/?.txt', '{', 'a\\', '!*', '[!a]*/*', '*.tpl', '']))}).${m.form(['AsConfig', 'AsSecrets'], ['Nope', 'Get', 'AsConfig 1'])}`,
    () => `$.Files.${random.pick(['Get', 'GetBytes', 'Lines'])} ${m.of('path')}`,
    () =>
      `$.Capabilities.${m.form(
        [
          'KubeVersion',
          'KubeVersion.Minor',
          'KubeVersion.Version',
          'KubeVersion.GitVersion',
          'APIVersions.Has "apps/v1"',
          'APIVersions.Has "x/v1"',
          'KubeVersion.String',
          'KubeVersion.Major',
          'HelmVersion.Version',
        ],
        [
          'APIVersions.Has',
          'Nope',
          'KubeVersion.Nope',
          'APIVersions.Has 1',
          'APIVersions.Nope',
          'KubeVersion.Major.x',
          'HelmVersion.Nope',
          'KubeVersion.String 1',
        ],
      )}`,
    () =>
      `$.Values.${m.form(
        ['AsMap', 'YAML', 'Table "v0"', 'PathValue "v0"'],
        [
          'Table "no"',
          'PathValue "no"',
          'PathValue "v0.a"',
          'PathValue ""',
          'Encode',
          'Nope',
          'Table',
          'Table 1',
          'YAML 1',
          'Table ""',
          'AsMap.v0.x',
        ],
      )}`,
    () => (m.wild ? `$.Values.${random.pick(['Table', 'PathValue'])} ${m.of('str')}` : '$.Files.AsConfig'),
  ])();
}
