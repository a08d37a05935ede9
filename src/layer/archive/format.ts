import { open } from 'node:fs/promises';
import { type ArchiveFormat, isTrowelError, TrowelError } from '../../model/index.js';
import { arMagic, decompress, isRpmFile, sniffCompression, TarReader } from '../../pack/index.js';
import { fileChunks } from './payload.js';

/** Zips that are read as one file by their own cataloguer. */
const javaEnding = /\.(?:jar|war|ear|jpi|hpi|sar|par|kar|rar|nar|lpkg)$/i;
/** How far a first entry is looked for, uncompressed: longer than any chain of its headers. */
const lookBytes = 4 * 1024 ** 2;

/**
 * What a file is by its first bytes, and by its first entry where it is a tar.
 *
 * Throws TrowelError `unsupported` for what is a package or tarball that is not read (bzip2, apk-tools 3), `usage` for
 * an image archive, `not-found`, `denied`.
 */
export async function archiveFormat(path: string): Promise<ArchiveFormat> {
  const first = await beginning(path);
  const text = Buffer.from(first).toString('latin1');
  if (isRpmFile(first)) return 'rpm';
  if (text.startsWith(arMagic)) return text.startsWith('debian-binary', arMagic.length) ? 'deb' : 'file';
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return javaEnding.test(path) ? 'file' : 'zip';
  if (text.startsWith('ADB')) {
    throw unread(path, 'a package of apk-tools 3', 'give the package in the format of apk-tools 2');
  }
  const compression = sniffCompression(first);
  if (compression === 'bzip2') throw unread(path, 'a file compressed with bzip2', 'uncompress it first (bunzip2)');
  const entry = await firstEntry(path, compression);
  if (entry === null) return 'file';
  if (entry === 'oci-layout' || entry === 'index.json' || entry === 'manifest.json' || entry.startsWith('blobs/')) {
    throw new TrowelError('usage', {
      what: 'an image archive, and no package',
      where: { file: path },
      todo: `dig it as ${path}, oci-archive:${path} or docker-archive:${path}`,
    });
  }
  if (compression === 'gzip' && (entry === '.PKGINFO' || entry.startsWith('.SIGN.'))) return 'apk';
  if (compression === 'none' && /^(?:metadata\.gz|data\.tar\.gz|checksums\.yaml\.gz)(?:\.sig)?$/.test(entry))
    return 'gem';
  return 'tar';
}

async function beginning(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0).finally(() => handle.close());
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new TrowelError('denied', { what: 'the file cannot be read', where: { file: path }, cause });
  }
}

/** The name of the first entry of a tar, null where the file is none. */
async function firstEntry(path: string, compression: ReturnType<typeof sniffCompression>): Promise<string | null> {
  const found: string[] = [];
  const limits = { entries: 1, pathBytes: 1 << 16, totalBytes: Number.MAX_SAFE_INTEGER };
  const handler = {
    entry({ path: name }: { readonly path: string }): null {
      found.push(name);
      return null;
    },
  };
  const tar = new TarReader(handler, limits);
  let looked = 0;
  try {
    for await (const chunk of decompress(fileChunks(path), compression)) {
      for (let at = 0; at < chunk.length && found.length === 0; at += 512) tar.write(chunk.subarray(at, at + 512));
      looked += chunk.length;
      if (found.length > 0 || looked > lookBytes) break;
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    if (isTrowelError(error, 'not-found', 'denied')) throw error;
  }
  return found[0]?.replace(/^(?:\.\/)+/, '') ?? null;
}

function unread(path: string, what: string, todo: string): TrowelError {
  return new TrowelError('unsupported', { what: `${what} is not read`, where: { file: path }, todo });
}
