import fc from 'fast-check';
import { catalogued } from './image.test.support.js';

/** Bytes that parsers stumble over: ends, quotes, brackets, lengths. */
const hostile = [0x00, 0x0a, 0x0d, 0x22, 0x27, 0x28, 0x3a, 0x3b, 0x5b, 0x5c, 0x7b, 0x7d, 0x80, 0xff];

/**
 * Changed copies of a real file go through all cataloguers and the join: nothing may be thrown, and no copy may take
 * long. Cuts, single bytes, stretches that are repeated or left out.
 */
export function survivesMutations(path: string, sample: string | Uint8Array, runs = 200): void {
  const whole = typeof sample === 'string' ? Buffer.from(sample) : Buffer.from(sample);
  const place = fc.nat(whole.length);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(place, fc.oneof(fc.constantFrom(...hostile), fc.nat(255))), { maxLength: 8 }),
      fc.tuple(place, fc.nat(64), fc.nat(3)),
      fc.oneof(fc.constant(whole.length), place),
      (edits, [from, length, times], end) => {
        const piece = whole.subarray(from, from + length);
        const bytes = Buffer.concat([
          whole.subarray(0, from),
          ...Array.from({ length: times }, () => piece),
          whole.subarray(from + length),
        ]);
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        const started = performance.now();
        catalogued({ [path]: Uint8Array.from(bytes.subarray(0, end)) });
        const took = performance.now() - started;
        if (took > 5000) throw new Error(`a copy of ${path} took ${took} ms`);
      },
    ),
    { numRuns: runs, seed: 11 },
  );
}
