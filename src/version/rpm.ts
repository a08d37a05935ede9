import { compareAscii, compareCounts, compareDigits, isDigit, isLetter, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

interface Evr {
  readonly epoch: string;
  readonly version: string;
  /** Null where there is none; older than any. */
  readonly release: string | null;
}

/**
 * RPM's order of `epoch:version-release`; a missing epoch is 0, `~` is older and `^` newer than the end of the text.
 *
 * A colon after something that is no number belongs to the version.
 * Follows: https://rpm-software-management.github.io/rpm/man/rpm-version.7, rpmio/rpmvercmp.cc.
 */
export const rpm = defineOrdering<Evr>({
  name: 'rpm',
  ecosystems: [
    'AlmaLinux',
    'Azure Linux',
    'Mageia',
    'openEuler',
    'openSUSE',
    'Photon OS',
    'Red Hat',
    'Rocky Linux',
    'SUSE',
  ],
  spec: 'https://rpm-software-management.github.io/rpm/man/rpm-version.7',
  parse,
  order: (a, b) => compareDigits(a.epoch, b.epoch) || compareRuns(a.version, b.version) || compareRelease(a, b),
});

function parse(text: string): Evr {
  const colon = text.indexOf(':');
  const hasEpoch = colon >= 0 && isNumber(text.slice(0, colon));
  const rest = hasEpoch ? text.slice(colon + 1) : text;
  const dash = rest.indexOf('-');
  return {
    epoch: hasEpoch ? text.slice(0, colon) : '0',
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? null : rest.slice(dash + 1),
  };
}

function compareRelease(a: Evr, b: Evr): Order {
  if (a.release === null || b.release === null) {
    return compareCounts(a.release === null ? 0 : 1, b.release === null ? 0 : 1);
  }
  return compareRuns(a.release, b.release);
}

/** rpmvercmp: runs of digits and runs of letters; every other character only separates. */
function compareRuns(a: string, b: string): Order {
  let i = 0;
  let j = 0;
  for (;;) {
    i = skipSeparators(a, i);
    j = skipSeparators(b, j);
    if (a[i] === '~' || b[j] === '~') {
      if (a[i] !== '~') return 1;
      if (b[j] !== '~') return -1;
      i++;
      j++;
      continue;
    }
    if (a[i] === '^' || b[j] === '^') {
      if (a[i] !== '^') return i >= a.length ? -1 : 1;
      if (b[j] !== '^') return j >= b.length ? 1 : -1;
      i++;
      j++;
      continue;
    }
    if (i >= a.length || j >= b.length) return compareCounts(i < a.length ? 1 : 0, j < b.length ? 1 : 0);
    const inRun = isDigit(a[i]) ? isDigit : isLetter;
    const left = run(a, i, inRun);
    const right = run(b, j, inRun);
    if (right === '') return isDigit(a[i]) ? 1 : -1;
    const order = isDigit(a[i]) ? compareDigits(left, right) : compareAscii(left, right);
    if (order !== 0) return order;
    i += left.length;
    j += right.length;
  }
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDigit(text[at]) && !isLetter(text[at]) && text[at] !== '~' && text[at] !== '^') at++;
  return at;
}

function run(text: string, from: number, inRun: (char: string | undefined) => boolean): string {
  let end = from;
  while (inRun(text[end])) end++;
  return text.slice(from, end);
}
