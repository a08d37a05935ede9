/**
 * The columns that a text takes on a terminal: 0 for combining marks, 2 for East-Asian wide and fullwidth characters and
 * emoji, 1 for the rest. The text is escaped already, so it holds no controls.
 *
 * Follows: Unicode UAX #11 (East Asian Width: W and F), general categories Mn and Me for width 0.
 */
export function widthOf(text: string): number {
  // Nearly all texts are ASCII.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

export function charWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300 || (code >= 0x2190 && code < 0x231a) || (code >= 0x2500 && code < 0x2580)) return 1;
  if (combining.test(char) || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  return isWide(code) ? 2 : 1;
}

const combining = /^[\p{Mn}\p{Me}]/u;

// The blocks of EastAsianWidth.txt that are W or F as a whole or nearly so, lowest first.
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // Hangul Jamo
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2e80, 0x303e], // CJK radicals to CJK symbols
  [0x3041, 0x33ff], // kana to CJK compatibility
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf], // Yi
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x1f300, 0x1f64f], // pictographs, emoticons
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  // Arrows and the lines of trees among them.
  if (code < 0x231a) return code >= 0x1100 && code <= 0x115f;
  return wide.some(([first, last]) => code >= first && code <= last);
}
