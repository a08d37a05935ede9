import { isTrowelError } from '../model/index.js';
import { quote } from '../template/index.js';

/** Whether a UTF-16 unit is white space as Go's unicode.IsSpace has it. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  if (code === 0x85 || code === 0xa0 || code === 0x1680) return true;
  return (code >= 0x2000 && code <= 0x200a) || [0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(code);
}

/** Where the text begins and ends once strings.TrimSpace was applied. */
export function trimmedRange(text: string): readonly [start: number, end: number] {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return [start, end];
}

/** strings.TrimSpace. */
export function trimSpace(text: string): string {
  return text.slice(...trimmedRange(text));
}

/** Whether a UTF-16 unit is what `\s` means in RE2: ASCII blanks only. */
export function isRegexSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d;
}

/** strconv.QuoteRune: one character in single quotes, as `%q` prints a rune. */
export function quoteRune(char: string): string {
  if (char === "'") return "'\\''";
  return char === '"' ? "'\"'" : `'${quote(char).slice(1, -1)}'`;
}

/** What an error says, without the place that Trowel puts in front: the words of Helm are about to be put around it. */
export function wordsOf(error: unknown): string {
  if (isTrowelError(error)) return error.what;
  return error instanceof Error ? error.message : String(error);
}
