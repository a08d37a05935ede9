import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrowelError } from '../model/index.js';
import { escapeText } from '../report/index.js';
import { errorText } from './error-text.js';

const cause = new Error('the cause');
const error = new TrowelError('not-found', { what: 'gone', where: { file: 'a\u001b[2J' }, todo: 'look', cause });

test('one line without a stack; with --debug the stacks of all causes', () => {
  assert.equal(errorText(error, false, escapeText), 'trowel: a␛[2J: gone; look\n');
  const debug = errorText(error, true, escapeText);
  assert.match(debug, /TrowelError: a␛\[2J: gone/);
  assert.match(debug, /Error: the cause/);
  assert.ok(!debug.includes('\u001b'));
});

test('what is our own fault says so', () => {
  assert.equal(
    errorText(new TypeError('x is undefined'), false, escapeText),
    'trowel: internal error: x is undefined; please report it, with --debug\n',
  );
  assert.equal(errorText('thrown text', false, escapeText).split('\n').length, 2);
});
