import { type CatalogFile, type Component, formatPurl, type JsonValue } from '../../model/index.js';
import { decompressBytes } from '../../pack/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from '../define.js';
import { eachLine } from '../paragraphs.js';
import { maybeText, object, text, texts } from '../shape.js';
import { filesOfArchive } from './owned.js';

type GemRecord = {
  readonly name: string;
  readonly version: string | null;
  readonly platform: string;
  readonly licenses: readonly string[];
  readonly authors: readonly string[];
};

const folder = 'GEM/';
const metadata = `${folder}metadata.gz`;
const maxBytes = 16 * 1024 ** 2;
const decoder = new TextDecoder();

/**
 * The package that a gem is, from its metadata: the specification as RubyGems itself writes it, YAML of which only the
 * shape of that writer is read (a key a line, lists of plain texts, the version in its own object).
 * Follows: RubyGems, lib/rubygems/specification.rb (encode_with), package.rb.
 */
export const gemArchive = defineCataloguer<GemRecord>({
  name: 'gem-archive',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path === metadata,
  read,
  decode,
  join,
  about: {
    finds: 'the package that a .gem is',
    reads: ['GEM/metadata.gz'],
    purls: ['gem'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files'],
  },
});

function read(file: CatalogFile): TypedRead<GemRecord> {
  const fields = topFields(decoder.decode(decompressBytes(file.bytes(), maxBytes)));
  const name = scalar(fields.get('name')?.[0] ?? '');
  if (name === '') return { records: [], gaps: [{ reason: 'bad-database', detail: 'a gem without a name' }] };
  const version = (fields.get('version') ?? []).find((line) => line.startsWith('  version:')) ?? '';
  return {
    records: [
      {
        name,
        version: scalar(version.slice('  version:'.length)) || null,
        platform: scalar(fields.get('platform')?.[0] ?? '') || 'ruby',
        licenses: items(fields.get('licenses')),
        authors: items(fields.get('authors')),
      },
    ],
  };
}

/** Keys at the beginning of a line: what stands behind them, and the lines that follow until the next key. */
function topFields(source: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let lines: string[] | null = null;
  for (const line of eachLine(source)) {
    const key = /^([a-z_]{1,50}):(?: |$)/.exec(line)?.[1];
    if (key === undefined) {
      lines?.push(line);
      continue;
    }
    lines = [line.slice(key.length + 1)];
    if (!found.has(key)) found.set(key, lines);
  }
  return found;
}

/** A text on one line, plain or quoted. */
function scalar(written: string): string {
  const word = written.trim();
  if (word.startsWith("'") && word.endsWith("'") && word.length > 1) return word.slice(1, -1).replaceAll("''", "'");
  if (word.startsWith('"') && word.endsWith('"') && word.length > 1) return word.slice(1, -1).replace(/\\(.)/g, '$1');
  return word.startsWith('!') || word === '[]' ? '' : word;
}

function items(lines: readonly string[] | undefined): readonly string[] {
  const listed = (lines ?? []).slice(1, 101).filter((line) => line.startsWith('- '));
  return listed.map((line) => scalar(line.slice(2))).filter((word) => word !== '');
}

function decode(value: JsonValue): GemRecord {
  const fields = object(value);
  return {
    name: text(fields.name),
    version: maybeText(fields.version),
    platform: text(fields.platform),
    licenses: texts(fields.licenses),
    authors: texts(fields.authors),
  };
}

function join(input: TypedJoin<GemRecord>): { readonly components: readonly Component[] } {
  return {
    components: input.records.map(({ path, layer, data }): Component => {
      const { name, version, platform, licenses, authors } = data;
      return {
        purl: formatPurl({
          type: 'gem',
          name,
          version,
          qualifiers: { platform: platform === 'ruby' ? null : platform },
        }),
        name,
        version,
        ecosystem: 'RubyGems',
        release: null,
        source: null,
        locations: [{ path, layer }],
        foundBy: 'gem-archive',
        licenses,
        supplier: authors.length === 0 ? null : authors.slice(0, 10).join(', '),
        owns: filesOfArchive(input, new Map(), (path) => path.startsWith(folder)),
        grade: 'claimed',
        evidence: [{ what: 'metadata of the gem', where: path, value: `name: ${name}, version: ${version ?? 'none'}` }],
      };
    }),
  };
}
