import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { cpuMs } from '../model/cpu.test.support.js';
import { TrowelError } from '../model/index.js';
import { compareVersions, formatVersion, parseConstraint, parseStrictVersion, parseVersion } from './masterminds.js';

interface Case {
  readonly constraint?: string;
  readonly version?: string;
  readonly ok?: boolean;
  readonly strict?: string;
  readonly text?: string;
  readonly a?: string;
  readonly b?: string;
  readonly order?: number;
  readonly err?: string;
}

/** What Masterminds/semver v3.5.0 itself answers; one case a line. */
const cases: readonly Case[] = readFileSync(inRoot('src', 'version', 'testdata', 'masterminds.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** The answer, or the words of the error. */
function answer<T>(ask: () => T): T | string {
  try {
    return ask();
  } catch (error) {
    assert.ok(error instanceof TrowelError, String(error));
    assert.equal(error.code, 'bad-bytes');
    return error.what;
  }
}

test('constraints decide as the library does', () => {
  for (const { constraint, version, ok, err } of cases) {
    if (constraint === undefined || version === undefined) continue;
    const got = answer(() => parseConstraint(constraint).check(parseVersion(version)));
    assert.equal(got, err ?? ok, `${version} against ${constraint}`);
  }
});

test('strict versions are read and refused as the library does', () => {
  for (const { strict, text, err } of cases) {
    if (strict === undefined) continue;
    assert.equal(
      answer(() => formatVersion(parseStrictVersion(strict))),
      err ?? text,
      strict,
    );
  }
});

test('versions are ordered as the library orders them', () => {
  for (const { a, b, order } of cases) {
    if (a === undefined || b === undefined) continue;
    assert.equal(compareVersions(parseVersion(a), parseVersion(b)), order, `${a} and ${b}`);
  }
});

test('a constraint that backtracking would never finish is refused at once', () => {
  const text = `${'1  '.repeat(160)}!`;
  const start = cpuMs();
  assert.throws(() => parseConstraint(text), /improper constraint/);
  assert.ok(cpuMs() - start < 20_000);
});

test('what is longer than the library reads is refused', () => {
  assert.throws(() => parseVersion('1'.repeat(257)), /version string is too long \(max 256 bytes\)/);
  assert.throws(() => parseConstraint(' '.repeat(513)), /constraint string is too long \(max 512 bytes\)/);
  assert.throws(() => parseConstraint('1||'.repeat(40)), /too many constraint groups \(max 32\)/);
});
