import { createHash } from 'node:crypto';
import { isTrowelError, TrowelError } from '../../model/index.js';
import { ByteSource, type RpmFront, readCpio, readRpmFront, rpmText } from '../../pack/index.js';
import { storedStream } from '../stored-stream.js';
import { outside, tellFile } from './entries.js';
import type { ArchiveWalk } from './payload.js';

const folder = 'RPM';

/** RPMSIGTAG_SHA1, RPMSIGTAG_SHA256; RPMTAG_PAYLOADSHA256, RPMTAG_PAYLOADCOMPRESSOR: rpm, include/rpm/rpmtag.h. */
const tags = { headerSha1: 269, headerSha256: 273, payloadSha256: 5092, compressor: 1125 } as const;

/** An rpm: its signature and header in `RPM/`, and the files of its payload. */
export async function walkRpm({ source, handler, limits }: ArchiveWalk): Promise<void> {
  const front = await readRpmFront(source);
  tellFile(handler, `${folder}/signature`, front.signature);
  tellFile(handler, `${folder}/header`, front.header);
  checkHeader(front, (detail) => handler.gap(`${folder}/header`, 'bad-digest', detail));
  const hash = createHash('sha256');
  async function* payload(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.rest()) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    // Lzma alone begins with nothing that tells it.
    if (rpmText(front.header, tags.compressor) === 'lzma') {
      throw new TrowelError('unsupported', { what: 'a payload compressed with lzma' });
    }
    const { entries, pathBytes, layerBytes } = limits;
    const cpio = new ByteSource((await storedStream(payload(), limits)).chunks);
    await readCpio(cpio, outside(folder, handler), { entries, pathBytes, totalBytes: layerBytes });
    for await (const _ of cpio.rest());
  } catch (error) {
    if (!isTrowelError(error, 'unsupported')) throw error;
    handler.gap(folder, 'unsupported', `the payload is not read: ${error.what}`);
    return;
  }
  const stated = rpmText(front.header, tags.payloadSha256);
  const actual = hash.digest('hex');
  if (stated !== null && stated !== actual) {
    handler.gap(folder, 'bad-digest', `the payload is sha256:${actual}, its header says ${stated.slice(0, 64)}`);
  }
}

function checkHeader({ signature, header }: RpmFront, differs: (detail: string) => void): void {
  for (const [algorithm, tag] of [
    ['sha256', tags.headerSha256],
    ['sha1', tags.headerSha1],
  ] as const) {
    const stated = rpmText(signature, tag);
    const actual = createHash(algorithm).update(header).digest('hex');
    if (stated === null || stated === actual) continue;
    differs(`the header is ${algorithm}:${actual}, its signature says ${stated.slice(0, 64)}`);
  }
}
