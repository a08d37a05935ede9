import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { type ErlangTerm, readErlangTerms } from './erlang-terms.js';
import { badRecord, definePackages, oneRow, type PackageRow } from './packages.js';
import { folderOf } from './paths.js';

/**
 * Applications of Erlang and Elixir: `ebin/NAME.app`, and what hex packages say of themselves (`hex_metadata.config`
 * beside). An application owns its folder.
 *
 * Applications of OTP and of Elixir itself are told from hex packages: they come with the runtime and have its advisories.
 * Follows: OTP "app(4)"; hex specifications/package_metadata.md.
 */
export const erlang = definePackages({
  name: 'erlang',
  version: 1,
  wants: (file) =>
    file.type === 'file' && (/\/ebin\/[^/]+\.app$/.test(file.path) || file.path.endsWith('/hex_metadata.config')),
  read,
  choose: joined,
  about: {
    finds: 'applications of Erlang and Elixir',
    reads: ['**/ebin/*.app', '**/hex_metadata.config'],
    purls: ['hex', 'otp'],
    grades: ['claimed'],
    facts: ['licenses', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<PackageRow> {
  const terms = readErlangTerms(fileText(file));
  return file.head.path.endsWith('.app') ? readApp(terms, file.head.path) : readHex(terms, file.head.path);
}

/** `{application, name, [{description, "…"}, {vsn, "1.2.3"}, …]}.` */
function readApp(terms: readonly ErlangTerm[], path: string): TypedRead<PackageRow> {
  const [term] = terms;
  const [kind, name, properties] = Array.isArray(term) ? term : [];
  if (kind !== 'application' || typeof name !== 'string') {
    return { records: [], gaps: [badRecord('an Erlang .app file that holds no application')] };
  }
  const vsn = property(properties, 'vsn');
  const folder = folderOf(folderOf(path));
  // OTP is installed as `lib/erlang/lib/NAME-VERSION`; a release of one's own has the same form elsewhere.
  const isOtp = /(?:^|\/)erlang\/lib\/[^/]+$/.test(folder) && property(properties, 'runtime_dependencies') !== null;
  return oneRow(
    {
      type: isOtp ? 'otp' : 'hex',
      name,
      version: typeof vsn === 'string' ? vsn : null,
      ecosystem: isOtp ? null : 'Hex',
      licenses: texts(property(properties, 'licenses')),
      what: 'Erlang application',
      value: `${name}, vsn ${typeof vsn === 'string' ? vsn : 'none'}`,
      folders: [folder],
    },
    'an Erlang application with a name or version that can be none',
  );
}

/** `{<<"name">>,<<"jason">>}. {<<"version">>,<<"1.4.0">>}. …` */
function readHex(terms: readonly ErlangTerm[], path: string): TypedRead<PackageRow> {
  const name = property(terms, 'name');
  const version = property(terms, 'version');
  if (typeof name !== 'string' || typeof version !== 'string') {
    return { records: [], gaps: [badRecord('hex metadata without a name and version')] };
  }
  return oneRow(
    {
      type: 'hex',
      name,
      version,
      ecosystem: 'Hex',
      licenses: texts(property(terms, 'licenses')),
      what: 'hex metadata',
      value: `${name} ${version}`,
      folders: [folderOf(path)],
    },
    'hex metadata with a name or version that can be none',
  );
}

function property(list: ErlangTerm | readonly ErlangTerm[] | undefined, name: string): ErlangTerm | null {
  if (!Array.isArray(list)) return null;
  for (const item of list) if (Array.isArray(item) && item[0] === name) return item[1] ?? null;
  return null;
}

function texts(value: ErlangTerm | null): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Of a package's hex metadata and its .app file the first speaks: it has the name that hex knows. */
function joined(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const known = new Set(
    input.records.filter(({ data }) => data.what === 'hex metadata').flatMap(({ data }) => data.folders),
  );
  return input.records.filter(
    ({ data }) => data.what === 'hex metadata' || !data.folders.some((folder) => known.has(folder)),
  );
}
