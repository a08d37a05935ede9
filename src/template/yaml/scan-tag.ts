import { hexValue, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord } from './chars.js';
import type { Cursor } from './cursor.js';

const uriMarks = ";/?:@&=+$,.!~*'()[]%";

/** The handle of a tag, `!`, `!!` or `!name!`; `directive` as in `%TAG`, where it must be closed. */
function scanHandle(cursor: Cursor, directive: boolean): string {
  if (cursor.code !== 33) cursor.fail("did not find expected '!'");
  const start = cursor.pos;
  cursor.pos += 1;
  while (isWord(cursor.code)) cursor.pos += 1;
  if (cursor.code === 33) {
    cursor.pos += 1;
  } else if (directive && cursor.pos - start !== 1) {
    cursor.fail("did not find expected '!'");
  }
  return cursor.text.slice(start, cursor.pos);
}

/** The rest of a tag, with percent escapes read as UTF-8. `head` is what was read before. */
function scanUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let found = head !== '';
  for (;;) {
    const code = cursor.code;
    if (code === 37) uri += scanUriEscape(cursor);
    else if (isWord(code) || (code !== 0 && uriMarks.includes(String.fromCharCode(code)))) {
      uri += String.fromCharCode(code);
      cursor.pos += 1;
    } else break;
    found = true;
  }
  if (!found) cursor.fail('did not find expected tag URI');
  return uri;
}

function scanUriEscape(cursor: Cursor): string {
  const bytes: number[] = [];
  let width = 1;
  for (let k = 0; k < width; k++) {
    const high = hexValue(cursor.at(1));
    const low = hexValue(cursor.at(2));
    if (cursor.code !== 37 || high < 0 || low < 0) cursor.fail('did not find URI escaped octet');
    const octet = high * 16 + low;
    if (k === 0) {
      width =
        octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 0;
      if (width === 0) cursor.fail('found an incorrect leading UTF-8 octet');
    } else if ((octet & 0xc0) !== 0x80) {
      cursor.fail('found an incorrect trailing UTF-8 octet');
    }
    bytes.push(octet);
    cursor.pos += 3;
  }
  return Buffer.from(bytes).toString('utf8');
}

/** A tag; the cursor stands on its `!`. An empty handle means that `suffix` is the whole tag (yaml_parser_scan_tag). */
export function scanTag(cursor: Cursor): { handle: string; suffix: string } {
  let handle = '';
  let suffix = '';
  if (cursor.at(1) === 60) {
    cursor.pos += 2;
    suffix = scanUri(cursor, '');
    if (cursor.code !== 62) cursor.fail("did not find the expected '>'");
    cursor.pos += 1;
  } else {
    handle = scanHandle(cursor, false);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = scanUri(cursor, '');
    } else {
      suffix = scanUri(cursor, handle);
      handle = '!';
      if (suffix === '') {
        handle = '';
        suffix = '!';
      }
    }
  }
  if (!isBlankOrEnd(cursor.code)) cursor.fail('did not find expected whitespace or line break');
  return { handle, suffix };
}

export interface Directive {
  readonly kind: 'version-directive' | 'tag-directive';
  /** `1.1`, or the handle of a tag. */
  readonly value: string;
  readonly suffix: string;
}

/** A line that begins with `%` (yaml_parser_scan_directive). */
export function scanDirective(cursor: Cursor): Directive {
  cursor.pos += 1;
  const start = cursor.pos;
  while (isWord(cursor.code)) cursor.pos += 1;
  const name = cursor.text.slice(start, cursor.pos);
  if (name === '') cursor.fail('could not find expected directive name');
  if (!isBlankOrEnd(cursor.code)) cursor.fail('found unexpected non-alphabetical character');
  const directive = name === 'YAML' ? scanVersion(cursor) : name === 'TAG' ? scanTagDirective(cursor) : null;
  if (directive === null) return cursor.fail('found unknown directive name');
  while (isBlank(cursor.code)) cursor.pos += 1;
  if (cursor.code === 35) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code)) cursor.fail('did not find expected comment or line break');
  cursor.readBreak();
  return directive;
}

function scanVersion(cursor: Cursor): Directive {
  while (isBlank(cursor.code)) cursor.pos += 1;
  const major = scanVersionNumber(cursor);
  if (cursor.code !== 46) cursor.fail("did not find expected digit or '.' character");
  cursor.pos += 1;
  return { kind: 'version-directive', value: `${major}.${scanVersionNumber(cursor)}`, suffix: '' };
}

function scanVersionNumber(cursor: Cursor): number {
  const start = cursor.pos;
  while (isDigit(cursor.code)) {
    if (cursor.pos - start === 2) cursor.fail('found extremely long version number');
    cursor.pos += 1;
  }
  if (cursor.pos === start) cursor.fail('did not find expected version number');
  return Number(cursor.text.slice(start, cursor.pos));
}

function scanTagDirective(cursor: Cursor): Directive {
  while (isBlank(cursor.code)) cursor.pos += 1;
  const handle = scanHandle(cursor, true);
  if (!isBlank(cursor.code)) cursor.fail('did not find expected whitespace');
  while (isBlank(cursor.code)) cursor.pos += 1;
  const prefix = scanUri(cursor, '');
  if (!isBlankOrEnd(cursor.code)) cursor.fail('did not find expected whitespace or line break');
  return { kind: 'tag-directive', value: handle, suffix: prefix };
}
