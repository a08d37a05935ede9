import type { Io, OpenBlob } from '../model/index.js';
import type { Store } from '../store/index.js';
import type { LayerLanes } from './layer-lanes.js';
import type { DigOptions } from './options.js';

/** What reading an image needs of its surroundings. */
export interface DigImageTools {
  readonly open: OpenBlob;
  readonly store: Store;
  /** Whether anything will ask for what is kept: another run, or another image of this one. */
  readonly keeps: boolean;
  readonly lanes: LayerLanes;
  /** Whether no image follows. */
  readonly isLast: boolean;
  readonly options: DigOptions;
  readonly io: Io;
}
