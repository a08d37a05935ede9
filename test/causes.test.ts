import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCase } from '../scripts/parity/causes-case.js';
import { oracleCases } from './oracle-cases.js';
import { programMissing, sharedData, sharedMissing } from './paths.js';

const skip = (sharedData('charts') === null && sharedMissing) || programMissing('helm');

test('overrides that are reported move with real Helm what they are said to move, and nothing else', {
  skip,
}, async (context) => {
  // Every chart takes part in scripts/parity/causes.ts; here a sample, a few overrides of each.
  const root = sharedData() ?? '';
  const sample = oracleCases(root, 'index.tsv').filter((_, index) => index % 35 === 7);
  let tried = 0;
  let uses = 0;
  let known = 0;
  for (const one of sample) {
    const report = await checkCase(one, root, 'helm', 4);
    assert.deepEqual(report.wrong, [], one.id);
    tried += report.tried;
    uses += report.uses;
    known += report.moved + report.fixed;
  }
  context.diagnostic(`${tried} overrides tried, ${known} of ${uses} uses with a cause`);
  assert.ok(tried >= 20 && known >= 0.97 * uses);
});
