import { eachLine } from './paragraphs.js';

/** What is looked at of one file, and how many licences of it are kept: texts of licences follow their names. */
const maxLength = 1024 * 1024;
const maxLicenses = 100;

/**
 * The licences that a Debian package's `copyright` names, in the words of the file, each once, sorted.
 *
 * The machine-readable form has them in `License:` fields; in the older, free one the texts under
 * /usr/share/common-licenses that it refers to are all that can be known by rule.
 * Follows: Debian's machine-readable copyright file 1.0, 7 (License); Debian Policy 12.5.
 */
export function licensesOfCopyright(source: string): readonly string[] {
  const text = source.slice(0, maxLength);
  const found = new Set<string>();
  const isMachineReadable = /^Format(?:-Specification)?:.{0,200}(?:copyright-format|dep-?5)/im.test(
    text.slice(0, 4096),
  );
  for (const line of eachLine(text)) {
    if (found.size >= maxLicenses) break;
    if (isMachineReadable) {
      const name = /^License:\s{0,9}(\S.{0,199})$/i.exec(line)?.[1]?.trim();
      if (name !== undefined) found.add(name);
      continue;
    }
    for (const [, name = ''] of line.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9][A-Za-z0-9.+-]{0,40})/g)) {
      found.add(name.replace(/[.-]+$/, ''));
    }
  }
  return [...found].sort();
}
