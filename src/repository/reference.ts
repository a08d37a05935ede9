import { TrowelError } from '../model/index.js';
import { clip, referenceFault } from '../oci/index.js';

/** Where a chart is to be had from. */
export type ChartReference =
  /** `oci://registry/path/name[:tag][@digest]`; a `+` of the tag is already the `_` that registries store. */
  | {
      readonly kind: 'oci';
      readonly given: string;
      readonly registry: string;
      readonly repository: string;
      readonly tag: string | null;
      readonly digest: string | null;
    }
  /** The URL of an archive. */
  | { readonly kind: 'url'; readonly given: string; readonly url: string }
  /** A chart by name in the repository of `--repo URL`. */
  | { readonly kind: 'repository'; readonly given: string; readonly url: string; readonly name: string }
  /** A chart by name in a repository of the user's `helm repo list`. */
  | { readonly kind: 'alias'; readonly given: string; readonly alias: string; readonly name: string };

/** Whether a text starts like a URL of any scheme; a Windows path does not. */
export function hasScheme(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]+:\/\//.test(text);
}

/**
 * Reads what stands where a chart is wanted and is no path. `repo` is the URL of `--repo`, or null.
 *
 * Throws TrowelError `usage` with Helm's words, `bad-reference` for an `oci://` that names no repository.
 * Follows: helm pkg/action/install.go (LocateChart), pkg/downloader/chart_downloader.go (ResolveChartVersion).
 */
export function parseChartReference(text: string, repo: string | null): ChartReference {
  const given = text.trim();
  if (given.startsWith('oci://')) return parseOci(given);
  if (repo !== null) {
    httpUrl(repo, { option: '--repo' });
    return { kind: 'repository', given, url: repo, name: given };
  }
  if (hasScheme(given)) {
    httpUrl(given, { reference: withoutSecrets(given) });
    return { kind: 'url', given, url: given };
  }
  const slash = given.indexOf('/');
  if (slash < 1 || slash === given.length - 1) {
    throw new TrowelError('not-found', {
      what: `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${clip(given)}`,
      todo: 'give a path that exists, ALIAS/NAME of your helm repo list, NAME with --repo URL, or oci://…',
    });
  }
  return { kind: 'alias', given, alias: given.slice(0, slash), name: given.slice(slash + 1) };
}

/** Follows: helm pkg/registry/reference.go (newReference). The first part is always a host, unlike an image's. */
export function parseOci(given: string): ChartReference & { kind: 'oci' } {
  const fail = (why: string): never => {
    throw new TrowelError('bad-reference', {
      what: `not a chart of a registry: ${why}`,
      where: { reference: clip(withoutSecrets(given)) },
      todo: 'write oci://REGISTRY/PATH/NAME',
    });
  };
  const at = given.lastIndexOf('@');
  const digest = at < 0 ? null : given.slice(at + 1);
  const rest = given.slice('oci://'.length, at < 0 ? undefined : at);
  const slash = rest.indexOf('/');
  if (slash < 1) fail('it names no repository');
  const registry = rest.slice(0, slash);
  const path = rest.slice(slash + 1).replace(/\/$/, '');
  const colon = path.lastIndexOf(':');
  const tag = colon < 0 ? null : path.slice(colon + 1).replaceAll('+', '_');
  const repository = colon < 0 ? path : path.slice(0, colon);
  const fault = referenceFault({ registry, repository, tag, digest });
  if (fault !== null) fail(fault);
  return { kind: 'oci', given, registry, repository, tag, digest };
}

/** A URL that HTTP can ask. Throws TrowelError `usage`, in Helm's words where it has some. */
export function httpUrl(text: string, where: { readonly option?: string; readonly reference?: string }): URL {
  if (!URL.canParse(text)) {
    throw new TrowelError('usage', { what: `invalid chart URL format: ${clip(withoutSecrets(text))}`, where });
  }
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  const scheme = url.protocol.slice(0, -1);
  throw new TrowelError('usage', {
    what: `could not find protocol handler for: ${clip(scheme)}`,
    where,
    todo:
      scheme === 'oci'
        ? 'write the whole name of the chart, oci://REGISTRY/PATH/NAME, without --repo'
        : 'fetch it with the tool that knows this protocol and give the .tgz: no plug-in is executed here',
  });
}

/** A URL for messages: without user, password and what follows the path, which may be a signature or a token. */
export function withoutSecrets(text: string): string {
  return text.replace(/^([a-zA-Z][a-zA-Z0-9+.-]*:\/\/)[^/?#]*@/, '$1').replace(/[?#].*$/s, '');
}

/** A part of a URL without its escapes, or as it stands where they are none. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
