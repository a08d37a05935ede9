/** Databases as their programs write them, built from values: for tests. */

function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

export function u32(value: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, littleEndian);
  return bytes;
}

function put16(page: Uint8Array, at: number, value: number, littleEndian: boolean): void {
  new DataView(page.buffer, page.byteOffset).setUint16(at, value, littleEndian);
}

/** Blobs in slots 1, 2, …, one page of slots: rpm, lib/backend/ndb/rpmpkg.cc. */
export function buildNdb(blobs: readonly Uint8Array[]): Uint8Array {
  const le = (value: number): Uint8Array => u32(value, true);
  const slots: Uint8Array[] = [join(le(0x506d7052), le(0), le(1), le(1), le(blobs.length + 1), le(0), le(0), le(0))];
  const bodies: Uint8Array[] = [];
  let block = 256;
  for (const [at, blob] of blobs.entries()) {
    const head = join(le(0x53626c42), le(at + 1), le(1), le(blob.length));
    const padded = Math.ceil((16 + blob.length + 12) / 16) * 16;
    const body = join(head, blob, new Uint8Array(padded - 16 - blob.length - 12));
    bodies.push(join(body, le(adler(body)), le(blob.length), le(0x45626c42)));
    slots.push(join(le(0x746f6c53), le(at + 1), le(block), le(padded / 16)));
    block += padded / 16;
  }
  while (slots.length < 255) slots.push(join(le(0x746f6c53), new Uint8Array(12)));
  return join(...slots, ...bodies);
}

function adler(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

/**
 * A Berkeley DB hash file with one pair a page: keys are numbers, values longer than a quarter of the page go to
 * overflow pages, as the real one does. Berkeley DB 5.3, src/dbinc/db_page.h.
 */
export function buildBerkeley(values: readonly Uint8Array[], littleEndian: boolean, pageBytes = 512): Uint8Array {
  const order = (value: number): Uint8Array => u32(value, littleEndian);
  const pages: Uint8Array[] = [new Uint8Array(pageBytes)];
  const newPage = (type: number): { page: Uint8Array; number: number } => {
    const page = new Uint8Array(pageBytes);
    page.set(order(pages.length), 8);
    page[25] = type;
    pages.push(page);
    return { page, number: pages.length - 1 };
  };
  for (const [index, value] of values.entries()) {
    const { page } = newPage(13);
    const key = join([1], order(index));
    const item = value.length <= pageBytes / 4 ? join([1], value) : offPage(value);
    put16(page, 20, 2, littleEndian);
    put16(page, 26, pageBytes - key.length, littleEndian);
    put16(page, 28, pageBytes - key.length - item.length, littleEndian);
    page.set(key, pageBytes - key.length);
    page.set(item, pageBytes - key.length - item.length);
  }
  function offPage(value: Uint8Array): Uint8Array {
    const room = pageBytes - 26;
    const first = pages.length;
    for (let at = 0; at < value.length; at += room) {
      const { page, number } = newPage(7);
      const part = value.subarray(at, at + room);
      page.set(part, 26);
      put16(page, 22, part.length, littleEndian);
      if (at + room < value.length) page.set(order(number + 1), 16);
    }
    return join([3, 0, 0, 0], order(first), order(value.length));
  }
  const meta = pages[0] ?? new Uint8Array(0);
  meta.set(order(0x061561), 12);
  meta.set(order(9), 16);
  meta.set(order(pageBytes), 20);
  meta[25] = 8;
  meta.set(order(pages.length - 1), 32);
  return join(...pages);
}

/** The bytes of a source with random access. */
export function sourceOf(bytes: Uint8Array): {
  readonly sizeBytes: number;
  slice(offset: number, length: number): Uint8Array;
} {
  return {
    sizeBytes: bytes.length,
    slice: (offset, length) => bytes.subarray(Math.max(0, offset), Math.max(0, offset + length)),
  };
}
