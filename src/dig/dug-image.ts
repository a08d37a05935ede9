import type { Attribution } from '../attribution/index.js';
import type { LockFile } from '../catalog/index.js';
import type {
  Component,
  ComponentFile,
  Distro,
  DistroWord,
  FinalFiles,
  Gap,
  Image,
  LayerResult,
  NamedImage,
} from '../model/index.js';

/** A component with its row id; how many files it owns stands in `DugImage.attribution`. */
export interface DugComponent extends Omit<Component, 'owns'> {
  readonly id: string;
  /** id of the image */
  readonly image: string;
  readonly file: ComponentFile | null;
}

/** One image, read to the last byte; plain data but for `files`. `components[i]` is what `attribution` calls component i. */
export interface DugImage {
  readonly image: Image;
  /** What was read of each layer; null for one that could not be. */
  readonly layers: readonly (Pick<LayerResult, 'digest' | 'diffID' | 'sizeBytes'> | null)[];
  readonly distro: Distro | null;
  readonly distroWords: readonly DistroWord[];
  readonly components: readonly DugComponent[];
  readonly attribution: Pick<Attribution, 'coverage' | 'unknownFiles' | 'modifiedFiles' | 'ownedBy'>;
  /** Every regular file of the final image, with its owner; null for an image that was kept by an earlier run. */
  readonly files: { readonly all: FinalFiles; readonly owner: Attribution['owner'] } | null;
  readonly gaps: readonly Gap[];
  /** Images that its programs name. */
  readonly named: readonly NamedImage[];
  /** What lock files in it pin. */
  readonly locks: readonly LockFile[];
}
