import { isTrowelError } from '../model/index.js';
import { formatReference, parseReference, tryReference } from '../oci/index.js';

/** A text that is an image reference by its grammar. */
export interface Candidate {
  readonly image: string;
  /** Whether the text names a registry with a dot or a port in its name. */
  readonly hasHost: boolean;
  readonly hasPath: boolean;
  readonly tag: string | null;
  readonly hasDigest: boolean;
}

const longest = 512;

/** Reads a text as a reference; null where the grammar forbids it. Throws nothing. */
export function readCandidate(text: string): Candidate | null {
  if (text.length === 0 || text.length > longest) return null;
  const reference = tryReference(text);
  if (reference === null) return null;
  const slash = text.indexOf('/');
  const hasDigest = text.includes('@');
  const name = hasDigest ? text.slice(0, text.indexOf('@')) : text;
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    image: formatReference(reference),
    hasHost: slash > 0 && /[.:]/.test(text.slice(0, slash)),
    hasPath: slash > 0,
    tag: colon < 0 ? null : name.slice(colon + 1),
    hasDigest,
  };
}

/** What is wrong with a text that should be a reference, in the words of the one who reads references. */
export function troubleOf(text: string): string {
  if (text === '') return 'no image is given';
  if (isOpen(text)) return 'holds a variable that nothing in the manifest resolves';
  try {
    parseReference(text);
    return '';
  } catch (error) {
    return isTrowelError(error) ? error.what : 'is no image reference';
  }
}

/** Whether something else still has to fill in the text: a shell's or Kubernetes' variable, a template's action. */
export function isOpen(text: string): boolean {
  return text.includes('{{') || text.includes('$(') || text.includes('${') || /^\$[A-Za-z_]/.test(text);
}

/** How sure a text is an image, judged by the name it stands under and by itself. */
export interface Verdict {
  readonly candidate: Candidate;
  readonly certainty: 'certain' | 'likely';
  readonly against: readonly string[];
}

// Words that stand where an image could and never are one.
const words: ReadonlySet<string> = new Set([
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'none',
  'null',
  'nil',
  'always',
  'never',
  'ifnotpresent',
  'enabled',
  'disabled',
  'latest',
  'default',
  'auto',
  'image',
]);

const fileEndings =
  /\.(png|jpe?g|svg|gif|ico|webp|bmp|iso|qcow2|vmdk|raw|img|tar|t?gz|zip|ya?ml|json|toml|conf|sh|py|js|ts|go|html?|txt|md|crt|key|pem|jar|war|whl|rpm|deb|xml|properties|cfg|ini|log|sock)$/;

/**
 * Judges a text under a name that says image. Null where it is none: a word, a file name, no reference at all.
 */
export function judgeNamed(text: string): Verdict | null {
  const candidate = readCandidate(text);
  if (candidate === null || words.has(text.toLowerCase()) || /^\d+$/.test(text)) return null;
  const bare = candidate.tag === null && !candidate.hasDigest;
  if (bare && fileEndings.test(text)) return null;
  const against: string[] = [];
  if (bare) against.push('names no tag and no digest');
  if (bare && !candidate.hasPath) against.push('is a single word');
  if (!candidate.hasPath && isPort(candidate.tag)) against.push('looks like host:port');
  return { candidate, certainty: against.length === 0 ? 'certain' : 'likely', against };
}

/**
 * Judges a text under a name that says nothing of images: only a registry's name, a path and a tag or digest together
 * are enough, since versions, labels, addresses and topics all look like shorter references. What a container is told
 * (`loose`) may do without the registry if its tag is a dotted version: `--config-reloader=bitnami/reloader:0.48.1`.
 */
export function judgeUnnamed(text: string, loose = false): Verdict | null {
  if (!text.includes('/') || !/[:@]/.test(text)) return null;
  const candidate = readCandidate(text);
  if (candidate === null) return null;
  if (!candidate.hasHost) return loose ? judgeShort(text, candidate) : null;
  const host = text.split('/', 1)[0] ?? '';
  if (!candidate.hasDigest && !isTagLike(candidate.tag)) return null;
  // A taint or label (node.kubernetes.io/unreachable:NoExecute) is a reference by its grammar.
  if (/(^|\.)(kubernetes\.io|k8s\.io)$/.test(host) && !/^(registry|gcr)\./.test(host)) return null;
  if (/^[\d.]+(:\d+)?$/.test(host) || /\.(svc|local|cluster|internal)(\.|:|$)/.test(host)) return null;
  if (candidate.tag !== null && !candidate.hasDigest && fileEndings.test(text)) return null;
  return { candidate, certainty: 'likely', against: ['the name it stands under does not say image'] };
}

function judgeShort(text: string, candidate: Candidate): Verdict | null {
  const name = text.split(/[:@]/, 1)[0] ?? '';
  if (!candidate.hasDigest && !/^v?\d+\.\d+[\w.-]*$/.test(candidate.tag ?? '')) return null;
  if (fileEndings.test(name) || /(?:^|\/)\d+$/.test(name)) return null;
  const against = ['the name it stands under does not say image', 'names no registry'];
  return { candidate, certainty: 'likely', against };
}

function isPort(tag: string | null): boolean {
  return tag !== null && /^\d{2,5}$/.test(tag) && Number(tag) >= 80 && Number(tag) <= 65535;
}

/** A tag as people write them: with a digit, or one of the usual words; and no port. */
function isTagLike(tag: string | null): boolean {
  if (tag === null || /^\d{4,5}$/.test(tag)) return false;
  return /\d/.test(tag) || ['latest', 'stable', 'edge', 'main', 'master', 'nightly', 'dev'].includes(tag);
}
