import { TrowelError } from '../../model/index.js';
import type { Arguments } from '../arguments.js';
import type { Context } from '../command.js';
import { completionScript, shells } from '../completion.js';

export async function run(args: Arguments, context: Context): Promise<number> {
  const shell = shells.find((known) => known === args.operands[0]);
  if (shell === undefined) {
    throw new TrowelError('usage', { what: 'completion wants a shell', todo: shells.join(', ') });
  }
  await context.write(completionScript(shell, context.commands));
  return 0;
}
