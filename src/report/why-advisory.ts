import type { Dig, Finding } from '../model/index.js';
import { type Branch, branch } from './branch.js';
import { gapBranches } from './gap-tree.js';
import { as } from './paint.js';
import { componentBranch } from './why-component.js';
import { severityMeaning } from './words.js';

/** Findings by the vulnerability's id, an alias, or the id of an advisory that tells of it. */
export function advisoriesNamed(dig: Dig, query: string): readonly Branch[] {
  const wanted = query.toLowerCase();
  const isNamed = (finding: Finding): boolean =>
    [finding.id, ...finding.aliases, ...finding.advisories.map((advisory) => advisory.id)].some(
      (id) => id.toLowerCase() === wanted,
    );
  return dig.findings.filter(isNamed).map((finding) => findingBranch(dig, finding));
}

function findingBranch(dig: Dig, finding: Finding): Branch {
  const { level, score, vector, source } = finding.severity;
  const component = dig.components.find((one) => one.id === finding.component);
  const numbers = `${score === null ? '' : ` ${score.toFixed(1)}`}${vector === null ? '' : `, ${vector}`}`;
  const stated = source === null ? ', stated by nobody' : `, stated by ${source}`;
  const aliases = finding.aliases.filter((alias) => alias !== finding.id);
  const gaps = dig.notAssessed.filter((gap) => gap.image === finding.image && gap.subject === finding.id);
  return branch(
    ['vulnerability ', as('name', finding.id), finding.summary === '' ? '' : `: ${finding.summary}`],
    [
      branch([finding.status.replaceAll('_', ' '), finding.justification === null ? '' : `: ${finding.justification}`]),
      branch(['severity ', as(severityMeaning(level), level), as('quiet', `${numbers}${stated}`)]),
      ...(aliases.length === 0 ? [] : [branch([`also named ${aliases.join(', ')}`])]),
      ...finding.advisories.map((advisory) => {
        const fixed = advisory.fixed.length === 0 ? 'no fixed version' : `fixed in ${advisory.fixed.join(', ')}`;
        return branch(['advisory ', as('name', advisory.id), ` of ${advisory.source}, ${advisory.severity}: ${fixed}`]);
      }),
      branch([
        finding.fixedVersion === null ? 'nothing newer is named that has it fixed' : `fixed in ${finding.fixedVersion}`,
      ]),
      branch([
        `reachability ${finding.reachability.verdict}`,
        finding.reachability.symbols.length === 0 ? '' : `: ${finding.reachability.symbols.join(', ')}`,
      ]),
      ...gapBranches(gaps),
      ...(component === undefined ? [] : [componentBranch(dig, component, false)]),
    ],
  );
}
