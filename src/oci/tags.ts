import { TrowelError, type Where } from '../model/index.js';
import { clip } from './digest.js';
import { type HttpAnswer, readBody } from './http.js';
import { parseObject, textsOf } from './json.js';

const mostTags = 100_000;
const mostPages = 1_000;
const pageBytes = 8 * 1024 * 1024;

/**
 * All tags of a repository, page by page; `fetchPage` asks for a path below the repository.
 *
 * Of the link to the next page only its query is taken: it cannot lead to another place.
 * Throws TrowelError `bad-bytes`, `too-large`, and what `fetchPage` throws.
 * Follows: distribution-spec "Listing Tags", RFC 8288 (Link).
 */
export async function readTags(
  fetchPage: (path: string) => Promise<HttpAnswer>,
  timeoutMs: number,
  where: Where,
): Promise<readonly string[]> {
  const tags: string[] = [];
  const asked = new Set<string>();
  for (let query = ''; ; ) {
    if (asked.has(query) || asked.size >= mostPages) {
      throw new TrowelError('bad-bytes', { what: 'the list of tags never ends', where });
    }
    asked.add(query);
    const answer = await fetchPage(`tags/list${query}`);
    const document = parseObject(await readBody(answer, pageBytes, timeoutMs), 'the list of tags', where);
    for (const tag of textsOf(document.tags)) tags.push(clip(tag, 128));
    if (tags.length > mostTags) {
      throw new TrowelError('too-large', { what: `more than ${mostTags} tags in one repository`, where });
    }
    const next = nextQuery(answer.headers('link'));
    if (next === null) return tags;
    query = next;
  }
}

/** `?n=100&last=x` of `</v2/app/tags/list?n=100&last=x>; rel="next"`, or null. */
function nextQuery(links: readonly string[]): string | null {
  for (const link of links.flatMap((header) => header.slice(0, 8192).split(','))) {
    const open = link.indexOf('<');
    const close = link.indexOf('>', open);
    if (open < 0 || close < 0 || !/rel="?next"?/.test(link.slice(close))) continue;
    const target = link.slice(open + 1, close);
    const mark = target.indexOf('?');
    if (mark >= 0) return target.slice(mark);
  }
  return null;
}
