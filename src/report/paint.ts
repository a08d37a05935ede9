import { escapeText } from './escape.js';
import { charWidth, widthOf } from './width.js';

/** What a colour means. A meaning is always told in words, too: colour alone says nothing. */
export type Meaning =
  | 'heading'
  | 'name'
  | 'quiet'
  | 'critical'
  | 'high'
  | 'medium'
  | 'low'
  | 'missing'
  | 'good'
  | 'value';

/** A piece of text with a meaning; a bare string has none. Escaped and painted only when drawn. */
export type Span = string | { readonly text: string; readonly as: Meaning };

/** What stands in one line, before it is broken to the width. */
export type Text = readonly Span[];

export interface Paper {
  /** Columns; less than 30 is taken as 30. */
  readonly width: number;
  readonly color: boolean;
}

// SGR parameters of ECMA-48, 8.3.117: the sixteen colours of the user's own palette.
const codes: Readonly<Record<Meaning, string>> = {
  heading: '1',
  name: '1;36',
  quiet: '2',
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '34',
  missing: '1;33',
  good: '32',
  value: '35',
};

/** A piece of text with a meaning. */
export function as(meaning: Meaning, text: string): Span {
  return { text, as: meaning };
}

/** The text alone, escaped, on one line. */
export function plain(text: Text): string {
  return text.map((span) => escapeText(typeof span === 'string' ? span : span.text)).join('');
}

/** Paints one piece; its text is escaped already. */
function painted(piece: Piece, color: boolean): string {
  if (!color || piece.as === null || piece.text === '') return piece.text;
  return `\u001b[${codes[piece.as]}m${piece.text}\u001b[0m`;
}

interface Piece {
  readonly text: string;
  readonly as: Meaning | null;
}

/** A piece between spaces: a line ends before it, not inside, unless it is longer than a line. */
interface Word {
  /** Pieces of different meaning that no space parts. */
  readonly pieces: readonly Piece[];
  readonly width: number;
}

/**
 * Lines of a text, each at most `paper.width` columns wide: `first` begins the first line, `rest` the others; both are
 * trusted. Lines end at spaces (never at a no-break space, which is drawn as a space); a word that is longer than a
 * line is broken after one of `/:@,-_` or where it must. Several spaces are one.
 * This is the only way for text to a terminal, so all of it is escaped here.
 */
export function* draw(text: Text, first: string, rest: string, paper: Paper): Generator<string> {
  const width = Math.max(paper.width, 30);
  // Indented ever so deeply, a line still holds a few letters.
  const roomOf = (prefix: string): number => Math.max(width - widthOf(prefix), 12);
  let prefix = first;
  let line: Piece[] = [];
  let used = 0;
  const add = (piece: Piece): void => {
    const before = line.at(-1);
    // Neighbours of one meaning are painted together.
    if (before !== undefined && before.as === piece.as)
      line[line.length - 1] = { text: before.text + piece.text, as: piece.as };
    else line.push(piece);
    used += widthOf(piece.text);
  };
  const flush = (): string => {
    const drawn = `${prefix}${line.map((piece) => painted(piece, paper.color)).join('')}\n`;
    [line, used, prefix] = [[], 0, rest];
    return drawn;
  };
  for (const word of wordsOf(text)) {
    if (used > 0 && used + 1 + word.width <= roomOf(prefix)) {
      const meaning = line.at(-1)?.as ?? null;
      add({ text: ' ', as: meaning === word.pieces[0]?.as ? meaning : null });
    } else if (used > 0) {
      yield flush();
    }
    for (const piece of word.pieces) {
      let left = piece.text;
      while (used + widthOf(left) > roomOf(prefix)) {
        const [head, tail] = split(left, roomOf(prefix) - used);
        if (head !== '') add({ text: head, as: piece.as });
        left = tail;
        yield flush();
      }
      add({ text: left, as: piece.as });
    }
  }
  yield flush();
}

function* wordsOf(text: Text): Generator<Word> {
  let pieces: Piece[] = [];
  for (const span of text) {
    const meaning = typeof span === 'string' ? null : span.as;
    const parts = escapeText(typeof span === 'string' ? span : span.text).split(' ');
    for (const [index, part] of parts.entries()) {
      if (index > 0 && pieces.length > 0) {
        yield wordOf(pieces);
        pieces = [];
      }
      if (part !== '') pieces.push({ text: part.replaceAll('\u00a0', ' '), as: meaning });
    }
  }
  if (pieces.length > 0) yield wordOf(pieces);
}

function wordOf(pieces: Word['pieces']): Word {
  return { pieces, width: pieces.reduce((sum, piece) => sum + widthOf(piece.text), 0) };
}

/** The part of a word that fits into the room, and what is left of it; something always moves on in an empty line. */
function split(word: string, room: number): readonly [string, string] {
  let width = 0;
  let end = 0;
  let nice = 0;
  for (const char of word) {
    width += charWidth(char);
    if (width > room && (end > 0 || room < 2)) break;
    end += char.length;
    if ('/:@,-_'.includes(char)) nice = end;
  }
  const at = nice > end / 2 ? nice : end;
  return [word.slice(0, at), word.slice(at)];
}
