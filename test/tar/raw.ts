/** Blocks of tar archives by hand, also such as no tool writes. */

export type Magic = 'v7' | 'ustar' | 'star' | 'gnu' | 'odd';

export interface RawFields {
  readonly name: string;
  readonly flag: string;
  readonly magic: Magic;
  /** Fields as they shall stand, one character a byte: they are neither checked nor filled up. */
  readonly mode?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly size?: string;
  readonly mtime?: string;
  readonly link?: string;
  readonly prefix?: string;
  readonly device?: string;
  readonly at?: readonly (readonly [number, string])[];
  /** Whether the checksum sums signed characters, as some old tars did. */
  readonly signed?: boolean;
}

const magics: Readonly<Record<Magic, string>> = {
  v7: '',
  ustar: 'ustar\x0000',
  star: 'ustar\x0000',
  gnu: 'ustar  \0',
  odd: 'ustar\x00  ',
};

export function rawBlock(fields: RawFields): Buffer {
  const block = Buffer.alloc(512);
  block.write(fields.name, 0, 100, 'latin1');
  block.write(fields.mode ?? '0000644\0', 100, 8, 'latin1');
  block.write(fields.uid ?? '0000000\0', 108, 8, 'latin1');
  block.write(fields.gid ?? '0000000\0', 116, 8, 'latin1');
  block.write(fields.size ?? octal(0, 12), 124, 12, 'latin1');
  block.write(fields.mtime ?? octal(0, 12), 136, 12, 'latin1');
  block.write(fields.flag, 156, 1, 'latin1');
  block.write(fields.link ?? '', 157, 100, 'latin1');
  block.write(magics[fields.magic], 257, 8, 'latin1');
  if (fields.magic !== 'v7') {
    block.write('root', 265, 'latin1');
    block.write(fields.device ?? '0000000\x000000000\0', 329, 16, 'latin1');
    block.write(fields.prefix ?? '', 345, 155, 'latin1');
  }
  if (fields.magic === 'star') block.write('tar\0', 508, 'latin1');
  for (const [at, text] of fields.at ?? []) block.write(text, at, 'latin1');
  return sealed(block, fields.signed ?? false);
}

/** Makes the checksum of a header right. */
export function sealed(block: Buffer, signed = false): Buffer {
  block.fill(32, 148, 156);
  let sum = 0;
  for (const byte of block.subarray(0, 512)) sum += signed && byte > 127 ? byte - 256 : byte;
  block.write(`${(sum < 0 ? 0 : sum).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A number field as most tools write it: zeros before, a NUL behind. */
export function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

/** A number field as GNU and star write large ones: two's complement after a first bit of 1. */
export function base256(value: bigint, length: number): string {
  const bytes = Buffer.alloc(length);
  let rest = BigInt.asUintN(8 * length, value);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes.toString('latin1');
}

export function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** `LENGTH KEY=VALUE\n`; texts are one character a byte. */
export function paxRecord(key: string, value: string): string {
  for (let length = key.length + value.length + 4; ; length++) {
    const record = `${length} ${key}=${value}\n`;
    if (record.length === length) return record;
  }
}

export function paxHeader(records: readonly (readonly [string, string])[], flag = 'x'): Buffer {
  const body = Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(''), 'latin1');
  return Buffer.concat([
    rawBlock({ name: 'PaxHeaders/x', flag, magic: 'ustar', size: octal(body.length, 12) }),
    padded(body),
  ]);
}

export function gnuLong(text: string, flag: 'L' | 'K'): Buffer {
  const body = Buffer.from(text, 'latin1');
  return Buffer.concat([
    rawBlock({ name: '././@LongLink', flag, magic: 'gnu', size: octal(body.length, 12) }),
    padded(body),
  ]);
}

export const endBlocks: Buffer = Buffer.alloc(1024);
