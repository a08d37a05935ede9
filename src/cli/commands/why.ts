import { TrowelError } from '../../model/index.js';
import { why } from '../../report/index.js';
import type { Arguments } from '../arguments.js';
import type { Context } from '../command.js';
import { viewOf, writeOutput } from '../outputs.js';
import { readDig } from '../read-dig.js';

/** `trowel why DIG QUERY`. Exit code 4 when the dig knows nothing of that name. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const [path, query, ...more] = args.operands;
  if (path === undefined || query === undefined || more.length > 0) {
    throw new TrowelError('usage', { what: 'why wants a dig and a question', todo: 'see trowel help why' });
  }
  const output = { format: 'text', file: null };
  const answer = why(await readDig(path, context), query, viewOf(args, context, output));
  await writeOutput(output, answer.text, context);
  return answer.found ? 0 : 4;
}
