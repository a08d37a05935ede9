import { type AdvisoryDatabase, match } from '../advisory/index.js';
import { by, type Finding, type Gap, type SeverityLevel } from '../model/index.js';
import type { DugImage } from './dug-image.js';

export interface Matched {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

/** Every component of every image against the database; with `failOn`, findings of unknown severity are a gap too. */
export function matchImages(
  images: readonly DugImage[],
  advisories: AdvisoryDatabase | null,
  options: { readonly failOn: SeverityLevel | null },
): Matched {
  const { findings, gaps } = match(
    images.flatMap((image) => image.components),
    advisories,
  );
  return { findings, gaps: options.failOn === null ? gaps : [...gaps, ...severityGaps(findings)] };
}

/** CONTRACT: with `--fail-on`, a finding whose severity nobody states is not assessed. */
function severityGaps(findings: readonly Finding[]): Gap[] {
  const unknown = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.severity.level !== 'unknown' || finding.status !== 'affected') continue;
    unknown.set(finding.image, [...(unknown.get(finding.image) ?? []), finding]);
  }
  return [...unknown].sort(by(([image]) => [image])).map(([image, list]) => ({
    kind: 'severity',
    reason: 'no-severity',
    image,
    subject: list[0]?.id ?? '',
    detail: `nobody states how severe ${list.length === 1 ? 'it is' : `these ${list.length} findings are`}`,
    count: list.length,
    bytes: 0,
  }));
}
