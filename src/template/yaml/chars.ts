/** Character classes of YAML 1.1 as libyaml and go-yaml v2 read them (yamlprivateh.go). Code 0 stands for the end. */

/** A line break: CR, LF, NEL, LS or PS. */
export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

/** Space or tab. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export function isBlankOrEnd(code: number): boolean {
  return code <= 32 ? code === 32 || code === 10 || code === 0 || code === 9 || code === 13 : isBreak(code);
}

/** What anchors, directive names and tag handles are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45
  );
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** Whether the text at `at` is `---` or `...` with a blank, a break or the end behind. */
export function isDocumentMark(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  return (
    (first === 45 || first === 46) &&
    text.charCodeAt(at + 1) === first &&
    text.charCodeAt(at + 2) === first &&
    isBlankOrEnd(text.charCodeAt(at + 3))
  );
}
