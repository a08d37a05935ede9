import { readFileSync } from 'node:fs';
import { isTrowelError, type ProgressEvent, TrowelError } from '../model/index.js';
import { isSet, readArguments } from './arguments.js';
import type { Command, Context } from './command.js';
import { commands } from './commands.js';
import { exitCodeOfError } from './exit-code.js';
import { commandHelp, generalHelp } from './help.js';
import { ProgressLine } from './progress.js';

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`| head`): there is nobody left to tell.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  });
  process.exitCode = await run(process.argv.slice(2));
}

/** One call: picks the command, reads its options, runs it, maps errors to exit codes. */
async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(generalHelp(commands));
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((known) => known.name === (name === '--version' ? 'version' : name));
  if (command === undefined) {
    process.stderr.write(`trowel: no command "${safe(name)}"; see trowel help\n`);
    return 2;
  }
  return await runCommand(command, rest);
}

async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
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
    const line = new ProgressLine({
      say: (text) => process.stderr.write(text),
      drawn: process.stderr.isTTY === true && !quiet && !isSet(args, 'no-progress'),
      warn: !quiet,
      width: process.stderr.columns ?? 80,
      clean: safe,
    });
    progress = line;
    const { run: execute } = await command.load();
    const code = await execute(
      args,
      context(line.event, () => line.clear()),
    );
    line.clear();
    return code;
  } catch (error) {
    progress?.clear();
    process.stderr.write(errorText(error, debug));
    return exitCodeOfError(error);
  }
}

/** The outside world of this process. */
function context(progress: (event: ProgressEvent) => void, clear: () => void): Context {
  return {
    io: { now: clock(process.env), progress, env: process.env, stdin: process.stdin },
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
  const seconds = Number(epoch);
  if (!Number.isInteger(seconds)) {
    throw new TrowelError('usage', { what: `SOURCE_DATE_EPOCH is no number of seconds: ${epoch}` });
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

/** One line for people; causes and stack only with `--debug`. */
function errorText(error: unknown, debug: boolean): string {
  if (isTrowelError(error)) {
    const lines = [`trowel: ${safe(error.message)}\n`];
    if (debug)
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) lines.push(`${cause.stack}\n`);
    return lines.join('');
  }
  const text = error instanceof Error ? (debug ? (error.stack ?? error.message) : error.message) : String(error);
  return `trowel: internal error: ${debug ? text : safe(text)}${debug ? '' : '; please report it, with --debug'}\n`;
}

/** Text of the input on its way to a terminal: line breaks and tabs stay, other control characters are shown. */
function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}}`,
  );
}
