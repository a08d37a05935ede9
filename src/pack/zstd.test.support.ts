const blockBytes = 100_000;

/** A zstd frame that stores its bytes as they are: RFC 8878, 3.1.1 (a window of 1 MiB, raw blocks, no checksum). */
export function rawZstd(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3)];
  for (let at = 0; at === 0 || at < bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes);
    const isLast = at + blockBytes >= bytes.length;
    const header = (block.length << 3) | (isLast ? 1 : 0);
    parts.push(Uint8Array.of(header & 0xff, (header >> 8) & 0xff, header >> 16), block);
  }
  return Buffer.concat(parts);
}
