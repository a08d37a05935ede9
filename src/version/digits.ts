import type { Order } from './ordering.js';

export function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9' && char.length === 1;
}

export function isLetter(char: string | undefined): boolean {
  return char !== undefined && char.length === 1 && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z'));
}

/** Whether the text is one or more ASCII digits. */
export function isNumber(text: string): boolean {
  if (text === '') return false;
  for (const char of text) if (!isDigit(char)) return false;
  return true;
}

/** The end of the run of digits that begins at `from`. */
export function digitsEnd(text: string, from: number): number {
  let end = from;
  while (isDigit(text[end])) end++;
  return end;
}

/** Orders two runs of ASCII digits by value, however long they are; the empty run is 0. */
export function compareDigits(a: string, b: string): Order {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  return compareAscii(left, right);
}

/** Orders text by code units. */
export function compareAscii(a: string, b: string): Order {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders two lists of runs of digits; the shorter is padded with zeros. */
export function compareNumbers(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareDigits(a[i] ?? '0', b[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

export function compareCounts(a: number, b: number): Order {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}
