import type { BlobLocation, Descriptor, Image } from '../model/index.js';

/**
 * Something that holds images: a registry's repository, a layout, an image archive. Three questions are enough to make
 * images of it (`resolve-image.ts` does the rest for all of them); nobody here checks a digest, the asker does.
 */
export interface ImageSource {
  readonly kind: Image['source'];
  /** What it is to a reader of messages: `the archive`, `the registry`. */
  readonly noun: string;
  /** Whether the manifest is there, without reading it. A registry is taken to have what its index names. */
  has(descriptor: Descriptor): Promise<boolean>;
  /**
   * The whole bytes of a manifest or configuration, or null where the source lacks it.
   * Throws TrowelError `too-large` over `limitBytes`, and what the medium throws.
   */
  read(descriptor: Descriptor, role: 'manifest' | 'config', limitBytes: number): Promise<Uint8Array | null>;
  /** Where the bytes of a layer are, or null where the source lacks it. */
  locate(descriptor: Descriptor): Promise<BlobLocation | null>;
}
