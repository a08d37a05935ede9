import { type Candidate, readCandidate } from '../discover/index.js';
import { imageParts, type Part } from './image-parts.js';

/**
 * Another text of the same shape: a digest stays a digest, a version a version, a host a host, so that a chart that
 * compares or checks the value renders with it as it did before. Each `variant` gives another text.
 */
export function probeOf(text: string, variant = 0): string {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return withOtherEnd(text, variant);
  const letter = String.fromCharCode('x'.charCodeAt(0) - (variant % 24));
  if (/^[\w-]+(?:\.[\w-]+)+:\d{2,5}$/.test(text)) return otherHost(text, letter);
  const slash = text.lastIndexOf('/');
  const at = text.indexOf('@');
  const colon = text.indexOf(':', slash + 1);
  // A whole reference: its tag is what a version is.
  if (at < 0 && colon > 0) return `${text.slice(0, colon + 1)}${bumped(text.slice(colon + 1), letter, variant)}`;
  if (at > 0) return withOtherEnd(text, variant);
  if (slash >= 0) return `${text}${letter}`;
  const isHost = /^[\w-]+(?:\.[\w-]+)+$/.test(text) && !/^v?\d/.test(text);
  return isHost ? otherHost(text, letter) : bumped(text, letter, variant);
}

/** The same name under another domain: `registry.k8sx.io` is still a registry, which `registryx.k8s.io` need not be. */
function otherHost(host: string, letter: string): string {
  return host.replace(/^(?:[\w-]+\.(?=[\w-]+\.))?[\w-]+/, `$&${letter}`);
}

/** The last number of a version one higher (9 becomes 8, which no comparison takes for another length). */
function bumped(text: string, letter: string, variant: number): string {
  const last = /\d(?!.*\d)/s.exec(text);
  if (last === null) return `${text}${letter}`;
  const digit = Number(last[0]);
  const others = [8, 7, 6, 5, 4, 3, 2, 1].filter((other) => other !== digit && other !== digit + 1);
  const digits = digit === 9 ? others : [digit + 1, ...others];
  // Longer only where all digits are taken by values that read the same.
  const extra = variant < digits.length ? '' : String(variant);
  return `${text.slice(0, last.index)}${digits[variant % digits.length]}${extra}${text.slice(last.index + 1)}`;
}

/** A digest with its last eight digits changed. */
function withOtherEnd(text: string, variant: number): string {
  const digits = [...text.slice(-8)].map((digit) => (digit === '0' ? '1' : '0'));
  const mark = variant === 0 ? '' : variant.toString(16);
  return `${text.slice(0, -8)}${digits.join('').slice(mark.length)}${mark}`;
}

/** Which part of a reference a text stands in, whole or between the part's own boundaries; null where in none. */
export function partOf(text: string, written: string, image: string): Part | null {
  if (text === written || text === image) return readCandidate(text) === null ? null : wholeOf(text, image);
  const parts = imageParts(image);
  if (text === parts.digest || `sha256:${text}` === parts.digest) return 'digest';
  if (text === parts.tag) return 'tag';
  if (text === parts.registry) return 'registry';
  const names = [parts.repository, `${parts.registry}/${parts.repository}`, parts.repository.replace(/^library\//, '')];
  if (names.includes(text)) return 'repository';
  if (text === `${parts.tag}@${parts.digest}`) return 'tag';
  // Shorter texts stand in too many places to be tried.
  if (text.length < 3) return null;
  if (isInside(text, parts.tag)) return 'tag';
  if (isInside(text, `${parts.registry}/${parts.repository}`)) return text.includes('.') ? 'registry' : 'repository';
  return null;
}

/** A reference without tag and digest decides the repository alone, unless nothing else is there to decide. */
function wholeOf(text: string, image: string): Part {
  const candidate: Candidate | null = readCandidate(text);
  return candidate !== null && candidate.tag === null && !candidate.hasDigest && !image.endsWith(':latest')
    ? 'repository'
    : 'whole';
}

/** Whether a text stands in another between ends or one of `. / - _ + :`; a `v` before a number is no letter. */
function isInside(text: string, whole: string): boolean {
  for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
    const before = whole[at - 1] ?? '';
    const after = whole[at + text.length] ?? '';
    if ((/^[./_+:-]?$/.test(before) || (before === 'v' && /^\d/.test(text))) && /^[./_+:-]?$/.test(after)) return true;
  }
  return false;
}
