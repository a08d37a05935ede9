import { by, type Dig, type Gap } from '../model/index.js';
import { drawColumns, type Row } from './columns.js';
import type { ReportFormat, View } from './format.js';
import { as, draw } from './paint.js';
import { isCounted, isListed, leftOut, leftOutWords, severityRank } from './severity.js';
import { summaryLine } from './summary.js';
import { count, gapCount, severityMeaning } from './words.js';

/** Findings one a line, the worst first, then what was not assessed in the same columns, then the summary. */
export const table: ReportFormat = {
  name: 'table',
  mediaType: 'text/plain; charset=utf-8',
  *write(dig, view) {
    const rows = [...findingRows(dig, view), ...dig.notAssessed.map(gapRow)];
    const titles = ['SEVERITY', 'ID', 'COMPONENT', 'VERSION', 'FIXED IN', 'IMAGE'];
    if (rows.length > 0) {
      yield* drawColumns(titles, rows, view);
      yield '\n';
    }
    const hidden = leftOut(dig, view);
    if (hidden > 0) yield* draw([as('missing', leftOutWords(hidden, view))], '', '  ', view);
    yield* draw(summaryLine(dig.tally), '', '  ', view);
  },
};

function findingRows(dig: Dig, view: View): readonly Row[] {
  const components = new Map(dig.components.map((component) => [component.id, component]));
  const references = new Map(dig.images.map((image) => [image.id, image.reference]));
  const listed = dig.findings.filter((finding) => isListed(finding, view));
  return [...listed]
    .sort(by((finding) => [severityRank(finding), finding.id, finding.image, finding.component]))
    .map((finding) => {
      const component = components.get(finding.component);
      const { level } = finding.severity;
      const status = isCounted(finding) ? level : `${level}, ${finding.status.replaceAll('_', ' ')}`;
      return [
        as(severityMeaning(level), status),
        finding.id,
        component?.name ?? finding.component,
        component?.version ?? '-',
        finding.fixedVersion ?? '-',
        as('quiet', references.get(finding.image) ?? finding.image),
      ];
    });
}

function gapRow(gap: Gap): Row {
  const number = gap.kind === 'advisories' ? count(gap.count, 'component') : gapCount(gap.kind, gap.count);
  const image = gap.image === null ? '-' : (gap.image.split('|', 1)[0] ?? gap.image);
  return [as('missing', 'NOT ASSESSED'), gap.reason, gap.subject, number, '-', as('quiet', image)];
}
