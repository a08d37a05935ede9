import type { JsonValue } from '../../model/index.js';
import { list, maybeText, object, text, texts } from '../shape.js';
import type { RpmFile, RpmPackage } from './package.js';

/** `waiting`: how many committed pages are in a log beside a database; `osRelease`: what a root inside the image says. */
export type RpmRecord =
  | { readonly package: RpmPackage }
  | { readonly waiting: number }
  | { readonly osRelease: string };

export function decode(value: JsonValue): RpmRecord {
  const fields = object(value);
  if (typeof fields.waiting === 'number') return { waiting: fields.waiting };
  if (typeof fields.osRelease === 'string') return { osRelease: fields.osRelease };
  return { package: decodePackage(fields.package) };
}

export function decodePackage(value: JsonValue | undefined): RpmPackage {
  const one = object(value);
  return {
    name: text(one.name),
    epoch: maybeNumber(one.epoch),
    version: text(one.version),
    release: text(one.release),
    arch: text(one.arch),
    sourceRpm: maybeText(one.sourceRpm),
    modularity: maybeText(one.modularity),
    license: maybeText(one.license),
    vendor: maybeText(one.vendor),
    packager: maybeText(one.packager),
    url: maybeText(one.url),
    installTime: maybeNumber(one.installTime),
    digest: maybeText(one.digest),
    intact: one.intact !== false,
    algorithm: algorithmOf(one.algorithm),
    files: list(one.files).map(fileOf),
    requires: Array.isArray(one.requires) ? texts(one.requires) : null,
    provides: texts(one.provides),
  };
}

function maybeNumber(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function algorithmOf(value: JsonValue | undefined): RpmPackage['algorithm'] {
  return value === 'md5' || value === 'sha1' || value === 'sha256' || value === 'sha512' ? value : null;
}

function fileOf(value: JsonValue): RpmFile {
  const [path, digest, changes] = list(value);
  return [text(path), maybeText(digest), changes === true];
}
