import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrowelError } from '../model/index.js';

/**
 * What was fetched, kept by content: bytes under their SHA-256, and beside them which question they answered. All of
 * it can be lost at any time. Files are written under another name and moved, so that several processes may share it.
 *
 * A cache that cannot be written is a slower run and no error.
 */
export interface ChartCache {
  /** Whether anything is kept at all (`--no-store`). */
  readonly kept: boolean;
  /** The bytes of a digest (hex), verified; null where they are not there, or not what they were. */
  bytes(digest: string): Promise<Uint8Array | null>;
  /** A stream of the bytes of a digest, verified in a pass of their own; null as above. */
  stream(digest: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Keeps bytes; answers their digest (hex). */
  keep(bytes: Uint8Array): Promise<string>;
  /** Passes a stream on while it is kept; `done` tells the digest once it was read to its end, null where it was not kept. */
  tee(chunks: AsyncIterable<Uint8Array>): { chunks: AsyncIterable<Uint8Array>; done: () => Promise<string | null> };
  /** What a question (`index URL`, `archive URL`, …) was answered with last. */
  answer(question: string): Promise<Answer | null>;
  remember(question: string, answer: Answer): Promise<void>;
  /** Removes what was not used for longest until at most `maxBytes` are kept; answers how many bytes went. */
  shrink(maxBytes: number): Promise<number>;
  status(): Promise<{ readonly files: number; readonly bytes: number }>;
}

export interface Answer {
  /** Hex of the SHA-256 of the bytes. */
  readonly digest: string;
  /** Validators of HTTP (RFC 9110, 8.8), or null. */
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** The most that is kept. */
export const cacheBytes = 1024 ** 3;
const answerBytes = 16 * 1024;

/** Opens a cache below a directory, which need not exist; null keeps nothing. */
export function openCache(dir: string | null): ChartCache {
  if (dir === null) return nothing;
  const blobs = join(dir, 'sha256');
  const answers = join(dir, 'answers');
  const blobPath = (digest: string): string => join(blobs, digest);
  const answerPath = (question: string): string => join(answers, `${sha256(Buffer.from(question))}.json`);
  const temporary = (): string => join(dir, `.new-${process.pid}-${randomBytes(6).toString('hex')}`);

  /** Whether the folders are there; private, since repositories may be. */
  let ready: Promise<boolean> | null = null;
  const prepare = (): Promise<boolean> => {
    ready ??= Promise.all([blobs, answers].map((path) => mkdir(path, { recursive: true, mode: 0o700 }))).then(
      () => true,
      () => false,
    );
    return ready;
  };

  async function put(path: string, bytes: Uint8Array): Promise<void> {
    if (!(await prepare())) return;
    const name = temporary();
    try {
      await writeFile(name, bytes, { mode: 0o600 });
      await rename(name, path);
    } catch {
      await rm(name, { force: true });
    }
  }

  return {
    kept: true,
    async bytes(digest) {
      const path = blobPath(digest);
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null) return null;
      if (sha256(bytes) !== digest) {
        await rm(path, { force: true });
        return null;
      }
      await touch(path);
      return bytes;
    },
    async stream(digest) {
      const path = blobPath(digest);
      if ((await stat(path).catch(() => null))?.isFile() !== true) return null;
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) hash.update(chunk);
      if (hash.digest('hex') !== digest) {
        await rm(path, { force: true });
        return null;
      }
      await touch(path);
      return createReadStream(path, { highWaterMark: 1 << 18 });
    },
    async keep(bytes) {
      const digest = sha256(bytes);
      await put(blobPath(digest), bytes);
      return digest;
    },
    tee(chunks) {
      let kept: string | null = null;
      async function* pass(): AsyncGenerator<Uint8Array> {
        const name = temporary();
        const file = (await prepare()) ? await open(name, 'wx', 0o600).catch(() => null) : null;
        const hash = createHash('sha256');
        let whole = file !== null;
        try {
          for await (const chunk of chunks) {
            hash.update(chunk);
            // A full disk ends the keeping, not the reading.
            if (whole && file !== null) {
              whole = await file.appendFile(chunk).then(
                () => true,
                () => false,
              );
            }
            yield chunk;
          }
          if (!whole) return;
          const digest = hash.digest('hex');
          await file?.close();
          await rename(name, blobPath(digest)).then(
            () => {
              kept = digest;
            },
            () => undefined,
          );
        } finally {
          await file?.close().catch(() => undefined);
          await rm(name, { force: true }).catch(() => undefined);
        }
      }
      return { chunks: pass(), done: async () => kept };
    },
    async answer(question) {
      const path = answerPath(question);
      const found = await stat(path).catch(() => null);
      if (found === null || found.size > answerBytes) return null;
      return parseAnswer(await readFile(path, 'utf8').catch(() => ''), question);
    },
    async remember(question, answer) {
      // The question is kept with it: a name of a file says nothing to a reader.
      await put(answerPath(question), Buffer.from(`${JSON.stringify({ question, ...answer })}\n`));
    },
    shrink: (maxBytes) => shrink([blobs, answers], maxBytes),
    async status() {
      const files = await filesIn([blobs, answers]);
      return { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
    },
  };
}

const nothing: ChartCache = {
  kept: false,
  bytes: async () => null,
  stream: async () => null,
  keep: async (bytes) => sha256(bytes),
  tee: (chunks) => ({ chunks, done: async () => null }),
  answer: async () => null,
  remember: async () => undefined,
  shrink: async () => 0,
  status: async () => ({ files: 0, bytes: 0 }),
};

function parseAnswer(text: string, question: string): Answer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { question: asked, digest, etag, lastModified } = value as Readonly<Record<string, unknown>>;
  if (asked !== question || typeof digest !== 'string' || !/^[a-f0-9]{64}$/.test(digest)) return null;
  return {
    digest,
    etag: typeof etag === 'string' ? etag : null,
    lastModified: typeof lastModified === 'string' ? lastModified : null,
  };
}

interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** Time of last use, in milliseconds of Unix. */
  readonly used: number;
}

async function filesIn(dirs: readonly string[]): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const dir of dirs) {
    for (const name of await readdir(dir).catch(() => [])) {
      const path = join(dir, name);
      const found = await stat(path).catch(() => null);
      if (found?.isFile() === true) files.push({ path, size: found.size, used: found.mtimeMs });
    }
  }
  return files;
}

async function shrink(dirs: readonly string[], maxBytes: number): Promise<number> {
  const files = await filesIn(dirs);
  let bytes = files.reduce((sum, file) => sum + file.size, 0);
  let removed = 0;
  for (const file of files.sort((a, b) => a.used - b.used)) {
    if (bytes <= maxBytes) break;
    await rm(file.path, { force: true });
    bytes -= file.size;
    removed += file.size;
  }
  return removed;
}

/** The time of last use, for `shrink`. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Holds an archive to the digest (hex) that was stated for it. Throws TrowelError `bad-digest`. */
export function holdToDigest(bytes: Uint8Array, stated: string | null, what: string, where: { chart: string }): void {
  if (stated === null) return;
  const actual = sha256(bytes);
  if (actual === stated) return;
  throw new TrowelError('bad-digest', {
    what: `${what} should be sha256:${stated} and is sha256:${actual}`,
    where,
    todo: 'it was changed on the way or after its index was made: ask who publishes it, or give its URL to take it as it is',
  });
}

/** What the network has not got while nobody may be asked. */
export function notKept(what: string, where: { readonly chart?: string; readonly url?: string }): TrowelError {
  return new TrowelError('unreachable', {
    what: `not asked: offline, and ${what} is not in the cache`,
    where,
    todo: 'run once without --offline, or give the chart as a .tgz',
  });
}
