import { TrowelError } from '../model/index.js';
import { type ClientTls, clip } from '../oci/index.js';
import type { ChartAccess } from './access.js';
import type { RepositoryEntry } from './helm-config.js';
import { hasScheme, httpUrl, withoutSecrets } from './reference.js';

/** How one chart repository is spoken to. */
export interface Server {
  /** The repository, or the archive's own URL where no repository is known. */
  readonly url: URL;
  /** The repository as it was written, without secrets, for messages. */
  readonly shown: string;
  readonly username: string;
  readonly password: string;
  /** Send them to other hosts too, when the repository names those. */
  readonly passCredentials: boolean;
  readonly tls: ClientTls;
}

/** TLS as the command line says it. */
export function tlsOf(access: ChartAccess): ClientTls {
  const { caFile, certFile, keyFile, insecureSkipTlsVerify } = access;
  return { caFile, certFile, keyFile, insecure: insecureSkipTlsVerify };
}

const noTls: ClientTls = { caFile: null, certFile: null, keyFile: null, insecure: false };

/**
 * A repository that the user configured. `access` fills in what the entry leaves open, for the chart that the command
 * line names; for others (dependencies) it is null: they get nothing that was typed for another place.
 * Follows: helm pkg/downloader/chart_downloader.go (ResolveChartVersion), manager.go (findChartURL).
 */
export function serverOf(entry: RepositoryEntry, access: ChartAccess | null): Server {
  const own = access === null || (entry.username !== '' && entry.password !== '');
  const ownTls = access === null || entry.caFile !== '' || entry.certFile !== '' || entry.keyFile !== '';
  const given = access === null ? noTls : tlsOf(access);
  const files = { caFile: entry.caFile || null, certFile: entry.certFile || null, keyFile: entry.keyFile || null };
  return {
    url: httpUrl(entry.url, { reference: `repository ${clip(entry.name)}` }),
    shown: withoutSecrets(entry.url),
    username: own ? entry.username : access.username,
    password: own ? entry.password : access.password,
    passCredentials: own ? entry.passCredentialsAll : access.passCredentials,
    tls: { ...(ownTls ? files : given), insecure: entry.insecureSkipTlsVerify || given.insecure },
  };
}

/** A repository of which nothing but the URL is known. */
export function plainServer(url: string): Server {
  const shown = withoutSecrets(url);
  return {
    url: httpUrl(url, { reference: shown }),
    shown,
    username: '',
    password: '',
    passCredentials: false,
    tls: noTls,
  };
}

/**
 * A URL of an index made absolute; the query of the repository's URL goes along (a signature, say).
 * Follows: helm pkg/repo/chartrepo.go (ResolveReferenceURL).
 */
export function resolveUrl(base: string, reference: string): URL {
  if (hasScheme(reference)) return URL.canParse(reference) ? new URL(reference) : httpUrl(reference, {});
  const url = new URL(base);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  if (!URL.canParse(reference, url.href)) {
    throw new TrowelError('bad-bytes', {
      what: `failed to make chart URL absolute: ${clip(withoutSecrets(reference))}`,
    });
  }
  const resolved = new URL(reference, url);
  // `//other.example/x` is another host: neither user nor token go there.
  const own = resolved.origin === url.origin;
  resolved.username = own ? url.username : '';
  resolved.password = own ? url.password : '';
  resolved.search = own ? url.search : '';
  return resolved;
}

/** Whether a URL lies below a configured repository, whose credentials are then meant for it. */
export function owns(entry: RepositoryEntry, url: URL): boolean {
  if (!URL.canParse(entry.url)) return false;
  const base = new URL(entry.url);
  const path = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return base.origin === url.origin && url.pathname.startsWith(path);
}
