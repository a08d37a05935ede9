import { trimSpace } from './text.js';

/**
 * A failure of a template as Helm 4 lays it out: place, node and message on lines of their own, for each `include` on
 * the way. Where a function failed of itself the message keeps Helm 3's form, as it does in Helm 4, which takes apart
 * only what begins with `template: `.
 *
 * Follows: helm v4.3.1 pkg/engine/engine.go reformatExecErrorMsg, which walks down the errors that wrap each other;
 * here the text of each holds that of the next.
 */
export function helm4Message(message: string): string {
  const parts: string[] = [];
  for (let rest: string | null = message; rest !== null; rest = wrapped(rest)) {
    const part = laidOut(rest);
    if (part === null) return message;
    if (part !== parts.at(-1)) parts.push(part);
  }
  return trimSpace(parts.join(''));
}

const begin = 'template: ';

/** `error calling NAME: ERROR` is the one message of text/template that wraps another error; null for the others. */
function wrapped(text: string): string | null {
  const node = executing(text);
  if (node === null) return null;
  const calling = /^error calling [^:]*: /.exec(node.message)?.[0];
  return calling === undefined ? null : node.message.slice(calling.length);
}

/** One error as TraceableError prints it (parseTemplateExecErrorString); null where it is none of a template. */
function laidOut(text: string): string | null {
  if (!text.startsWith(begin)) return null;
  if (text.startsWith('no template ', begin.length)) return `${text}\n`;
  const node = executing(text);
  if (node !== null) {
    return lines(node.place, `executing "${node.name}" at <${node.node}>:`, beforeNext(node.message));
  }
  const cut = text.lastIndexOf(': ');
  if (cut < begin.length) return null;
  return lines(text.slice(begin.length, cut), '', beforeNext(text.slice(cut + 2)));
}

function lines(place: string, node: string, message: string): string {
  const first = place === '' ? '' : `${place}\n  `;
  const second = node === '' ? '' : `${node}\n    `;
  return `${first}${second}${message === '' ? '' : `${message}\n`}`;
}

function beforeNext(message: string): string {
  const next = message.indexOf(' template:');
  return next < 0 ? message : message.slice(0, next);
}

/** `template: PLACE: executing "NAME" at <NODE>: MESSAGE` in its parts. */
function executing(
  text: string,
): { readonly place: string; readonly name: string; readonly node: string; readonly message: string } | null {
  const middle = ': executing ';
  const found = text.indexOf(middle);
  if (!text.startsWith(begin) || found < begin.length) return null;
  const named = found + middle.length;
  if (text[named] !== '"') return null;
  const quote = text.indexOf('"', named + 1);
  const at = '" at <';
  if (quote < 0 || !text.startsWith(at, quote)) return null;
  const node = quote + at.length;
  const end = text.indexOf('>: ', node);
  if (end < 0) return null;
  return {
    place: text.slice(begin.length, found),
    name: text.slice(named + 1, quote),
    node: text.slice(node, end),
    message: text.slice(end + 3),
  };
}
