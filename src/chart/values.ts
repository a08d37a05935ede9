import { TrowelError } from '../model/index.js';
import { GoMap, mismatch, readYaml } from '../template/index.js';
import { StrvalsError, setInto } from './strvals.js';
import { wordsOf } from './text.js';

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
export function mergeGiven(given: GivenValues): GoMap {
  let base = new GoMap();
  for (const file of given.files) base = mergeMaps(base, readValuesFile(file.path, file.text));
  for (const argument of given.setJson) {
    // Helm names the argument here and not what is wrong with it.
    attempt(
      () => setInto(argument, base, 'json'),
      'set-json',
      () => `failed parsing --set-json data ${argument}`,
    );
  }
  for (const argument of given.set) lay(base, argument, 'set', 'set');
  for (const argument of given.setString) lay(base, argument, 'string', 'set-string');
  for (const { key, text } of given.setFile) lay(base, `${key}=-`, { file: () => text }, 'set-file');
  for (const argument of given.setLiteral) lay(base, argument, 'literal', 'set-literal');
  return base;
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

function lay(base: GoMap, argument: string, kind: Parameters<typeof setInto>[2], option: string): void {
  attempt(
    () => setInto(argument, base, kind),
    option,
    (error) => `failed parsing --${option} data: ${error.message}`,
  );
}

function attempt(work: () => void, option: string, say: (error: StrvalsError) => string): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StrvalsError)) throw error;
    throw new TrowelError('bad-values', { what: say(error), where: { option: `--${option}` }, cause: error });
  }
}

function readValuesFile(path: string, text: string): GoMap {
  try {
    const values = readYaml(text.startsWith('\uFEFF') ? text.slice(1) : text);
    if (values === null) return new GoMap();
    if (values instanceof GoMap) return values;
    throw new Error(`error unmarshaling JSON: while decoding JSON: ${mismatch(values, 'map[string]interface {}')}`);
  } catch (error) {
    throw new TrowelError('bad-values', {
      what: `failed to parse ${path}: ${wordsOf(error)}`,
      where: { file: path },
      cause: error,
    });
  }
}

/** `later` over `earlier`, table by table; nulls are kept, they delete defaults afterwards. */
function mergeMaps(earlier: GoMap, later: GoMap): GoMap {
  const merged = new GoMap(new Map(earlier.entries));
  for (const [key, value] of later.entries) {
    const known = merged.entries.get(key);
    merged.entries.set(key, value instanceof GoMap && known instanceof GoMap ? mergeMaps(known, value) : value);
  }
  return merged;
}
