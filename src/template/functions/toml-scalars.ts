import { sprintf } from '../format.js';
import {
  eof,
  isBinary,
  isBreak,
  isDigit,
  isHex,
  isLetter,
  isOctal,
  quoteChar,
  type State,
  type TomlKind,
  type TomlLexer,
} from './toml-lexer.js';

/** Strings, numbers, dates and booleans of a TOML text. Follows: github.com/BurntSushi/toml v1.6.0, lex.go. */

export function basicString(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char === eof) return lexer.fail(`unexpected EOF; expected '"'`);
  if (isBreak(char)) return lexer.errorBefore('strings cannot contain newlines');
  if (char === '\\') {
    lexer.push(basicString);
    return escapeCode;
  }
  if (char !== '"') return basicString;
  lexer.backup();
  lexer.emit(lexer.escaped ? 'stringEscaped' : 'string');
  lexer.escaped = false;
  lexer.next();
  lexer.ignore();
  return lexer.pop();
}

export function rawString(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char === eof) return lexer.fail(`unexpected EOF; expected "'"`);
  if (isBreak(char)) return lexer.errorBefore('strings cannot contain newlines');
  if (char !== "'") return rawString;
  lexer.backup();
  lexer.emit('rawString');
  lexer.next();
  lexer.ignore();
  return lexer.pop();
}

export function multilineString(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char === eof) return lexer.fail(`unexpected EOF; expected '"""'`);
  if (char === '\\') return multilineEscape;
  if (char !== '"') return multilineString;
  const fits = (): boolean => lexer.endsWith('"""""') && !lexer.endsWith('\\"""""');
  return threeQuotes(lexer, '"', multilineString, () => {
    if (fits()) return lexer.fail(`unexpected '""""""'`);
    return undefined;
  });
}

export function rawMultilineString(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char === eof) return lexer.fail(`unexpected EOF; expected "'''"`);
  if (char !== "'") return rawMultilineString;
  return threeQuotes(lexer, "'", rawMultilineString, () => {
    if (lexer.endsWith("'''''")) return lexer.fail(`unexpected "''''''"`);
    return undefined;
  });
}

/** One quote was read: two more end the string, which may itself end in one or two quotes. */
function threeQuotes(lexer: TomlLexer, quote: string, inside: State, tooMany: () => null | undefined): State | null {
  if (!lexer.accept(quote)) return inside;
  if (!lexer.accept(quote)) {
    lexer.backup();
    return inside;
  }
  if (lexer.peek() === quote) {
    if (tooMany() === null) return null;
    lexer.backup();
    lexer.backup();
    return inside;
  }
  for (let i = 0; i < 3; i++) lexer.backup();
  lexer.escaped = false;
  lexer.emit(quote === '"' ? 'multiline' : 'rawMultiline');
  for (let i = 0; i < 3; i++) lexer.next();
  lexer.ignore();
  return lexer.pop();
}

function multilineEscape(lexer: TomlLexer): State | null {
  if (isBreak(lexer.next())) return multilineString;
  lexer.backup();
  lexer.push(multilineString);
  return escapeCode(lexer);
}

const hexLengths: Readonly<Record<string, readonly [number, string]>> = {
  x: [2, 'two'],
  u: [4, 'four'],
  U: [8, 'eight'],
};

function escapeCode(lexer: TomlLexer): State | null {
  lexer.escaped = true;
  const char = lexer.next();
  if ('ebtnfr" \t\\'.includes(char)) return lexer.pop();
  const hex = hexLengths[char];
  if (hex === undefined) return lexer.error(`invalid escape in string '\\${char === eof ? '\0' : char}'`);
  const [length, word] = hex;
  return () => {
    for (let i = 0; i < length; i++) {
      if (isHex(lexer.next())) continue;
      const got = sprintf('%q', [lexer.current()]);
      return lexer.fail(`expected ${word} hexadecimal digits after '\\${char}', but got ${got} instead`);
    }
    return lexer.pop();
  };
}

export function numberOrDateStart(lexer: TomlLexer): State {
  return lexer.next() === '0' ? baseNumberOrDate : numberOrDate;
}

function done(lexer: TomlLexer, kind: TomlKind): State {
  lexer.backup();
  lexer.emit(kind);
  return lexer.pop();
}

function numberOrDate(lexer: TomlLexer): State {
  const char = lexer.next();
  if (isDigit(char)) return numberOrDate;
  if (char === '-' || char === ':') return datetime;
  if (char === '_') return decimalNumber;
  return char === '.' || char === 'e' || char === 'E' ? float : done(lexer, 'integer');
}

function datetime(lexer: TomlLexer): State {
  const char = lexer.next();
  if (isDigit(char) || '-:Tt .Zz+'.includes(char)) return datetime;
  lexer.backup();
  lexer.emitTrimmed('datetime');
  return lexer.pop();
}

/** An integer of a base; what comes before its digits was read. */
function integerOf(isOne: (char: string) => boolean): State {
  const state: State = (lexer) => {
    const char = lexer.next();
    return isOne(char) || char === '_' ? state : done(lexer, 'integer');
  };
  return state;
}

const binaryInteger = integerOf(isBinary);
const octalInteger = integerOf(isOctal);
const hexInteger = integerOf(isHex);

function decimalNumber(lexer: TomlLexer): State {
  const char = lexer.next();
  if (isDigit(char) || char === '_') return decimalNumber;
  return char === '.' || char === 'e' || char === 'E' ? float : done(lexer, 'integer');
}

export function signedNumber(lexer: TomlLexer): State | null {
  const char = lexer.next();
  const word = char === 'i' ? 'nf' : char === 'n' ? 'an' : '';
  if (word !== '') {
    for (const letter of word) {
      if (!lexer.accept(letter)) return lexer.fail(`invalid float: '${lexer.current()}'`);
    }
    lexer.emit('float');
    return lexer.pop();
  }
  if (char === '0') {
    const base = lexer.peek();
    if (base === 'b' || base === 'o' || base === 'x') {
      return lexer.fail(`cannot use sign with non-decimal numbers: '${lexer.current()}${base}'`);
    }
  }
  if (char === '.') return lexer.fail("floats must start with a digit, not '.'");
  return isDigit(char) ? decimalNumber : lexer.fail(`expected a digit but got ${quoteChar(char)}`);
}

function baseNumberOrDate(lexer: TomlLexer): State {
  const char = lexer.next();
  if (isDigit(char)) return numberOrDate;
  const check = (isOne: (char: string) => boolean, name: string): void => {
    const first = lexer.peek();
    // Go goes on; the error is what is read first.
    if (!isOne(first)) lexer.fail(`not ${name} number: '${lexer.current()}${first}'`);
  };
  switch (char) {
    case '_':
      return decimalNumber;
    case '.':
    case 'e':
    case 'E':
      return float;
    case 'b':
      check(isBinary, 'a binary');
      return binaryInteger;
    case 'o':
      check(isOctal, 'an octal');
      return octalInteger;
    case 'x':
      check(isHex, 'a hexadecimal');
      return hexInteger;
  }
  return done(lexer, 'integer');
}

function float(lexer: TomlLexer): State {
  const char = lexer.next();
  return isDigit(char) || '_.-+eE'.includes(char) ? float : done(lexer, 'float');
}

export function bool(lexer: TomlLexer): State | null {
  let word = '';
  for (;;) {
    const char = lexer.next();
    if (!isLetter(char)) break;
    word += char;
  }
  lexer.backup();
  if (word === 'true' || word === 'false') {
    lexer.emit('bool');
    return lexer.pop();
  }
  return lexer.fail(`expected value but found ${sprintf('%q', [word])} instead`);
}
