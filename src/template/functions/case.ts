/** Letters and their cases as package unicode and huandu/xstrings see them. */

const spaceChars = '\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000';

/** unicode.IsSpace. */
export function isSpace(char: string): boolean {
  return spaceChars.includes(char) || (char >= '\u2000' && char <= '\u200a');
}

/** strings.TrimSpace. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text[start] ?? '')) start += 1;
  while (end > start && isSpace(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

const isUpper = (char: string): boolean => /^\p{Lu}$/u.test(char);
const isLower = (char: string): boolean => /^\p{Ll}$/u.test(char);
const isLetter = (char: string): boolean => /^\p{L}$/u.test(char);
const isDigit = (char: string): boolean => /^\p{Nd}$/u.test(char);
const isNumber = (char: string): boolean => /^\p{N}$/u.test(char);
const isPunct = (char: string): boolean => /^\p{P}$/u.test(char);
const isLoneByte = (char: string): boolean => char.length === 1 && char >= '\ud800' && char <= '\udfff';

/** Greek letters with iota have a capital of one code point, which JavaScript writes as two. */
function capitalWithIota(code: number): number {
  if (code >= 0x1f80 && code <= 0x1faf) return (code & 8) === 0 ? code + 8 : code;
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? code + 9 : code;
}

/** unicode.ToUpper: one code point for one. */
function upperChar(char: string): string {
  const upper = char.toUpperCase();
  if (upper.length === char.length) return upper;
  if ([...upper].length === 1) return upper;
  return String.fromCodePoint(capitalWithIota(char.codePointAt(0) ?? 0));
}

function lowerChar(char: string): string {
  return [...char.toLowerCase()][0] ?? char;
}

/** The letters whose title case is not their upper case. */
const titles: ReadonlyMap<string, string> = new Map([
  ...['\u01c4', '\u01c5', '\u01c6'].map((char): [string, string] => [char, '\u01c5']),
  ...['\u01c7', '\u01c8', '\u01c9'].map((char): [string, string] => [char, '\u01c8']),
  ...['\u01ca', '\u01cb', '\u01cc'].map((char): [string, string] => [char, '\u01cb']),
  ...['\u01f1', '\u01f2', '\u01f3'].map((char): [string, string] => [char, '\u01f2']),
]);

const ascii = /^[\0-\x7f]*$/;

function mapChars(text: string, change: (char: string) => string): string {
  let out = '';
  for (const char of text) out += change(isLoneByte(char) ? '\ufffd' : char);
  return out;
}

/** strings.ToUpper. */
export function toUpper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapChars(text, upperChar);
}

/** strings.ToLower. */
export function toLower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : mapChars(text, lowerChar);
}

function isAscii(text: string): boolean {
  return ascii.test(text);
}

/** strings.Title: the first letter of each word in title case; letters, digits and `_` make words. */
export function toTitle(text: string): string {
  let separated = true;
  return mapChars(text, (char) => {
    const out = separated ? (titles.get(char) ?? upperChar(char)) : char;
    separated = isSeparator(char);
    return out;
  });
}

function isSeparator(char: string): boolean {
  if (char <= '\x7f') return !/^[A-Za-z0-9_]$/.test(char);
  return !isLetter(char) && !isDigit(char) && isSpace(char);
}

/** goutils.Uncapitalize: the first character of each word in lower case; blanks separate words. */
export function uncapitalize(text: string): string {
  let first = true;
  return mapChars(text, (char) => {
    if (isSpace(char)) {
      first = true;
      return char;
    }
    const out = first ? lowerChar(char) : char;
    first = false;
    return out;
  });
}

/** goutils.SwapCase: upper to lower, lower to upper or, at the start of a word, to title case. */
export function swapCase(text: string): string {
  let afterSpace = true;
  return mapChars(text, (char) => {
    if (isUpper(char) || /^\p{Lt}$/u.test(char)) {
      afterSpace = false;
      return lowerChar(char);
    }
    if (isLower(char)) {
      const out = afterSpace ? (titles.get(char) ?? upperChar(char)) : upperChar(char);
      afterSpace = false;
      return out;
    }
    afterSpace = isSpace(char);
    return char;
  });
}

function isConnector(char: string): boolean {
  return char === '-' || char === '_' || isSpace(char);
}

/** xstrings.ToPascalCase, with its ways: leading connectors stay, runs of capitals lose them. */
export function toPascalCase(text: string): string {
  const chars = [...text].map((char) => (isLoneByte(char) ? '\ufffd' : char));
  let at = 0;
  let out = '';
  while (at < chars.length && isConnector(chars[at] ?? '')) out += chars[at++] ?? '';
  const first = chars[at];
  if (first === undefined) return out + (chars.at(-1) ?? '');
  let wordIsUpper = isUpper(first);
  let current = upperChar(first);
  for (at += 1; at < chars.length; at++) {
    const previous = current;
    current = chars[at] ?? '';
    if (isConnector(previous)) {
      if (isConnector(current)) {
        out += previous;
        continue;
      }
      wordIsUpper = isUpper(current);
      current = upperChar(current);
      continue;
    }
    if (wordIsUpper) {
      if (isUpper(current)) current = lowerChar(current);
      else wordIsUpper = false;
    }
    out += previous;
  }
  return out + current;
}

type WordKind = 'none' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punct' | 'other';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/** A letter that is not CJK. */
function isAlphabet(char: string): boolean {
  if (!isLetter(char)) return false;
  const code = char.codePointAt(0) ?? 0;
  return !(
    (code >= 0x4e00 && code <= 0x9fcc) ||
    (code >= 0x3400 && code <= 0x4d85) ||
    (code >= 0x20000 && code <= 0x2b81d)
  );
}

/** A character with the bytes that are no text before it; those at the end count as the character before them. */
interface Unit {
  readonly text: string;
  readonly char: string;
}

function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let skipped = '';
  for (const char of text) {
    // Go's RuneError, whether it stands in the text or for what is none.
    if (isLoneByte(char) || char === '\ufffd') {
      skipped += char;
      continue;
    }
    units.push({ text: skipped + char, char });
    skipped = '';
  }
  if (skipped !== '') units.push({ text: skipped, char: units.at(-1)?.char ?? '' });
  return units;
}

/** The words of a text, as nextWord of xstrings tells them apart. */
function splitWords(text: string): Word[] {
  const units = unitsOf(text);
  const chars = units.map(({ char }) => char);
  const words: Word[] = [];
  let at = 0;
  const run = (accept: (char: string) => boolean): void => {
    while (at < chars.length && accept(chars[at] ?? '')) at += 1;
  };
  const small = (char: string): boolean => isAlphabet(char) && !isUpper(char);
  while (at < chars.length) {
    const start = at;
    const first = chars[at] ?? '';
    at += 1;
    let kind: WordKind;
    if (first === '') {
      kind = 'none';
    } else if (isConnector(first)) {
      kind = 'connector';
      run(isConnector);
    } else if (isPunct(first)) {
      kind = 'punct';
      run(isPunct);
    } else if (isUpper(first)) {
      kind = 'upper';
      const next = chars[at] ?? '';
      if (isUpper(next)) {
        run(isUpper);
        // The last capital begins the next word: HTTPServer is HTTP and Server.
        if (at < chars.length && isAlphabet(chars[at] ?? '')) at -= 1;
      } else {
        run(small);
      }
    } else if (isAlphabet(first)) {
      kind = 'alphabet';
      run(small);
    } else if (isNumber(first)) {
      kind = 'number';
      run(isNumber);
    } else {
      kind = 'other';
      run((char) => !(isConnector(char) || isAlphabet(char) || isNumber(char) || isPunct(char)));
    }
    const part = units.slice(start, at).map((unit) => unit.text);
    words.push({ kind, text: part.join('') });
  }
  return words;
}

/** xstrings.ToSnakeCase and ToKebabCase: words in lower case with a connector between them. */
export function toConnectedCase(text: string, connector: '_' | '-'): string {
  if (text === '') return '';
  const words = splitWords(text);
  const none: Word = { kind: 'none', text: '' };
  let at = 0;
  let out = '';
  let word = words[0] ?? none;
  const next = (): void => {
    at += 1;
    word = words[at] ?? none;
  };
  const more = (): boolean => at < words.length - 1;
  const put = (given: Word): void => {
    out += lowerWord(given, connector);
  };
  /** Letters and digits that belong to the number before them. */
  const putTail = (): void => {
    while (word.kind === 'alphabet' || word.kind === 'number') {
      put(word);
      next();
    }
    if (word.kind !== 'none' && word.kind !== 'punct' && word.kind !== 'connector') out += connector;
  };
  while (more()) {
    const previous = word;
    if (previous.kind !== 'connector') put(previous);
    next();
    if (previous.kind === 'number') {
      putTail();
    } else if (previous.kind === 'connector') {
      put(previous);
    } else if (previous.kind !== 'punct') {
      if (word.kind !== 'number') {
        if (word.kind !== 'connector' && word.kind !== 'punct') out += connector;
      } else if (more()) {
        const digits = word;
        next();
        if (kindOf(word) !== 'alphabet') {
          put(digits);
          if (kindOf(word) !== 'connector' && kindOf(word) !== 'punct') out += connector;
        } else {
          out += connector;
          put(digits);
          putTail();
        }
      }
    }
  }
  put(word);
  return out;
}

/** The kind of a word that may have changed since it was looked at. */
function kindOf(word: Word): WordKind {
  return word.kind;
}

function lowerWord(word: Word, connector: string): string {
  if (word.kind !== 'upper' && word.kind !== 'connector') return word.text;
  let out = '';
  for (const char of word.text) {
    if (isLoneByte(char)) out += '\ufffd';
    else out += isConnector(char) ? connector : lowerChar(char);
  }
  return out;
}
