import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type CatalogRecord, isTrowelError } from '../../model/index.js';
import { cleanPath, gzipMember, type TarSink } from '../../pack/index.js';
import { Collector } from './entries.js';
import { type ArchiveWalk, fileChunks, readPayload } from './payload.js';

const info = '.PKGINFO';
/** Signature and control of a package: some kilobytes. */
const maxFrontBytes = 16 * 1024 ** 2;

/**
 * A package of apk-tools 2: gzip members (signature, control, data) whose content is one tar, so that control files
 * (`.PKGINFO`, `.SIGN.*`, scripts) are entries like the others. The SHA-1 that a header states of each file is given
 * as a record; the digest that the control states of the data member is compared.
 * Follows: apk-tools, doc/apk-v2.5.scd; src/extract_v2.c.
 */
export async function walkApk({ path, source, handler, limits }: ArchiveWalk): Promise<readonly CatalogRecord[]> {
  const sums: (readonly [string, string])[] = [];
  let control: Collector | null = null;
  await readPayload(
    source.rest(),
    {
      entry(header): TarSink | null {
        const { type, sha1 } = header;
        const clean = cleanPath(header.path);
        if (clean !== null && type === 'file' && sha1 !== undefined && /^[0-9a-f]{40}$/.test(sha1))
          sums.push([clean, sha1]);
        if (clean !== info) return handler.entry(header);
        // The second would say another name than the one that apk reads.
        if (control !== null) {
          handler.gap(info, 'bad-bytes', 'the package has it twice: the first counts');
          return null;
        }
        control = new Collector(1024 ** 2, handler.entry(header));
        return control;
      },
    },
    limits,
  );
  const stated = dataHash(control);
  if (stated !== null) {
    const actual = await dataDigest(path);
    if (actual !== stated) {
      handler.gap(
        info,
        'bad-digest',
        `the data is ${actual === null ? 'not found' : `sha256:${actual}`}, the package says ${stated}`,
      );
    }
  }
  return [{ by: 'apk-archive', path: info, data: { kind: 'sums', files: sums } }];
}

function dataHash(control: Collector | null): string | null {
  const text = Buffer.from(control?.bytes ?? []).toString('utf8');
  return /^datahash = ([0-9a-f]{64})$/m.exec(text)?.[1] ?? null;
}

/** SHA-256 of all that follows the member with the control file, null where none has it. */
async function dataDigest(path: string): Promise<string | null> {
  const front = Buffer.alloc(maxFrontBytes);
  const handle = await open(path);
  const { bytesRead } = await handle.read(front, 0, maxFrontBytes, 0).finally(() => handle.close());
  const start = dataStart(front.subarray(0, bytesRead));
  if (start === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of fileChunks(path, start)) hash.update(chunk);
  return hash.digest('hex');
}

function dataStart(front: Uint8Array): number | null {
  try {
    for (let at = 0, members = 0; at < front.length && members < 10; members++) {
      const { content, end } = gzipMember(front, at, maxFrontBytes);
      if (Buffer.from(content.subarray(0, info.length + 1)).toString('latin1') === `${info}\0`) return end;
      at = end;
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
  }
  return null;
}
