import { readFile } from 'node:fs/promises';
import { type Dig, TrowelError } from '../model/index.js';
import { parseDig } from '../report/index.js';
import type { Context } from './command.js';
import { readInput } from './read-input.js';

/** The dig in a JSON file, or on standard input with `-`. */
export async function readDig(path: string | undefined, context: Context): Promise<Dig> {
  if (path === undefined) {
    throw new TrowelError('usage', {
      what: 'which dig?',
      todo: "give the JSON file that 'trowel dig TARGET -o json=FILE' wrote",
    });
  }
  return parseDig(path === '-' ? await readInput(context.io.stdin) : await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TrowelError('not-found', { what: 'cannot be read', where: { file: path }, cause });
  }
}
