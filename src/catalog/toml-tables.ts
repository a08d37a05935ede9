import { eachLine } from './paragraphs.js';

/** One table of a TOML file: its header (`package`, `deps.Foo`), whether it is one of a list, and its texts by key. */
export interface TomlTable {
  readonly name: string;
  readonly inList: boolean;
  /** Texts, and inline tables and lists as written; all other values are left out. */
  readonly values: ReadonlyMap<string, string>;
}

const maxTables = 200_000;

/**
 * The tables of a TOML file with the keys whose values are texts on one line: all that lock files are looked into for.
 * It is no parser of TOML: values over several lines are passed over, nothing is refused.
 *
 * Follows: TOML 1.0.0, "Table", "Array of Tables", "String".
 */
export function readTomlTables(source: string): readonly TomlTable[] {
  const tables: TomlTable[] = [];
  let values = new Map<string, string>();
  tables.push({ name: '', inList: false, values });
  let inText: string | null = null;
  for (const raw of eachLine(source)) {
    const line = raw.trim();
    if (inText !== null) {
      if (line.includes(inText)) inText = null;
      continue;
    }
    const header = /^(\[{1,2})\s*([^\]]{1,500}?)\s*\]{1,2}\s*(?:#.*)?$/.exec(line.length > 1000 ? '' : line);
    if (header !== null && !/^\[[^\]]*=/.test(line)) {
      if (tables.length >= maxTables) break;
      values = new Map();
      tables.push({ name: (header[2] ?? '').replaceAll('"', ''), inList: header[1] === '[[', values });
      continue;
    }
    const equals = line.indexOf('=');
    if (equals <= 0 || line.startsWith('#')) continue;
    const key = line.slice(0, equals).trim().replaceAll('"', '');
    const value = line.slice(equals + 1).trim();
    const long = value.startsWith('"""') ? '"""' : value.startsWith("'''") ? "'''" : null;
    if (long !== null && !value.slice(3).includes(long)) inText = long;
    else if (value.startsWith('"') || value.startsWith("'")) values.set(key, unquote(value));
    else if (value.startsWith('{') || value.startsWith('[')) values.set(key, value.slice(0, 2000));
  }
  return tables;
}

function unquote(value: string): string {
  const quote = value[0] ?? '"';
  const end = value.indexOf(quote, 1);
  const inner = value.slice(1, end < 0 ? value.length : end);
  return quote === '"' && inner.includes('\\') ? inner.replace(/\\(["\\])/g, '$1') : inner;
}
