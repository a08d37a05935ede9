import { isTrowelError } from '../model/index.js';

/**
 * What a person is told of an error: one line, as long as its message has one. Causes and stack traces only with
 * `debug`. `clean` makes a text of the input safe for a terminal.
 */
export function errorText(error: unknown, debug: boolean, clean: (text: string) => string): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = isTrowelError(error) ? message : `internal error: ${message}`;
  if (!debug) return `trowel: ${clean(line)}${isTrowelError(error) ? '' : '; please report it, with --debug'}\n`;
  const lines = [`trowel: ${clean(line)}\n`];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    lines.push(`${clean(cause.stack ?? cause.message)}\n`);
  }
  return lines.join('');
}
