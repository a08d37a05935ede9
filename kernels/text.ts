/** How far bytes are plain ASCII text, sixteen at a time; src/layer/plain-text.ts is what the program sees of it. */

/** What is looked at stands from here on, and is followed by sixteen bytes that may be anything. */
const start: usize = 1024;

/**
 * The first of `length` bytes that is neither printable ASCII nor one of the control characters of texts (tab, line feed,
 * form feed, carriage return, escape); `length` where there is none.
 */
export function plainLength(length: i32): i32 {
  let at: usize = start;
  const end = start + length;
  for (; at < end; at += 16) {
    const bytes = v128.load(at);
    const isControl = i8x16.lt_u(bytes, i8x16.splat(32));
    const isTab = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(9)), i8x16.splat(2));
    const isReturn = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(12)), i8x16.splat(2));
    const isEscape = i8x16.eq(bytes, i8x16.splat(27));
    const isUsual = v128.or(v128.or(isTab, isReturn), isEscape);
    // The highest bit of each byte that is no plain text: bytes from 128 on have it themselves.
    const others = i8x16.bitmask(v128.or(v128.andnot(isControl, isUsual), bytes));
    if (others != 0) return min<i32>(length, <i32>(at - start) + ctz(others));
  }
  return length;
}
