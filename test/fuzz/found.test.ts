import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOn } from './compare.js';
import { readExplained } from './explained.js';
import { readFound } from './found.js';
import { OwnEngine } from './own-engine.js';

for (const helm of [3, 4] as const) {
  test(`what the fuzzer once found is as Helm ${helm} has it`, (t) => {
    const engine = new OwnEngine(helm);
    const explained = readExplained();
    const cases = readFound().filter((one) => one.helm === helm);
    t.diagnostic(`${cases.length} cases`);
    for (const { case: one, answer } of cases) {
      const verdict = verdictOn(engine, one, { ...answer, at: new Date() }, explained, helm);
      if (verdict.kind !== 'different') continue;
      const { failed, text } = verdict.own;
      assert.deepEqual({ failed, text }, answer, `${one.files[0]?.text} ${String(Object.values(one.values))}`);
    }
  });
}
