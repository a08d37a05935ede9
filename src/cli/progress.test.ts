import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeText } from '../report/index.js';
import { ProgressLine } from './progress.js';

function drawn(options: { drawn?: boolean; warn?: boolean; verbose?: boolean; width?: number } = {}) {
  const said: string[] = [];
  let now = 0;
  const line = new ProgressLine({
    say: (text) => said.push(text),
    drawn: options.drawn ?? true,
    warn: options.warn ?? true,
    verbose: options.verbose ?? false,
    width: () => options.width ?? 40,
    now: () => now,
    clean: escapeText,
  });
  return { said, line, wait: (ms: number) => (now += ms) };
}

test('one line, at most ten times a second, removed at the end', () => {
  const { said, line, wait } = drawn();
  line.event({ kind: 'stage', name: 'rendering', detail: 'chart' });
  for (let i = 0; i < 50; i++) line.event({ kind: 'bytes', bytes: 1 << 20 });
  assert.deepEqual(said, ['\r\u001b[Krendering chart']);
  wait(100);
  line.event({ kind: 'bytes', bytes: 1 << 20 });
  assert.deepEqual(said.slice(1), ['\r\u001b[Krendering chart · 51.0 MiB']);
  line.clear();
  line.clear();
  assert.deepEqual(said.slice(2), ['\r\u001b[K']);
  assert.ok(said.every((text) => !text.includes('\n')));
});

test('never wider than the terminal, never half a character', () => {
  const { said, line } = drawn({ width: 12 });
  line.event({ kind: 'stage', name: '🦴'.repeat(40) });
  assert.equal(said[0], `\r\u001b[K${'🦴'.repeat(11)}`);
});

test('control characters of the input are shown, not sent', () => {
  const { said, line } = drawn();
  line.event({ kind: 'stage', name: 'a\u001b[31m\nb' });
  line.event({ kind: 'warning', text: 'x\u001b]0;owned\u0007' });
  assert.equal(said.join(''), '\r\u001b[Ka␛[31m\\x0ab\r\u001b[Kwarning: x␛]0;owned\\x07\n');
});

test('no terminal: warnings alone; quiet: nothing; verbose: each step on a line', () => {
  const step = { kind: 'stage', name: 'rendering' } as const;
  const warning = { kind: 'warning', text: 'old' } as const;
  for (const [options, expected] of [
    [{ drawn: false }, 'warning: old\n'],
    [{ drawn: false, warn: false }, ''],
    [{ drawn: false, verbose: true }, 'rendering\nwarning: old\n'],
  ] as const) {
    const { said, line } = drawn(options);
    line.event(step);
    line.event(warning);
    line.clear();
    assert.equal(said.join(''), expected);
  }
});
