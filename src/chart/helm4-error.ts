/**
 * A failure of a template as Helm 4 lays it out: place, node and message on lines of their own, for each `include` on
 * the way. A chain in which something else than include stands keeps Helm 3's form, as it does in Helm 4.
 *
 * Follows: helm v4.3.1 pkg/engine/engine.go reformatExecErrorMsg.
 */
export function helm4Message(message: string): string {
  const lines: string[] = [];
  let rest = message;
  for (;;) {
    const trace = readTrace(rest);
    if (trace === null) return message;
    lines.push(trace.place, `  executing "${trace.name}" at <${trace.node}>:`);
    const next = trace.message.indexOf(' template: ');
    const said = next < 0 ? trace.message : trace.message.slice(0, next);
    lines.push(`    ${said}`);
    if (next < 0) {
      // The function's own error is the end of the chain, and Helm 4 takes nothing but templates apart.
      return said.startsWith('error calling ') ? message : lines.join('\n');
    }
    if (said !== 'error calling include:') return message;
    rest = trace.message.slice(next + 1);
  }
}

/** `template: PLACE: executing "NAME" at <NODE>: MESSAGE` in its parts. */
function readTrace(
  text: string,
): { readonly place: string; readonly name: string; readonly node: string; readonly message: string } | null {
  const begin = 'template: ';
  const middle = ': executing "';
  const executing = text.indexOf(middle);
  if (!text.startsWith(begin) || executing < 0) return null;
  const named = executing + middle.length;
  const quote = text.indexOf('"', named);
  const at = '" at <';
  if (quote < 0 || !text.startsWith(at, quote)) return null;
  const node = quote + at.length;
  const end = text.indexOf('>: ', node);
  if (end < 0) return null;
  return {
    place: text.slice(begin.length, executing),
    name: text.slice(named, quote),
    node: text.slice(node, end),
    message: text.slice(end + 3),
  };
}
