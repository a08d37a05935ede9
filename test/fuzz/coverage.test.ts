import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documentPath, readCounts, withTable } from './coverage.js';
import { targetsOf } from './generate.js';
import { OwnEngine } from './own-engine.js';

test('the fuzzer makes cases of every function of the registry', () => {
  for (const helm of [3, 4] as const) {
    assert.deepEqual(targetsOf(new OwnEngine(helm).functions.keys()).unknown, []);
  }
});

test('the table of docs/template-engine.md is the one of the registry and the counts', () => {
  const document = readFileSync(documentPath, 'utf8');
  assert.equal(document, withTable(document, readCounts()), 'run: node dist/test/fuzz/table.js');
});

test('a run counts for the table only with a thousand cases of each, a third of them over error paths', () => {
  const { helm3, helm4 } = readCounts();
  for (const { counts } of [helm3, helm4]) {
    const rows = Object.values(counts);
    const sum = (pick: (row: { cases: number; errors: number }) => number): number =>
      rows.reduce((all, row) => all + pick(row), 0);
    assert.ok(sum((row) => row.cases) >= 1_000_000);
    assert.ok(rows.every((row) => row.cases >= 2000));
    assert.ok(sum((row) => row.errors) * 3 >= sum((row) => row.cases));
  }
});

test('how many charts use a function is a number, also where every object has something of that name', () => {
  const { charts, uses } = readCounts().corpus;
  for (const name of ['toString', 'keys', 'values']) assert.ok(Object.hasOwn(uses, name), name);
  for (const [name, count] of Object.entries(uses)) assert.ok(Number.isInteger(count) && count <= charts, name);
});
