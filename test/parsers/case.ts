import { Random } from '../fuzz/random.js';
import { mutated } from './mutate.js';
import type { Parser, Seed } from './parser.js';

/** Input number `number` of a parser: the same for the same seed on every machine. The first ones are the seeds, whole. */
export function makeCase(
  parser: Parser,
  seeds: readonly Seed[],
  seed: number,
  number: number,
): { readonly bytes: Uint8Array; readonly from: Seed } {
  const whole = seeds[number];
  if (whole !== undefined) return { from: whole, bytes: whole.wrap?.(whole.bytes) ?? whole.bytes };
  const random = new Random(seed ^ hashOf(parser.name), number);
  const from = random.pick(seeds);
  const bytes = mutated(
    from.bytes,
    random,
    seeds.map((one) => one.bytes),
  );
  return { from, bytes: from.wrap?.(bytes) ?? bytes };
}

/** FNV-1a: parsers of one run are not to break the same places. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}
