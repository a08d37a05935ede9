import { by, type Component, type Finding, type Gap } from '../model/index.js';
import { goReleaseVersion, type Ordering, orderingFor } from '../version/index.js';
import type { AdvisoryDatabase, StoredAdvisory } from './database.js';
import { GapRows } from './gaps.js';
import { joinVulnerabilities, type Match, type Vulnerability } from './join.js';
import { lookupOf } from './names.js';
import { evaluate, fixedVersions, smallest } from './range.js';
import { levelOf, severityOf } from './severity.js';
import type { AdvisoryHead } from './stored.js';

/** A component with the ids that it and its image have in the dig. */
export type MatchedComponent = Omit<Component, 'owns'> & { readonly id: string; readonly image: string };

/** A component whose name, version and ordering are known. */
interface Subject {
  readonly component: MatchedComponent;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly ordering: Ordering;
}

type Named = (name: string) => readonly AdvisoryHead[];

/**
 * The vulnerabilities of components, as the database knows them, and what could not be assessed.
 *
 * A package of a distribution is looked up by its source package in its own release, a language's package by its name;
 * see names.ts. Every component is either assessed or in a gap: `no-distribution`, `no-version`, `no-ordering` (kind
 * `component`), `no-database`, `no-advisories` (kind `advisories`, one row a release and image).
 * Findings are sorted by image, component and id, gaps by kind, image and reason.
 */
export function match(
  components: readonly MatchedComponent[],
  database: AdvisoryDatabase | null,
): { readonly findings: readonly Finding[]; readonly gaps: readonly Gap[] } {
  const gaps = new GapRows();
  const findings: Finding[] = [];
  const named = remembered((name) => database?.named(name) ?? []);
  for (const component of components) {
    const subject = subjectOf(component, gaps);
    if (subject === null || !isCovered(subject, database, gaps) || database === null) continue;
    for (const vulnerability of joinVulnerabilities(matchesOf(subject, database, gaps))) {
      findings.push(findingOf(subject, vulnerability, named));
    }
  }
  return { findings: findings.sort(by((row) => [row.image, row.component, row.id])), gaps: gaps.all() };
}

/** Null, with a gap, for a component that nobody could judge with any database. */
function subjectOf(component: MatchedComponent, gaps: GapRows): Subject | null {
  const { ecosystem, image } = component;
  const { name, version: stated } = lookupOf(component);
  if (ecosystem === null) {
    if (/^pkg:(deb|apk|rpm)\//.test(component.purl)) {
      gaps.component(
        image,
        'no-distribution',
        component.name,
        'packages of a distribution that the image does not name',
      );
    } else {
      gaps.component(image, 'no-ordering', component.name, 'of no ecosystem that publishes advisories');
    }
    return null;
  }
  if (stated === null || stated.trim() === '') {
    gaps.component(image, 'no-version', component.name, 'without a version');
    return null;
  }
  if (isStampOfCommit(component, stated)) {
    gaps.component(image, 'no-ordering', component.name, 'built from a commit: nothing says between which releases');
    return null;
  }
  const ordering = orderingFor(ecosystem);
  const isGoRelease = ecosystem === 'Go' && (name === 'stdlib' || name === 'toolchain');
  const version = isGoRelease ? (goReleaseVersion(stated) ?? stated) : stated;
  if (ordering?.compare(version, version) === undefined) {
    const what = ordering === undefined ? `${ecosystem}` : `${ordering.name}, such as "${stated.slice(0, 100)}"`;
    gaps.component(image, 'no-ordering', component.name, `with versions that cannot be ordered: ${what}`);
    return null;
  }
  return { component, ecosystem, name, version, ordering };
}

/**
 * Whether the version is a commit's time that a program was stamped with. Go writes `v0.0.0-…` where it knows no tag;
 * it sorts below every release, so each advisory with a fixed version would match, right or wrong. A dependency's
 * pseudo-version, which its author chose, is judged.
 */
function isStampOfCommit(component: MatchedComponent, version: string): boolean {
  return version.startsWith('v0.0.0-') && component.evidence.some((one) => one.what === 'version from vcs.revision');
}

/** Whether there are records to judge by; if not there is a gap. */
function isCovered(subject: Subject, database: AdvisoryDatabase | null, gaps: GapRows): boolean {
  const { component, ecosystem } = subject;
  const { image, release, name } = component;
  const title = release === null ? ecosystem : `${ecosystem} ${release}`;
  if (database === null) {
    gaps.advisories(image, 'no-database', title, name, 'no advisory database');
    return false;
  }
  if (database.covers(ecosystem, release)) return true;
  const releases = database.releases(ecosystem);
  const has =
    releases.length === 0
      ? 'the database has no advisories for it'
      : `the database has advisories for ${ecosystem} ${releases.join(', ')}${release === null ? ', the image names no release' : ''}`;
  gaps.advisories(image, 'no-advisories', title, name, has);
  return false;
}

function matchesOf(subject: Subject, database: AdvisoryDatabase, gaps: GapRows): readonly Match[] {
  const { component, ecosystem, name } = subject;
  return database
    .recordsFor(ecosystem, component.release, name)
    .map((record) => matchRecord(subject, record, gaps))
    .filter((found) => found !== null);
}

function matchRecord(subject: Subject, { head, affected }: StoredAdvisory, gaps: GapRows): Match | null {
  const { component, ecosystem, version, ordering } = subject;
  const next: string[] = [];
  let undecided: string | null = null;
  const hits = affected.filter((entry) => {
    const verdict = evaluate(entry, version);
    if (verdict.state === 'undecided') undecided = verdict.because;
    if (verdict.state === 'affected' && verdict.next !== null) next.push(verdict.next);
    return verdict.state === 'affected';
  });
  if (hits.length === 0) {
    if (undecided !== null) {
      const detail = `${head.id} and maybe others state versions that cannot be ordered ("${undecided}")`;
      gaps.component(component.image, 'no-ordering', component.name, detail);
    }
    return null;
  }
  const severity = hits.flatMap((entry) => entry.severity);
  return {
    head,
    ecosystem,
    next: smallest(next, ordering),
    fixed: sorted(new Set(hits.flatMap((entry) => fixedVersions(entry, version))), ordering),
    severity: severity.length > 0 ? severity : head.severity,
    severityWord: hits.find((entry) => entry.severityWord !== null)?.severityWord ?? head.severityWord,
  };
}

function findingOf(subject: Subject, vulnerability: Vulnerability, named: Named): Finding {
  const { component, ordering } = subject;
  const evidence = vulnerability.evidence;
  const next = evidence.map((item) => item.match.next).filter((version) => version !== null);
  return {
    id: vulnerability.id,
    aliases: vulnerability.aliases,
    component: component.id,
    image: component.image,
    status: 'affected',
    justification: null,
    severity: severityOf(vulnerability, named),
    advisories: evidence.map(({ match: { head, severity, severityWord, fixed } }) => ({
      id: head.id,
      source: head.source,
      severity: levelOf({ id: head.id, severity, severityWord }),
      fixed,
    })),
    fixedVersion: smallest(next, ordering),
    reachability: { verdict: 'unknown', symbols: [] },
    summary: summaryOf(vulnerability, named),
  };
}

/** Of the record that is about this vulnerability alone, else of one called alike, else of the collective one. */
function summaryOf(vulnerability: Vulnerability, named: Named): string {
  const own = vulnerability.evidence.filter((item) => !item.isCollective).map((item) => item.match.head);
  const collective = vulnerability.evidence.map((item) => item.match.head);
  const heads = [...own, ...named(vulnerability.id), ...collective];
  return heads.find((head) => head.summary !== '')?.summary ?? '';
}

function sorted(versions: ReadonlySet<string>, ordering: Ordering): readonly string[] {
  return [...versions].sort((a, b) => ordering.compare(a, b) ?? (a < b ? -1 : a > b ? 1 : 0));
}

/** The same vulnerability is found in many components: what is called so is looked up once. */
function remembered(look: Named): Named {
  const seen = new Map<string, readonly AdvisoryHead[]>();
  return (name) => {
    const found = seen.get(name) ?? look(name);
    seen.set(name, found);
    return found;
  };
}
