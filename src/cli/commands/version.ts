import type { Arguments } from '../arguments.js';
import type { Context } from '../command.js';

export async function run(_args: Arguments, context: Context): Promise<number> {
  await context.write(`trowel ${context.version}\n`);
  return 0;
}
