import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, programMissing } from '../paths.js';
import { type Answer, type EntryType, latin1Text } from './entry.js';

export const goMissing: string | false = programMissing('go');

/** Builds the program that reads with archive/tar; the path of it. Needs no network: it links nothing but Go itself. */
export function buildGoReader(dir: string): string {
  const program = join(dir, 'go-reader');
  if (existsSync(program)) return program;
  const built = spawnSync('go', ['build', '-o', program, 'main.go'], {
    cwd: inRoot('test', 'tar', 'go'),
    env: { ...process.env, GO111MODULE: 'off', CGO_ENABLED: '0' },
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the reader in Go was not built: ${built.stderr}`);
  return program;
}

interface GoEntry {
  readonly path: string;
  readonly flag: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly link: string;
  readonly sum: string;
}

/** What archive/tar says of each archive, in their order. */
export function goAnswers(program: string, paths: readonly string[]): Answer[] {
  const run = spawnSync(program, [], { input: `${paths.join('\n')}\n`, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (run.status !== 0) throw new Error(`the reader in Go failed: ${run.stderr}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const answer: { readonly entries: readonly GoEntry[]; readonly error: string } = JSON.parse(line);
      return {
        entries: answer.entries.map((entry) => ({
          ...entry,
          path: fromBase64(entry.path),
          link: fromBase64(entry.link),
          type: typeOf(String.fromCharCode(entry.flag)),
        })),
        error: answer.error === '' ? null : answer.error,
      };
    });
}

const fromBase64 = (text: string): string => latin1Text(Buffer.from(text, 'base64').toString('latin1'));

const types: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

function typeOf(flag: string): EntryType {
  return types[flag] ?? 'other';
}
