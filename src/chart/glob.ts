import { RE2JS } from 're2js';

/**
 * A pattern of `.Files.Glob`: `*` and `?` stay within a path element, `**` does not, `[abc]`, `[!a-z]`, `{a,b*}`,
 * `\x`. A pattern that cannot be read matches everything, as Helm has it. Linear in the length of the name.
 *
 * Follows: gobwas/glob v0.2.3 (syntax/lexer, compiled with the separator `/`), helm pkg/engine/files.go.
 */
export function fileGlob(pattern: string): (name: string) => boolean {
  const source = translate([...pattern]);
  if (source === null) return () => true;
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL);
    return (name) => compiled.testExact(name);
  } catch {
    return () => true;
  }
}

/** The pattern as a regular expression of RE2, or null where gobwas refuses it. */
function translate(chars: readonly string[]): string | null {
  let out = '';
  let depth = 0;
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '{') {
      depth++;
      out += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      out += ')';
    } else if (char === ',' && depth > 0) out += '|';
    else if (char === '?') out += '[^/]';
    else if (char === '*') {
      if (chars[at + 1] === '*') {
        at++;
        out += '.*';
      } else out += '[^/]*';
    } else if (char === '[') {
      const set = readSet(chars, at + 1);
      if (set === null) return null;
      out += set.source;
      at = set.end;
    } else if (char === '\\') {
      at++;
      const next = chars[at];
      if (next !== undefined) out += RE2JS.quote(next);
    } else out += RE2JS.quote(char);
  }
  // A group that is left open ends with the pattern.
  return out + ')'.repeat(depth);
}

/** A set from behind its `[`: either one range `a-z` or a list of characters, negated by `!`. */
function readSet(chars: readonly string[], start: number): { source: string; end: number } | null {
  let at = start;
  const negated = chars[at] === '!';
  if (negated) at++;
  const low = chars[at];
  if (low === undefined) return null;
  if (chars[at + 1] === '-') {
    const high = chars[at + 2];
    if (high === undefined || chars[at + 3] !== ']' || high < low) return null;
    return { source: `[${negated ? '^' : ''}${inSet(low)}-${inSet(high)}]`, end: at + 3 };
  }
  let list = '';
  for (; at < chars.length && chars[at] !== ']'; at++) {
    if (chars[at] === '\\') at++;
    list += inSet(chars[at] ?? '');
  }
  if (chars[at] !== ']' || list === '') return null;
  return { source: `[${negated ? '^' : ''}${list}]`, end: at };
}

function inSet(char: string): string {
  return char === '' ? '' : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
