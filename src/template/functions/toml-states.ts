import { eof, isBare, isBlank, isBreak, isDigit, isLetter, quoteChar, type State, TomlLexer } from './toml-lexer.js';
import {
  basicString,
  bool,
  multilineString,
  numberOrDateStart,
  rawMultilineString,
  rawString,
  signedNumber,
} from './toml-scalars.js';

/** A lexer at the beginning of a TOML text. */
export function lexToml(text: string): TomlLexer {
  return new TomlLexer(text, atTop);
}

function skipTo(lexer: TomlLexer, state: State): State {
  lexer.ignore();
  return state;
}

function atTop(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char) || isBreak(char)) return skipTo(lexer, atTop);
  switch (char) {
    case '#':
      lexer.push(atTop);
      return commentStart;
    case '[':
      return tableStart;
    case eof:
      lexer.emit('eof');
      return null;
  }
  lexer.backup();
  lexer.push(topEnd);
  return keyStart;
}

function topEnd(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char === '#') {
    lexer.push(atTop);
    return commentStart;
  }
  if (isBlank(char)) return topEnd;
  if (isBreak(char)) return skipTo(lexer, atTop);
  if (char === eof) {
    lexer.emit('eof');
    return null;
  }
  return lexer.fail(
    `expected a top-level item to end with a newline, comment, or EOF, but got ${quoteChar(char)} instead`,
  );
}

function tableStart(lexer: TomlLexer): State {
  if (lexer.peek() === '[') {
    lexer.next();
    lexer.emit('tables');
    lexer.push(tablesEnd);
  } else {
    lexer.emit('table');
    lexer.push(tableEnd);
  }
  return tableName;
}

function tableEnd(lexer: TomlLexer): State {
  lexer.emit('tableEnd');
  return topEnd;
}

function tablesEnd(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (char !== ']') {
    return lexer.fail(`expected end of table array name delimiter ']', but got ${quoteChar(char)} instead`);
  }
  lexer.emit('tablesEnd');
  return topEnd;
}

function tableName(lexer: TomlLexer): State | null {
  lexer.skipBlanks();
  const char = lexer.peek();
  if (char === ']' || char === eof) {
    return lexer.fail('unexpected end of table name (table names cannot be empty)');
  }
  if (char === '.') return lexer.fail('unexpected table separator (table names cannot be empty)');
  lexer.push(tableNameEnd);
  if (char !== '"' && char !== "'") return bareName;
  lexer.ignore();
  return quotedName;
}

function tableNameEnd(lexer: TomlLexer): State | null {
  lexer.skipBlanks();
  const char = lexer.next();
  if (char === '.') return skipTo(lexer, tableName);
  if (char === ']') return lexer.pop();
  return lexer.fail(`expected '.' or ']' to end table name, but got ${quoteChar(char)} instead`);
}

function bareName(lexer: TomlLexer): State {
  if (isBare(lexer.next())) return bareName;
  lexer.backup();
  lexer.emit('text');
  return lexer.pop();
}

function quotedName(lexer: TomlLexer): State {
  return skipTo(lexer, lexer.next() === '"' ? basicString : rawString);
}

function keyStart(lexer: TomlLexer): State | null {
  lexer.skipBlanks();
  const char = lexer.peek();
  if (char === '=' || char === eof) return lexer.fail("unexpected '=': key name appears blank");
  if (char === '.') return lexer.fail("unexpected '.': keys cannot start with a '.'");
  if (char === '"' || char === "'") lexer.ignore();
  lexer.emit('key');
  return keyName;
}

function keyName(lexer: TomlLexer): State | null {
  lexer.skipBlanks();
  const char = lexer.peek();
  if (char === '=' || char === eof) return lexer.fail("unexpected '='");
  if (char === '.') return lexer.fail("unexpected '.'");
  lexer.push(keyEnd);
  if (char !== '"' && char !== "'") return bareName;
  lexer.ignore();
  return quotedName;
}

function keyEnd(lexer: TomlLexer): State | null {
  lexer.skipBlanks();
  const char = lexer.next();
  if (char === eof) return lexer.fail("unexpected EOF; expected key separator '='");
  if (char === '.') return skipTo(lexer, keyName);
  if (char === '=') {
    lexer.emit('keyEnd');
    return skipTo(lexer, value);
  }
  const text = `expected '.' or '=', but got ${quoteChar(char)} instead`;
  return char === '\n' ? lexer.errorBefore(text) : lexer.fail(text);
}

function value(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char)) return skipTo(lexer, value);
  if (isDigit(char)) {
    lexer.backup();
    return numberOrDateStart;
  }
  switch (char) {
    case '[':
      lexer.ignore();
      lexer.emit('array');
      return arrayValue;
    case '{':
      lexer.ignore();
      lexer.emit('inlineTable');
      return inlineValue;
    case '"':
      if (lexer.accept('"')) {
        if (lexer.accept('"')) return skipTo(lexer, multilineString);
        lexer.backup();
      }
      return skipTo(lexer, basicString);
    case "'":
      if (lexer.accept("'")) {
        if (lexer.accept("'")) return skipTo(lexer, rawMultilineString);
        lexer.backup();
      }
      return skipTo(lexer, rawString);
    case '.':
      return lexer.fail("floats must start with a digit, not '.'");
    case 'i':
    case 'n':
      if ((lexer.accept('n') && lexer.accept('f')) || (lexer.accept('a') && lexer.accept('n'))) {
        lexer.emit('float');
        return lexer.pop();
      }
      break;
    case '-':
    case '+':
      return signedNumber;
  }
  if (isLetter(char)) {
    lexer.backup();
    return bool;
  }
  if (char === eof) return lexer.fail('unexpected EOF; expected value');
  const text = `expected value but found ${quoteChar(char)} instead`;
  return char === '\n' ? lexer.errorBefore(text) : lexer.fail(text);
}

function arrayValue(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char) || isBreak(char)) return skipTo(lexer, arrayValue);
  if (char === '#') {
    lexer.push(arrayValue);
    return commentStart;
  }
  if (char === ',') return lexer.fail('unexpected comma');
  if (char === ']') return arrayEnd;
  lexer.backup();
  lexer.push(arrayValueEnd);
  return value;
}

const shown = (char: string): string => (char === eof ? 'end of file' : `'${char}'`);

function arrayValueEnd(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char) || isBreak(char)) return skipTo(lexer, arrayValueEnd);
  if (char === '#') {
    lexer.push(arrayValueEnd);
    return commentStart;
  }
  if (char === ',') return skipTo(lexer, arrayValue);
  if (char === ']') return arrayEnd;
  return lexer.fail(`expected a comma (',') or array terminator (']'), but got ${shown(char)}`);
}

function arrayEnd(lexer: TomlLexer): State {
  lexer.ignore();
  lexer.emit('arrayEnd');
  return lexer.pop();
}

function inlineValue(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char) || isBreak(char)) return skipTo(lexer, inlineValue);
  if (char === '#') {
    lexer.push(inlineValue);
    return commentStart;
  }
  if (char === ',') return lexer.fail('unexpected comma');
  if (char === '}') return inlineEnd;
  lexer.backup();
  lexer.push(inlineValueEnd);
  return keyStart;
}

function inlineValueEnd(lexer: TomlLexer): State | null {
  const char = lexer.next();
  if (isBlank(char) || isBreak(char)) return skipTo(lexer, inlineValueEnd);
  if (char === '#') {
    lexer.push(inlineValueEnd);
    return commentStart;
  }
  if (char === ',') {
    lexer.ignore();
    lexer.skipBlanks();
    return lexer.peek() === '}' ? inlineValueEnd : inlineValue;
  }
  if (char === '}') return inlineEnd;
  return lexer.fail(`expected a comma or an inline table terminator '}', but got ${shown(char)} instead`);
}

function inlineEnd(lexer: TomlLexer): State {
  lexer.ignore();
  lexer.emit('inlineTableEnd');
  return lexer.pop();
}

function commentStart(lexer: TomlLexer): State {
  lexer.ignore();
  lexer.emit('comment');
  return comment;
}

function comment(lexer: TomlLexer): State {
  const char = lexer.next();
  if (!isBreak(char) && char !== eof) return comment;
  lexer.backup();
  lexer.emit('text');
  return lexer.pop();
}
