/**
 * Makes a text of the input safe for a terminal: what would move the cursor, change colours, reverse the order of
 * letters or stay invisible is shown instead of sent.
 *
 * ESC becomes `␛`; the other C0 and C1 controls (ECMA-48) and DEL become `\xHH`; bidirectional controls (Unicode UAX #9),
 * line separators, zero-width characters, tags and lone surrogates become `\u{H}`. Everything else stays. Every text of
 * the input passes here, or through `escapeJson`, before it is printed.
 */
export function escapeText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  let safe = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (!isUnsafe(code)) safe += char;
    else if (code === 0x1b) safe += '␛';
    else if (code <= 0xff) safe += `\\x${code.toString(16).padStart(2, '0')}`;
    else safe += `\\u{${code.toString(16)}}`;
  }
  return safe;
}

/**
 * The same for JSON text, without loss: what JSON would leave as it is and a terminal would act upon is written as
 * `\uXXXX`, which reads back as the same string (RFC 8259, section 7).
 */
export function escapeJson(json: string): string {
  if (/^[\n -~]*$/.test(json)) return json;
  let safe = '';
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    const point = json.codePointAt(i) ?? unit;
    // Line ends and nothing else below a space are JSON's own layout; strings hold them escaped already.
    if (unit === 0x0a || !isUnsafe(point)) {
      safe += point > 0xffff ? String.fromCodePoint(point) : json[i];
      if (point > 0xffff) i++;
    } else {
      safe += `\\u${unit.toString(16).padStart(4, '0')}`;
    }
  }
  return safe;
}

function isUnsafe(code: number): boolean {
  return (
    code <= 0x1f ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}
