import { TrowelError } from './error.js';
import { compareText } from './sort.js';

/** The parts of a package URL (ECMA-427, https://github.com/package-url/purl-spec), decoded. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly version?: string | null;
  readonly qualifiers?: Readonly<Record<string, string | null | undefined>>;
  readonly subpath?: string | null;
}

/** What a type's definition says beyond the common rules (purl-spec, `types/*-definition.json`). */
interface TypeRule {
  readonly namespace?: 'lower' | 'none' | 'required';
  readonly name?: 'lower' | ((name: string, parts: PurlParts) => string);
  readonly version?: 'lower' | ((version: string) => string);
  readonly qualifiers?: readonly string[];
}

const lowerBoth: TypeRule = { namespace: 'lower', name: 'lower' };

/**
 * golang is case-sensitive here although its definition lower-cases: module paths that differ in case are different
 * modules, and every database of Go advisories spells them as written. The specification's tests hold with both.
 */
const typeRules: Readonly<Record<string, TypeRule>> = {
  alpm: lowerBoth,
  apk: lowerBoth,
  bitbucket: lowerBoth,
  bitnami: { name: 'lower' },
  brew: lowerBoth,
  'chrome-extension': { name: chromeName, version: chromeVersion },
  composer: lowerBoth,
  cpan: { name: cpanName },
  deb: lowerBoth,
  git: lowerBoth,
  github: lowerBoth,
  gitlab: lowerBoth,
  hex: lowerBoth,
  huggingface: { version: 'lower' },
  julia: { qualifiers: ['uuid'] },
  luarocks: { name: 'lower' },
  mlflow: { name: mlflowName },
  oci: { name: 'lower', version: 'lower' },
  otp: { namespace: 'none', name: 'lower' },
  pub: { name: 'lower' },
  // Other tools' purls take dots for hyphens, too.
  pypi: { name: normalisedName },
  qpkg: { namespace: 'lower' },
  rpm: { namespace: 'lower' },
  swift: { namespace: 'required' },
  vcpkg: { namespace: 'none' },
  'vscode-extension': { namespace: 'required' },
};

/** A name as PyPI compares it: case, and `-`, `_`, `.` in any number, make no difference (PEP 503, "Normalized Names"). */
export function normalisedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** What a stranger calls a type may be what every object has: `constructor`. */
function ruleOf(type: string): TypeRule | undefined {
  return Object.hasOwn(typeRules, type) ? typeRules[type] : undefined;
}

/** A CPAN purl names a distribution (`URI-PackageURL`), never a module (`URI::PackageURL`). */
function cpanName(name: string): string {
  if (name.includes('::')) fail('a CPAN purl names a distribution, not a module', name);
  return name;
}

/** Chrome's ids are 32 letters from a to p (chrome-extension-definition.json). */
function chromeName(name: string): string {
  if (!/^[a-p]{32}$/.test(name)) fail('a Chrome extension id is 32 letters from a to p', name);
  return name;
}

/** One to four numbers, each at most 65535 (chrome-extension-definition.json). */
function chromeVersion(version: string): string {
  if (version !== '' && !/^\d{1,5}(?:\.\d{1,5}){0,3}$/.test(version)) fail('no Chrome extension version', version);
  return version;
}

/** Databricks lower-cases model names, Azure ML keeps them (mlflow-definition.json). */
function mlflowName(name: string, parts: PurlParts): string {
  return (parts.qualifiers?.repository_url ?? '').includes('azuredatabricks.net') ? name.toLowerCase() : name;
}

/**
 * The canonical text of a package URL: type rules applied, qualifiers sorted, percent-encoding in its one form.
 *
 * Throws TrowelError `bad-reference` for parts that no purl can have (no name, a bad type or qualifier key, a
 * namespace where the type forbids or demands one).
 * Follows: purl-spec, "Rules for each purl component", "How to build purl string from its components".
 */
export function formatPurl(parts: PurlParts): string {
  const { type, namespace, name, version, qualifiers, subpath } = normalise(parts);
  const path = [...segments(namespace ?? ''), name].map(name.includes('/') && type === 'git' ? encodePath : encode);
  const query = Object.entries(qualifiers ?? {})
    .flatMap(([key, value]) => (value == null || value === '' ? [] : [`${key}=${encode(value)}`]))
    .join('&');
  return [
    `pkg:${type}/${path.join('/')}`,
    version == null || version === '' ? '' : `@${encode(version)}`,
    query === '' ? '' : `?${query}`,
    subpath == null || subpath === '' ? '' : `#${segments(subpath).map(encode).join('/')}`,
  ].join('');
}

/**
 * The parts of a package URL, decoded and normalised; parts that are absent are left out.
 *
 * Throws TrowelError `bad-reference` with the text for what is no purl.
 * Follows: purl-spec, "How to parse a purl string in its components".
 */
export function parsePurl(text: string): PurlParts {
  if (text.length > 8192) fail('a purl of more than 8192 characters', text.slice(0, 40));
  const [beforeHash, hash] = cutFirst(text, '#');
  const [beforeQuery, query] = cutFirst(beforeHash, '?');
  const [scheme, afterScheme] = cutFirst(beforeQuery, ':');
  if (scheme.toLowerCase() !== 'pkg' || afterScheme === null) fail('a purl begins with pkg:', text);
  const [type, rest] = cutFirst(afterScheme.replace(/^\/+/, ''), '/');
  if (rest === null) fail('a purl has a type and a name', text);
  // The version begins at the last @ of the last segment; the @ that opens a scope (`@babel/core`) begins none.
  const lastSlash = rest.lastIndexOf('/');
  const at = rest.lastIndexOf('@');
  const hasVersion = at > lastSlash;
  if (at === lastSlash + 1 && hasVersion) fail('a purl needs a name', text);
  const path = segments(hasVersion ? rest.slice(0, at) : rest);
  if (path.length === 0) fail('a purl needs a name', text);
  // git's namespace is the host alone, its name the repository's whole path (git-definition.json).
  const nameFrom = type.toLowerCase() === 'git' ? Math.min(1, path.length - 1) : path.length - 1;
  const decoded = path.map((part) => decode(part, text));
  return normalise({
    type,
    ...(nameFrom > 0 ? { namespace: decoded.slice(0, nameFrom).join('/') } : {}),
    name: decoded.slice(nameFrom).join('/'),
    ...(hasVersion ? { version: decode(rest.slice(at + 1), text) } : {}),
    ...(query === null ? {} : { qualifiers: readQualifiers(query, text) }),
    ...(hash === null
      ? {}
      : {
          subpath: segments(hash)
            .map((part) => decode(part, text))
            .join('/'),
        }),
  });
}

/** Checks the parts and applies the rules of their type; qualifiers come out sorted by key, empty ones dropped. */
function normalise(parts: PurlParts): PurlParts {
  const type = (parts.type ?? '').toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(type)) fail('a purl type is a letter followed by letters, digits, . or -', type);
  const rule = ruleOf(type) ?? {};
  let namespace = segments(parts.namespace ?? '').join('/');
  if (rule.namespace === 'lower') namespace = namespace.toLowerCase();
  if (rule.namespace === 'none' && namespace !== '') fail(`a ${type} purl has no namespace`, namespace);
  if (rule.namespace === 'required' && namespace === '') fail(`a ${type} purl needs a namespace`, parts.name);
  let name = trimSlashes(parts.name ?? '');
  if (name === '') fail('a purl needs a name', type);
  if (rule.name === 'lower') name = name.toLowerCase();
  else if (rule.name !== undefined) name = rule.name(name, parts);
  let version = parts.version ?? '';
  if (rule.version === 'lower') version = version.toLowerCase();
  else if (rule.version !== undefined) version = rule.version(version);
  const qualifiers = sortQualifiers(parts.qualifiers ?? {});
  for (const key of rule.qualifiers ?? []) {
    if (qualifiers[key] === undefined) fail(`a ${type} purl needs the qualifier ${key}`, name);
  }
  const subpath = segments(parts.subpath ?? '')
    .filter((part) => part !== '.' && part !== '..')
    .join('/');
  return {
    type,
    ...(namespace === '' ? {} : { namespace }),
    name,
    ...(version === '' ? {} : { version }),
    ...(Object.keys(qualifiers).length === 0 ? {} : { qualifiers }),
    ...(subpath === '' ? {} : { subpath }),
  };
}

function sortQualifiers(given: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [rawKey, value] of Object.entries(given)) {
    const key = rawKey.toLowerCase();
    if (!/^[a-z.\-_][a-z0-9.\-_]*$/.test(key)) fail('a purl qualifier key is letters, digits, ., - and _', rawKey);
    if (value != null && value !== '') pairs.push([key, value]);
  }
  return Object.fromEntries(pairs.sort(([a], [b]) => compareText(a, b)));
}

function readQualifiers(query: string, whole: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [key, value] = cutFirst(pair, '=');
    found[key] = decode(value ?? '', whole);
  }
  return found;
}

/** Percent-encodes all but unreserved characters (RFC 3986, 2.3) and the colon (purl-spec, "Character encoding"). */
function encode(text: string): string {
  // JSON may escape half a surrogate pair, which no UTF-8 can hold: as TextEncoder does, U+FFFD stands for it.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodePath(text: string): string {
  return text.split('/').map(encode).join('/');
}

function decode(text: string, whole: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new TrowelError('bad-reference', { what: `bad percent-encoding in the purl ${whole}`, cause });
  }
}

function segments(text: string): string[] {
  return text.split('/').filter((part) => part !== '');
}

function trimSlashes(text: string): string {
  return segments(text).join('/');
}

function cutFirst(text: string, mark: string): [string, string | null] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + mark.length)];
}

function fail(what: string, value: string): never {
  throw new TrowelError('bad-reference', { what: `${what}: ${JSON.stringify(value)}` });
}
