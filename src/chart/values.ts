import { type JsonValue, TrowelError } from '../model/index.js';
import { GoError, GoMap, readJson, toJsonValue } from '../template/index.js';
import { type SetKind, StrvalsError, setInto } from './strvals.js';
import { trimSpace, wordsOf } from './text.js';
import { mergeMaps, readValues } from './values-file.js';

/** The values that a user gives, each list in the order of the command line. */
export interface GivenValues {
  /** `-f`: path for messages, and the text. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setJson: readonly string[];
  readonly setLiteral: readonly string[];
  /** `--set-file KEY=PATH` with the file already read; `splitSetFile` takes the argument apart. */
  readonly setFile: readonly { readonly key: string; readonly text: string }[];
}

/** No values at all. */
export const noValues: GivenValues = { files: [], set: [], setString: [], setJson: [], setLiteral: [], setFile: [] };

/**
 * The user's values as one table: files, then `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
 *
 * Throws TrowelError `bad-values` with Helm's words. Follows: helm pkg/cli/values/options.go.
 */
export function mergeGiven(given: GivenValues, helm: 3 | 4): GoMap {
  let base = new GoMap();
  for (const file of given.files) base = mergeMaps(base, readValuesFile(file.path, file.text, helm));
  for (const argument of given.setJson) {
    if (helm === 4 && trimSpace(argument).startsWith('{')) {
      base = mergeMaps(base, readObject(argument));
      continue;
    }
    // Helm names the argument here and not what is wrong with it.
    attempt(
      () => setInto(argument, base, 'json', helm),
      'set-json',
      () => `failed parsing --set-json data ${argument}`,
    );
  }
  const lay = (argument: string, kind: SetKind, option: string): void =>
    attempt(
      () => setInto(argument, base, kind, helm),
      option,
      (error) => `failed parsing --${option} data: ${error.message}`,
    );
  for (const argument of given.set) lay(argument, 'set', 'set');
  for (const argument of given.setString) lay(argument, 'string', 'set-string');
  for (const { key, text } of given.setFile) lay(`${key}=-`, { file: () => text }, 'set-file');
  for (const argument of given.setLiteral) lay(argument, 'literal', 'set-literal');
  return base;
}

/** What a user gives, as plain data: what `mergeGiven` makes of it. */
export function givenValues(given: GivenValues, helm: 3 | 4): JsonValue {
  return toJsonValue(mergeGiven(given, helm));
}

/** Takes an argument of `--set-file` apart: `a=x.txt,b.c=y.txt`, a backslash taking the next character as it is. */
export function splitSetFile(argument: string): readonly { readonly key: string; readonly path: string }[] {
  const parts: { key: string; path: string }[] = [];
  let key = '';
  let path: string | null = null;
  const push = (): void => {
    if (path === null && key !== '') {
      throw new TrowelError('usage', {
        what: `failed parsing --set-file data: key ${JSON.stringify(key)} has no value`,
        where: { option: '--set-file' },
      });
    }
    if (path !== null) parts.push({ key, path });
    key = '';
    path = null;
  };
  for (let at = 0; at < argument.length; at++) {
    const char = argument[at] ?? '';
    if (path === null && char === '=') path = '';
    else if (char === ',') push();
    else if (char === '\\' && at + 1 < argument.length) {
      at++;
      // A key keeps its escapes: it is read once more by its own grammar.
      if (path === null) key += char + (argument[at] ?? '');
      else path += argument[at] ?? '';
    } else if (path === null) key += char;
    else path += char;
  }
  push();
  return parts;
}

function attempt(work: () => void, option: string, say: (error: StrvalsError) => string): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StrvalsError)) throw error;
    throw new TrowelError('bad-values', { what: say(error), where: { option: `--${option}` }, cause: error });
  }
}

/** `--set-json` with a whole object, which Helm 4 takes. */
function readObject(argument: string): GoMap {
  try {
    const object = readJson(trimSpace(argument));
    if (object instanceof GoMap) return object;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
  }
  throw new TrowelError('bad-values', {
    what: `failed parsing --set-json data JSON: ${argument}`,
    where: { option: '--set-json' },
  });
}

function readValuesFile(path: string, text: string, helm: 3 | 4): GoMap {
  try {
    return readValues(text, helm);
  } catch (error) {
    throw new TrowelError('bad-values', {
      what: `failed to parse ${path}: ${wordsOf(error)}`,
      where: { file: path },
      cause: error,
    });
  }
}
