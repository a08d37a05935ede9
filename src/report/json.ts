import { LazyRows, type Rows } from '../model/index.js';
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
    yield `  ${JSON.stringify(name)}: `;
    yield* pieces(value, '  ', 2);
    yield end;
  }
  yield '}\n';
}

/** A value that begins on a line with this indent; lists row by row, members one by one down to `depth`. */
function* pieces(value: unknown, indent: string, depth: number): Generator<string> {
  const deeper = `${indent}  `;
  if (isRows(value) && value.length > 0) {
    yield '[\n';
    let left = value.length;
    for (const batch of batchesOf(value)) {
      left -= batch.length;
      const end = left === 0 ? '\n' : ',\n';
      if (!batch.some((item) => isLong(item, depth - 1))) {
        // What JSON.stringify puts around the rows, `[\n` and `\n]`, is taken off again.
        yield `${indented(batch, indent).slice(2, -2 - indent.length)}${end}`;
        continue;
      }
      for (const [at, item] of batch.entries()) {
        yield deeper;
        yield* pieces(item, deeper, depth - 1);
        yield at === batch.length - 1 ? end : ',\n';
      }
    }
    yield `${indent}]`;
  } else if (isLong(value, depth)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    yield '{\n';
    for (const [at, [name, member]] of members.entries()) {
      yield `${deeper}${JSON.stringify(name)}: `;
      yield* pieces(member, deeper, depth - 1);
      yield at === members.length - 1 ? '\n' : ',\n';
    }
    yield `${indent}}`;
  } else yield indented(value, indent);
}

/** Whether a value is written member by member, since one of them is a list that may be long. */
function isLong(value: unknown, depth: number): value is object {
  return depth > 0 && isObject(value) && Object.values(value).some((member) => isRows(member) && member.length > 99);
}

/** Rows that are made into text at once: few, since a million of them may follow. */
const batchRows = 200;

function* batchesOf(rows: Rows<unknown>): Generator<readonly unknown[]> {
  let batch: unknown[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isRows(value: unknown): value is Rows<unknown> {
  return Array.isArray(value) || value instanceof LazyRows;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isRows(value);
}

function indented(value: unknown, indent: string): string {
  return escapeJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
}
