import { type Arguments, optionValue } from '../arguments.js';
import type { Context } from '../command.js';
import { exitCode, readAllowed, readFailOn } from '../exit-code.js';
import { readOutputs } from '../outputs.js';
import { readDig } from '../read-dig.js';
import { digFormats, writeDig } from '../write-dig.js';

/** `trowel show DIG`: a stored dig in any format; the exit code is that of the dig. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const outputs = await readOutputs(args, context, digFormats, { terminal: 'tree', piped: 'tree' });
  const policy = {
    failOn: readFailOn(optionValue(args, 'fail-on')),
    allowed: readAllowed(optionValue(args, 'allow-incomplete')),
  };
  const dig = await readDig(args.operands[0], context);
  await writeDig(dig, outputs, args, context);
  return exitCode(dig, policy);
}
