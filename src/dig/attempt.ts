import { isTrowelError } from '../model/index.js';

/**
 * What some work gives; null where the chart or its values are refused, which is an answer here. So is a stack that is
 * full: what is rendered again may nest a little deeper than the first time.
 */
export function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isTrowelError(error) || error instanceof RangeError) return null;
    throw error;
  }
}
