import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { TrowelError } from '../model/index.js';
import { isStackFull, type Program, prepare, render } from './engine.js';
import { helmFunctions } from './functions/index.js';
import { GoMap } from './value.js';

const functions = helmFunctions({ now: () => new Date(0), random: (bytes) => randomBytes(bytes) });

function programOf(text: string): Program {
  return prepare([{ path: 'c/templates/a.yaml', text, basePath: 'c/templates', chartPath: 'c' }], functions);
}

const dot = (): GoMap => new GoMap();

test('recursion that fills the stack is told apart: on a larger one it may end', () => {
  for (const text of [
    '\n{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}',
    '\n{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}',
  ]) {
    const program = programOf(text);
    assert.throws(
      () => render(program, { data: () => dot() }),
      (error) => isStackFull(error) && error instanceof TrowelError && error.where.line === 2,
    );
  }
  const tpl = programOf('\n{{ tpl .Values.self . }}');
  const self = new GoMap(new Map([['self', 'x\n{{ tpl .Values.self . }}']]));
  assert.throws(
    () => render(tpl, { data: () => new GoMap(new Map([['Values', self]])) }),
    (error) =>
      isStackFull(error) &&
      error instanceof TrowelError &&
      error.message === 'c/templates/a.yaml: templates are nested too deeply, in line 2 of a text given to tpl',
  );
});

test('a value that is larger than it looks is written only so far', () => {
  const grow = '{{ $d := dict "a" 1 }}{{ range until 60 }}{{ $d = dict "a" $d "b" $d }}{{ end }}';
  for (const use of ['toYaml $d', 'toJson $d', '$d', 'deepCopy $d | len', 'until 100000 | uniq | len']) {
    const program = programOf(`${grow}\n{{ ${use} }}`);
    assert.throws(
      () => render(program, { data: () => dot(), limits: { steps: 100_000 } }),
      (error) => error instanceof TrowelError && error.code === 'too-large' && error.where.line === 2,
      use,
    );
  }
  const doubled = '{{ $x := "aaaaaaaa" }}{{ range until 60 }}\n{{ $x = print $x $x }}{{ end }}';
  const program = programOf(doubled);
  assert.throws(
    () => render(program, { data: () => dot() }),
    (error) => error instanceof TrowelError && error.code === 'too-large' && error.where.line === 2,
  );
});
