import type { Case, FuzzValue } from './case.js';
import { again, type Difference } from './compare.js';
import type { Explained } from './explained.js';
import type { OwnEngine } from './own-engine.js';
import type { RealEngine } from './real-engine.js';
import { tokens } from './tokens.js';

const mostTries = 400;

/** Makes a difference smaller: takes parts of the text away, then values, while both still differ in the same way. */
export async function shrink(
  found: Difference,
  real: RealEngine,
  engine: OwnEngine,
  explained: readonly Explained[],
  helm: 3 | 4,
): Promise<Difference> {
  let best = found;
  let tries = 0;
  const kind = kindOf(found);
  const accept = async (one: Case): Promise<boolean> => {
    if (tries++ >= mostTries) return false;
    const outcome = await again(real, engine, one, explained, helm);
    if (outcome === null || kindOf({ ...found, ...outcome }) !== kind) return false;
    best = { ...best, case: one, ...outcome };
    return true;
  };
  const [main, ...others] = found.case.files;
  if (main === undefined) return found;
  if (others.length > 0) await accept({ ...best.case, files: [main] });
  for (let size = 16; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; ; ) {
      const [file, ...rest] = best.case.files;
      const parts = tokens(file?.text ?? '');
      if (at >= parts.length || file === undefined) break;
      const text = [...parts.slice(0, at), ...parts.slice(at + size)].join('');
      if (!(await accept({ ...best.case, files: [{ ...file, text }, ...rest] }))) at += size;
    }
  }
  for (const [name, value] of Object.entries(best.case.values)) {
    for (const smaller of smallerValues(value)) {
      await accept({ ...best.case, values: { ...best.case.values, [name]: smaller } });
    }
    const { [name]: _, ...rest } = best.case.values;
    await accept({ ...best.case, values: rest });
  }
  return best;
}

function kindOf({ real, own }: Difference): string {
  return `${real.failed} ${own.failed} ${own.text.startsWith('internal')}`;
}

/** A value with one part less, for each part. */
function smallerValues(value: FuzzValue): FuzzValue[] {
  if (Array.isArray(value)) {
    return value.flatMap((_, i) => [value.filter((_, j) => j !== i), [value[i] ?? null]]);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.flatMap((_, i) => [
      Object.fromEntries(entries.filter((_, j) => j !== i)),
      Object.fromEntries(entries.slice(i, i + 1)),
    ]);
  }
  if (typeof value === 'string') {
    const chars = [...value];
    const half = Math.floor(chars.length / 2);
    return half === 0 ? [] : [chars.slice(0, half).join(''), chars.slice(half).join('')];
  }
  return [];
}
