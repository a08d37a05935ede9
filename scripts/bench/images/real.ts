import { readFileSync } from 'node:fs';
import { type TarEntry, tarEntries, writeTar } from '../../../src/pack/index.js';
import type { LayoutWriter } from './layout.js';
import { part, partBytes } from './parts.js';

/** A small base alone. */
export async function base(image: LayoutWriter): Promise<void> {
  await image.addLayer(partBytes('base'), 'mmdebstrap --variant=custom');
}

export const mixedParts: readonly string[] = ['debian', 'apt', 'go', 'java', 'python', 'node', 'app'];

/** Debian, Go, Java, Python and Node in one image, as an image that grew: seven layers. */
export async function mixed(image: LayoutWriter): Promise<void> {
  for (const name of mixedParts) await image.addLayer(partBytes(name), `layer of ${name}`);
}

const layers = 100;

/** The base and 99 layers on it: some jars each, a file that every layer changes, one that the next one removes. */
export async function hundred(image: LayoutWriter): Promise<void> {
  await image.addLayer(partBytes('base'), 'mmdebstrap --variant=custom');
  const limits = { entries: 100_000, pathBytes: 4096, totalBytes: 2 ** 31 };
  const jars = [...tarEntries(readFileSync(part('java')), limits)].filter(({ header }) => header.type === 'file');
  for (let layer = 1; layer < layers; layer++) {
    const entries: TarEntry[] = jars
      .filter((_, index) => index % (layers - 1) === layer - 1)
      .map(({ header, content }) => ({ path: header.path, type: 'file', mode: 0o644, content }));
    entries.push(text('etc/app/layer', `${layer}\n`), text(`var/cache/app/${layer}`, `of layer ${layer}\n`));
    if (layer > 1) entries.push(text(`var/cache/app/.wh.${layer - 1}`, ''));
    await image.addLayer(writeTar(entries), `step ${layer}`);
  }
}

function text(path: string, content: string): TarEntry {
  return { path, type: 'file', mode: 0o644, content: Buffer.from(content) };
}
