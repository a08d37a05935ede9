import type { ReportFormat, UsesFormat } from './format.js';
import { json, usesJson } from './json.js';
import { table } from './table.js';
import { tree } from './tree.js';
import { usesTable, usesTree } from './uses.js';

/** The formats of a dig. A new one is one file and one line here. */
export const formats: readonly ReportFormat[] = [tree, table, json];

/** The formats of `trowel images`. */
export const usesFormats: readonly UsesFormat[] = [usesTree, usesTable, usesJson];
