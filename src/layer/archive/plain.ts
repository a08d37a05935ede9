import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { TrowelError } from '../../model/index.js';
import { fileHeader } from './entries.js';
import type { ArchiveWalk } from './payload.js';

/** A file that is told as itself, under its base name. */
export async function walkPlain({ path, source, handler, limits }: ArchiveWalk): Promise<void> {
  const { size, mode } = await stat(path).catch((cause: unknown) => {
    throw new TrowelError('not-found', { what: 'the file cannot be read', where: { file: path }, cause });
  });
  if (size > limits.layerBytes) throw new TrowelError('too-large', { what: `more than ${limits.layerBytes} bytes` });
  const sink = handler.entry(fileHeader(basename(path), size, mode & 0o7777));
  for await (const chunk of source.take(size)) sink?.write(chunk);
  sink?.end();
}
