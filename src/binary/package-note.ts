import type { ElfFile } from './elf.js';
import { utf8 } from './source.js';

/** What a distribution's build wrote into a program about the package it belongs to; null where the note has none. */
export interface PackageNote {
  /** `deb`, `rpm`, `apk`, `alpm`, … */
  readonly type: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly architecture: string | null;
  /** ID and VERSION_ID of os-release. */
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly osCpe: string | null;
}

const noteOwner = 'FDO';
const noteType = 0xcafe1a7e;
const maxNoteBytes = 16 * 1024;

/**
 * The package note of a program: a JSON object in `.note.package`; null where there is none, or none that names a
 * package. Fields that are no texts count as missing.
 *
 * Follows: systemd, "Package Metadata for Executable Files" (owner FDO, type 0xcafe1a7e).
 */
export function readPackageNote(elf: ElfFile): PackageNote | null {
  const note = elf.notes.find((one) => one.owner === noteOwner && one.type === noteType);
  if (note === undefined || note.content.length > maxNoteBytes) return null;
  const fields = parseObject(utf8(note.content).replace(/\0+$/, ''));
  const text = (key: string): string | null => {
    const value = fields?.get(key);
    return typeof value === 'string' && value !== '' ? value.slice(0, 300) : null;
  };
  const name = text('name');
  if (name === null) return null;
  return {
    type: text('type'),
    name,
    version: text('version'),
    architecture: text('architecture'),
    os: text('os'),
    osVersion: text('osVersion'),
    osCpe: text('osCpe'),
  };
}

function parseObject(json: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}
