import { appended } from '../capacity.js';
import { canBackquote, quote } from '../quote.js';
import { hasInvalidBytes } from '../text.js';
import { GoError, type GoFunc, type GoParam, GoSlice, type GoValue } from '../value.js';
import { type Args, define, stringSlice } from './args.js';
import { compilePattern, type Pattern } from './regex-pattern.js';

/** Patterns that were compiled, for one set of functions. */
type Cache = Map<string, Pattern>;

const mostPatterns = 500;

function compile(pattern: string, cache: Cache): Pattern {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = compilePattern(pattern);
  if (cache.size >= mostPatterns) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

/** regexp.MustCompile: its panic names the pattern. */
function mustCompile(pattern: string, cache: Cache): Pattern {
  try {
    return compile(pattern, cache);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const shown = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
    throw new GoError(`regexp: Compile(${shown}): ${error.message}`);
  }
}

/** A text as Go's regexp sees it: a byte that is no text is U+FFFD. It has the same length. */
function asMatched(text: string): string {
  return hasInvalidBytes(text) ? text.replace(/[\udc80-\udcff](?<![\ud800-\udbff][\udc00-\udfff])/g, '\ufffd') : text;
}

interface Match {
  readonly start: number;
  readonly end: number;
  /** Text of a group by number or name; empty where there is none. */
  readonly group: (name: string) => string;
}

/** All matches as Go finds them: an empty one right behind another does not count. */
function* matches(pattern: Pattern, text: string): Generator<Match> {
  const matcher = pattern.re.matcher(asMatched(text));
  const count = pattern.re.groupCount();
  const group = (name: string): string => {
    const numbers = /^[0-9]+$/.test(name) ? [Number(name)] : (pattern.named.get(name) ?? []);
    for (const number of numbers) {
      const start = number <= count ? matcher.start(number) : -1;
      if (start >= 0) return text.slice(start, matcher.end(number));
    }
    return '';
  };
  let at = 0;
  let lastEnd = -1;
  while (at <= text.length && matcher.find(at)) {
    const start = matcher.start();
    const end = matcher.end();
    if (end > start || start !== lastEnd) yield { start, end, group };
    lastEnd = end;
    // Past an empty match by one character, not by half of one.
    if (end > at) at = end;
    else at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
}

function findAll(pattern: Pattern, text: string, limit: number): GoValue {
  const found: string[] = [];
  if (limit !== 0) {
    for (const { start, end } of matches(pattern, text)) {
      found.push(text.slice(start, end));
      if (found.length === limit) break;
    }
  }
  // Go makes room for ten to begin with.
  let capacity = found.length === 0 ? 0 : 10;
  while (capacity < found.length) capacity = appended(capacity, capacity + 1);
  return new GoSlice(found, 'string', found.length === 0, capacity);
}

function replaceAll(pattern: Pattern, text: string, replacement: (match: Match) => string): string {
  let out = '';
  let at = 0;
  for (const match of matches(pattern, text)) {
    out += text.slice(at, match.start) + replacement(match);
    at = match.end;
  }
  return out + text.slice(at);
}

/** regexp.Split: a count below 0 is all, 0 is nil. */
function split(pattern: Pattern, patternText: string, text: string, limit: number): GoValue {
  if (limit === 0) return stringSlice([], true);
  if (patternText !== '' && text === '') return stringSlice(['']);
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const match of matches(pattern, text)) {
    if (limit > 0 && parts.length === limit - 1) break;
    end = match.start;
    if (match.end !== 0) parts.push(text.slice(begin, end));
    begin = match.end;
  }
  if (end !== text.length) parts.push(text.slice(begin));
  return stringSlice(parts);
}

const reference = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** regexp.Expand: `$1`, `${1}`, `$name`, `$$`; the longest name counts, so `$1x` is the group named 1x. */
function expander(template: string): (match: Match) => string {
  if (!template.includes('$')) return () => template;
  return (match) =>
    template.replace(reference, (whole, plain: string | undefined, braced: string | undefined) => {
      const name = plain ?? braced;
      return name === undefined ? (whole === '$$' ? '$' : whole) : match.group(name);
    });
}

function first(pattern: Pattern, text: string): string {
  const matcher = pattern.re.matcher(asMatched(text));
  return matcher.find() ? text.slice(matcher.start(), matcher.end()) : '';
}

type Compiler = (pattern: string) => Pattern;

/** sprig's functions of regular expressions, RE2's kind: linear in the text. Follows: sprig v3.3.0, regex.go. */
export function regexFunctions(): readonly GoFunc[] {
  const cache: Cache = new Map();
  const both = (name: string, params: readonly GoParam[], body: (a: Args, of: Compiler) => GoValue): GoFunc[] => [
    define(name, params, (a) => body(a, (pattern) => mustCompile(pattern, cache))),
    define(`must${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, params, (a) =>
      body(a, (pattern) => compile(pattern, cache)),
    ),
  ];
  const matchWith = (a: Args): boolean =>
    compile(a.str(0), cache)
      .re.matcher(asMatched(a.str(1)))
      .find();
  return [
    define('regexMatch', ['string', 'string'], (a) => {
      try {
        return matchWith(a);
      } catch (error) {
        if (error instanceof GoError) return false;
        throw error;
      }
    }),
    define('mustRegexMatch', ['string', 'string'], matchWith),
    ...both('regexFind', ['string', 'string'], (a, of) => first(of(a.str(0)), a.str(1))),
    ...both('regexFindAll', ['string', 'string', 'int'], (a, of) => findAll(of(a.str(0)), a.str(1), a.int(2))),
    ...both('regexReplaceAll', ['string', 'string', 'string'], (a, of) =>
      replaceAll(of(a.str(0)), a.str(1), expander(a.str(2))),
    ),
    ...both('regexReplaceAllLiteral', ['string', 'string', 'string'], (a, of) =>
      replaceAll(of(a.str(0)), a.str(1), () => a.str(2)),
    ),
    ...both('regexSplit', ['string', 'string', 'int'], (a, of) => split(of(a.str(0)), a.str(0), a.str(1), a.int(2))),
    define('regexQuoteMeta', ['string'], (a) => a.str(0).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
  ];
}
