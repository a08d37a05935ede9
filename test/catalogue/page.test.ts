import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { everyCataloguer } from '../../src/catalog/index.js';
import { rules } from '../../src/catalog/rules/select.js';
import { pagePath, withParts } from './page.js';

test('docs/cataloguers.md is what the cataloguers and rules say of themselves', () => {
  const page = readFileSync(pagePath, 'utf8');
  assert.equal(page, withParts(page), 'run: node dist/test/catalogue/write.js');
});

test('a cataloguer that makes components says with which grade, and one that makes none has claims', () => {
  const wrong = everyCataloguer.filter(({ about }) =>
    about.purls.length === 0 ? (about.claims ?? []).length === 0 : about.grades.length === 0,
  );
  assert.deepEqual(
    wrong.map(({ name }) => name),
    [],
  );
});

test('every rule names where upstream writes its text', () => {
  assert.deepEqual(
    rules.filter(({ source }) => source.trim() === '').map(({ name }) => name),
    [],
  );
});
