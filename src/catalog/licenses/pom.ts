import { unescapeXml } from '../xml.js';

/** What is looked at of one POM, and of one licence's name or address. */
const limits = { tags: 20_000, licenses: 20, textLength: 300, depth: 100 } as const;

const place = 'project/licenses/license';

/**
 * The licences that a POM states for its project, by name, or by address where they have no name. A user may choose among
 * them. Those of a parent POM, which Maven inherits, are not in the file.
 *
 * Only elements are followed: no entities but XML's own, no declarations. A file that is no XML states nothing.
 * Follows: Maven, "POM Reference", Licenses.
 */
export function licensesOfPom(source: string): readonly string[] {
  const found: string[] = [];
  const path: string[] = [];
  let name = '';
  let url = '';
  for (const { tag, isEnd, isEmpty, content } of tagsOf(source)) {
    if (found.length >= limits.licenses || path.length > limits.depth) break;
    if (isEnd) {
      if (path.join('/') === place) {
        const stated = name === '' ? url : name;
        if (stated !== '' && !stated.includes('${')) found.push(stated);
        [name, url] = ['', ''];
      }
      if (path.at(-1) === tag) path.pop();
      if (tag === 'licenses' && path.length === 1) break;
      continue;
    }
    if (isEmpty) continue;
    const isStated = path.length === 3 && path.join('/') === place;
    if (isStated && tag === 'name') name = plain(content);
    if (isStated && tag === 'url') url = plain(content);
    path.push(tag);
  }
  return found;
}

export interface Tag {
  readonly tag: string;
  readonly isEnd: boolean;
  readonly isEmpty: boolean;
  /** What stands behind it, up to the next. */
  readonly content: string;
}

/** The tags of elements in order, comments and declarations left out; each byte is looked at once. */
export function* tagsOf(source: string): Generator<Tag> {
  for (let at = source.indexOf('<'), count = 0; at >= 0 && count < limits.tags; count++) {
    const isComment = source.startsWith('<!--', at);
    const end = source.indexOf(isComment ? '-->' : '>', at);
    if (end < 0) return;
    const next = source.indexOf('<', end);
    const inner = source.slice(at + 1, Math.min(end, at + limits.textLength));
    const tag = /^\/?([A-Za-z][\w.-]*)/.exec(inner)?.[1];
    if (!isComment && tag !== undefined) {
      const content = source.slice(end + 1, Math.min(next < 0 ? source.length : next, end + 1 + 4 * limits.textLength));
      yield { tag, isEnd: inner.startsWith('/'), isEmpty: source[end - 1] === '/', content };
    }
    at = next;
  }
}

export function plain(text: string): string {
  return unescapeXml(text).replace(/\s+/g, ' ').trim().slice(0, limits.textLength);
}
