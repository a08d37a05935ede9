import { by } from '../model/index.js';
import { isDistribution } from './names.js';
import type { AdvisoryHead } from './stored.js';

/** One record that says a component is affected, and what it says about the way out. */
export interface Match {
  readonly head: AdvisoryHead;
  readonly ecosystem: string;
  readonly next: string | null;
  readonly fixed: readonly string[];
  /** Vectors and word of the matching entries, else of the record. */
  readonly severity: AdvisoryHead['severity'];
  readonly severityWord: string | null;
}

/** One vulnerability, with every record that speaks of it. */
export interface Vulnerability {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly evidence: readonly {
    readonly match: Match;
    /** Whether the record covers several vulnerabilities, so that its severity may be of another one. */
    readonly isCollective: boolean;
  }[];
}

/**
 * Joins records to vulnerabilities, by id.
 *
 * Records that name each other, or the same third, in `aliases` are one vulnerability, whose id is its CVE, else GHSA,
 * else the first of the other names. A distribution's advisory is none itself: it is evidence for each CVE it names.
 * Follows: CONTRACT's findings; https://ossf.github.io/osv-schema/#aliases-field, #upstream-field.
 */
export function joinVulnerabilities(matches: readonly Match[]): readonly Vulnerability[] {
  const groups = new Groups();
  const evidence: { name: string; match: Match; isCollective: boolean }[] = [];
  for (const match of matches) {
    const covered = coveredBy(match);
    if (covered === null) {
      groups.join([match.head.id, ...match.head.aliases]);
      evidence.push({ name: match.head.id, match, isCollective: false });
      continue;
    }
    for (const name of covered) {
      groups.join([name]);
      evidence.push({ name, match, isCollective: covered.length > 1 });
    }
  }
  return groups
    .all()
    .map((names) => {
      const [id = '', ...aliases] = [...names].sort(by((name) => [rank(name), name]));
      const own = evidence.filter((item) => names.has(item.name));
      return { id, aliases: aliases.sort(), evidence: own.sort(by((item) => [item.match.head.id])) };
    })
    .sort(by((vulnerability) => [vulnerability.id]));
}

/** The vulnerabilities that a collective advisory stands for; null where the record is a vulnerability itself. */
function coveredBy({ head, ecosystem }: Match): readonly string[] | null {
  if (head.upstream.length === 0 && !isDistribution(ecosystem)) return null;
  if (rank(head.id) === 0) return null;
  const named = [...head.upstream, ...head.aliases];
  // Older conversions of Debian's and others' advisories put their CVEs into `related`.
  const names = (named.some((name) => rank(name) === 0) ? named : [...named, ...head.related]).filter(
    (name) => rank(name) === 0,
  );
  return names.length === 0 ? null : [...new Set(names)].sort();
}

function rank(name: string): number {
  if (name.startsWith('CVE-')) return 0;
  return name.startsWith('GHSA-') ? 1 : 2;
}

/** Sets of names that grow together. */
class Groups {
  readonly #groups = new Map<string, Set<string>>();

  join(names: readonly string[]): void {
    const joined = new Set(names);
    for (const name of names) for (const other of this.#groups.get(name) ?? []) joined.add(other);
    for (const name of joined) this.#groups.set(name, joined);
  }

  all(): readonly ReadonlySet<string>[] {
    return [...new Set(this.#groups.values())];
  }
}
