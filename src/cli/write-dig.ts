import type { Dig } from '../model/index.js';
import { formats } from '../report/index.js';
import { type Arguments, isSet, optionValues } from './arguments.js';
import type { Context } from './command.js';
import { readSeverities } from './exit-code.js';
import { databaseHint } from './hints.js';
import { type Output, viewOf, writeOutput } from './outputs.js';

/** The formats a dig can be written in. */
export const digFormats: readonly string[] = formats.map((format) => format.name);

/** Writes a dig in each format, to its file or to standard output. */
export async function writeDig(dig: Dig, outputs: readonly Output[], args: Arguments, context: Context): Promise<void> {
  const severities = readSeverities(optionValues(args, 'severity'));
  for (const output of outputs) {
    const format = formats.find((known) => known.name === output.format);
    if (format === undefined) continue;
    const view = {
      ...viewOf(args, context, output),
      ignoreUnfixed: isSet(args, 'ignore-unfixed'),
      ...(severities === undefined ? {} : { severities }),
    };
    await writeOutput(output, format.write(dig, view), context);
  }
  const hint = databaseHint(dig);
  if (hint !== null && !isSet(args, 'quiet')) context.say(hint);
}
