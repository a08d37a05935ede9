import type { Pair } from './parts.js';

/** The most words of one list of arguments or one script. */
const mostWords = 20_000;

/** An argument with the pointer to where it stands. */
export interface Argument {
  readonly text: string;
  readonly field: string;
}

/**
 * Arguments as names and values: `--flag=V`, `--flag V` (then `field` is the value's), `NAME=V`; words without a name
 * have the name ''. An argument that is a script (it holds spaces or line ends) is taken apart into words first.
 */
export function readFlags(list: readonly Argument[]): readonly Pair[] {
  const words = list.flatMap((argument) =>
    /\s/.test(argument.text.trim()) && !/^-{0,2}[\w.-]*=?\s*[{[]/.test(argument.text)
      ? shellWords(argument.text).map((text) => ({ text, field: argument.field }))
      : [argument],
  );
  const pairs: Pair[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) continue;
    const next = words[i + 1];
    const equals = word.text.indexOf('=');
    if (word.text.startsWith('-') && equals < 0 && next !== undefined && !next.text.startsWith('-')) {
      pairs.push({ name: word.text, value: next.text, field: next.field });
      // The next word is read again as one without a flag only if it has a name of its own.
      if (!next.text.includes('=')) i++;
      continue;
    }
    const name =
      equals > 0 && /^-{0,2}[A-Za-z_][\w.-]*$/.test(word.text.slice(0, equals)) ? word.text.slice(0, equals) : '';
    pairs.push({ name, value: name === '' ? word.text : word.text.slice(equals + 1), field: word.field });
  }
  return pairs;
}

/**
 * The words of a shell's text, quotes removed: enough to see flags and assignments, no more. Nothing is expanded,
 * comments are left out. Linear in the text; ends after a bounded number of words.
 */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  const end = (): void => {
    if (inWord) words.push(word);
    word = '';
    inWord = false;
  };
  for (let i = 0; i < text.length && words.length < mostWords; i++) {
    const char = text[i] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (char === '\\') {
      i++;
      if (text[i] !== '\n') word += text[i] ?? '';
    } else if (char === '#' && !inWord) {
      while (i + 1 < text.length && text[i + 1] !== '\n') i++;
    } else if (/[\s;&|()<>]/.test(char)) {
      end();
    } else {
      word += char;
      inWord = true;
    }
  }
  end();
  return words;
}

/** Replaces `$(NAME)` as Kubernetes does in arguments and variables; what is not known stays, `$$(X)` is no variable. */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  if (!text.includes('$(') || text.length > 65_536) return text;
  return text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]{0,200})\)/g, (all, name: string | undefined) =>
    name === undefined ? all : (variables.get(name) ?? all),
  );
}
