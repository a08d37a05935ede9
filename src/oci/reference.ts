import { TrowelError } from '../model/index.js';
import { clip, digestFault } from './digest.js';

/**
 * An image reference in full: registry and repository are always there, and a tag or a digest or both.
 *
 * `registry` is the name as references carry it (`docker.io`, `localhost:5000`, `[::1]:5000`), not the host that is
 * asked. `tag` is null only beside a digest.
 */
export interface Reference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** The longest reference that is looked at. Grammar and DNS together allow about 790 characters. */
const longestText = 1024;
/** `RepositoryNameTotalLengthMax` */
const longestRepository = 255;

const defaultRegistry = 'docker.io';
const legacyRegistry = 'index.docker.io';

/**
 * Reads an image reference as docker, containerd and the kubelet do: `nginx` is `docker.io/library/nginx:latest`, the
 * first part is a registry if it holds a `.`, a `:` or a capital or is `localhost`, and a digest keeps its tag.
 *
 * Takes time linear in the text. Throws TrowelError `bad-reference` that says which part is wrong and why.
 * One case is refused that the reference implementation lets through with an empty domain: a registry part that is no
 * host name (`my_registry.local/app`), which nobody could ask.
 * Follows: distribution/reference v0.6.0, `regexp.go` (grammar), `normalize.go` (`ParseNormalizedNamed`, `TagNameOnly`).
 */
export function parseReference(text: string): Reference {
  const fail = (why: string, todo?: string): never => {
    throw new TrowelError('bad-reference', {
      what: `not an image reference: ${why}`,
      where: { reference: clip(text) },
      ...(todo === undefined ? {} : { todo }),
    });
  };
  if (text === '') fail('it is empty');
  if (text.length > longestText) fail(`it has ${text.length} characters`);
  if (/^[a-f0-9]{64}$/.test(text)) {
    fail('64 hexadecimal digits are an image ID, not a name', 'name the repository: NAME@sha256:DIGITS');
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) fail('it is a URL', 'leave out what comes before the host name');

  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const { registry, remainder } = splitRegistry(named);
  const colon = remainder.indexOf(':', remainder.lastIndexOf('/') + 1);
  const tag = colon < 0 ? null : remainder.slice(colon + 1);
  const repository = colon < 0 ? remainder : remainder.slice(0, colon);

  const fault = referenceFault({ registry, repository, tag, digest });
  if (fault !== null) fail(fault);
  return { registry, repository, tag: tag ?? (digest === null ? 'latest' : null), digest };
}

/** What is wrong with the parts of a reference that was written in another way (`oci://…`), in words, or null. */
export function referenceFault({ registry, repository, tag, digest }: Reference): string | null {
  return (
    registryFault(registry) ??
    repositoryFault(repository) ??
    (tag === null ? null : tagFault(tag)) ??
    (digest === null ? null : digestFault(digest))
  );
}

/** The reference in full, as CONTRACT's `image` fields carry it: `docker.io/library/nginx:latest`. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === null ? '' : `:${reference.tag}`;
  const digest = reference.digest === null ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** `formatReference(parseReference(text))`. Throws TrowelError `bad-reference`. */
export function normalise(text: string): string {
  return formatReference(parseReference(text));
}

/** The reference if the text is one, else null: for texts that are often something else. */
export function tryReference(text: string): Reference | null {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof TrowelError) return null;
    throw error;
  }
}

/** Follows: `splitDockerDomain` of normalize.go. */
function splitRegistry(named: string): { registry: string; remainder: string } {
  const slash = named.indexOf('/');
  if (slash < 0) return { registry: defaultRegistry, remainder: `library/${named}` };
  const first = named.slice(0, slash);
  const rest = named.slice(slash + 1);
  const isRegistry = first === 'localhost' || first.includes('.') || first.includes(':') || first !== asciiLower(first);
  if (!isRegistry) return { registry: defaultRegistry, remainder: named };
  if (first !== defaultRegistry && first !== legacyRegistry) return { registry: first, remainder: rest };
  return { registry: defaultRegistry, remainder: rest.includes('/') ? rest : `library/${rest}` };
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What is wrong with `host[:port]`, or null. */
function registryFault(registry: string): string | null {
  const shown = `the registry "${clip(registry)}"`;
  if (registry.startsWith('[')) {
    return /^\[[a-fA-F0-9:]+\](?::[0-9]+)?$/.test(registry) ? null : `${shown} is no IPv6 address in brackets`;
  }
  const colon = registry.indexOf(':');
  const host = colon < 0 ? registry : registry.slice(0, colon);
  if (colon >= 0 && !/^[0-9]+$/.test(registry.slice(colon + 1))) return `${shown} has a port that is no number`;
  for (const label of host.split('.')) {
    if (!/^[a-zA-Z0-9-]+$/.test(label) || label.startsWith('-') || label.endsWith('-')) {
      return `${shown} is no host name`;
    }
  }
  return null;
}

/** What is wrong with a repository (`library/nginx`), or null. */
function repositoryFault(repository: string): string | null {
  if (repository === '' || repository === 'library/') return 'it names no repository';
  if (repository.length > longestRepository) {
    return `the repository has ${repository.length} characters, ${longestRepository} are allowed`;
  }
  for (const component of repository.split('/')) {
    if (component === '') return 'the repository has an empty part between slashes';
    const odd = /[^a-z0-9._-]/.exec(component)?.[0];
    if (odd !== undefined) {
      return /[A-Z]/.test(odd)
        ? `the repository "${clip(repository)}" has capital letters`
        : `the repository "${clip(repository)}" has a character that names cannot hold: ${JSON.stringify(odd)}`;
    }
    // Alternatives begin with different characters and end before a letter or digit, so nothing is tried twice.
    if (!/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(component)) {
      return `the part "${clip(component)}" of the repository begins, ends or is joined wrongly by one of . _ -`;
    }
  }
  return null;
}

function tagFault(tag: string): string | null {
  if (tag === '') return 'nothing follows the colon';
  return /^\w[\w.-]{0,127}$/.test(tag)
    ? null
    : `the tag "${clip(tag)}" is not 1 to 128 letters, digits, _ . or - with a letter, digit or _ in front`;
}
