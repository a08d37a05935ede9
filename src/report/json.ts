import { escapeJson } from './escape.js';
import type { ReportFormat, UsesFormat } from './format.js';

/** The document itself (CONTRACT.md, "The dig"), with two spaces, one row of an array at a time. */
export const json: ReportFormat = {
  name: 'json',
  mediaType: 'application/json',
  write(dig) {
    return document([
      ['schema', dig.schema],
      ['target', dig.target],
      ['charts', dig.charts],
      ['uses', dig.uses],
      ['images', dig.images],
      ['components', dig.components],
      ['claims', dig.claims],
      ['findings', dig.findings],
      ['remedies', dig.remedies],
      ['notAssessed', dig.notAssessed],
      ['tally', dig.tally],
      ['tool', dig.tool],
      ['database', dig.database],
      ['created', dig.created],
    ]);
  },
};

/** The same document as far as `trowel images` knows it. */
export const usesJson: UsesFormat = {
  name: 'json',
  mediaType: 'application/json',
  write(uses) {
    return document([
      ['schema', uses.schema],
      ['target', uses.target],
      ['charts', uses.charts],
      ['uses', uses.uses],
      ['notAssessed', uses.notAssessed],
      ['tool', uses.tool],
    ]);
  },
};

/** What `JSON.stringify(…, null, 2)` gives for an object of these members, in pieces no larger than a row. */
function* document(members: readonly (readonly [string, unknown])[]): Generator<string> {
  yield '{\n';
  for (const [index, [name, value]] of members.entries()) {
    const end = index === members.length - 1 ? '\n' : ',\n';
    if (!Array.isArray(value) || value.length === 0) {
      yield `  ${JSON.stringify(name)}: ${indented(value, '  ')}${end}`;
      continue;
    }
    yield `  ${JSON.stringify(name)}: [\n`;
    for (const [row, item] of value.entries()) {
      yield `    ${indented(item, '    ')}${row === value.length - 1 ? '\n' : ',\n'}`;
    }
    yield `  ]${end}`;
  }
  yield '}\n';
}

function indented(value: unknown, indent: string): string {
  return escapeJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
}
