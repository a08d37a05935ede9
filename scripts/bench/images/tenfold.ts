import { type TarEntry, TarReader, writeTar } from '../../../src/pack/index.js';
import type { LayoutWriter } from './layout.js';
import { partBytes } from './parts.js';
import { mixedParts } from './real.js';

const copies = 10;
const limits = { entries: 2_000_000, pathBytes: 32 * 1024, totalBytes: 2 ** 40 };
/** Archives that end with a directory of theirs must end so. */
const keepsItsEnd = /\.(?:jar|war|zip|whl|egg|gz|xz|zst|png|pyc)$/;

/** The mixed image and nine copies of it below other folders, with as many newlines behind each file as the copy's number. */
export async function tenfold(image: LayoutWriter): Promise<void> {
  for (let copy = 0; copy < copies; copy++) {
    for (const name of mixedParts) {
      const tar = copy === 0 ? partBytes(name) : salted(partBytes(name), copy);
      await image.addLayer(tar, `copy ${copy} of ${name}`, 1);
    }
  }
}

/** An archive with its entries below `copies/COPY/`, and behind each file as many newlines as the number of the copy. */
export async function* salted(tar: AsyncIterable<Uint8Array>, copy: number): AsyncGenerator<Uint8Array> {
  const ready: TarEntry[] = [];
  const reader = new TarReader(
    {
      entry({ path, type, mode, uid, gid, mtime, link }) {
        if (type === 'other') return null;
        const chunks: Buffer[] = [];
        const salt = keepsItsEnd.test(path) ? '' : '\n'.repeat(copy);
        const below = (name: string): string => `copies/${copy}/${name.replace(/^(?:\.?\/)+/, '')}`;
        return {
          write: (chunk) => chunks.push(Buffer.from(chunk)),
          end: () => {
            const content = Buffer.concat(chunks.length === 0 ? [] : [...chunks, Buffer.from(salt)]);
            const target = type === 'hardlink' ? below(link) : link;
            const time = Math.max(0, Math.trunc(mtime));
            ready.push({ path: below(path), type, mode, uid, gid, mtime: time, link: target, content });
          },
        };
      },
    },
    limits,
  );
  for await (const chunk of tar) {
    reader.write(chunk);
    const entries = ready.splice(0);
    if (entries.length > 0) yield* withoutEnd(entries);
  }
  yield new Uint8Array(1024);
}

/** The blocks of entries without those that end an archive. */
function* withoutEnd(entries: readonly TarEntry[]): Generator<Uint8Array> {
  const blocks = [...writeTar(entries)];
  yield* blocks.slice(0, -1);
}
