import { isTrowelError, type Reason, TrowelError, type Where } from './error.js';

/** A TrowelError as plain data, to travel between threads; its cause stays behind. */
export interface PlainError {
  readonly code: Reason;
  readonly what: string;
  readonly where: Where;
  readonly todo: string | undefined;
}

export function plainError({ code, what, where, todo }: TrowelError): PlainError {
  return { code, what, where, todo };
}

/** Whatever was thrown: what is no TrowelError is a fault of the program, and is told with where it came from. */
export function plainErrorOf(error: unknown): PlainError {
  if (isTrowelError(error)) return plainError(error);
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return plainError(new TrowelError('internal', { what }));
}

export function errorOf({ code, what, where, todo }: PlainError): TrowelError {
  return new TrowelError(code, { what, where, ...(todo === undefined ? {} : { todo }) });
}
