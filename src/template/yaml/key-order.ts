const letter = /\p{L}/u;
const digit = /\p{Nd}/u;

function isLetter(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return letter.test(char);
}

function isDigit(char: string): boolean {
  const code = char.charCodeAt(0);
  return code < 128 ? code >= 48 && code <= 57 : digit.test(char);
}

/** A run of digits from `at` on as a number, and where it ends. Go's int64 wraps around. */
function readNumber(chars: readonly string[], at: number, start: bigint): { value: bigint; end: number } {
  let value = start;
  let end = at;
  for (; end < chars.length; end++) {
    const char = chars[end] ?? '';
    if (!isDigit(char)) break;
    value = BigInt.asIntN(64, value * 10n + BigInt((char.codePointAt(0) ?? 48) - 48));
  }
  return { value, end };
}

/**
 * The order in which go-yaml v2 writes the keys of a map: numbers within them by value, letters behind all else.
 *
 * Follows go-yaml v2, sorter.go (keyList.Less).
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return keyLess(a, b) ? -1 : 1;
}

/** The same of go-yaml v3: a letter right behind digits comes before all else. */
export function comparePrettyKeys(a: string, b: string): number {
  if (a === b) return 0;
  return runesLess([...a], [...b], true) ? -1 : 1;
}

function keyLess(a: string, b: string): boolean {
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  if (isPlainLetter(x) && isPlainLetter(y)) return x < y;
  return runesLess([...a], [...b]);
}

function isPlainLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function runesLess(ar: readonly string[], br: readonly string[], afterDigits = false): boolean {
  for (let i = 0; i < ar.length && i < br.length; i++) {
    const x = ar[i] ?? '';
    const y = br[i] ?? '';
    if (x === y) continue;
    const al = isLetter(x);
    const bl = isLetter(y);
    if (al && bl) return codeOf(x) < codeOf(y);
    if (al || bl) return afterDigits && i > 0 && isDigit(ar[i - 1] ?? '') ? al : bl;
    const start = (x === '0' || y === '0') && hasNumberBefore(ar, i) ? 1n : 0n;
    const an = readNumber(ar, i, start);
    const bn = readNumber(br, i, start);
    if (an.value !== bn.value) return an.value < bn.value;
    if (an.end !== bn.end) return an.end < bn.end;
    return codeOf(x) < codeOf(y);
  }
  return ar.length < br.length;
}

/** A code point; a byte that is no UTF-8 is U+FFFD to Go's runes. */
function codeOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
}

/** Whether digits other than 0 stand right before `at`, so that a 0 there is no leading one. */
function hasNumberBefore(chars: readonly string[], at: number): boolean {
  for (let j = at - 1; j >= 0; j--) {
    const char = chars[j] ?? '';
    if (!isDigit(char)) return false;
    if (char !== '0') return true;
  }
  return false;
}
