import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageOf } from '../../src/catalog/image.test.support.js';
import { everyCataloguer } from '../../src/catalog/index.js';
import { isTrowelError } from '../../src/model/index.js';
import { makeCase } from './case.js';
import { parsers, parsersByName } from './list.js';
import { runParsers } from './run.js';

test('every parser has a seed that it takes whole', async () => {
  for (const parser of parsers) {
    let taken = 0;
    for (const seed of parser.seeds()) {
      try {
        await parser.parse(seed.wrap?.(seed.bytes) ?? seed.bytes, seed);
        taken++;
      } catch (error) {
        if (!isTrowelError(error)) throw error;
      }
    }
    assert.ok(taken > 0, `${parser.name} refuses all of its seeds`);
  }
});

test('every cataloguer has seeds, and makes something of one (test/parsers/testdata/seeds.jsonl has a line each)', () => {
  for (const cataloguer of everyCataloguer) {
    const seeds = parsersByName.get(`catalog/${cataloguer.name}`)?.seeds() ?? [];
    const records = seeds.flatMap(
      ({ path = '', bytes }) => imageOf([{ [path]: bytes }], [cataloguer]).layers[0]?.records ?? [],
    );
    assert.ok(records.length > 0, `${cataloguer.name} reads nothing in its seeds`);
  }
});

test('a case is the same each time, and others are others', () => {
  const parser = parsersByName.get('yaml');
  assert.ok(parser !== undefined);
  const seeds = parser.seeds();
  const of = (seed: number, number: number): string =>
    Buffer.from(makeCase(parser, seeds, seed, number).bytes).toString('hex');
  assert.equal(of(1, 20), of(1, 20));
  const numbers = Array.from({ length: 50 }, (_, at) => at + 10);
  assert.ok(new Set(numbers.map((number) => of(1, number))).size > 40);
  assert.notDeepEqual(
    numbers.map((number) => of(1, number)),
    numbers.map((number) => of(2, number)),
  );
});

test('the first cases of every parser: no crash, no hang, no more memory than it states', async () => {
  const plan = { parsers: parsers.map(({ name }) => name), seed: 7, cases: 15, milliseconds: 600_000 };
  const { done, findings } = await runParsers(plan);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    done.map(({ parser, cases }) => [parser, cases]),
    parsers.map(({ name }) => [name, 15]),
  );
});

test('the fuzzer itself sees a crash, a hang and too much memory', async () => {
  const plan = { seed: 1, cases: 2, milliseconds: 60_000 };
  const { findings, done } = await runParsers({
    ...plan,
    hangMs: 1500,
    parsers: ['broken/crash', 'broken/hang', 'broken/memory', 'broken/unsettled', 'broken/none'],
  });
  assert.deepEqual(
    findings.map(({ parser, number, kind }) => `${parser} ${number} ${kind}`),
    [
      'broken/crash 0 crash',
      'broken/crash 1 crash',
      'broken/hang 1 hang',
      'broken/memory 1 memory',
      'broken/unsettled 1 unsettled',
    ],
  );
  assert.deepEqual(
    done.map(({ parser }) => parser),
    ['broken/crash', 'broken/hang', 'broken/memory', 'broken/unsettled', 'broken/none'],
  );
});
