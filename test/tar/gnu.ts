import { spawn, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type Entry, type EntryType, latin1Text, mostBytes, sha256 } from './entry.js';

export const gnuMissing: string | false = /GNU tar/.test(spawnSync('tar', ['--version']).stdout?.toString() ?? '')
  ? false
  : 'no GNU tar on this machine';

// One run lists (on standard error) and gives the content of every file, one after the other (on standard output).
const args = ['-xOvvP', '--full-time', '--numeric-owner', '--quoting-style=c', '-f'];
const line =
  /^(.)(.{9})\S* (-?\d+)\/(-?\d+) +(\S+) (-?\d+-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?|-?\d+) +"((?:[^"\\]|\\.)*)"(.*)$/;

/** What GNU tar extracts. It lists the label that stands in a global pax header as if it were an entry: `labels` false drops it. */
export async function gnuAnswer(path: string, labels: boolean): Promise<Answer> {
  const run = await output('tar', [...args, path]);
  const entries: Entry[] = [];
  const complaints: string[] = [];
  let at = 0;
  for (const text of run.errors.split('\n')) {
    const match = line.exec(text);
    if (match === null) {
      if (text !== '') complaints.push(text.replace(/^tar: /, ''));
      continue;
    }
    if (!labels && match[8]?.endsWith('--Volume Header--') === true) continue;
    const entry = listed(match);
    if (entry.type === 'file' || match[1] === '?') {
      const content = run.bytes.subarray(at, at + entry.size);
      at += entry.size;
      entries.push({ ...entry, sum: sha256(content) });
    } else entries.push(entry);
  }
  const serious = complaints.find((text) => !/^Ignoring unknown|^A lone zero block|implausibly old/.test(text));
  if (run.code !== 0) return { entries, error: serious ?? complaints[0] ?? `status ${run.code}` };
  // A pipe cannot be cut to a length: holes at the end of a file get lost on it.
  const holesLost = at !== run.bytes.length || complaints.some((text) => text.includes('Cannot truncate'));
  return { entries: holesLost ? await extracted(path, entries) : entries, error: null };
}

/** Contents from files that GNU tar made in an empty folder; null for those that would not come to lie in it. */
async function extracted(path: string, entries: readonly Entry[]): Promise<Entry[]> {
  const dir = mkdtempSync(`${path}-`);
  try {
    await output('tar', ['-xf', path, '-C', dir, '--no-same-owner', '--no-same-permissions']);
    return entries.map((entry) => {
      const last = entries.findLast((other) => other.path === entry.path) === entry;
      const inside = !entry.path.startsWith('/') && !entry.path.includes('..') && !entry.path.includes('\\x');
      if (entry.type !== 'file' || !last || !inside) return { ...entry, sum: null };
      const file = join(dir, entry.path);
      return { ...entry, sum: isFile(file) ? sha256(readFileSync(file)) : null };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false; // not there, or its name is too long to be
  }
}

const types: Readonly<Record<string, EntryType>> = {
  '-': 'file',
  C: 'file',
  d: 'directory',
  l: 'symlink',
  h: 'hardlink',
  c: 'character',
  b: 'block',
  p: 'fifo',
};

function listed(match: RegExpExecArray): Entry {
  const [, letter = '', mode = '', uid = '', gid = '', size = '', time = '', name = '', rest = ''] = match;
  const link = /^ (?:->|link to) "((?:[^"\\]|\\.)*)"$/.exec(rest)?.[1] ?? '';
  return {
    path: unquoted(name),
    type: types[letter] ?? 'other',
    mode: modeOf(mode),
    uid: Number(uid),
    gid: Number(gid),
    size: size.includes(',') ? 0 : Number(size),
    mtime: timeOf(time),
    link: unquoted(link),
    sum: null,
  };
}

/** `rwsr-x--T` as a number. */
function modeOf(text: string): number {
  let mode = 0;
  [...text].forEach((letter, i) => {
    if (/[rwxst]/.test(letter)) mode |= 0o400 >> i;
    if (/[sStT]/.test(letter)) mode |= [0o4000, 0o2000, 0o1000][(i - 2) / 3] ?? 0;
  });
  return mode;
}

function timeOf(text: string): number {
  if (!text.includes(' ')) return Number(text);
  const [, date = '', hours = '', fraction = '0'] = /^(\S+) ([\d:]+)(?:\.(\d+))?$/.exec(text) ?? [];
  const year = /^(-?\d+)(-\d\d-\d\d)$/.exec(date);
  const sign = year?.[1]?.startsWith('-') === true ? '-' : '+';
  const full = `${sign}${(year?.[1] ?? '').replace('-', '').padStart(6, '0')}${year?.[2] ?? ''}`;
  const seconds = Date.parse(`${full}T${hours}Z`) / 1000;
  // Before 1970 it lists the fraction as one that leads away from it, though it extracts the right time.
  return seconds < 0 ? seconds - Number(`0.${fraction}`) : seconds + Number(`0.${fraction}`);
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' };

/** The bytes that C's quoting stands for. */
function unquoted(text: string): string {
  const bytes = text.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    /^[0-7]{3}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (letters[code] ?? code),
  );
  return latin1Text(bytes);
}

interface Output {
  readonly code: number | null;
  readonly bytes: Buffer;
  /** Standard error, one character a byte. */
  readonly errors: string;
}

/** Runs a program; it is ended once it gave more than an archive may hold. */
export function output(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0', TAR_OPTIONS: '', ...environment };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env, timeout: 60_000 });
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    let count = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      count += chunk.length;
      if (count > 2 * mostBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, bytes: Buffer.concat(chunks), errors: Buffer.concat(errors).toString('latin1') }),
    );
  });
}
