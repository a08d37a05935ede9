import { brokenParsers } from './broken.js';
import { binaryParsers } from './of-binary.js';
import { catalogParsers } from './of-catalog.js';
import { chartParsers } from './of-charts.js';
import { databaseParsers } from './of-database.js';
import { imageParsers } from './of-images.js';
import { packParsers } from './of-pack.js';
import { textParsers } from './of-texts.js';
import type { Parser } from './parser.js';

/** Every reader of bytes that strangers wrote, room by room. */
export const parsers: readonly Parser[] = [
  ...packParsers,
  ...binaryParsers,
  ...databaseParsers,
  ...catalogParsers,
  ...imageParsers,
  ...chartParsers,
  ...textParsers,
];

export const parsersByName: ReadonlyMap<string, Parser> = new Map(
  [...parsers, ...brokenParsers].map((one) => [one.name, one]),
);
