import type { LayerResult, LayerTask } from '../model/index.js';

/**
 * Where the bytes that were read are not what the manifest and config promised: kept results are compared anew, since
 * they may have been read under another promise. What is null was promised by nobody.
 */
export function layerProblems(
  promised: Pick<LayerTask, 'digest' | 'sizeBytes' | 'diffID'>,
  found: Pick<LayerResult, 'digest' | 'sizeBytes' | 'diffID'>,
): LayerResult['problems'] {
  const problems: { reason: 'bad-size' | 'bad-digest' | 'bad-diff-id' | 'unsupported'; detail: string }[] = [];
  if (promised.sizeBytes !== null && promised.sizeBytes !== found.sizeBytes) {
    problems.push({ reason: 'bad-size', detail: `${promised.sizeBytes} bytes promised, ${found.sizeBytes} found` });
  }
  compare('bad-digest', promised.digest, found.digest);
  compare('bad-diff-id', promised.diffID, found.diffID);
  return problems;

  function compare(reason: 'bad-digest' | 'bad-diff-id', expected: string | null, actual: string): void {
    if (expected === null || expected === actual) return;
    if (expected.split(':')[0] !== actual.split(':')[0]) {
      problems.push({ reason: 'unsupported', detail: `${expected} cannot be checked, ${actual} found` });
    } else {
      problems.push({ reason, detail: `${expected} promised, ${actual} found` });
    }
  }
}
