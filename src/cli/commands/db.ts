import { databaseStatus, importAdvisories, openAdvisories } from '../../advisory/index.js';
import { TrowelError } from '../../model/index.js';
import { escapeText } from '../../report/index.js';
import type { Arguments } from '../arguments.js';
import type { Context } from '../command.js';
import { databasePath } from '../places.js';

/** `trowel db import PATH…`, `trowel db status`, `trowel db list`. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const [verb, ...operands] = args.operands;
  const path = databasePath(args, context.io.env);
  switch (verb) {
    case 'import':
      return await importPaths(path, operands, context);
    case 'status':
      return await status(path, false, context);
    case 'list':
      return await status(path, true, context);
    case 'update':
      throw new TrowelError('usage', {
        what: 'db update is not in this version yet',
        todo: 'fetch <Ecosystem>/all.zip as OSV.dev publishes it and import it: trowel db import PATH',
      });
    default:
      throw new TrowelError('usage', {
        what: verb === undefined ? 'db wants a verb' : `db has no verb "${verb}"`,
        todo: 'import PATH…, status or list',
      });
  }
}

/** Exit code 3 when something of what was given was left out, since it will be missing from every dig. */
async function importPaths(path: string, inputs: readonly string[], context: Context): Promise<number> {
  if (inputs.length === 0) throw new TrowelError('usage', { what: 'import what?', todo: 'trowel db import PATH…' });
  const result = await importAdvisories(path, inputs, (name) => {
    context.io.progress({ kind: 'stage', name: 'importing', detail: name });
  });
  for (const source of result.sources) {
    await context.write(`${escapeText(source.name)}: ${source.records} records\n`);
  }
  for (const skipped of result.skipped)
    context.say(`left out: ${escapeText(skipped.where)}: ${escapeText(skipped.reason)}\n`);
  return result.skipped.length > 0 ? 3 : 0;
}

async function status(path: string, releases: boolean, context: Context): Promise<number> {
  const database = openAdvisories(path);
  if (database === null) {
    await context.write(`${path}: no database yet; make one with trowel db import PATH\n`);
    return 0;
  }
  try {
    await context.write(`${path}\n`);
    for (const source of databaseStatus(database).sources) {
      const newest = source.newest === null ? 'no record' : `newest ${source.newest.slice(0, 10)}`;
      await context.write(
        `  ${escapeText(source.name).padEnd(12)} ${String(source.records).padStart(7)} records, ${newest}\n`,
      );
      if (releases) for (const release of source.releases) await context.write(`    ${escapeText(release)}\n`);
    }
  } finally {
    database.close();
  }
  return 0;
}
