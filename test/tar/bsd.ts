import { type Answer, type Entry, type EntryType, latin1Text } from './entry.js';
import { output } from './gnu.js';

const options = '--options=!all,type,mode,uid,gid,size,time,link,sha256';

/** What libarchive's bsdtar finds, as the mtree that it makes of an archive: by path, and each path once. */
export async function bsdAnswer(path: string): Promise<ReadonlyMap<string, Entry> | null> {
  const run = await output('bsdtar', ['-cf', '-', '--format=mtree', options, `@${path}`], { LC_ALL: 'C.UTF-8' });
  if (run.code !== 0) return null;
  const entries = new Map<string, Entry>();
  for (const line of run.bytes.toString('latin1').split('\n')) {
    const [name = '', ...words] = line.split(' ');
    if (name === '' || name.startsWith('#')) continue;
    const facts = new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
    const entry = entryOf(name, facts);
    entries.set(clean(entry.path), entry);
  }
  return entries;
}

/** What Trowel says in the same shape; null where a path comes twice or leads up, which an mtree cannot say. */
export function withoutOrder(own: Answer): ReadonlyMap<string, Entry> | null {
  const entries = new Map<string, Entry>();
  for (const entry of own.entries) {
    const path = clean(entry.path);
    // An mtree has no hard links, and of no entry without a known type.
    if (entries.has(path) || entry.path.includes('..') || entry.type === 'hardlink' || entry.type === 'other')
      return null;
    entries.set(path, entry);
  }
  return entries;
}

export const clean = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

const types: Readonly<Record<string, EntryType>> = {
  file: 'file',
  dir: 'directory',
  link: 'symlink',
  char: 'character',
  block: 'block',
  fifo: 'fifo',
};

function entryOf(name: string, facts: ReadonlyMap<string, string>): Entry {
  return {
    path: unescaped(name),
    type: types[facts.get('type') ?? ''] ?? 'other',
    mode: Number.parseInt(facts.get('mode') ?? '0', 8),
    uid: Number(facts.get('uid')),
    gid: Number(facts.get('gid')),
    size: Number(facts.get('size') ?? 0),
    mtime: Number(facts.get('time')),
    link: unescaped(facts.get('link') ?? ''),
    sum: facts.get('sha256digest') ?? null,
  };
}

function unescaped(text: string): string {
  return latin1Text(text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))));
}
