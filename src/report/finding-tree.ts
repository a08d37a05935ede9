import { by, type DigComponent, type Finding } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { as, type Span } from './paint.js';
import { isCounted, severityRank } from './severity.js';
import { severityMeaning } from './words.js';

/** Findings by component, the worst component first; unknown severities stand last and are told as such. */
export function findingBranches(
  findings: readonly Finding[],
  components: ReadonlyMap<string, DigComponent>,
): readonly Branch[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(by((one) => [severityRank(one), one.id]))) {
    const group = groups.get(finding.component);
    if (group === undefined) groups.set(finding.component, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([id, group]) => {
    const component = components.get(id);
    const name = component === undefined ? id : `${component.name} ${component.version ?? '(no version)'}`;
    const places = component?.locations ?? [];
    const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
    const where = places[0] === undefined ? '' : ` in ${places[0].path}${more}`;
    return branch([as('name', name), as('quiet', `${where}${sourceWords(component)}`)], group.map(findingBranch));
  });
}

function sourceWords(component: DigComponent | undefined): string {
  const source = component?.source;
  if (component === undefined || source == null || source.name === component.name) return '';
  return ` (source ${source.name}${source.version === null ? '' : ` ${source.version}`})`;
}

/** `CVE-2019-1010022 critical 9.8 → fixed in 2.28-11 · DSA-1, GHSA-2`. */
function findingBranch(finding: Finding): Branch {
  const { level, score } = finding.severity;
  const severity = level === 'unknown' ? 'severity unknown' : `${level}${score === null ? '' : ` ${score.toFixed(1)}`}`;
  const text: Span[] = [finding.id, ' ', as(severityMeaning(level), severity)];
  if (!isCounted(finding)) {
    const why = finding.justification === null ? '' : `: ${finding.justification}`;
    text.push(as('good', ` ${finding.status.replaceAll('_', ' ')}${why}`));
  }
  text.push(
    finding.fixedVersion === null
      ? as('quiet', ' → no fixed version')
      : as('good', ` → fixed in ${finding.fixedVersion}`),
  );
  if (finding.reachability.verdict !== 'unknown') {
    const symbols = finding.reachability.symbols.slice(0, 3).join(', ');
    text.push(as('quiet', ` · ${finding.reachability.verdict}${symbols === '' ? '' : ` (${symbols})`}`));
  }
  const evidence = finding.advisories.map((advisory) => advisory.id).filter((id) => id !== finding.id);
  if (evidence.length > 0) text.push(as('quiet', ` · ${evidence.join(', ')}`));
  if (finding.summary !== '') text.push(as('quiet', ` · ${finding.summary}`));
  return branch(text);
}
