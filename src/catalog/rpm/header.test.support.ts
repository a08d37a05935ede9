export type Value =
  | string
  | readonly string[]
  | { readonly int32: readonly number[] }
  | { readonly int16: readonly number[] };

/** A header as rpm stores it: rpm, docs/manual/format_header.md. */
export function header(tags: Readonly<Record<number, Value>>): Uint8Array {
  const index: Uint8Array[] = [];
  const data: Uint8Array[] = [];
  let offset = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const [type, count, bytes] = encoded(value);
    index.push(...[Number(tag), type, offset, count].map((word) => u32(word)));
    data.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat([u32(index.length / 4), u32(offset), ...index, ...data]);
}

function encoded(value: Value): readonly [type: number, count: number, bytes: Uint8Array] {
  if (typeof value === 'string') return [6, 1, Buffer.from(`${value}\0`)];
  if ('int32' in value) return [4, value.int32.length, Buffer.concat(value.int32.map((word) => u32(word)))];
  if ('int16' in value) return [3, value.int16.length, Buffer.concat(value.int16.map((word) => u32(word).slice(2)))];
  return [8, value.length, Buffer.from(value.map((text) => `${text}\0`).join(''))];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
