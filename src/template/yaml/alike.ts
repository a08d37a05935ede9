/**
 * Words and whole numbers that may stand for each other without a change of what surrounds them: not behind a letter, a
 * digit or a sign that gives them another meaning (an escape, the header of a block, an exponent, a longer number), and
 * no word that is a value of another kind (YAML 1.1: `true`, `~`, `.inf` …).
 */
const exchangeable =
  /(?<![\w\\|>+-])(?!(?:true|false|yes|no|on|off|y|n|null|inf|nan)(?![A-Za-z0-9-]))(?:[A-Za-z][A-Za-z0-9-]*|(?<!\.)[0-9]{1,15}(?![\w.]))/gi;

/** A line break: no line holds one. */
const exchanged = '\n';

/** A longer line may hold a key that is too long. */
const longestLine = 1000;

/** What stands before the last value, where it may hold keys. */
const keyPart = /^.*:(?: |$)/;

/**
 * Whether two texts differ in nothing but words and numbers within their values, so that the second is right YAML where
 * the first is, and has the same keys, with maps, lists and scalars behind them as the first. Values of keys of the
 * document itself stay the same. `before` must be plain (KnownDocument of common-style.ts): no tags, anchors or
 * directives.
 */
export function areAlike(before: string, now: string): boolean {
  // Both at the beginning of a line; `now` is so much ahead.
  let at = 0;
  let ahead = 0;
  for (;;) {
    while (at < before.length && before.slice(at, at + block) === now.slice(at + ahead, at + ahead + block))
      at += block;
    if (at >= before.length) return before.length + ahead === now.length;
    if (at > 0) at = before.lastIndexOf('\n', at - 1) + 1;
    // To behind the first line that differs.
    for (let isSame = true; isSame; ) {
      const end = endOfLine(before, at);
      const next = endOfLine(now, at + ahead);
      const [old, line] = [before.slice(at, end), now.slice(at + ahead, next)];
      isSame = old === line;
      if (!isSame && !isAlike(old, line)) return false;
      if (end === before.length || next === now.length) return end === before.length && next === now.length;
      ahead = next - end;
      at = end + 1;
    }
  }
}

/** Texts are compared in pieces as long as that, and by line where these differ. */
const block = 512;

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function isAlike(before: string, now: string): boolean {
  if (now.length > longestLine || before.length > longestLine || before.charCodeAt(0) !== 0x20) return false;
  const key = keyPart.exec(before);
  return (key === null || now.startsWith(key[0])) && formOf(before) === formOf(now);
}

function formOf(line: string): string {
  return line.replace(exchangeable, exchanged);
}
