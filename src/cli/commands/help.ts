import type { Arguments } from '../arguments.js';
import type { Context } from '../command.js';
import { commandHelp, generalHelp } from '../help.js';
import { unknownCommand } from '../unknown-command.js';

export async function run(args: Arguments, context: Context): Promise<number> {
  const [name] = args.operands;
  const command = context.commands.find((known) => known.name === name);
  if (name !== undefined && command === undefined) throw unknownCommand(name, context.commands);
  await context.write(command === undefined ? generalHelp(context.commands) : commandHelp(command));
  return 0;
}
