import { compareAscii, compareCounts, compareDigits, digitsEnd, isDigit } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

interface ApkVersion {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly { readonly rank: number; readonly number: string | null }[];
  /** Digits after `-r`, null where there is no revision. */
  readonly revision: string | null;
  /** Whether the part before the revision follows the grammar. */
  readonly valid: boolean;
  /** What is left over that nobody can read. */
  readonly rest: string;
}

/** In their order; `''` is the place of a version without a suffix. */
const suffixNames = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const noSuffix = suffixNames.indexOf('');

/**
 * Alpine's order of `number{.number}{letter}{_suffix{number}}{~hash}{-r#}`.
 *
 * A missing part is older than one that is there (`1 < 1.0 < 1.0-r0`), a number that begins with 0 is compared as a
 * fraction. Versions outside the grammar are ordered as apk 3 does: by what could be read, then by what could not.
 * Commit hashes do not count.
 * Follows: apk-tools, doc/apk-package.5.scd and src/version.c.
 */
export const apk = defineOrdering<ApkVersion>({
  name: 'apk',
  ecosystems: ['Alpine', 'Alpaquita', 'BellSoft Hardened Containers', 'Chainguard', 'MinimOS', 'Wolfi'],
  spec: 'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd',
  parse,
  order: (a, b) =>
    compareComponents(a.numbers, b.numbers) ||
    compareAscii(a.letter, b.letter) ||
    compareSuffixes(a.suffixes, b.suffixes) ||
    compareRevisions(a, b) ||
    compareRest(a, b),
});

function parse(text: string): ApkVersion | undefined {
  if (!/^[!-~]+$/.test(text)) return undefined;
  let at = 0;
  const numbers: string[] = [];
  while (isDigit(text[at])) {
    const end = digitsEnd(text, at);
    numbers.push(text.slice(at, end));
    at = end;
    if (text[at] !== '.' || !isDigit(text[at + 1])) break;
    at++;
  }
  const letter = /^[a-z]$/.test(text[at] ?? '') ? (text[at] ?? '') : '';
  at += letter.length;
  const suffixes: { rank: number; number: string | null }[] = [];
  for (;;) {
    const word = /^_(alpha|beta|pre|rc|cvs|svn|git|hg|p)/.exec(text.slice(at, at + 6))?.[1];
    if (word === undefined) break;
    at += word.length + 1;
    const end = digitsEnd(text, at);
    suffixes.push({ rank: suffixNames.indexOf(word), number: end === at ? null : text.slice(at, end) });
    at = end;
  }
  if (text[at] === '~') {
    at++;
    while (/^[0-9a-f]$/.test(text[at] ?? '')) at++;
  }
  const before = at;
  let revision: string | null = null;
  // Alpine's security database has `0.8.21.r2` where it means `-r2`; a package has never been called so.
  if (text.startsWith('-r', at) || (text.startsWith('.r', at) && isDigit(text[at + 2]))) {
    const end = digitsEnd(text, at + 2);
    revision = text.slice(at + 2, end);
    at = end;
  }
  return {
    numbers,
    letter,
    suffixes,
    revision,
    valid: at > before || at === text.length,
    rest: text.slice(at),
  };
}

function compareComponents(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i];
    const right = b[i];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const fraction = i > 0 && (left.startsWith('0') || right.startsWith('0'));
    const order = fraction ? compareAscii(left, right) : compareDigits(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSuffixes(a: ApkVersion['suffixes'], b: ApkVersion['suffixes']): Order {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const left = a[i];
    const right = b[i];
    const order =
      compareCounts(left?.rank ?? noSuffix, right?.rank ?? noSuffix) ||
      compareOptional(left?.number ?? null, right?.number ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Beside a version with something unreadable at its end a missing revision is as good as 0. */
function compareRevisions(a: ApkVersion, b: ApkVersion): Order {
  if (a.rest !== '' || b.rest !== '') return compareDigits(a.revision ?? '', b.revision ?? '');
  return compareOptional(a.revision, b.revision);
}

/** What cannot be read is older than nothing; where nothing but it tells two versions apart, its text does. */
function compareRest(a: ApkVersion, b: ApkVersion): Order {
  if (!a.valid && !b.valid) return compareAscii(a.rest, b.rest);
  return compareCounts(a.rest === '' ? 1 : 0, b.rest === '' ? 1 : 0);
}

/** Nothing is older than any number. */
function compareOptional(a: string | null, b: string | null): Order {
  if (a === null || b === null) return compareCounts(a === null ? 0 : 1, b === null ? 0 : 1);
  return compareDigits(a, b);
}
