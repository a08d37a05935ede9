/** What a file that is no chart may be, by its first bytes, in Latin-1. */
const prefixes: readonly (readonly [string, string])[] = [
  ['text/plain; charset=utf-16be', '\xfe\xff'],
  ['text/plain; charset=utf-16le', '\xff\xfe'],
  ['text/plain; charset=utf-8', '\xef\xbb\xbf'],
  ['application/pdf', '%PDF-'],
  ['application/postscript', '%!PS-Adobe-'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['application/x-rar-compressed', 'Rar!\x1a\x07\x00'],
  ['application/x-rar-compressed', 'Rar!\x1a\x07\x01\x00'],
  ['application/zip', 'PK\x03\x04'],
  ['application/wasm', '\x00asm'],
];

const html = /^[\t\n\f\r ]*(?:<!DOCTYPE HTML|<HTML|<HEAD|<SCRIPT|<BODY|<DIV|<TABLE|<!--)[ >]/i;

/** Whether no text has this byte. */
function isBinary(code: number): boolean {
  return code <= 0x08 || code === 0x0b || (code >= 0x0e && code <= 0x1a) || (code >= 0x1c && code <= 0x1f);
}

/**
 * The media type of a file by its beginning, as far as files are met in a chart's place: audio, video and fonts are
 * `application/octet-stream` here. Follows: http.DetectContentType of Go (net/http/sniff.go).
 */
export function contentType(start: Uint8Array): string {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString('latin1');
  const found = prefixes.find(([, prefix]) => text.startsWith(prefix));
  if (found !== undefined) return found[0];
  if (html.test(text)) return 'text/html; charset=utf-8';
  if (/^[\t\n\f\r ]*<\?xml/.test(text)) return 'text/xml; charset=utf-8';
  return start.some(isBinary) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
