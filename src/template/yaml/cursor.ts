import { isBreak, isBreakOrEnd } from './chars.js';
import { scanError, YamlSyntaxError } from './syntax-error.js';

/**
 * A place in a YAML text. Columns count UTF-16 units: they only matter within indentation and before keys, where
 * go-yaml's count of code points is the same for every text with keys in the basic plane.
 */
export class Cursor {
  /** The text with NULs behind, so that looking ahead needs no bounds. */
  readonly text: string;
  pos = 0;
  line = 0;
  lineStart = 0;

  constructor(text: string) {
    const bad = firstForbidden(text);
    if (bad !== null) throw new YamlSyntaxError(bad);
    this.text = `${text}\0\0\0\0`;
    if (text.charCodeAt(0) === 0xfeff) {
      this.pos = 1;
      this.lineStart = 1;
    }
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  get code(): number {
    return this.text.charCodeAt(this.pos);
  }

  at(offset: number): number {
    return this.text.charCodeAt(this.pos + offset);
  }

  /** Goes past one line break, CR LF included, and gives what it stands for: LF, or LS and PS themselves. */
  readBreak(): string {
    const code = this.text.charCodeAt(this.pos);
    if (code === 13 && this.text.charCodeAt(this.pos + 1) === 10) this.pos += 2;
    else if (isBreak(code)) this.pos += 1;
    else return '';
    this.line += 1;
    this.lineStart = this.pos;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  skipToBreak(): void {
    while (!isBreakOrEnd(this.text.charCodeAt(this.pos))) this.pos += 1;
  }

  fail(problem: string): never {
    throw scanError(problem, this.line);
  }
}

/** The fast question: is there anything that the slow one has to look at? */
const suspicious = /[^\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/;

/** go-yaml's complaint about the first character that YAML forbids, or null. Bytes that are no UTF-8 stand as U+DC80 to U+DCFF. */
function firstForbidden(text: string): string | null {
  const start = text.search(suspicious);
  if (start === -1) return null;
  for (let i = start; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) {
      i += 1;
    } else if (code >= 0xd800 && code <= 0xdfff) {
      return badUtf8(text, i);
    } else if (
      !(code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x7e)) &&
      !(code === 0x85 || (code >= 0xa0 && code <= 0xfffd))
    ) {
      return 'control characters are not allowed';
    }
  }
  return null;
}

/** Which of go-yaml's UTF-8 complaints the byte at `at` earns (readerc.go). */
function badUtf8(text: string, at: number): string {
  const lead = (text.charCodeAt(at) & 0xff) | 0x80;
  const width = lead >= 0xc0 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf8 ? 4 : 0;
  if (width === 0) return 'invalid leading UTF-8 octet';
  for (let k = 1; k < width; k++) {
    const next = text.charCodeAt(at + k);
    if (Number.isNaN(next)) return 'incomplete UTF-8 octet sequence';
    if (!(next >= 0xdc80 && next <= 0xdcbf)) return 'invalid trailing UTF-8 octet';
  }
  return lead === 0xed ? 'invalid Unicode character' : 'invalid length of a UTF-8 sequence';
}
