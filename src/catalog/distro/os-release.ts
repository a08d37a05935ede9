import type { Distro } from '../../model/index.js';
import { eachLine } from '../paragraphs.js';

/** Shell-like assignments: comments, quotes; the last assignment of a name wins. Follows: os-release(5). */
export function assignments(source: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const raw of eachLine(source)) {
    const line = raw.trim();
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0) continue;
    values.set(line.slice(0, equals), unquote(line.slice(equals + 1)));
  }
  return values;
}

/**
 * The identifying variables of an os-release file; null where it has no ID. A rolling distribution has no VERSION_ID;
 * its BUILD_ID (Arch's `rolling`) stands in, as in the purls of others. Follows: os-release(5).
 */
export function parseOsRelease(source: string): Distro | null {
  const values = assignments(source);
  const id = values.get('ID')?.toLowerCase() ?? '';
  if (id === '') return null;
  return {
    id,
    versionId: values.get('VERSION_ID') || values.get('BUILD_ID') || null,
    prettyName: values.get('PRETTY_NAME') || null,
    idLike: (values.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== ''),
  };
}

function unquote(value: string): string {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || !value.endsWith(quote) || value.length < 2) return value;
  const inner = value.slice(1, -1);
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, '$1') : inner;
}
