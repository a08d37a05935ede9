import { RE2JS, RE2JSException } from 're2js';
import { hasInvalidBytes } from '../text.js';
import { GoError } from '../value.js';

/** A pattern, and the numbers of its groups by name: Go lets several groups have one name. */
export interface Pattern {
  readonly re: RE2JS;
  readonly named: ReadonlyMap<string, readonly number[]>;
}

/** regexp.Compile; throws GoError with Go's text (`error parsing regexp: …`). */
export function compilePattern(pattern: string): Pattern {
  if (hasInvalidBytes(pattern)) throw invalidBytes(pattern);
  try {
    const re = RE2JS.compile(pattern);
    return { re, named: new Map(Object.entries(re.namedGroups()).map(([name, number]) => [name, [number]])) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    if (!error.message.includes('duplicate capture group name')) throw goError(error);
  }
  const { text, named } = withoutNames(pattern);
  try {
    return { re: RE2JS.compile(text), named };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new GoError(goError(error).message.replace(text, () => pattern));
  }
}

/** Go always shows the part that is wrong, even where it is empty. */
function goError(error: RE2JSException): GoError {
  return new GoError(error.message.endsWith('`') ? error.message : `${error.message}: \`\``);
}

/** Errors of a pattern that ends too early: in the whole pattern the byte that is no text comes before them. */
const unfinished = /missing closing|trailing backslash|invalid named capture: `[^>]*`$/;

/** What is wrong with a pattern with bytes that are not UTF-8: them, if nothing before them is. */
function invalidBytes(pattern: string): GoError {
  const at = pattern.search(/[\udc80-\udcff](?<![\ud800-\udbff][\udc00-\udfff])/);
  const before = pattern.slice(0, at);
  try {
    compilePattern(before);
  } catch (error) {
    if (error instanceof GoError && !unfinished.test(error.message)) {
      const { message } = error;
      // This error alone shows the whole pattern.
      return new GoError(
        message.includes('unexpected )') ? message.replace(`\`${before}\``, () => `\`${pattern}\``) : message,
      );
    }
  }
  return new GoError(`error parsing regexp: invalid UTF-8: \`${pattern.slice(at)}\``);
}

const piece = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\[:\w+:\]|\\[\s\S]|[^\]\\])*\]|\(\?P?<(\w+)>|\((?!\?)|[\s\S]/g;

/** The same pattern with groups that have numbers only. */
function withoutNames(pattern: string): { readonly text: string; readonly named: Pattern['named'] } {
  const named = new Map<string, number[]>();
  let count = 0;
  const text = pattern.replace(piece, (whole, name: string | undefined) => {
    if (name === undefined && whole !== '(') return whole;
    count++;
    if (name !== undefined) named.set(name, [...(named.get(name) ?? []), count]);
    return '(';
  });
  return { text, named };
}
