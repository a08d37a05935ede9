import { readFileSync } from 'node:fs';
import { type ProgressEvent, TrowelError } from '../model/index.js';
import { type Arguments, isSet, readArguments } from './arguments.js';
import type { Command, CommandModule, Context } from './command.js';
import { commands } from './commands.js';
import { errorText } from './error-text.js';
import { exitCodeOfError } from './exit-code.js';
import { commandHelp, generalHelp } from './help.js';
import { readOutputs, writeOutput } from './outputs.js';
import { ProgressLine } from './progress.js';
import { unknownCommand } from './unknown-command.js';

/**
 * Runs the command line of this process and sets its exit code. Calls `didNew` where the run did what was not done
 * before: what was compiled for it is worth keeping (bin/trowel).
 */
export async function main(didNew: () => void = () => {}): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`| head`): there is nobody left to tell.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  });
  process.exitCode = await run(process.argv.slice(2), didNew);
}

/** One call: picks the command, reads its options, runs it, maps errors to exit codes. */
async function run(argv: readonly string[], didNew: () => void): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    process.stderr.write(generalHelp(commands));
    return 2;
  }
  if (name === '--help' || name === '-h') {
    process.stdout.write(generalHelp(commands));
    return 0;
  }
  const command = commands.find((known) => known.name === (name === '--version' ? 'version' : name));
  if (command === undefined) {
    const error = unknownCommand(name, commands);
    process.stderr.write(errorText(error, false, await cleaner()));
    return exitCodeOfError(error);
  }
  return await runCommand(command, rest, didNew);
}

async function runCommand(command: Command, argv: readonly string[], didNew: () => void): Promise<number> {
  let debug = argv.includes('--debug');
  let progress: ProgressLine | undefined;
  try {
    const options = command.groups.flatMap((group) => group.options);
    const args = readArguments(argv, options, process.env);
    debug = isSet(args, 'debug');
    if (isSet(args, 'help')) {
      process.stdout.write(commandHelp(command));
      return 0;
    }
    const quiet = isSet(args, 'quiet');
    const [module, clean] = await Promise.all([command.load(), cleaner()]);
    const line = new ProgressLine({
      say: (text) => process.stderr.write(text),
      drawn: process.stderr.isTTY === true && !quiet && !isSet(args, 'no-progress'),
      warn: !quiet,
      verbose: isSet(args, 'verbose') && !quiet,
      width: () => process.stderr.columns ?? 80,
      clean,
    });
    progress = line;
    const world = { ...context(line.event, () => line.clear()), didNew };
    const code = await (command.formats === true ? module.run(args, world) : runText(module, args, world));
    line.clear();
    return code;
  } catch (error) {
    progress?.clear();
    process.stderr.write(errorText(error, debug, await cleaner()));
    return exitCodeOfError(error);
  }
}

/** A command that writes plain text: `-o text=FILE` leads it into a file, no other format is known. */
async function runText(module: CommandModule, args: Arguments, world: Context): Promise<number> {
  const [output] = await readOutputs(args, world, ['text'], { terminal: 'text', piped: 'text' });
  if (output === undefined || output.file === null) return await module.run(args, world);
  const pieces: string[] = [];
  const code = await module.run(args, {
    ...world,
    outputIsTerminal: false,
    write: async (text) => {
      pieces.push(text);
    },
  });
  await writeOutput(output, pieces, world);
  return code;
}

/**
 * Makes a text of the input safe for a terminal; line breaks stay, since Helm's errors have several lines.
 * Loaded only where such a text is written: the help of a command does without reports.
 */
async function cleaner(): Promise<(text: string) => string> {
  const { escapeText } = await import('../report/index.js');
  return (text) => text.split('\n').map(escapeText).join('\n');
}

/** The outside world of this process. */
function context(progress: (event: ProgressEvent) => void, clear: () => void): Context {
  return {
    io: {
      now: clock(process.env),
      progress,
      env: process.env,
      get stdin() {
        // Late: making the stream costs some milliseconds.
        return process.stdin;
      },
    },
    write: async (text) => {
      clear();
      if (!process.stdout.write(text)) {
        await new Promise<void>((resume) => process.stdout.once('drain', () => resume()));
      }
    },
    say: (text) => {
      clear();
      process.stderr.write(text);
    },
    outputIsTerminal: process.stdout.isTTY === true,
    errorIsTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? 100,
    version: version(),
    commands,
  };
}

/** The time, or what SOURCE_DATE_EPOCH says it is (reproducible-builds.org/specs/source-date-epoch). */
function clock(env: Readonly<Record<string, string | undefined>>): () => Date {
  const epoch = env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') return () => new Date();
  const seconds = /^\d{1,12}$/.test(epoch) ? Number(epoch) : Number.NaN;
  // RFC 3339 ends with the year 9999.
  if (!(seconds <= 253_402_300_799)) {
    throw new TrowelError('usage', { what: `no number of seconds: ${epoch}`, where: { option: 'SOURCE_DATE_EPOCH' } });
  }
  return () => new Date(seconds * 1000);
}

/** The version in package.json, wherever the compiled file lies below it. */
function version(): string {
  for (const up of ['../../../package.json', '../../package.json', '../../../../package.json']) {
    try {
      const text = readFileSync(new URL(up, import.meta.url), 'utf8');
      const found: unknown = JSON.parse(text);
      if (typeof found === 'object' && found !== null && 'version' in found) return String(found.version);
    } catch {
      // Not here: one folder further up.
    }
  }
  return 'unknown';
}
