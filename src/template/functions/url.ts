import { quote } from '../format.js';
import { goBytes, goString } from '../reflect.js';
import { GoError, type GoFunc, GoMap, type GoValue } from '../value.js';
import { define } from './args.js';
import { stringEntry } from './dicts.js';
import { checkAddress } from './ip.js';

type Part = 'path' | 'segment' | 'user' | 'host' | 'zone' | 'fragment';

interface Url {
  readonly scheme: string;
  readonly opaque: string;
  /** User and password, decoded; null where there is none. */
  readonly user: { readonly name: string; readonly password: string | null } | null;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** Whether a `?` with nothing behind it stands at the end. */
  readonly forceQuery: boolean;
  readonly fragment: string;
}

/** Whether a byte must be escaped in this part of a URL (url.shouldEscape). */
function mustEscape(code: number, part: Part): boolean {
  const char = String.fromCharCode(code);
  if (/[A-Za-z0-9\-_.~]/.test(char)) return false;
  if ((part === 'host' || part === 'zone') && '!$&\'()*+,;=:[]<>"'.includes(char)) return false;
  if ('$&+,/:;=?@'.includes(char)) {
    switch (part) {
      case 'path':
        return char === '?';
      case 'segment':
        return '/;,?'.includes(char);
      case 'user':
        return '@/?:'.includes(char);
      case 'fragment':
        return false;
      default:
        return true;
    }
  }
  return !(part === 'fragment' && '!()*'.includes(char));
}

function percentEncode(text: string, part: Part): string {
  let out = '';
  for (const byte of goBytes(text)) {
    out += mustEscape(byte, part) ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(byte);
  }
  return out;
}

/** url.unescape; throws GoError with Go's text. */
function percentDecode(text: string, part: Part): string {
  if (!text.includes('%') && part !== 'host' && part !== 'zone') return text;
  const bytes: number[] = [];
  const source = goBytes(text);
  for (let i = 0; i < source.length; i++) {
    const code = source[i] ?? 0;
    if (code !== 37) {
      if ((part === 'host' || part === 'zone') && code < 0x80 && mustEscape(code, part)) {
        throw new GoError(`invalid character ${quote(String.fromCharCode(code))} in host name`);
      }
      bytes.push(code);
      continue;
    }
    const hex = Buffer.from(source.subarray(i + 1, i + 3)).toString('latin1');
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) {
      throw new GoError(`invalid URL escape ${quote(goString(source.subarray(i, i + 3)))}`);
    }
    const byte = Number.parseInt(hex, 16);
    if (part === 'host' && byte < 0x80 && hex !== '25') throw new GoError(`invalid URL escape ${quote(`%${hex}`)}`);
    bytes.push(byte);
    i += 2;
  }
  return goString(Uint8Array.from(bytes));
}

/**
 * A URL or reference as Go's net/url reads it. Throws GoError `parse "…": …`.
 */
export function parseUrl(text: string): Url {
  const hash = text.indexOf('#');
  const rest = hash === -1 ? text : text.slice(0, hash);
  const url = named(rest, () => parseReference(rest));
  return hash === -1 ? url : { ...url, fragment: named(text, () => percentDecode(text.slice(hash + 1), 'fragment')) };
}

/** Puts the text that was parsed before the error. */
function named<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`parse ${quote(text)}: ${error.message}`);
    throw error;
  }
}

function parseReference(text: string): Url {
  if (hasControl(text)) {
    throw new GoError('net/url: invalid control character in URL');
  }
  const empty = { opaque: '', user: null, host: '', path: '', query: '', forceQuery: false, fragment: '' };
  if (text === '*') return { ...empty, scheme: '', path: '*' };
  const [rawScheme, afterScheme] = splitScheme(text);
  const scheme = rawScheme.toLowerCase();
  let rest = afterScheme;
  let query = '';
  let forceQuery = false;
  if (rest.endsWith('?') && rest.indexOf('?') === rest.length - 1) {
    forceQuery = true;
    rest = rest.slice(0, -1);
  } else if (rest.includes('?')) {
    query = rest.slice(rest.indexOf('?') + 1);
    rest = rest.slice(0, rest.indexOf('?'));
  }
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...empty, scheme, opaque: rest, query, forceQuery };
    if ((rest.split('/')[0] ?? '').includes(':')) {
      throw new GoError('first path segment in URL cannot contain colon');
    }
  }
  let user: Url['user'] = null;
  let host = '';
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash === -1 ? '' : rest.slice(slash);
    ({ user, host } = parseAuthority(scheme.toLowerCase(), authority));
  }
  return { ...empty, scheme, user, host, path: percentDecode(rest, 'path'), query, forceQuery };
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function splitScheme(text: string): [string, string] {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*)?:/.exec(text);
  if (match === null) return ['', text];
  if (match[1] === undefined) throw new GoError('missing protocol scheme');
  return [match[1], text.slice(match[0].length)];
}

function parseAuthority(scheme: string, authority: string): Pick<Url, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at === -1) return { user: null, host };
  const info = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) throw new GoError('net/url: invalid userinfo');
  const colon = info.indexOf(':');
  if (colon === -1) return { user: { name: percentDecode(info, 'user'), password: null }, host };
  return {
    user: { name: percentDecode(info.slice(0, colon), 'user'), password: percentDecode(info.slice(colon + 1), 'user') },
    host,
  };
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[');
  if (open > 0) throw new GoError('invalid IP-literal');
  if (open === 0) return parseLiteral(host);
  // Only http and https are strict: lists of hosts are common elsewhere.
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon !== -1) checkPort(host.slice(colon));
  return percentDecode(host, 'host');
}

function checkPort(port: string): void {
  if (port !== '' && !/^:[0-9]*$/.test(port)) throw new GoError(`invalid port ${quote(port)} after host`);
}

/** `[fe80::1%25en0]:80`. */
function parseLiteral(host: string): string {
  const close = host.lastIndexOf(']');
  if (close < 0) throw new GoError("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const inner = host.slice(1, close);
  const zone = inner.indexOf('%25');
  const name =
    zone < 0
      ? percentDecode(inner, 'host')
      : percentDecode(inner.slice(0, zone), 'host') + percentDecode(inner.slice(zone), 'zone');
  if (addressKind(name) === 4) throw new GoError('invalid IP-literal');
  return `[${name}]${port}`;
}

function addressKind(name: string): 4 | 6 {
  try {
    return checkAddress(name);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`invalid host: ${error.message}`);
    throw error;
  }
}

/** Host without port and brackets. */
function hostName(host: string): string {
  const match = /^(.*?)(?::[0-9]*)?$/s.exec(host);
  const name = host.startsWith('[') && host.includes(']') ? host.slice(1, host.lastIndexOf(']')) : (match?.[1] ?? host);
  return name;
}

function userText(user: NonNullable<Url['user']>): string {
  const password = user.password === null ? '' : `:${percentEncode(user.password, 'user')}`;
  return percentEncode(user.name, 'user') + password;
}

/** url.URL.String. */
export function formatUrl(url: Url): string {
  let out = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque !== '') {
    out += url.opaque;
  } else {
    if (url.scheme !== '' || url.host !== '' || url.user !== null) {
      if (url.host !== '' || url.path !== '' || url.user !== null) out += '//';
      if (url.user !== null) out += `${userText(url.user)}@`;
      out += percentEncode(url.host, 'host');
    }
    const path = url.path === '*' ? '*' : percentEncode(url.path, 'path');
    if (path !== '' && !path.startsWith('/') && url.host !== '') out += '/';
    if (out === '' && (path.split('/')[0] ?? '').includes(':')) out += './';
    out += path;
  }
  if (url.forceQuery || url.query !== '') out += `?${url.query}`;
  if (url.fragment !== '') out += `#${percentEncode(url.fragment, 'fragment')}`;
  return out;
}

function urlParse(text: string): GoMap {
  let url: Url;
  try {
    url = parseUrl(text);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`unable to parse url: ${error.message}`);
    throw error;
  }
  return new GoMap(
    new Map<string, GoValue>([
      ['scheme', url.scheme],
      ['host', url.host],
      ['hostname', hostName(url.host)],
      ['path', url.path],
      ['query', url.query],
      ['opaque', url.opaque],
      ['fragment', url.fragment],
      ['userinfo', url.user === null ? '' : userText(url.user)],
    ]),
  );
}

function urlJoin(parts: GoMap): string {
  const entries = {
    scheme: stringEntry(parts, 'scheme'),
    host: stringEntry(parts, 'host'),
    path: stringEntry(parts, 'path'),
    query: stringEntry(parts, 'query'),
    opaque: stringEntry(parts, 'opaque'),
    fragment: stringEntry(parts, 'fragment'),
  };
  const info = stringEntry(parts, 'userinfo');
  let user: Url['user'] = null;
  if (info !== '') {
    try {
      user = parseUrl(`proto://${info}@host`).user;
    } catch (error) {
      if (error instanceof GoError) throw new GoError(`unable to parse userinfo in dict: ${error.message}`);
      throw error;
    }
  }
  return formatUrl({ ...entries, user, forceQuery: false });
}

/** sprig's functions of URLs. Follows: sprig v3.3.0, url.go, and package net/url. */
export function urlFunctions(): readonly GoFunc[] {
  return [
    define('urlParse', ['string'], (a) => urlParse(a.str(0))),
    define('urlJoin', ['map'], (a) => urlJoin(a.map(0))),
  ];
}
