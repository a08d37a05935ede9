import { isRegexSpace, trimmedRange } from './text.js';

/** One document of a stream: its text, and where it begins in the stream. */
export interface DocumentText {
  readonly text: string;
  readonly offset: number;
}

/**
 * Splits what a template wrote into documents, blanks around each removed, empty ones left out.
 *
 * Helm 3: at `(?:^|\s*\n)---\s*` of the trimmed text, so that the separator may touch what follows it, and a `---` at
 * the beginning of a line splits a block scalar as well. In one pass; the expression itself would be quadratic.
 * Follows: helm pkg/releaseutil/manifest.go SplitManifests.
 */
export function splitManifests(stream: string): readonly DocumentText[] {
  const [start, end] = trimmedRange(stream);
  const documents: DocumentText[] = [];
  let begin = start;
  const push = (to: number): void => {
    if (to === begin) return;
    const [from, until] = trimmedRange(stream.slice(begin, to));
    documents.push({ text: stream.slice(begin + from, begin + until), offset: begin + from });
  };
  let at = start;
  if (stream.startsWith('---', start) && start + 3 <= end) {
    begin = afterSpaces(stream, start + 3, end);
    at = begin;
  }
  for (;;) {
    const mark = stream.indexOf('\n---', at);
    if (mark < 0 || mark + 4 > end) break;
    let cut = mark;
    while (cut > begin && isRegexSpace(stream.charCodeAt(cut - 1))) cut--;
    push(cut);
    begin = afterSpaces(stream, mark + 4, end);
    at = begin;
  }
  push(end);
  return documents;
}

/**
 * Helm 4: at `---` alone on a line; a document keeps the blanks at its end.
 * Follows: helm v4 pkg/release/v1/util/manifest.go SplitManifests.
 */
export function splitManifests4(stream: string): readonly DocumentText[] {
  const documents: DocumentText[] = [];
  let begin = 0;
  const push = (to: number): void => {
    const piece = stream.slice(begin, to);
    const [from] = trimmedRange(piece);
    if (from < piece.length) documents.push({ text: piece.slice(from), offset: begin + from });
  };
  let at = 0;
  while (at <= stream.length) {
    if (stream.startsWith('---', at)) {
      let after = at + 3;
      while (stream[after] === ' ' || stream[after] === '\t') after++;
      push(at);
      begin = after;
      at = after;
    }
    const next = stream.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  push(stream.length);
  return documents;
}

function afterSpaces(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isRegexSpace(text.charCodeAt(at))) at++;
  return at;
}
