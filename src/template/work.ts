/**
 * Counts work inside a function: a value that holds one map many times is much larger than what it takes to make it,
 * and writing, copying or comparing it would never end. Rendering is synchronous, so one meter runs at a time.
 */

/** Told after so many pieces of work; throws to stop them. */
export type Meter = (pieces: number) => void;

const tellEvery = 4096;

let meter: Meter | null = null;
let pieces = 0;

/** One element was written, copied or compared. Throws what the meter throws. */
export function work(): void {
  pieces += 1;
  if (pieces % tellEvery === 0 && meter !== null) meter(tellEvery);
}

/** Something slow is about to be done: a key made, a password hashed. Throws what the meter throws. */
export function slowWork(): void {
  if (meter !== null) meter(tellEvery);
}

/** Runs something under a meter. */
export function metered<T>(by: Meter, run: () => T): T {
  const outer = meter;
  meter = by;
  try {
    return run();
  } finally {
    meter = outer;
  }
}
