/** What a file that is no chart may be, by its first bytes; `.` is any byte. */
const signatures: readonly (readonly [string, RegExp])[] = [
  ['text/plain; charset=utf-16be', /^\xfe\xff../s],
  ['text/plain; charset=utf-16le', /^\xff\xfe../s],
  ['text/plain; charset=utf-8', /^\xef\xbb\xbf./s],
  ['application/pdf', /^%PDF-/],
  ['application/postscript', /^%!PS-Adobe-/],
  ['text/html; charset=utf-8', /^[\t\n\f\r ]*(?:<!DOCTYPE HTML|<HTML|<HEAD|<SCRIPT|<BODY|<DIV|<TABLE|<!--)[ >]/i],
  ['text/xml; charset=utf-8', /^[\t\n\f\r ]*<\?xml/],
  ['image/gif', /^GIF8[79]a/],
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['application/x-rar-compressed', /^Rar!\x1a\x07(?:\0|\x01\0)/],
  ['application/zip', /^PK\x03\x04/],
  ['application/wasm', /^\0asm/],
];

/** Bytes that no text has. */
const binary = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/**
 * The media type of a file by its beginning, as far as files are met in a chart's place: audio, video and fonts are
 * `application/octet-stream` here. Follows: http.DetectContentType of Go (net/http/sniff.go).
 */
export function contentType(start: Uint8Array): string {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength).toString('latin1');
  const found = signatures.find(([, pattern]) => pattern.test(text));
  if (found !== undefined) return found[0];
  return binary.test(text.trimStart()) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
