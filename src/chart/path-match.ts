/** A pattern that Go's path/filepath refuses (ErrBadPattern). */
export class BadPattern extends Error {
  constructor() {
    super('syntax error in pattern');
    this.name = 'BadPattern';
  }
}

type Piece =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/**
 * Compiles a pattern of Go's filepath.Match: `*` and `?` do not match `/`, `[a-z]`, `[^a]`, `\x`.
 *
 * The answer matches a whole name. Work is at most pattern × name: only the last star is tried again, which is enough
 * since no star crosses a `/`. Throws BadPattern.
 */
export function pathMatcher(pattern: string): (name: string) => boolean {
  const pieces = parse([...pattern]);
  return (name) => matches(pieces, [...name]);
}

function parse(chars: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  /** One character of a set, escapes resolved. */
  function setChar(): string {
    let char = chars[at];
    if (char === undefined || char === '-' || char === ']') throw new BadPattern();
    if (char === '\\') char = chars[++at];
    if (char === undefined) throw new BadPattern();
    at++;
    if (at >= chars.length) throw new BadPattern();
    return char;
  }
  while (at < chars.length) {
    const char = chars[at++] ?? '';
    if (char === '*') pieces.push({ kind: 'star' });
    else if (char === '?') pieces.push({ kind: 'one' });
    else if (char === '\\') {
      const next = chars[at++];
      if (next === undefined) throw new BadPattern();
      pieces.push({ kind: 'char', char: next });
    } else if (char === '[') {
      const negated = chars[at] === '^';
      if (negated) at++;
      const ranges: (readonly [string, string])[] = [];
      while (!(chars[at] === ']' && ranges.length > 0)) {
        const low = setChar();
        if (chars[at] === '-') {
          at++;
          ranges.push([low, setChar()]);
        } else ranges.push([low, low]);
      }
      at++;
      pieces.push({ kind: 'set', negated, ranges });
    } else pieces.push({ kind: 'char', char });
  }
  return pieces;
}

function matches(pieces: readonly Piece[], name: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let starPiece = -1;
  let starAt = 0;
  for (;;) {
    const current = pieces[piece];
    const char = name[at];
    if (current?.kind === 'star') {
      starPiece = piece++;
      starAt = at;
      continue;
    }
    if (current === undefined && char === undefined) return true;
    if (current !== undefined && char !== undefined && matchesOne(current, char)) {
      piece++;
      at++;
      continue;
    }
    // Let the last star take one character more.
    const taken = name[starAt];
    if (starPiece < 0 || taken === undefined || taken === '/') return false;
    at = ++starAt;
    piece = starPiece + 1;
  }
}

function matchesOne(piece: Piece, char: string): boolean {
  switch (piece.kind) {
    case 'char':
      return piece.char === char;
    case 'one':
      return char !== '/';
    case 'star':
      return false;
    case 'set':
      return (
        piece.ranges.some(([low, high]) => codeOf(low) <= codeOf(char) && codeOf(char) <= codeOf(high)) !==
        piece.negated
      );
  }
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
