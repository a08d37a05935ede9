import { type CatalogFile, isTrowelError, normalisedName } from '../model/index.js';
import { openZip, type ZipEntry, zipLimits } from '../pack/index.js';
import type { TypedRead } from './define.js';
import { badRecord, definePackages, oneRow, type PackageRow } from './packages.js';
import { parseParagraphs } from './paragraphs.js';

/**
 * Python distributions that lie in an image as archives: eggs (`.egg`, which Python imports as they are) and wheels
 * that were never unpacked (ensurepip's, a wheelhouse). An archive belongs to its distribution.
 *
 * An archive that cannot be opened or has no metadata is a gap.
 * Follows: PyPA "Binary distribution format"; setuptools "The Internal Structure of Python Eggs".
 */
export const pythonArchives = definePackages({
  name: 'python-archives',
  version: 2,
  wants: (file, head) =>
    file.type === 'file' && /\.(?:egg|whl)$/.test(file.path) && head[0] === 0x50 && head[1] === 0x4b,
  read,
  about: {
    finds: 'Python wheels and eggs that lie there packed',
    reads: ['**.whl', '**.egg'],
    purls: ['pypi'],
    grades: ['claimed'],
    facts: ['licenses', 'supplier', 'files'],
    limit: 'what is packed may never be imported',
  },
});

const maxMetadataBytes = 4 * 1024 * 1024;

function read(file: CatalogFile): TypedRead<PackageRow> {
  const archive = openZip(file, zipLimits);
  const isWheel = file.head.path.endsWith('.whl');
  const isMetadata = ({ path }: ZipEntry): boolean =>
    isWheel ? /^[^/]+\.dist-info\/METADATA$/.test(path) : path === 'EGG-INFO/PKG-INFO';
  const entry = archive.entries.find(isMetadata);
  if (entry === undefined) return { records: [], gaps: [badRecord('a Python archive without metadata')] };
  let bytes: Uint8Array;
  try {
    bytes = archive.read(entry, maxMetadataBytes);
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return { records: [], gaps: [{ reason: error.code, detail: `${entry.path}: ${error.message}` }] };
  }
  const fields =
    parseParagraphs(new TextDecoder().decode(bytes), true).paragraphs[0]?.fields ?? new Map<string, string>();
  const name = fields.get('name') ?? '';
  const version = fields.get('version') ?? '';
  return oneRow(
    name === '' || version === ''
      ? null
      : {
          type: 'pypi',
          name,
          fullName: normalisedName(name),
          version,
          ecosystem: 'PyPI',
          licenses: [fields.get('license-expression') ?? shortLine(fields.get('license') ?? '')],
          supplier: fields.get('author') ?? fields.get('author-email') ?? null,
          what: isWheel ? 'wheel that is not unpacked' : 'egg archive',
          value: `Name: ${name}, Version: ${version}`,
          places: [file.head.path],
        },
    'a Python archive whose metadata has no name and version',
  );
}

/** Some put the whole text of a licence there. */
function shortLine(text: string): string {
  return text.includes('\n') || text.length > 100 || text === 'UNKNOWN' ? '' : text;
}
