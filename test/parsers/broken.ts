import type { Parser } from './parser.js';

/** Readers that break their promises, for the fuzzer's own test: from the second case on, all but the first. */
const seeds = () => [{ label: 'seed', bytes: Buffer.from('seed') }];
const isSeed = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString('latin1') === 'seed';

export const brokenParsers: readonly Parser[] = [
  {
    name: 'broken/crash',
    memoryMb: 16,
    seeds,
    parse() {
      throw new TypeError('no property of undefined');
    },
  },
  {
    name: 'broken/hang',
    memoryMb: 16,
    seeds,
    parse(bytes) {
      while (!isSeed(bytes));
    },
  },
  { name: 'broken/memory', memoryMb: 16, seeds, parse: (bytes) => (isSeed(bytes) ? null : new Uint8Array(1 << 25)) },
  {
    name: 'broken/unsettled',
    memoryMb: 16,
    seeds,
    parse: (bytes) => (isSeed(bytes) ? null : new Promise(() => undefined)),
  },
  { name: 'broken/none', memoryMb: 16, seeds, parse: () => null },
];
