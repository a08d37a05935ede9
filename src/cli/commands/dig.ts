import { dig, readTarget, type Target } from '../../dig/index.js';
import { isTrowelError, TrowelError } from '../../model/index.js';
import { type Arguments, optionValue } from '../arguments.js';
import type { Context } from '../command.js';
import { exitCode, readAllowed, readFailOn } from '../exit-code.js';
import { readOutputs } from '../outputs.js';
import { digSettings } from '../settings.js';
import { digFormats, writeDig } from '../write-dig.js';

/** `trowel dig TARGET`: the whole way, then every format that was asked for. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const [given, ...more] = args.operands;
  if (given === undefined || more.length > 0) {
    throw new TrowelError('usage', { what: 'dig wants one target', todo: 'see trowel help dig' });
  }
  const outputs = await readOutputs(args, context, digFormats, { terminal: 'tree', piped: 'tree' });
  const policy = {
    failOn: readFailOn(optionValue(args, 'fail-on')),
    allowed: readAllowed(optionValue(args, 'allow-incomplete')),
  };
  const options = await digSettings(args, context);
  const target = await readTarget(given, { repo: options.access.repo, env: context.io.env });
  if (target.takenFor !== target.kind) {
    context.io.progress({ kind: 'stage', name: `${given} is taken for ${target.takenFor}` });
  }
  const result = await dig(target, options, context.io).catch((error: unknown) => {
    throw target.kind === target.takenFor ? error : sayTakenFor(error, target);
  });
  await writeDig(result, outputs, args, context);
  return exitCode(result, policy);
}

/** Whoever mistyped a path must see that it was taken for something else. */
function sayTakenFor(error: unknown, target: Target): unknown {
  if (target.kind !== 'image' || !isTrowelError(error)) return error;
  const what = `${error.what} (no such path: taken for ${target.takenFor})`;
  const { code, where, todo, cause } = error;
  return new TrowelError(code, { what, where, cause, ...(todo === undefined ? {} : { todo }) });
}
