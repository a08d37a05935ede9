import type { LayerTask } from '../model/index.js';

/** A thread costs 50 ms to start: smaller layers are read sooner without. Bytes as they are stored. */
const threadBytes = 8 * 1024 ** 2;

/** Whether a layer is worth a thread. */
export function isLarge({ location, sizeBytes }: Pick<LayerTask, 'location' | 'sizeBytes'>): boolean {
  if (location.kind === 'tree' || location.kind === 'archive') return false;
  return sizeBytes === null || sizeBytes >= threadBytes;
}
