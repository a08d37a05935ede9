import { goBytes } from '../text.js';
import { YamlSyntaxError } from './syntax-error.js';

/**
 * A text in UTF-16, as Windows writes files, told by its mark, which is no UTF-8; any other as it is.
 *
 * Throws YamlSyntaxError with go-yaml's text. Follows: yaml_parser_update_buffer of readerc.go.
 */
export function fromUtf16(text: string): string {
  const little = text.startsWith('\udcff\udcfe');
  if (!little && !text.startsWith('\udcfe\udcff')) return text;
  const bytes = Buffer.from(goBytes(text)).subarray(2);
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const decoded = (little ? even : Buffer.from(even).swap16()).toString('utf16le');
  const lone = /[\ud800-\udfff]/u.exec(decoded);
  if (lone !== null) {
    if (lone[0] >= '\udc00') throw new YamlSyntaxError('unexpected low surrogate area');
    const isLast = lone.index === decoded.length - 1;
    throw new YamlSyntaxError(isLast ? 'incomplete UTF-16 surrogate pair' : 'expected low surrogate area');
  }
  if (even.length < bytes.length) throw new YamlSyntaxError('incomplete UTF-16 character');
  return decoded;
}
