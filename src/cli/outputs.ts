import { access, constants, open, rename, rm } from 'node:fs/promises';
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
 * Reads `-o`, checks formats and that every file's directory can be written, before any work begins.
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
      const what = `no format "${format}"`;
      throw new TrowelError('usage', { what, where: { option: '--output' }, todo: `one of ${known.join(', ')}` });
    }
    return { format, file: file === '' || file === '-' ? null : file };
  });
  if (outputs.filter((output) => output.file === null).length > 1) {
    const what = 'two formats on standard output';
    throw new TrowelError('usage', { what, where: { option: '--output' }, todo: 'write one to a file: -o json=FILE' });
  }
  for (const { file } of outputs) {
    if (file === null) continue;
    try {
      await access(dirname(file), constants.W_OK);
    } catch (cause) {
      throw new TrowelError('usage', { what: 'cannot write there', where: { option: '--output', file }, cause });
    }
  }
  return outputs;
}

/** Writes the pieces of one output; a file appears whole or not at all. */
export async function writeOutput(output: Output, pieces: Iterable<string>, context: Context): Promise<void> {
  if (output.file === null) {
    for (const text of batches(pieces)) await context.write(text);
    return;
  }
  const partial = `${output.file}.${process.pid}.part`;
  try {
    const handle = await open(partial, 'w');
    try {
      for (const text of batches(pieces)) await handle.write(text);
    } finally {
      await handle.close();
    }
    await rename(partial, output.file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new TrowelError('denied', { what: 'could not be written', where: { file: output.file }, cause });
  }
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
