import { type Dig, type Finding, type SeverityLevel, severityLevels } from '../model/index.js';
import type { View } from './format.js';

/** Whether a finding counts as a vulnerability: what a statement calls not affected or fixed is listed, not counted. */
export function isCounted(finding: Finding): boolean {
  return finding.status === 'affected';
}

/** What the view wants to see; everything is counted all the same. */
export function isListed(finding: Finding, view: View): boolean {
  if (view.severities !== undefined && !view.severities.includes(finding.severity.level)) return false;
  return view.ignoreUnfixed !== true || finding.fixedVersion !== null;
}

/** Whether the view leaves anything out, so that a report can say so. */
export function leftOut(dig: Dig, view: View): number {
  return dig.findings.filter((finding) => !isListed(finding, view)).length;
}

/** What was left out and why: `3 findings are not listed (--severity critical,high)`. */
export function leftOutWords(number: number, view: View): string {
  const options = [
    ...(view.severities === undefined ? [] : [`--severity ${view.severities.join(',')}`]),
    ...(view.ignoreUnfixed === true ? ['--ignore-unfixed'] : []),
  ];
  return `${number} ${number === 1 ? 'finding is' : 'findings are'} counted and not listed (${options.join(' ')})`;
}

/** 0 for the worst. */
export function severityRank(finding: Finding): number {
  return severityLevels.indexOf(finding.severity.level);
}

export function countBySeverity(findings: readonly Finding[]): Readonly<Record<SeverityLevel, number>> {
  const counts: Record<SeverityLevel, number> = { critical: 0, high: 0, medium: 0, low: 0, none: 0, unknown: 0 };
  for (const finding of findings) counts[finding.severity.level]++;
  return counts;
}
