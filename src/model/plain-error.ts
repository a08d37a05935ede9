import { type Reason, TrowelError, type Where } from './error.js';

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

export function errorOf({ code, what, where, todo }: PlainError): TrowelError {
  return new TrowelError(code, { what, where, ...(todo === undefined ? {} : { todo }) });
}
