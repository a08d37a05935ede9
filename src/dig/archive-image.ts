import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { archiveFormat } from '../layer/index.js';
import { type Image, TrowelError } from '../model/index.js';
import { bareImage } from './directory-image.js';

/**
 * One file, told as an image of one layer: the files that a package archive would install, or the file itself.
 *
 * Which platform it is for its own content says, as far as it does. Throws TrowelError `bad-bytes` for what is no file,
 * and what `archiveFormat` throws.
 */
export async function archiveImage(given: string): Promise<Image> {
  const path = resolve(given);
  if (!(await stat(path)).isFile()) {
    throw new TrowelError('bad-bytes', {
      what: 'a pipe or device, and no file',
      where: { file: given },
      todo: 'write it into a file first',
    });
  }
  const platform = { os: 'unknown', architecture: 'unknown', variant: null };
  const format = await archiveFormat(path);
  return bareImage(`file:${given}`, 'archive', platform, { kind: 'archive', path, format });
}
