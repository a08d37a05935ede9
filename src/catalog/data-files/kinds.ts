/** A data file that is known by its name and its first lines. */
export interface DataKind {
  /** Name of the component and of its purl (`pkg:generic/NAME`). */
  readonly name: string;
  readonly path: RegExp;
  /** Must match in the file's first bytes; the group `v` is the version, where the file says one. */
  readonly head: RegExp;
  /** A second text, in the first bytes too, that dates the file without being its version. */
  readonly dated: RegExp | null;
  readonly source: string;
  /** Whether all below the file's folder is its own too. */
  readonly folder: boolean;
}

const kind = (
  name: string,
  path: RegExp,
  head: RegExp,
  source: string,
  rest: Partial<Pick<DataKind, 'dated' | 'folder'>> = {},
): DataKind => ({ name, path, head, source, dated: null, folder: false, ...rest });

/** How many bytes of a data file are looked at. */
export const dataHeadBytes = 256 * 1024;

/** In the order in which they are tried; the first that fits counts. */
export const dataKinds: readonly DataKind[] = [
  kind(
    'tzdata',
    /(?:^|\/)tzdata\.zi$/,
    /^# version (?<v>\d{4}[a-z]{1,2}(?:-\d{1,3}-g[0-9a-f]{7,40})?)/,
    'tz ziguard.awk',
    {
      folder: true,
    },
  ),
  kind(
    'tzdata',
    /(?:^|\/)zoneinfo\/\+VERSION$/,
    /^(?:tzcode[^\n]{0,40}tzdata)?(?<v>\d{4}[a-z]{1,2})\s*$/,
    'tz Makefile (VERSION)',
    {
      folder: true,
    },
  ),
  kind('tzdata', /(?:^|\/)zoneinfo\/(?:Etc\/)?UTC$/, /^TZif/, 'RFC 9636, section 3 (names no version)', {
    folder: true,
  }),
  kind(
    'publicsuffix',
    /(?:^|\/)(?:public_suffix_list|effective_tld_names)\.dat$/,
    /^(?:[^\n]{0,300}\n){0,40}?\/\/ VERSION: (?<v>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_UTC)|\/\/ ===BEGIN ICANN DOMAINS===/,
    'publicsuffix list, head of public_suffix_list.dat',
    { dated: /gtlds\.json on (?<v>\d{4}-\d\d-\d\d)T/ },
  ),
  kind(
    'netbase',
    /(?:^|\/)etc\/services$/,
    /^# (?:Network services, Internet style|\/etc\/services:)/,
    'netbase etc/services',
  ),
  kind(
    'netbase',
    /(?:^|\/)etc\/protocols$/,
    /^# (?:Internet \(IP\) protocols|\/etc\/protocols:)/,
    'netbase etc/protocols',
  ),
  kind('netbase', /(?:^|\/)etc\/ethertypes$/, /^# Ethernet frame types/, 'netbase etc/ethertypes'),
  kind('netbase', /(?:^|\/)etc\/rpc$/, /^# (?:This file contains user readable names|\/etc\/rpc)/, 'netbase etc/rpc'),
  kind(
    'nsswitch',
    /(?:^|\/)etc\/nsswitch\.conf$/,
    /^(?:#[^\n]{0,200}\n){0,6}?#[^\n]{0,120}Name Service Switch/i,
    'glibc nss/nsswitch.conf; Debian base-files',
  ),
  kind(
    'pci.ids',
    /(?:^|\/)pci\.ids$/,
    /^(?:#[^\n]{0,200}\n){0,12}?#\s{0,9}Version:\s{1,9}(?<v>\d{4}\.\d\d\.\d\d)/,
    'pciids pci.ids',
  ),
  kind(
    'usb.ids',
    /(?:^|\/)usb\.ids$/,
    /^(?:#[^\n]{0,200}\n){0,24}?#\s{0,9}Version:\s{1,9}(?<v>\d{4}\.\d\d\.\d\d)/,
    'linux-usb usb.ids',
  ),
  kind(
    'glibc-locales',
    /(?:^|\/)usr\/lib\/locale\/locale-archive$/,
    /^\t[^\0][^\0]\xde/,
    'glibc locale/locarchive.h (AR_MAGIC)',
  ),
  kind(
    'glibc-locales',
    /(?:^|\/)usr\/lib\/locale\/C\.(?:utf8|UTF-8)\/LC_CTYPE$/,
    /^ [^\0]\t /,
    'glibc locale/localeinfo.h',
    {
      folder: true,
    },
  ),
];
