import type { ByteSource } from '../../binary/index.js';
import type { Rule, TextPattern } from './rule.js';

/** What a rule read in a file. */
export interface Match {
  readonly rule: Rule;
  readonly version: string | null;
  /** The text that was matched, control characters as blanks, at most 200 characters. */
  readonly text: string;
  /** Where it begins in the file (bytes). */
  readonly offset: number;
  /** A second version that the text names, a distribution's own: `Debian 2.28-10`. */
  readonly hint: string | null;
}

/** Files are read in windows of this size, each with the end of the one before it: no text is longer than `reach`. */
export const windowBytes = 64 * 1024;
export const reach = 2048;

/** What is looked at beyond: places of one anchor in one window, and bytes of one file. */
const limits = { places: 2000, fileBytes: 4 * 1024 ** 3 } as const;

/** One pattern of a rule, and what was found for it so far. */
export interface Search {
  readonly rule: Rule;
  readonly pattern: TextPattern;
  /** Which version counts, by the file's name. */
  readonly accepts: (version: string) => boolean;
  found: Omit<Match, 'rule'> | null;
  hasRequired: boolean;
  /** Whether a bare version was found that contradicts the first: then it tells nothing. */
  isDoubtful: boolean;
}

/**
 * The first match of each family of rules, whose names fit the file already.
 *
 * Patterns count in the order of their rule, rules in the order given. One pass over the file in windows, nothing is
 * held; linear in the size of the file.
 */
export function findPrograms(source: ByteSource, name: string, rules: readonly Rule[]): readonly Match[] {
  const searches = rules.flatMap((rule) => {
    const same = rule.sameAsName?.exec(name)?.[1];
    const accepts =
      same === undefined ? () => true : (version: string) => version === same || version.startsWith(`${same}.`);
    return rule.patterns.map((pattern) => searchOf(rule, pattern, accepts));
  });
  search(source, searches, [{ offset: 0, sizeBytes: source.sizeBytes }]);
  const matches = new Map<string, Match>();
  for (const rule of rules) {
    if (matches.has(rule.family)) continue;
    const best = searches.find((one) => one.rule === rule && one.found !== null && one.hasRequired && !one.isDoubtful);
    const match = best?.found ?? byName(rule, name) ?? nameless(rule, searches);
    if (match !== null) matches.set(rule.family, { rule, ...match });
  }
  return [...matches.values()];
}

/** A program whose bare versions contradict each other: which program it is stands all the same. */
function nameless(rule: Rule, searches: readonly Search[]): Omit<Match, 'rule'> | null {
  const doubtful = searches.find((one) => one.rule === rule && one.isDoubtful && one.hasRequired);
  return doubtful === undefined || doubtful.found === null ? null : withoutVersion(doubtful.found);
}

export function withoutVersion(found: Omit<Match, 'rule'>): Omit<Match, 'rule'> {
  return { ...found, version: null, text: `${found.text} and other versions` };
}

export function searchOf(rule: Rule, pattern: TextPattern, accepts: (version: string) => boolean): Search {
  return { rule, pattern, accepts, found: null, hasRequired: pattern.requires === null, isDoubtful: false };
}

function byName(rule: Rule, name: string): Omit<Match, 'rule'> | null {
  const version = rule.nameVersion?.exec(name)?.groups?.v;
  return version === undefined ? null : { version, text: name, offset: 0, hint: null };
}

export type Part = { readonly offset: number; readonly sizeBytes: number };

/** Expressions without an anchor are slow: where they need another text, that is looked for first. */
export function search(source: ByteSource, searches: readonly Search[], parts: readonly Part[]): void {
  pass(source, searches, parts);
  const late = searches.filter((one) => isLate(one.pattern) && one.hasRequired);
  if (late.length > 0) pass(source, late, parts);
}

function isLate({ anchor, requires }: TextPattern): boolean {
  return anchor === null && requires !== null;
}

function pass(source: ByteSource, searches: readonly Search[], parts: readonly Part[]): void {
  for (const part of parts) {
    const end = Math.min(part.offset + part.sizeBytes, source.sizeBytes, part.offset + limits.fileBytes);
    for (let at = part.offset; at < end; at += windowBytes) {
      const open = searches.filter((one) => one.found === null || !one.hasRequired || isLate(one.pattern));
      // The first pattern of the first rule is the best that can be found.
      if (open.length === 0 || (open[0] !== searches[0] && isOneFamily(searches))) return;
      const from = Math.max(part.offset, at - reach);
      const bytes = source.slice(from, Math.min(end, at + windowBytes) - from);
      lookAt(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), from, open);
    }
  }
}

function isOneFamily(searches: readonly Search[]): boolean {
  return searches.every((one) => one.rule.family === searches[0]?.rule.family);
}

function lookAt(bytes: Buffer, from: number, searches: readonly Search[]): void {
  let whole: string | null = null;
  for (const one of searches) {
    const { requires, anchor } = one.pattern;
    const late = isLate(one.pattern) && !one.hasRequired;
    if (!one.hasRequired && requires !== null && bytes.includes(requires, 0, 'latin1')) one.hasRequired = true;
    if (late || one.isDoubtful) continue;
    if (anchor === null) {
      whole ??= bytes.toString('latin1');
      if (isLate(one.pattern)) readBare(whole, from, one);
      else one.found ??= matchIn(whole, from, one);
    } else if (one.found === null) one.found = matchNear(bytes, from, anchor, one);
  }
}

function readBare(text: string, from: number, one: Search): void {
  // matchAll begins where the expression was left.
  one.pattern.regex.lastIndex = 0;
  for (const { groups } of text.matchAll(one.pattern.regex)) {
    const version = groups?.v;
    if (version === undefined || !one.accepts(version)) continue;
    one.found ??= matchIn(text, from, one);
    if (one.found !== null && one.found.version !== version) {
      one.isDoubtful = true;
      return;
    }
  }
}

function matchNear(bytes: Buffer, from: number, anchor: string, one: Search): Search['found'] {
  let at = bytes.indexOf(anchor, 0, 'latin1');
  for (let tries = 0; at >= 0 && tries < limits.places; tries++) {
    const start = Math.max(0, at - one.pattern.before);
    const found = matchIn(bytes.toString('latin1', start, at + anchor.length + one.pattern.after), from + start, one);
    if (found !== null) return found;
    at = bytes.indexOf(anchor, at + 1, 'latin1');
  }
  return null;
}

export function matchIn(text: string, from: number, { pattern, accepts }: Search): Search['found'] {
  pattern.regex.lastIndex = 0;
  for (let tries = 0; tries < limits.places; tries++) {
    const found = pattern.regex.exec(text);
    if (found === null) return null;
    const version = found.groups?.v ?? null;
    if (version === null || accepts(version)) {
      const lead = /^[^\x20-\x7e]*/.exec(found[0])?.[0].length ?? 0;
      return {
        version,
        text: printable(found[0]),
        offset: from + found.index + lead,
        hint: found.groups?.hint ?? null,
      };
    }
  }
  return null;
}

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}
