import { isTrowelError } from '../model/index.js';

/** What some work gives; null where the chart or its values are refused, which is an answer here. */
export function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}
