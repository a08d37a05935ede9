import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { sourceOf } from './elf-builder.test.support.js';
import { readPe } from './pe.js';
import { readAssembly } from './pe-assembly.js';
import { buildAssembly } from './pe-builder.test.support.js';
import { readVersionStrings } from './pe-version.js';

const plan = {
  name: 'Grüße.Core',
  version: [1, 20, 300, 65535],
  culture: 'pt-BR',
  strings: { CompanyName: 'Firma', ProductVersion: '1.20.3-beta+x', Empty: '' },
} as const;

test('an assembly says its name, version and culture, its resource the rest', () => {
  const source = sourceOf(buildAssembly(plan));
  const pe = readPe(source);
  assert.equal(pe.isManaged, true);
  assert.deepEqual(readAssembly(source, pe), { name: 'Grüße.Core', version: '1.20.300.65535', culture: 'pt-BR' });
  assert.deepEqual([...readVersionStrings(source, pe)], Object.entries(plan.strings));
});

test('changed bytes end in a typed error or an answer', () => {
  const whole = buildAssembly(plan);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.nat(whole.length),
      (edits, end) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of edits) bytes[at] = value;
        const source = sourceOf(bytes.subarray(0, Math.max(end, 64)));
        try {
          const pe = readPe(source);
          readAssembly(source, pe);
          readVersionStrings(source, pe);
        } catch (error) {
          assert.ok(isTrowelError(error), String(error));
        }
      },
    ),
    { numRuns: 1000, seed: 5 },
  );
});
