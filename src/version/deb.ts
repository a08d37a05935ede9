import { compareDigits, digitsEnd, isDigit, isLetter, isNumber } from './digits.js';
import { defineOrdering, type Order } from './ordering.js';

interface DebVersion {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

/**
 * Debian's order: epoch, upstream version, revision; `~` sorts before the end of the text. opam took it over.
 *
 * What has an epoch that is no number, or characters outside printable ASCII, cannot be ordered.
 * Follows: Debian Policy 5.6.12, deb-version(7); opam manual, "Version ordering".
 */
export const deb = defineOrdering<DebVersion>({
  name: 'deb',
  ecosystems: ['Debian', 'Ubuntu', 'Echo', 'opam'],
  spec: 'https://www.debian.org/doc/debian-policy/ch-controlfields.html#version',
  parse,
  order: (a, b) =>
    compareDigits(a.epoch, b.epoch) || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision),
});

function parse(text: string): DebVersion | undefined {
  if (!/^[!-~]+$/.test(text)) return undefined;
  const colon = text.indexOf(':');
  const epoch = colon < 0 ? '0' : text.slice(0, colon);
  if (!isNumber(epoch)) return undefined;
  const rest = text.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs of other characters and runs of digits by turns. */
function comparePart(a: string, b: string): Order {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
      const left = weight(a[i]);
      const right = weight(b[j]);
      if (left !== right) return left < right ? -1 : 1;
      if (!isDigit(a[i])) i++;
      if (!isDigit(b[j])) j++;
    }
    const leftEnd = digitsEnd(a, i);
    const rightEnd = digitsEnd(b, j);
    const order = compareDigits(a.slice(i, leftEnd), b.slice(j, rightEnd));
    if (order !== 0) return order;
    i = leftEnd;
    j = rightEnd;
  }
  return 0;
}

/** `~`, then the end (or a digit), then letters, then everything else, each by its code. */
function weight(char: string | undefined): number {
  if (char === '~') return -1;
  if (char === undefined || isDigit(char)) return 0;
  return isLetter(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}
