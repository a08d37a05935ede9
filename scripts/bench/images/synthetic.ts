import { writeTar } from '../../../src/pack/index.js';
import type { LayoutWriter } from './layout.js';

const poolBytes = 4 * 1024 * 1024;

/** Bytes that compress as programs and texts do, about 2:1; the same each time. */
function pool(): Buffer {
  const bytes = Buffer.alloc(poolBytes);
  let state = 12345;
  const next = (): number => {
    // Numerical Recipes' congruential generator; the high bits are the good ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  const words = Array.from(
    { length: 4096 },
    () =>
      next().toString(36) +
      next()
        .toString(36)
        .slice(0, next() % 8),
  );
  for (let at = 0; at < poolBytes; ) at += bytes.write(`${words[next() % words.length] ?? ''} `, at, 'latin1');
  return bytes;
}

/** So much of the pool from another place for each number, so that no two contents are alike. */
function piece(bytes: Buffer, number: number, length: number): Buffer {
  const from = Math.imul(number, 104729) >>> 0;
  const start = from % (poolBytes - Math.min(length, poolBytes - 1));
  return Buffer.concat([Buffer.from(`${number}\n`), bytes.subarray(start, start + length)]);
}

/** 8 GB of files in 74 layers: what a large image with models or data holds. */
export async function large(image: LayoutWriter): Promise<void> {
  const [layers, filesEach, bytesEach] = [74, 36, 3_000_000];
  const bytes = pool();
  for (let layer = 0; layer < layers; layer++) {
    const entries = function* () {
      for (let i = 0; i < filesEach; i++) {
        const content = piece(bytes, layer * filesEach + i, bytesEach);
        yield { path: `data/${layer}/part-${i}.bin`, type: 'file', mode: 0o644, content } as const;
      }
    };
    await image.addLayer(writeTar(entries()), `data ${layer}`, 1);
  }
}

/** A million small files in ten layers. */
export async function manyFiles(image: LayoutWriter): Promise<void> {
  const [layers, foldersEach, filesEach] = [10, 1000, 100];
  const bytes = pool();
  for (let layer = 0; layer < layers; layer++) {
    const entries = function* () {
      for (let folder = 0; folder < foldersEach; folder++) {
        const dir = `srv/${layer}/${folder % 10}/${folder}`;
        yield { path: `${dir}/`, type: 'directory', mode: 0o755 } as const;
        for (let i = 0; i < filesEach; i++) {
          const number = (layer * foldersEach + folder) * filesEach + i;
          const content = piece(bytes, number, 20 + (number % 480));
          yield { path: `${dir}/file-${i}.txt`, type: 'file', mode: 0o644, content } as const;
        }
      }
    };
    await image.addLayer(writeTar(entries()), `files ${layer}`, 1);
  }
}
