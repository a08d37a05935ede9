import type { Io } from '../model/index.js';
import type { Arguments } from './arguments.js';
import type { OptionGroup } from './option.js';

/** What a command gets beside its arguments: where to write, what the terminal is, and the outside world. */
export interface Context {
  readonly io: Io;
  /** Standard output: only the chosen format. Waits while the reader is slow. */
  readonly write: (text: string) => Promise<void>;
  /** Standard error: warnings and progress. */
  readonly say: (text: string) => void;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly width: number;
  readonly version: string;
  readonly commands: readonly Command[];
  /** To be called by a command that did what was not done before: what was compiled for it is worth keeping. */
  readonly didNew?: () => void;
}

/** A command: its help and the module that runs it, loaded when it runs. */
export interface Command {
  readonly name: string;
  readonly operands: string;
  readonly summary: string;
  /** Paragraphs and examples under the summary. */
  readonly details: string;
  readonly groups: readonly OptionGroup[];
  /** What may stand first: `db import`. */
  readonly verbs?: readonly string[];
  /** Writes formats of its own; every other command writes plain text, so only `-o text[=FILE]`. */
  readonly formats?: true;
  readonly load: () => Promise<CommandModule>;
}

export interface CommandModule {
  /** Returns the exit code (CONTRACT: 0, 1, 3, 4) or throws TrowelError. */
  readonly run: (args: Arguments, context: Context) => Promise<number>;
}
