import { TrowelError } from '../model/index.js';

const warnStart = 'HELM_ERR_START';
const warnEnd = 'HELM_ERR_END';

/** Marks the text of `fail` and `required`, so that it can be found in the chain of errors around it. */
export function warnWrap(text: string): string {
  return warnStart + text + warnEnd;
}

/** Helm's text for a template that cannot be parsed. Follows: cleanupParseError of Helm 3.22's engine.go. */
export function parseFailure(path: string, message: string): TrowelError {
  const tokens = message.split(': ');
  if (tokens.length === 1) return failure(`parse error in (${path}): ${message}`, path);
  const location = tokens[1] ?? '';
  return failure(`parse error at (${location}): ${tokens.at(-1) ?? ''}`, location);
}

/** Helm's text for a template that cannot be executed. Follows: cleanupExecError of Helm 3.22's engine.go. */
export function execFailure(path: string, message: string): TrowelError {
  const first = message.indexOf(': ');
  const second = first < 0 ? -1 : message.indexOf(': ', first + 2);
  if (second < 0) return failure(`execution error in (${path}): ${message}`, path);
  const location = message.slice(first + 2, second);
  const rest = message.slice(second + 2);
  const start = rest.indexOf(warnStart);
  const end = rest.lastIndexOf(warnEnd);
  if (start < 0 || end < start + warnStart.length) return failure(message, location);
  return failure(`execution error at (${location}): ${rest.slice(start + warnStart.length, end)}`, location);
}

/** An error with the place that Helm names: `path:line` or `path:line:column`. */
function failure(what: string, location: string): TrowelError {
  const match = /^(.*?):(\d+)(?::(\d+))?$/s.exec(location);
  if (match === null) return new TrowelError('render-failed', { what, where: { file: location } });
  const [, file = '', line, column] = match;
  const where = column === undefined ? { line: Number(line) } : { line: Number(line), column: Number(column) };
  return new TrowelError('render-failed', { what, where: { file, ...where } });
}
