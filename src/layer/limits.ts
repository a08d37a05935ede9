import type { LayerLimits } from '../model/index.js';

/**
 * Bounds of one pass over one layer. They stop bombs, not images: the largest layers of real images have some tens of
 * GiB and some hundred thousand files, and compress about 3:1 (nothing but zeros gives 1000:1).
 */
export const layerLimits: LayerLimits = {
  layerBytes: 64 * 1024 ** 3,
  entries: 1_000_000,
  pathBytes: 32 * 1024,
  depth: 256,
  ratio: 300,
  wholeFileBytes: 512 * 1024 ** 2,
};

/** Text of paths and links that is kept for one layer: with it memory is bounded, whatever the entries say. */
export const keptTextBytes = 256 * 1024 ** 2;

/** The ratio only counts once this much was written (see `LayerLimits`). */
export const ratioFromBytes = 100 * 1024 ** 2;
