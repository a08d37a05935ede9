import { type Candidate, readCandidate } from './candidate.js';

/**
 * Another text of the same shape: a digest stays a digest, a version a version, a host a host, so that a chart that
 * compares or checks the value renders with it as it did before.
 */
export function probeOf(text: string): string {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return `${text.slice(0, -8)}${flipHex(text.slice(-8))}`;
  if (/^[\w-]+(?:\.[\w-]+)+:\d{2,5}$/.test(text)) return text.replace(/^[\w-]+/, '$&x');
  const slash = text.lastIndexOf('/');
  const at = text.indexOf('@');
  const colon = text.indexOf(':', slash + 1);
  // A whole reference: its tag is what a version is.
  if (at < 0 && colon > 0) return `${text.slice(0, colon + 1)}${bumped(text.slice(colon + 1))}`;
  if (at > 0) return `${text.slice(0, -8)}${flipHex(text.slice(-8))}`;
  if (slash >= 0) return `${text}x`;
  return /^[\w-]+(?:\.[\w-]+)+$/.test(text) && !/^v?\d/.test(text) ? text.replace(/^[\w-]+/, '$&x') : bumped(text);
}

/** The same for a number: the next one. */
export function nextNumber(number: number): number {
  return number + 1;
}

/** The last number of a version one higher (9 becomes 8, which no comparison takes for another length). */
function bumped(text: string): string {
  const last = /\d(?!.*\d)/s.exec(text);
  if (last === null) return `${text}x`;
  const digit = Number(last[0]);
  return `${text.slice(0, last.index)}${digit === 9 ? 8 : digit + 1}${text.slice(last.index + 1)}`;
}

function flipHex(text: string): string {
  return [...text].map((digit) => (digit === '0' ? '1' : '0')).join('');
}

export type Part = 'registry' | 'repository' | 'tag' | 'digest' | 'whole';

/** The parts of a reference as it is used, in normal form. */
interface Parts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Which part of a reference a text stands in, whole or between the part's own boundaries; null where in none. */
export function partOf(text: string, written: string, image: string): Part | null {
  if (text === written || text === image) return readCandidate(text) === null ? null : wholeOf(text, image);
  const parts = split(image);
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

function split(image: string): Parts {
  const slash = image.indexOf('/');
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    registry: image.slice(0, Math.max(slash, 0)),
    repository: name.slice(slash + 1, colon < 0 ? undefined : colon),
    tag: colon < 0 ? '' : name.slice(colon + 1),
    digest: at < 0 ? '' : image.slice(at + 1),
  };
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
