import type { Stats } from 'node:fs';
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrowelError } from '../model/index.js';
import { type Arguments, isSet, optionValues } from './arguments.js';
import type { Context } from './command.js';

/** How a text is to look. */
export interface View {
  readonly width: number;
  readonly color: boolean;
}

/** One `-o FORMAT[=FILE]`; `file` null is standard output. */
export interface Output {
  readonly format: string;
  readonly file: string | null;
}

/**
 * Reads `-o`, checks formats and that every file can be written, before any work begins; files come first.
 * `fallback` are the formats on a terminal and when piped.
 */
export async function readOutputs(
  args: Arguments,
  context: Context,
  known: readonly string[],
  fallback: { readonly terminal: string; readonly piped: string },
): Promise<readonly Output[]> {
  const given = optionValues(args, 'output');
  if (given.length === 0) {
    return [{ format: context.outputIsTerminal ? fallback.terminal : fallback.piped, file: null }];
  }
  const outputs = given.map((text) => {
    const equals = text.indexOf('=');
    const format = equals === -1 ? text : text.slice(0, equals);
    const file = equals === -1 ? null : text.slice(equals + 1);
    if (!known.includes(format)) {
      const what = laterFormats.includes(format) ? `${format} is not in this version yet` : `no format "${format}"`;
      throw new TrowelError('usage', { what, where: { option: '--output' }, todo: `one of ${known.join(', ')}` });
    }
    return { format, file: file === '' || file === '-' ? null : file };
  });
  if (outputs.filter((output) => output.file === null).length > 1) {
    const what = 'two formats on standard output';
    throw new TrowelError('usage', { what, where: { option: '--output' }, todo: 'write one to a file: -o json=FILE' });
  }
  const files = outputs.map((output) => output.file).filter((file) => file !== null);
  for (const file of files) await mustBeWritable(file);
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) {
    throw new TrowelError('usage', { what: 'two formats in one file', where: { option: '--output', file: twice } });
  }
  // Files first: whoever reads standard output may go away before its end.
  return [...outputs].sort((a, b) => Number(a.file === null) - Number(b.file === null));
}

/** Formats that are planned: naming one is no slip of the pen. */
const laterFormats: readonly string[] = ['cyclonedx-json', 'spdx-json', 'sarif', 'html', 'markdown', 'openvex'];

async function mustBeWritable(file: string): Promise<void> {
  const where = { option: '--output', file };
  const existing = await statOrNull(file);
  if (existing?.isDirectory() === true) {
    throw new TrowelError('usage', { what: 'a directory', where, todo: 'name a file' });
  }
  try {
    // A pipe or a device is written to as it is; a file is replaced, so its directory must take a new one.
    if (existing === null || existing.isFile()) await access(dirname(file), constants.W_OK);
    else await access(file, constants.W_OK);
  } catch (cause) {
    throw new TrowelError('usage', { what: 'cannot write there', where, cause });
  }
}

async function statOrNull(file: string): Promise<Stats | null> {
  try {
    return await stat(file);
  } catch {
    return null;
  }
}

/**
 * Writes the pieces of one output; a file appears whole or not at all. What a link points to is replaced, not the
 * link; a pipe or a device (`/dev/null`) is written to and never replaced.
 */
export async function writeOutput(output: Output, pieces: Iterable<string>, context: Context): Promise<void> {
  if (output.file === null) {
    for (const text of batches(pieces)) await context.write(text);
    return;
  }
  try {
    const existing = await statOrNull(output.file);
    if (existing !== null && !existing.isFile()) await writeInto(output.file, pieces);
    else await replaceFile(existing === null ? output.file : await realpath(output.file), pieces);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new TrowelError('denied', { what: 'could not be written', where: { file: output.file }, cause });
  }
}

async function replaceFile(file: string, pieces: Iterable<string>): Promise<void> {
  const partial = `${file}.${process.pid}.part`;
  try {
    await writeInto(partial, pieces);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeInto(path: string, pieces: Iterable<string>): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (const text of batches(pieces)) await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

/** What the file system says has a code; an error of a format is our own fault and stays what it is. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Small pieces together, so that a long report is not a write call a line. */
function* batches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < 1 << 16) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

/** Colour only on a terminal, and not with --no-color, NO_COLOR (no-color.org) or TERM=dumb. */
export function viewOf(args: Arguments, context: Context, output: Output): View {
  const { env } = context.io;
  const wanted = !isSet(args, 'no-color') && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const terminal = output.file === null && context.outputIsTerminal;
  return { width: terminal ? context.width : 120, color: terminal && wanted };
}
