import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { TrowelError } from '../model/index.js';
import { ByteSource } from './byte-source.js';
import { Crc64 } from './crc64.js';
import { decodeLzma2 } from './lzma2.js';

/** As `xz -9` needs; a larger one is memory for whoever asks. */
const maxDictionaryBytes = 64 * 1024 ** 2;
/** Blocks of one stream: with the smallest that xz makes by itself this is a terabyte. */
const maxBlocks = 1 << 20;

const magic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
/** Bytes of a check, by its number (2.1.1.2). */
const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const lzma2Filter = 0x21;

/**
 * The uncompressed bytes of an xz file: several streams and their padding, CRC-32, CRC-64 and SHA-256 checked.
 *
 * A chunk is only valid until the next one is asked for. Throws TrowelError `bad-bytes`, `truncated`, `too-large` (a
 * dictionary over 64 MiB), `unsupported` (filters beside LZMA2).
 * Follows: the .xz file format 1.2.1, https://tukaani.org/xz/xz-file-format.txt (sections in brackets).
 */
export async function* unxz(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = new ByteSource(chunks);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const header = await streamHeader(source, isFirst);
      if (header === null) return;
      yield* streamOf(source, header);
    }
  } finally {
    await source.close();
  }
}

/** The flags of the next stream (2.1.1), null at the end; stream padding before it is passed over (2.2). */
async function streamHeader(source: ByteSource, isFirst: boolean): Promise<Uint8Array | null> {
  let start = (await source.readUpTo(4)).slice();
  while (!isFirst && start.length === 4 && start.every((byte) => byte === 0)) {
    start = (await source.readUpTo(4)).slice();
  }
  if (!isFirst && start.length === 0) return null;
  const header = Buffer.concat([start, await source.read(12 - Math.min(4, start.length))]);
  if (!header.subarray(0, 6).equals(magic)) throw broken('no stream is there');
  const flags = header.subarray(6, 8);
  if (crc32(flags) !== header.readUInt32LE(8)) throw broken('the header of the stream has another checksum');
  if (flags[0] !== 0 || (flags[1] ?? 0) > 15) throw unsupported('flags that are not known');
  return flags;
}

interface Sizes {
  readonly unpadded: number;
  readonly plain: number;
}

async function* streamOf(source: ByteSource, flags: Uint8Array): AsyncGenerator<Uint8Array> {
  const check = flags[1] ?? 0;
  const blocks: Sizes[] = [];
  for (;;) {
    const first = (await source.read(1))[0] ?? 0;
    if (first === 0) break;
    if (blocks.length >= maxBlocks) throw new TrowelError('too-large', { what: `more than ${maxBlocks} blocks of xz` });
    const start = source.offset - 1;
    const block = blockHeader(Buffer.concat([Buffer.from([first]), await source.read((first + 1) * 4 - 1)]));
    const checker = checkerOf(check);
    let plain = 0;
    for await (const chunk of decodeLzma2(source, block.dictionaryBytes)) {
      checker?.update(chunk);
      plain += chunk.length;
      yield chunk;
    }
    const packed = source.offset - start - (first + 1) * 4;
    if ((block.packed ?? packed) !== packed || (block.plain ?? plain) !== plain)
      throw broken('a block of another size');
    await padding(source, packed);
    const stated = await source.read(checkBytes[check] ?? 0);
    if (checker !== null && !checker.digest().equals(stated)) throw broken('a block has another checksum');
    blocks.push({ unpadded: (first + 1) * 4 + packed + stated.length, plain });
  }
  await index(source, blocks, flags);
}

async function padding(source: ByteSource, length: number): Promise<void> {
  const zeros = await source.read((4 - (length % 4)) % 4);
  if (zeros.some((byte) => byte !== 0)) throw broken('its padding is not empty');
}

interface Block {
  readonly dictionaryBytes: number;
  readonly packed: number | null;
  readonly plain: number | null;
}

/** The header of a block (3.1), its size byte and checksum included. */
function blockHeader(header: Buffer): Block {
  const end = header.length - 4;
  if (crc32(header.subarray(0, end)) !== header.readUInt32LE(end))
    throw broken('the header of a block has another checksum');
  const flags = header[1] ?? 0;
  if ((flags & 0x3c) !== 0) throw unsupported('flags that are not known');
  const fields = new Numbers(header.subarray(2, end));
  const packed = (flags & 0x40) === 0 ? null : fields.next();
  const plain = (flags & 0x80) === 0 ? null : fields.next();
  const id = fields.next();
  if ((flags & 3) !== 0 || id !== lzma2Filter) throw unsupported('a filter beside LZMA2');
  if (fields.next() !== 1) throw broken('LZMA2 without its size of dictionary');
  return { packed, plain, dictionaryBytes: dictionaryOf(fields.next()) };
}

/** 5.3.1: 40 stands for 4 GiB - 1, the others for 2^n or 2^n + 2^(n-1). */
function dictionaryOf(bits: number): number {
  if (bits > 40) throw broken('a dictionary of no size');
  const bytes = (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
  if (bytes > maxDictionaryBytes) {
    throw new TrowelError('too-large', { what: 'the xz stream wants a dictionary of more than 64 MiB' });
  }
  return bytes;
}

/** Numbers of variable length (1.2) in bytes that are all here. */
class Numbers {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || scale > 2 ** 49) throw broken('a number without end');
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}

/** The index behind the blocks and the footer (4, 2.1.2): they must say what was read. */
async function index(source: ByteSource, blocks: readonly Sizes[], flags: Uint8Array): Promise<void> {
  const read: number[] = [0];
  const next = async (): Promise<number> => {
    const from = read.length;
    do read.push((await source.read(1))[0] ?? 0);
    while ((read.at(-1) ?? 0) >= 0x80 && read.length - from < 9);
    return new Numbers(Uint8Array.from(read.slice(from))).next();
  };
  if ((await next()) !== blocks.length) throw broken('its index has another number of blocks');
  for (const { unpadded, plain } of blocks) {
    if ((await next()) !== unpadded || (await next()) !== plain) throw broken('its index has other blocks');
  }
  while (read.length % 4 !== 0) read.push((await source.read(1))[0] ?? 0);
  const stated = Buffer.from(await source.read(4)).readUInt32LE(0);
  if (crc32(Uint8Array.from(read)) !== stated) throw broken('its index has another checksum');
  const footer = Buffer.from(await source.read(12));
  const isWhole =
    footer.readUInt32LE(0) === crc32(footer.subarray(4, 10)) &&
    (footer.readUInt32LE(4) + 1) * 4 === read.length + 4 &&
    footer.subarray(8, 10).equals(flags) &&
    footer.subarray(10).equals(Buffer.from('YZ'));
  if (!isWhole) throw broken('its footer does not fit');
}

interface Checker {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** Null for a check that is none or not known: its bytes are passed over, as 2.1.1.2 allows. */
function checkerOf(check: number): Checker | null {
  if (check === 10) {
    const hash = createHash('sha256');
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
  }
  if (check === 4) return new Crc64();
  if (check !== 1) return null;
  let sum = 0;
  return {
    update(chunk) {
      sum = crc32(chunk, sum);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(sum);
      return bytes;
    },
  };
}

function broken(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what: `the xz stream is broken (${what})` });
}

function unsupported(what: string): TrowelError {
  return new TrowelError('unsupported', { what: `bytes compressed with xz and ${what}` });
}
