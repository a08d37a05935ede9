/** One stanza: its first line (1-based) and its fields, names in lower case. Folded lines are joined by newlines. */
export interface Paragraph {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

export interface Paragraphs {
  readonly paragraphs: readonly Paragraph[];
  /** Lines that are no field and continue none, at most 20. */
  readonly badLines: readonly number[];
}

const maxBadLines = 20;

/**
 * Stanzas of `Field: value` lines separated by empty lines, as dpkg's status, Python's METADATA and others write them.
 *
 * A field that comes twice keeps its first value and has the others after it, separated by newlines, as the repeated
 * `Classifier` and `License-File` of Python need. `headOnly` stops at the first empty line: what follows is a body.
 * Follows: Debian Policy 5.1 (Syntax of control files); RFC 822 as Python's core metadata uses it.
 */
export function parseParagraphs(source: string, headOnly = false): Paragraphs {
  const paragraphs: Paragraph[] = [];
  const badLines: number[] = [];
  let fields = new Map<string, string[]>();
  let first = 0;
  let values: string[] | null = null;
  const close = (): void => {
    if (fields.size > 0) {
      const joined = new Map([...fields].map(([name, lines]) => [name, lines.join('\n')]));
      paragraphs.push({ line: first, fields: joined });
    }
    fields = new Map();
    values = null;
  };
  let line = 0;
  for (const raw of eachLine(source)) {
    line += 1;
    if (raw.trim() === '') {
      if (headOnly && fields.size > 0) break;
      close();
      continue;
    }
    if (raw.startsWith(' ') || raw.startsWith('\t')) {
      if (values !== null) values.push(raw.slice(1));
      else if (badLines.length < maxBadLines) badLines.push(line);
      continue;
    }
    const colon = raw.indexOf(':');
    if (colon <= 0) {
      if (badLines.length < maxBadLines) badLines.push(line);
      values = null;
      continue;
    }
    if (fields.size === 0) first = line;
    const name = raw.slice(0, colon).trim().toLowerCase();
    const value = raw.slice(colon + 1).trim();
    values = fields.get(name) ?? [];
    values.push(value);
    fields.set(name, values);
  }
  close();
  return { paragraphs, badLines };
}

/** Lines without their ends (`\n` or `\r\n`), one at a time: the whole is not copied. */
export function* eachLine(source: string): Generator<string> {
  let at = 0;
  while (at < source.length) {
    const end = source.indexOf('\n', at);
    const stop = end < 0 ? source.length : end;
    yield source.slice(at, stop > at && source[stop - 1] === '\r' ? stop - 1 : stop);
    at = stop + 1;
  }
}
