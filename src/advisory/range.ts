import type { Affected, AffectedRange, RangeEvent } from '../model/index.js';
import { isModuleVersion, isPseudoVersion, type Order, type Ordering, orderingFor, semver } from '../version/index.js';

/** What an affected entry says of one version. */
export type Verdict =
  | { readonly state: 'unaffected' }
  | {
      readonly state: 'affected';
      /** The fixed version that ends the branch in which the version lies; null where none is stated. */
      readonly next: string | null;
    }
  /** Some version of the entry cannot be ordered, so nobody can say; it names that version. */
  | { readonly state: 'undecided'; readonly because: string };

const unaffected: Verdict = { state: 'unaffected' };

/**
 * Whether `version` of the package is affected: by the list of versions, or by one of the ranges.
 *
 * GIT ranges speak of commits and are passed over. A version that its ordering does not know must be sorted out before.
 * Follows: https://ossf.github.io/osv-schema/#evaluation.
 */
export function evaluate(affected: Affected, version: string): Verdict {
  const own = orderingFor(affected.ecosystem);
  if (own === undefined) return { state: 'undecided', because: affected.ecosystem };
  let undecided: Verdict | null = null;
  let hit: Verdict | null = null;
  for (const range of rangesFor(affected, version)) {
    const verdict = inRange(range.events, version, orderingOf(range, affected.ecosystem, own));
    if (verdict.state === 'undecided') undecided = verdict;
    if (verdict.state === 'affected' && (hit === null || isBefore(verdict, hit, own))) hit = verdict;
  }
  if (hit !== null) return hit;
  if (affected.versions.some((listed) => listed === version || own.compare(listed, version) === 0)) {
    return { state: 'affected', next: nextFix(affected, version, own) };
  }
  return undecided ?? unaffected;
}

/** Every fixed version that the entry states for ranges that count, as it spells them. */
export function fixedVersions(affected: Affected, version: string): readonly string[] {
  return rangesFor(affected, version).flatMap((range) =>
    range.events.flatMap((event) => ('fixed' in event ? [event.fixed] : [])),
  );
}

/**
 * The ranges that speak of a version.
 *
 * Go's vulnerability database knows projects whose tags are no Go module versions. It then writes `introduced: 0` for
 * all of Go's version space and the tags in CUSTOM ranges. A binary that was stamped with its tag (7.2.1) is judged by
 * those, a commit (a pseudo-version) by the first. Where the record has real Go versions too, tags outside Go's version
 * space are judged by both, true module versions only by them.
 */
function rangesFor(affected: Affected, version: string): readonly AffectedRange[] {
  const custom = affected.ranges.filter((range) => range.type === 'CUSTOM');
  const plain = affected.ranges.filter((range) => range.type !== 'CUSTOM' && range.type !== 'GIT');
  if (custom.length === 0 || isPseudoVersion(version)) return plain;
  const saysAll = plain.every((range) =>
    range.events.every((event) => 'introduced' in event && event.introduced === '0'),
  );
  if (saysAll) return custom;
  return isModuleVersion(affected.name, version) ? plain : [...plain, ...custom];
}

/** SEMVER and CUSTOM ranges are SemVer wherever they stand; Bitnami's have its packaging revisions as well. */
function orderingOf(range: AffectedRange, ecosystem: string, own: Ordering): Ordering {
  return range.type === 'ECOSYSTEM' || ecosystem === 'Bitnami' ? own : semver;
}

function versionOf(event: RangeEvent): string {
  if ('introduced' in event) return event.introduced;
  if ('fixed' in event) return event.fixed;
  return 'lastAffected' in event ? event.lastAffected : event.limit;
}

function inRange(events: readonly RangeEvent[], version: string, ordering: Ordering): Verdict {
  for (const event of events) {
    const bound = versionOf(event);
    if (isOpen(event, bound) || ordering.compare(bound, version) !== undefined) continue;
    return { state: 'undecided', because: bound };
  }
  const limits = events.filter((event) => 'limit' in event).map(versionOf);
  if (limits.length > 0 && !limits.some((limit) => limit === '*' || ordering.compare(version, limit) === -1)) {
    return unaffected;
  }
  const sorted = events.filter((event) => !('limit' in event)).sort((a, b) => orderEvents(a, b, ordering));
  let isAffected = false;
  let after = 0;
  for (const event of sorted) {
    const order = orderToVersion(event, version, ordering);
    if (order === 1 || ('lastAffected' in event && order === 0)) break;
    after++;
    isAffected = 'introduced' in event;
  }
  if (!isAffected) return unaffected;
  const end = sorted.slice(after).find((event) => !('introduced' in event));
  return { state: 'affected', next: end !== undefined && 'fixed' in end ? end.fixed : null };
}

/** `introduced: 0` is before every version, `limit: *` after. */
function isOpen(event: RangeEvent, bound: string): boolean {
  return ('introduced' in event && bound === '0') || ('limit' in event && bound === '*');
}

function orderToVersion(event: RangeEvent, version: string, ordering: Ordering): Order {
  const bound = versionOf(event);
  return isOpen(event, bound) ? -1 : (ordering.compare(bound, version) ?? 0);
}

/** Of events at one version the order of the record stays. */
function orderEvents(a: RangeEvent, b: RangeEvent, ordering: Ordering): number {
  const left = versionOf(a);
  const right = versionOf(b);
  if (isOpen(a, left) || isOpen(b, right)) return (isOpen(a, left) ? 0 : 1) - (isOpen(b, right) ? 0 : 1);
  return ordering.compare(left, right) ?? 0;
}

function isBefore(a: Verdict, b: Verdict, ordering: Ordering): boolean {
  if (a.state !== 'affected' || b.state !== 'affected' || a.next === null) return false;
  return b.next === null || ordering.compare(a.next, b.next) === -1;
}

/** For a version that is only listed: the smallest fixed version after it. */
function nextFix(affected: Affected, version: string, ordering: Ordering): string | null {
  const later = fixedVersions(affected, version).filter((fixed) => ordering.compare(version, fixed) === -1);
  return smallest(later, ordering);
}

/** The smallest of some versions; null of none. */
export function smallest(versions: readonly string[], ordering: Ordering): string | null {
  return versions.reduce<string | null>(
    (least, version) => (least === null || ordering.compare(version, least) === -1 ? version : least),
    null,
  );
}
