import { isTrowelError, type JsonValue, type Manifest } from '../model/index.js';
import { readYamlDocument } from '../template/index.js';
import { isList, isObject } from './go-struct.js';
import { wordsOf } from './text.js';

/** A document of a stream that could not be read; `document` counts from 0, `line` from 1. */
export interface ManifestProblem {
  readonly document: number;
  readonly line: number;
  readonly message: string;
}

/**
 * Reads a stream of Kubernetes objects that no chart wrote: documents apart by `---` lines, the items of a `List` as
 * objects of their own. A document that is no object is a problem, an empty one is nothing; the others are read.
 *
 * `file` stands as the template of each manifest; `line` is the line of the file, from 1.
 */
export function readManifests(
  text: string,
  file: string,
): { readonly manifests: readonly Manifest[]; readonly problems: readonly ManifestProblem[] } {
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  for (const [document, piece] of documentsOf(text).entries()) {
    const refuse = (message: string): void => {
      problems.push({ document, line: piece.line, message });
    };
    let object: JsonValue;
    try {
      object = readYamlDocument(piece.text);
    } catch (error) {
      const inside = isTrowelError(error) ? (error.where.line ?? 1) : 1;
      problems.push({ document, line: piece.line + inside - 1, message: wordsOf(error) });
      continue;
    }
    if (object === null) continue;
    if (!isObject(object)) {
      refuse('the document is no Kubernetes object');
      continue;
    }
    const lineOf = (textLine: number): number => piece.line + textLine;
    for (const one of itemsOf(object)) {
      if (!isObject(one)) refuse('an item of the list is no Kubernetes object');
      else {
        const { line } = piece;
        manifests.push({
          object: one,
          text: piece.text,
          template: file,
          document,
          line,
          chart: null,
          hooks: [],
          lineOf,
        });
      }
    }
  }
  return { manifests, problems };
}

/** The items of a `v1` List (also `PodList` and its kin), or the object itself. */
function itemsOf(object: { readonly [key: string]: JsonValue }): readonly JsonValue[] {
  const { kind, items } = object;
  return typeof kind === 'string' && kind.endsWith('List') && items !== undefined && isList(items) ? items : [object];
}

function documentsOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  const documents: { text: string; line: number }[] = [];
  let current: string[] = [];
  let first = 1;
  const push = (): void => {
    const whole = current.join('\n');
    if (whole.trim() !== '') documents.push({ text: whole, line: first });
  };
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const isMark = line.startsWith('---') && (line.length === 3 || /^[ \t\r]/.test(line.slice(3)));
    if (isMark || /^\.\.\.[ \t\r]*$/.test(line)) {
      push();
      // What stands behind the mark on its line belongs to the new document.
      const rest = isMark ? line.slice(3) : '';
      current = [rest.trim().startsWith('#') ? '' : rest];
      first = index + 1;
    } else current.push(line);
  }
  push();
  return documents;
}
