import { everyCataloguer } from '../../src/catalog/index.js';
import { type Rule, rules } from '../../src/catalog/rules/select.js';
import { type Cataloguer, type ComponentFact, formatPurl } from '../../src/model/index.js';
import { inRoot } from '../paths.js';

export const pagePath = inRoot('docs', 'cataloguers.md');

/** What stands in the cell of a table: a line break or a bar would end it. */
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

/** Text as code, whatever is in it (CommonMark 6.1: a longer fence where it holds backticks). */
function code(text: string): string {
  const fence = '`'.repeat(1 + Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return cell(`${fence}${pad}${text}${pad}${fence}`);
}

const codes = (texts: readonly string[]): string => texts.map(code).join(' ');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')}\n`;
}

const factNames: Readonly<Record<ComponentFact, string>> = {
  source: 'source package',
  licenses: 'licences',
  supplier: 'supplier',
  download: 'download location',
  cpes: 'CPEs',
  dependencies: 'dependencies',
  files: 'its files',
  digests: 'their digests',
};

function cataloguerRow({ name, about }: Cataloguer): readonly string[] {
  const reads = about.reads.map((one) => (one.startsWith('(') ? cell(one.slice(1, -1)) : code(one)));
  const told = about.facts.map((fact) => factNames[fact]);
  return [
    code(name),
    cell(about.finds),
    reads.join(' '),
    about.purls.length === 0 ? 'none' : about.purls.map((type) => (type === '*' ? 'any' : code(type))).join(' '),
    codes(about.grades),
    [...told, ...(about.claims ?? []).map(cell)].join(', '),
  ];
}

/** Every cataloguer in the order of the list, and what its components tell. */
export function cataloguerTable(): string {
  return table(['cataloguer', 'finds', 'reads', 'purl types', 'grade', 'tells'], everyCataloguer.map(cataloguerRow));
}

/** Where a cataloguer sees less than one would think. */
export function limitList(): string {
  return everyCataloguer
    .flatMap(({ name, about }) => (about.limit === undefined ? [] : [`- ${code(name)}: ${about.limit}\n`]))
    .join('');
}

/** What tells the version: texts, what their file must hold besides, and where only the name says it. */
function patternsOf(rule: Rule): string {
  const told = rule.patterns.map(({ regex, requires }) =>
    requires === null ? code(regex.source) : `${code(regex.source)} with ${code(requires)}`,
  );
  if (rule.nameVersion !== null) told.push(`name ${code(rule.nameVersion.source)}`);
  if (rule.banner !== null) {
    const isSame = rule.patterns.some(({ regex }) => regex.source === rule.banner?.regex.source);
    told.push(isSame ? 'also linked in' : `linked in: ${code(rule.banner.regex.source)}`);
  }
  return told.join(', ');
}

function ruleRow(rule: Rule): readonly string[] {
  const where = rule.path === null ? [] : [`below ${code(rule.path.source)}`];
  const notes = [rule.go ? 'a program of Go without build information' : '', rule.kind === 'text' ? 'a text' : ''];
  const names = [codes(rule.names), ...where, ...notes].filter((one) => one !== '').join(', ');
  return [
    cell(rule.name),
    names,
    patternsOf(rule),
    code(formatPurl({ ...rule.purl, version: null })),
    codes(rule.cpes),
    cell(rule.source),
  ];
}

/** The rules of `binaries`, in the order in which they are tried. */
export function ruleTable(): string {
  return table(['program', 'file names', 'text', 'purl', 'CPE', 'source'], rules.map(ruleRow));
}

const parts: Readonly<Record<string, () => string>> = {
  cataloguers: cataloguerTable,
  limits: limitList,
  rules: () => `${rules.length} rules.\n\n${ruleTable()}`,
};

/** The page with each of its generated parts made anew. */
export function withParts(document: string): string {
  let page = document;
  for (const [name, make] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];
    const from = page.indexOf(begin);
    const to = page.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
    page = page.slice(0, from + begin.length) + make() + page.slice(to);
  }
  return page;
}
