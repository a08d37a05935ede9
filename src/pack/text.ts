/**
 * A name of an archive as text: UTF-8, every byte that is not UTF-8 written as `\xHH`, so that two different names
 * do not become one (as they would with U+FFFD). Linear in the length, whatever the bytes are.
 */
export function nameText(bytes: Uint8Array): string {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = whole.toString('utf8');
  return text.includes('\uFFFD') ? escaped(whole) : text;
}

function escaped(bytes: Buffer): string {
  const parts: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (good < at) parts.push(bytes.toString('utf8', good, at));
    parts.push(`\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`);
    at += 1;
    good = at;
  }
  if (good < bytes.length) parts.push(bytes.toString('utf8', good));
  return parts.join('');
}

/**
 * Bytes of the well-formed sequence that begins at `at`, 0 where none does.
 * Follows: The Unicode Standard, table 3-7 (no surrogates, no longer forms, nothing above U+10FFFF).
 */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf5 || lead < 0xc2 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const second = bytes[at + 1] ?? 0;
  const from = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const to = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < from || second > to) return 0;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
