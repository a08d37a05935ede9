import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helm4Message } from './helm4-error.js';

test('failures are laid out as helm template v4.3.1 prints them', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'template: p/templates/_h.tpl:19:16: executing "p.fullname" at <$name>: wrong type for value; expected string; got bool',
      'p/templates/_h.tpl:19:16\n  executing "p.fullname" at <$name>:\n    wrong type for value; expected string; got bool',
    ],
    [
      'template: p/templates/a.yaml:1:3: executing "p/templates/a.yaml" at <include "x" .>: error calling include: template: p/templates/_h.tpl:2:4: executing "x" at <.a.b>: nil pointer evaluating interface {}.b',
      'p/templates/a.yaml:1:3\n  executing "p/templates/a.yaml" at <include "x" .>:\n    error calling include:\np/templates/_h.tpl:2:4\n  executing "x" at <.a.b>:\n    nil pointer evaluating interface {}.b',
    ],
    [
      'template: p/templates/a.yaml:1:3: executing "p/templates/a.yaml" at <index .x 1>: error calling index: index of nil pointer',
      'template: p/templates/a.yaml:1:3: executing "p/templates/a.yaml" at <index .x 1>: error calling index: index of nil pointer',
    ],
    [
      'template: p/templates/a.yaml:1:3: executing "p/templates/a.yaml" at <include "nope" .>: error calling include: template: no template "nope" associated with template "gotpl"',
      'p/templates/a.yaml:1:3\n  executing "p/templates/a.yaml" at <include "nope" .>:\n    error calling include:\ntemplate: no template "nope" associated with template "gotpl"',
    ],
    ['execution error at (p/templates/a.yaml:1:3): no', 'execution error at (p/templates/a.yaml:1:3): no'],
    [
      'parse error at (p/templates/a.yaml:1): function "x" not defined',
      'parse error at (p/templates/a.yaml:1): function "x" not defined',
    ],
    ['', ''],
  ];
  for (const [helm3, helm4] of cases) assert.equal(helm4Message(helm3), helm4);
});
