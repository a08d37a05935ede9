import { type CatalogFile, type Component, formatPurl, type JsonValue, TrowelError } from '../model/index.js';
import { defineCataloguer, type TypedJoin, type TypedRead } from './define.js';
import { distroQualifier, ecosystemOf } from './distro.js';
import { fieldsOf, jsonFile, listOf, textOf } from './json.js';
import { maybeText, object, text } from './shape.js';

type BottlerocketRecord = {
  readonly name: string;
  readonly version: string | null;
  readonly release: string | null;
  readonly epoch: string | null;
  readonly arch: string | null;
  readonly url: string | null;
  readonly publisher: string | null;
};

/**
 * Packages of Bottlerocket, which has no package database: the inventory that its build leaves in the image.
 *
 * An entry without a name is a gap `bad-database`; the others are returned. The packages are built as RPMs.
 * Follows: Bottlerocket, packages/… `application-inventory.json` (AWS:Application inventory of Systems Manager).
 */
export const bottlerocket = defineCataloguer<BottlerocketRecord>({
  name: 'bottlerocket',
  version: 1,
  wants: ({ type, path }) => type === 'file' && path.endsWith('usr/share/bottlerocket/application-inventory.json'),
  read,
  decode,
  join,
  about: {
    finds: 'packages of Bottlerocket',
    reads: ['**usr/share/bottlerocket/application-inventory.json'],
    purls: ['rpm'],
    grades: ['claimed'],
    facts: ['source', 'supplier'],
    limit: 'the inventory lists no files',
  },
});

function read(file: CatalogFile): TypedRead<BottlerocketRecord> {
  const content = jsonFile(file, 'an inventory').get('Content');
  if (!Array.isArray(content)) throw new TrowelError('bad-database', { what: 'no inventory of Bottlerocket' });
  const all = listOf(content).map(fromInventory);
  const records = all.filter((one) => one.name !== '');
  const nameless = all.length - records.length;
  return {
    records,
    gaps: nameless === 0 ? [] : [{ reason: 'bad-database', detail: `${nameless} entries without a name` }],
  };
}

function fromInventory(value: unknown): BottlerocketRecord {
  const fields = fieldsOf(value);
  const stated = (name: string): string | null => textOf(fields.get(name)) || null;
  return {
    name: textOf(fields.get('Name')),
    version: stated('Version'),
    release: stated('Release'),
    epoch: stated('Epoch'),
    arch: stated('Architecture'),
    url: stated('Url'),
    publisher: stated('Publisher'),
  };
}

function decode(value: JsonValue): BottlerocketRecord {
  const fields = object(value);
  return {
    name: text(fields.name),
    version: maybeText(fields.version),
    release: maybeText(fields.release),
    epoch: maybeText(fields.epoch),
    arch: maybeText(fields.arch),
    url: maybeText(fields.url),
    publisher: maybeText(fields.publisher),
  };
}

function join({ records, distro }: TypedJoin<BottlerocketRecord>): { readonly components: readonly Component[] } {
  const components = records.map(({ path, layer, data }): Component => {
    const { name, epoch, arch, url, publisher } = data;
    const plain = data.release === null || data.version === null ? data.version : `${data.version}-${data.release}`;
    const version = epoch === null || plain === null ? plain : `${epoch}:${plain}`;
    return {
      purl: formatPurl({
        type: 'rpm',
        namespace: 'bottlerocket',
        name,
        version: plain,
        qualifiers: { arch, epoch, distro: distroQualifier(distro) },
      }),
      name,
      version,
      ...ecosystemOf(distro, 'rpm'),
      source: { name, version },
      locations: [{ path, layer }],
      foundBy: 'bottlerocket',
      licenses: [],
      supplier: publisher,
      owns: [],
      grade: 'claimed',
      evidence: [
        { what: 'Bottlerocket inventory', where: path, value: `Name: ${name}, Version: ${version ?? 'none'}` },
        ...(url === null ? [] : [{ what: 'Bottlerocket url', where: path, value: url }]),
      ],
    };
  });
  return { components };
}
