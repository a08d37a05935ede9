import { type Gap, type GapKind, gapKinds, type SeverityLevel, severityLevels, type Tally } from '../model/index.js';
import { as, type Span, type Text } from './paint.js';
import { count, gapCount, grouped, severityMeaning } from './words.js';

/**
 * The line that every report ends in: what was found and what was not assessed, always together, since the one number
 * means nothing without the other.
 */
export function summaryLine(tally: Tally): Text {
  return [
    as('heading', `${count(tally.images, 'image')} · ${count(tally.components, 'component')} · `),
    ...vulnerabilityWords(tally),
    ' · ',
    ...notAssessedWords(tally.notAssessed),
  ];
}

/** `9 vulnerabilities (1 critical, 3 high, 5 unknown), 6 fixable`; in findings where one is in several components. */
function vulnerabilityWords(tally: Tally): Text {
  const several = tally.findings !== tally.vulnerabilities ? ` in ${count(tally.findings, 'finding')}` : '';
  const head = `${count(tally.vulnerabilities, 'vulnerability', 'vulnerabilities')}${several}`;
  if (tally.findings === 0) return [as('heading', head)];
  const levels = levelWords(tally.bySeverity);
  const fixable = tally.fixable === 0 ? 'none fixable' : `${grouped(tally.fixable)} fixable`;
  return [as('heading', head), ' (', ...levels, `), ${fixable}`];
}

/** `1 critical, 3 high`, of those levels that have any. */
export function levelWords(bySeverity: Readonly<Record<SeverityLevel, number>>): Text {
  const present = severityLevels.filter((level) => bySeverity[level] > 0);
  return present.flatMap((level, index): Span[] => [
    ...(index === 0 ? [] : [', ']),
    as(severityMeaning(level), `${grouped(bySeverity[level])} ${level}`),
  ]);
}

/** `NOT ASSESSED: 1 image, 2 layers`, or that everything was assessed. */
export function notAssessedWords(notAssessed: Readonly<Record<GapKind, number>>): Text {
  const present = gapKinds.filter((kind) => notAssessed[kind] > 0);
  if (present.length === 0) return [as('good', 'everything was assessed')];
  return [as('missing', `NOT ASSESSED: ${present.map((kind) => gapCount(kind, notAssessed[kind])).join(', ')}`)];
}

/** Gaps by kind, every kind there, as `Tally.notAssessed` has them. */
export function countGaps(gaps: readonly Gap[]): Readonly<Record<GapKind, number>> {
  const counts: Record<GapKind, number> = {
    image: 0,
    layer: 0,
    component: 0,
    file: 0,
    advisories: 0,
    use: 0,
    severity: 0,
  };
  for (const gap of gaps) counts[gap.kind] += gap.count;
  return counts;
}
