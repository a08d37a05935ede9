import { TrowelError } from '../model/index.js';

/**
 * Versions and constraints as Helm reads them: Masterminds/semver v3.5 (the one Helm 3.22 links). It is neither npm's
 * semver nor SemVer 2: versions may be short (`1.2`, `v1`), `=1.2` takes 1.2.5, and a pre-release only meets a
 * constraint in which one is named.
 */
export interface MastermindsVersion {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  /** Without its `-`, empty where there is none. */
  readonly prerelease: string;
  /** Build metadata without its `+`. */
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

export interface MastermindsConstraint {
  readonly text: string;
  check(version: MastermindsVersion): boolean;
}

const maxVersionLength = 256;
const maxConstraintLength = 512;
const maxGroups = 32;
const maxUint64 = (1n << 64n) - 1n;

/** The library's own words, as TrowelError `bad-bytes`. */
function invalid(what: string): TrowelError {
  return new TrowelError('bad-bytes', { what });
}

const loose =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/**
 * A version as NewVersion reads it: `v` and missing parts are allowed, leading zeros too.
 *
 * Throws TrowelError `bad-bytes` with the library's words (`invalid semantic version`, …).
 */
export function parseVersion(text: string): MastermindsVersion {
  if (Buffer.byteLength(text) > maxVersionLength) {
    throw invalid(`version string is too long (max ${maxVersionLength} bytes)`);
  }
  const match = text.endsWith('\n') ? null : loose.exec(text);
  if (match === null) throw invalid('invalid semantic version');
  const [, major = '', minor = '', patch = '', prerelease = '', metadata = ''] = match;
  const version = {
    major: segment(major, 'error parsing version segment: '),
    minor: segment(minor, 'error parsing version segment: '),
    patch: segment(patch, 'error parsing version segment: '),
    prerelease,
    metadata,
    original: text,
  };
  if (prerelease !== '') checkPrerelease(prerelease);
  return version;
}

/** A version as StrictNewVersion reads it: SemVer 2, nothing missing, no `v`. Throws as `parseVersion` does. */
export function parseStrictVersion(text: string): MastermindsVersion {
  if (text === '') throw invalid('version string empty');
  if (Buffer.byteLength(text) > maxVersionLength) {
    throw invalid(`version string is too long (max ${maxVersionLength} bytes)`);
  }
  const [major, minor, ...others] = text.split('.');
  if (major === undefined || minor === undefined || others.length === 0) throw invalid('invalid semantic version');
  let patch = others.join('.');
  let metadata = '';
  let prerelease = '';
  const plus = patch.indexOf('+');
  if (plus !== -1) {
    metadata = patch.slice(plus + 1);
    patch = patch.slice(0, plus);
    if (!metadata.split('.').every((part) => /^[0-9A-Za-z-]+$/.test(part))) throw invalid('invalid metadata string');
  }
  const dash = patch.indexOf('-');
  if (dash !== -1) {
    prerelease = patch.slice(dash + 1);
    patch = patch.slice(0, dash);
    checkPrerelease(prerelease);
  }
  for (const part of [major, minor, patch]) {
    if (!/^[0-9]*$/.test(part)) throw invalid('invalid characters in version');
    if (part.length > 1 && part.startsWith('0')) throw invalid('version segment starts with 0');
  }
  for (const part of [major, minor, patch]) {
    if (part === '') throw invalid('strconv.ParseUint: parsing "": invalid syntax');
  }
  return {
    major: segment(major, ''),
    minor: segment(minor, ''),
    patch: segment(patch, ''),
    prerelease,
    metadata,
    original: text,
  };
}

function segment(digits: string, prefix: string): bigint {
  const value = digits === '' ? 0n : BigInt(digits);
  if (value > maxUint64) throw invalid(`${prefix}strconv.ParseUint: parsing "${digits}": value out of range`);
  return value;
}

function checkPrerelease(text: string): void {
  for (const part of text.split('.')) {
    if (part === '' || !/^[0-9A-Za-z-]+$/.test(part)) throw invalid('invalid prerelease string');
    if (part.length > 1 && /^0[0-9]*$/.test(part)) throw invalid('version segment starts with 0');
  }
}

/** `1.2.3-pre+meta`, whatever was missing filled in. */
export function formatVersion(version: MastermindsVersion): string {
  const pre = version.prerelease === '' ? '' : `-${version.prerelease}`;
  const meta = version.metadata === '' ? '' : `+${version.metadata}`;
  return `${version.major}.${version.minor}.${version.patch}${pre}${meta}`;
}

/** Which of two versions is newer; metadata does not count. */
export function compareVersions(a: MastermindsVersion, b: MastermindsVersion): -1 | 0 | 1 {
  for (const key of ['major', 'minor', 'patch'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '') return 1;
  if (b.prerelease === '') return -1;
  return comparePrerelease(a.prerelease, b.prerelease);
}

function comparePrerelease(a: string, b: string): -1 | 0 | 1 {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers before words, by value; a missing part before everything. */
function comparePart(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === '') return -1;
  if (b === '') return 1;
  const left = numberOf(a);
  const right = numberOf(b);
  if (left === null && right === null) return a > b ? 1 : -1;
  if (left === null) return 1;
  if (right === null) return -1;
  return left > right ? 1 : -1;
}

function numberOf(text: string): bigint | null {
  if (!/^[0-9]+$/.test(text)) return null;
  const value = BigInt(text);
  return value > maxUint64 ? null : value;
}

const space = '[\\t\\n\\f\\r ]';
const wild = '[0-9|xX*]+';
const words = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const version = `v?${wild}(?:\\.${wild})?(?:\\.${wild})?(?:-${words})?(?:\\+${words})?`;
const rangePattern = new RegExp(`${space}*(${version})${space}+-${space}+(${version})${space}*`, 'g');

/** `1.2 - 1.4` to `>= 1.2, <= 1.4 `. */
function rewriteRanges(text: string): string {
  let out = text;
  for (const match of text.matchAll(rangePattern)) {
    out = out.replace(match[0], () => `>= ${match[1]}, <= ${match[2]} `);
  }
  return out;
}

/** One comparison: its operator and how much of its version was left open. */
interface Term {
  readonly operator: string;
  readonly version: MastermindsVersion;
  /** Some part is missing or `x`. */
  readonly dirty: boolean;
  readonly minorDirty: boolean;
  readonly patchDirty: boolean;
}

/**
 * A constraint: `>= 1.2, < 2`, `^1.2.x || ~3`, `1.2 - 1.4`, `!=1`, `*`; comma or blank is and, `||` is or.
 *
 * Throws TrowelError `bad-bytes` with the library's words (`improper constraint: "…"`). Follows: constraints.go.
 */
export function parseConstraint(text: string): MastermindsConstraint {
  if (Buffer.byteLength(text) > maxConstraintLength) {
    throw invalid(`constraint string is too long (max ${maxConstraintLength} bytes)`);
  }
  const groups = rewriteRanges(text).split('||');
  if (groups.length > maxGroups) throw invalid(`too many constraint groups (max ${maxGroups})`);
  const alternatives = groups.map(parseGroup);
  return {
    text,
    check: (candidate) =>
      alternatives.some((terms) => {
        const prereleases = terms.some((term) => term.version.prerelease !== '');
        if (candidate.prerelease !== '' && !prereleases) return false;
        return terms.every((term) => meets(candidate, term));
      }),
  };
}

const blanks = new RegExp(`${space}*`, 'y');
const operator = /(?:!=|>=|=>|<=|=<|~>|[=><~^])?/y;
const parts = new RegExp(`v?(${wild})(\\.${wild})?(\\.${wild})?((?:-${words})?)((?:\\+${words})?)`, 'y');

/** What is joined by commas or blanks, without backtracking: every piece can only be read in one way. */
function parseGroup(group: string): Term[] {
  // A group is refused as a whole before any of its versions is.
  const pieces: { readonly sign: string; readonly match: RegExpExecArray }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(group);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  take(blanks);
  for (;;) {
    const sign = take(operator)?.[0] ?? '';
    take(blanks);
    const match = take(parts);
    if (match === null) throw invalid(`improper constraint: ${quoted(group)}`);
    pieces.push({ sign, match });
    const gap = take(blanks)?.[0] ?? '';
    if (at === group.length) return pieces.map((piece) => termOf(piece.sign, piece.match));
    if (group[at] === ',') {
      at += 1;
      take(blanks);
    } else if (gap === '') {
      throw invalid(`improper constraint: ${quoted(group)}`);
    }
  }
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '\x07': 'a',
    '\b': 'b',
    '\f': 'f',
    '\n': 'n',
    '\r': 'r',
    '\t': 't',
    '\v': 'v',
  }),
);

/** Go's `%q`; a lone surrogate stands for a byte that is no text, as in template/text.ts. */
function quoted(text: string): string {
  const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const letter = escapes.get(char);
    if (letter !== undefined) out += `\\${letter}`;
    else if (code < 0x20 || code === 0x7f) out += `\\x${hex(code, 2)}`;
    else if (code >= 0xdc80 && code <= 0xdcff) out += `\\x${hex(code - 0xdc00, 2)}`;
    else if (/^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char)) out += char;
    else out += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  }
  return `"${out}"`;
}

function termOf(sign: string, match: RegExpExecArray): Term {
  const [, major = '', minor = '', patch = '', prerelease = ''] = match;
  let text = match[0];
  let dirty = false;
  let minorDirty = false;
  let patchDirty = false;
  if (isWild(major)) {
    text = `0.0.0${prerelease}`;
    dirty = true;
  } else if (minor === '' || isWild(minor.slice(1))) {
    text = `${major}.0.0${prerelease}`;
    dirty = true;
    minorDirty = true;
  } else if (patch === '' || isWild(patch.slice(1))) {
    text = `${major}${minor}.0${prerelease}`;
    dirty = true;
    patchDirty = true;
  }
  try {
    return { operator: sign, version: parseVersion(text), dirty, minorDirty, patchDirty };
  } catch {
    throw invalid('constraint parser error');
  }
}

function isWild(part: string): boolean {
  return part === 'x' || part === 'X' || part === '*';
}

function meets(candidate: MastermindsVersion, term: Term): boolean {
  switch (term.operator) {
    case '':
    case '=':
      return term.dirty ? meetsTilde(candidate, term) : compareVersions(candidate, term.version) === 0;
    case '!=':
      return meetsNotEqual(candidate, term);
    case '>':
      return meetsGreater(candidate, term);
    case '<':
      return compareVersions(candidate, term.version) < 0;
    case '>=':
    case '=>':
      return compareVersions(candidate, term.version) >= 0;
    case '<=':
    case '=<':
      return meetsLessOrEqual(candidate, term);
    case '^':
      return meetsCaret(candidate, term);
    default:
      return meetsTilde(candidate, term);
  }
}

function meetsNotEqual(candidate: MastermindsVersion, term: Term): boolean {
  const wanted = term.version;
  if (term.dirty) {
    if (wanted.major !== candidate.major) return true;
    if (wanted.minor !== candidate.minor && !term.minorDirty) return true;
    if (term.minorDirty) return false;
    if (wanted.patch !== candidate.patch && !term.patchDirty) return true;
    if (term.patchDirty) {
      if (candidate.prerelease === '' && wanted.prerelease === '') return false;
      return comparePrerelease(candidate.prerelease, wanted.prerelease) !== 0;
    }
  }
  return compareVersions(candidate, wanted) !== 0;
}

function meetsGreater(candidate: MastermindsVersion, term: Term): boolean {
  const wanted = term.version;
  if (!term.dirty) return compareVersions(candidate, wanted) === 1;
  if (candidate.major !== wanted.major) return candidate.major > wanted.major;
  if (term.minorDirty) return false;
  if (term.patchDirty) return candidate.minor > wanted.minor;
  return compareVersions(candidate, wanted) === 1;
}

function meetsLessOrEqual(candidate: MastermindsVersion, term: Term): boolean {
  const wanted = term.version;
  if (!term.dirty) return compareVersions(candidate, wanted) <= 0;
  if (candidate.major > wanted.major) return false;
  return !(candidate.major === wanted.major && candidate.minor > wanted.minor && !term.minorDirty);
}

function meetsTilde(candidate: MastermindsVersion, term: Term): boolean {
  const wanted = term.version;
  if (compareVersions(candidate, wanted) < 0) return false;
  // ~0.0.0 is a special case: all versions.
  const zero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  if (zero && !term.minorDirty && !term.patchDirty) return true;
  if (candidate.major !== wanted.major) return false;
  return candidate.minor === wanted.minor || term.minorDirty;
}

function meetsCaret(candidate: MastermindsVersion, term: Term): boolean {
  const wanted = term.version;
  if (compareVersions(candidate, wanted) < 0) return false;
  if (wanted.major > 0n || term.minorDirty) return candidate.major === wanted.major;
  if (candidate.major > 0n) return false;
  if (wanted.minor > 0n || term.patchDirty) return candidate.minor === wanted.minor;
  if (candidate.minor > 0n) return false;
  return candidate.patch === wanted.patch;
}
