import type { Io, OpenBlob } from '../model/index.js';
import type { Store } from '../store/index.js';
import type { DigOptions } from './options.js';

/** What reading an image needs of its surroundings. */
export interface DigImageTools {
  readonly open: OpenBlob;
  readonly store: Store;
  readonly options: DigOptions;
  readonly io: Io;
}
