import { compareAscii, compareCounts, compareDigits, compareNumbers, isDigit, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

interface Pep440 {
  readonly epoch: string;
  readonly release: readonly string[];
  /** Rank (a, b, rc) and number. */
  readonly pre: readonly [number, string] | null;
  readonly post: string | null;
  readonly dev: string | null;
  readonly local: readonly string[];
}

type PythonVersion = Pep440 | { readonly legacy: readonly string[] };

/**
 * Python's order; versions that PEP 440 does not know are older than all others and ordered as setuptools once did.
 *
 * Follows: PEP 440 with appendix B (its regular expression); `LegacyVersion` of packaging before release 22.
 */
export const pep440 = defineOrdering<PythonVersion>({
  name: 'pep440',
  ecosystems: ['PyPI'],
  spec: 'https://peps.python.org/pep-0440/#summary-of-permitted-suffixes-and-relative-ordering',
  parse(text) {
    const lower = text.toLowerCase();
    return parseModern(lower) ?? { legacy: legacyKey(lower) };
  },
  order(a, b) {
    if ('legacy' in a) return 'legacy' in b ? compareKeys(a.legacy, b.legacy) : -1;
    if ('legacy' in b) return 1;
    return (
      compareDigits(a.epoch, b.epoch) ||
      compareNumbers(a.release, b.release) ||
      comparePre(a, b) ||
      compareOptional(a.post, b.post) ||
      compareDev(a.dev, b.dev) ||
      compareLocal(a.local, b.local)
    );
  },
});

/** Each alternative begins with a character that the one before it cannot end with, so it cannot backtrack badly. */
const grammar =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)(?:[-_.]?(\d+))?)?(?:-(\d+)|([-_.]?(?:post|rev|r)(?:[-_.]?(\d+))?))?([-_.]?dev(?:[-_.]?(\d+))?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

function parseModern(text: string): Pep440 | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [
    ,
    epoch = '0',
    release = '0',
    word,
    number = '0',
    implicitPost,
    postWord,
    postNumber = '0',
    dev,
    devNumber = '0',
    local,
  ] = match;
  return {
    epoch,
    release: release.split('.'),
    pre: word === undefined ? null : [word.startsWith('a') ? 0 : word.startsWith('b') ? 1 : 2, number],
    post: implicitPost ?? (postWord === undefined ? null : postNumber),
    dev: dev === undefined ? null : devNumber,
    local: local === undefined ? [] : local.split(/[-_.]/),
  };
}

/** `1.0.dev1` is older than `1.0a1`, a release newer than both. */
function comparePre(a: Pep440, b: Pep440): Order {
  const rank = (v: Pep440): number => {
    if (v.pre !== null) return v.pre[0];
    return v.post === null && v.dev !== null ? -1 : 3;
  };
  return compareCounts(rank(a), rank(b)) || compareDigits(a.pre?.[1] ?? '0', b.pre?.[1] ?? '0');
}

function compareOptional(a: string | null, b: string | null): Order {
  if (a === null || b === null) return compareCounts(a === null ? 0 : 1, b === null ? 0 : 1);
  return compareDigits(a, b);
}

function compareDev(a: string | null, b: string | null): Order {
  if (a === null || b === null) return compareCounts(a === null ? 1 : 0, b === null ? 1 : 0);
  return compareDigits(a, b);
}

function compareLocal(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    let order: Order;
    if (isNumber(left) && isNumber(right)) order = compareDigits(left, right);
    else if (isNumber(left) !== isNumber(right)) order = isNumber(left) ? 1 : -1;
    else order = compareAscii(left, right);
    if (order !== 0) return order;
  }
  return compareCounts(a.length, b.length);
}

const legacyWords: ReadonlyMap<string, string> = new Map([
  ['pre', 'c'],
  ['preview', 'c'],
  ['-', 'final-'],
  ['rc', 'c'],
  ['dev', '@'],
]);

/** The key of packaging's `_legacy_cmpkey`: words marked with `*`, numbers padded to eight digits. */
function legacyKey(text: string): readonly string[] {
  const key: string[] = [];
  const last = (): string | undefined => key[key.length - 1];
  for (const piece of [...text.split(/(\d+|[a-z]+|\.|-)/), 'final']) {
    const word = legacyWords.get(piece) ?? piece;
    if (word === '' || word === '.') continue;
    if (isDigit(word[0])) {
      key.push(word.padStart(8, '0'));
      continue;
    }
    const part = `*${word}`;
    if (part < '*final') while (last() === '*final-') key.pop();
    while (last() === '00000000') key.pop();
    key.push(part);
  }
  return key;
}

function compareKeys(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareAscii(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return compareCounts(a.length, b.length);
}
