import { goBytes, goString } from '../reflect.js';
import { isSpace } from './case.js';

/** Masterminds/goutils treats strings as bytes, each byte a character of Latin-1; so do these. */

/** A text with a character for each byte. */
export function bytesOf(text: string): string {
  return Buffer.from(goBytes(text)).toString('latin1');
}

/** The text of such characters. */
export function textOf(bytes: string): string {
  return goString(Buffer.from(bytes, 'latin1'));
}

/** goutils.DeleteWhiteSpace: where blanks are taken out, other bytes become characters of Latin-1. */
export function deleteWhiteSpace(text: string): string {
  const bytes = bytesOf(text);
  let out = '';
  for (const byte of bytes) if (!isSpace(byte)) out += byte;
  return out.length === bytes.length ? text : out;
}

/** goutils.Initials: the first byte of each word. */
export function initials(text: string): string {
  let out = '';
  let gap = true;
  for (const byte of bytesOf(text)) {
    const blank = isSpace(byte);
    if (gap && !blank) out += byte;
    gap = blank;
  }
  return out;
}

/** goutils.AbbreviateFull, whose errors sprig turns into an empty string; widths in bytes. */
export function abbreviate(text: string, offset: number, width: number): string {
  const bytes = bytesOf(text);
  return textOf(abbreviateBytes(bytes, offset, width));
}

function abbreviateBytes(bytes: string, wanted: number, width: number): string {
  if (bytes === '' || width < 4) return '';
  if (bytes.length <= width) return bytes;
  const offset = Math.min(Math.min(wanted, bytes.length), bytes.length - (width - 3));
  if (offset <= 4) return `${bytes.slice(0, width - 3)}...`;
  if (width < 7) return '';
  if (offset + width - 3 < bytes.length) return `...${abbreviateBytes(bytes.slice(offset), 0, width - 3)}`;
  return `...${bytes.slice(bytes.length - (width - 3))}`;
}

/** goutils.WrapCustom: lines of at most `width` bytes where blanks allow it, or cut where `cutWords` says so. */
export function wrapWords(text: string, width: number, separator: string, cutWords: boolean): string {
  const bytes = bytesOf(text);
  const size = Math.max(width, 1);
  const line = separator === '' ? '\n' : bytesOf(separator);
  let out = '';
  let offset = 0;
  while (bytes.length - offset > size) {
    if (bytes[offset] === ' ') {
      offset += 1;
      continue;
    }
    let cut = bytes.slice(offset, offset + size + 1).lastIndexOf(' ') + offset;
    if (cut >= offset) {
      out += bytes.slice(offset, cut) + line;
      offset = cut + 1;
    } else if (cutWords) {
      out += bytes.slice(offset, offset + size) + line;
      offset += size;
    } else {
      cut = bytes.indexOf(' ', offset + size);
      if (cut === -1) {
        out += bytes.slice(offset);
        offset = bytes.length;
      } else {
        out += bytes.slice(offset, cut) + line;
        offset = cut + 1;
      }
    }
  }
  return textOf(out + bytes.slice(offset));
}
