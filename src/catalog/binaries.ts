import { isElf } from '../binary/index.js';
import { type CatalogFile, type Component, formatPurl, type JsonValue, type OwnedFile } from '../model/index.js';
import { binaryRules } from './binary-rules.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { folderOf } from './paths.js';
import { maybeText, object, text } from './shape.js';

type BinaryRecord = {
  readonly rule: string;
  readonly version: string | null;
  readonly text: string;
  readonly offset: number;
  readonly hint: string | null;
};

/**
 * What is known by words of its own in the file, whoever put it there: the C libraries, BusyBox, certificate bundles,
 * time zones. The rules are data (`binary-rules.ts`).
 *
 * All of it is `inferred`, with the text and its offset as evidence, and has no ecosystem: a version that upstream
 * wrote says nothing about a distribution's fixes. A distribution's version in the text stands in the evidence.
 */
export const binaries = defineCataloguer<BinaryRecord>({
  name: 'binaries',
  version: 1,
  wants: (file, head) =>
    file.type === 'file' && binaryRules.some((rule) => (rule.file === 'elf') === isElf(head) && rule.fits(file)),
  read,
  decode,
  join,
});

function read(file: CatalogFile): TypedRead<BinaryRecord> {
  const bytes = file.bytes();
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = isElf(bytes) ? 'elf' : 'text';
  const records = binaryRules.flatMap((rule): BinaryRecord[] => {
    const match = rule.file === kind && rule.fits(file.head) ? rule.find(content) : null;
    return match === null ? [] : [{ rule: rule.name, ...match }];
  });
  return { records };
}

function decode(value: JsonValue): BinaryRecord {
  const fields = object(value);
  return {
    rule: text(fields.rule),
    version: maybeText(fields.version),
    text: text(fields.text),
    offset: typeof fields.offset === 'number' ? fields.offset : 0,
    hint: maybeText(fields.hint),
  };
}

function join(input: TypedJoin<BinaryRecord>): { readonly components: readonly Component[] } {
  const found = input.records.flatMap((record) => {
    const rule = binaryRules.find((one) => one.name === record.data.rule);
    return rule === undefined ? [] : [{ record, rule }];
  });
  const folders = found.flatMap(({ record, rule }) => (rule.folder ? [folderOf(record.path)] : []));
  const under = filesUnder(input, new Set(folders));
  return {
    components: found.map(({ record: { path, layer, data }, rule }): Component => {
      const beside = rule.folder ? (under.get(folderOf(path)) ?? []) : [];
      return {
        purl: formatPurl({ type: 'generic', name: rule.name, version: data.version }),
        name: rule.name,
        version: data.version,
        ecosystem: null,
        release: null,
        source: null,
        locations: [{ path, layer }],
        foundBy: 'binaries',
        licenses: [],
        owns: [owned(path), ...beside.filter((one) => one !== path).map(owned)],
        grade: 'inferred',
        evidence: [
          { what: rule.what, where: `${path} at byte ${data.offset}`, value: data.text },
          ...(data.hint === null ? [] : [{ what: 'distribution version in the text', where: path, value: data.hint }]),
        ],
      };
    }),
  };
}

function owned(path: string): OwnedFile {
  return { path, digest: null, mayChange: false, listed: false };
}

/** The files below each of these folders, each file under the innermost one; one pass whatever their number. */
function filesUnder(
  input: TypedJoin<BinaryRecord>,
  folders: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>([...folders].map((folder) => [folder, []]));
  if (folders.size === 0) return found;
  for (const [path, { entry }] of input.files) {
    if (entry.type === 'directory') continue;
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      const files = found.get(folder);
      if (files === undefined) continue;
      files.push(path);
      break;
    }
  }
  return found;
}
