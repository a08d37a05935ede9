import { TrowelError } from '../../model/index.js';
import { sqliteStore } from '../../store/index.js';
import { type Arguments, optionValue } from '../arguments.js';
import type { Context } from '../command.js';
import { shrinkTemplates, templatesStatus } from '../kept-templates.js';
import { chartCachePath, storePath, templatesPath } from '../places.js';
import { sizeBytes } from '../settings.js';

/** `trowel store path|status|gc`. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const path = storePath(args, context.io.env);
  const [verb] = args.operands;
  if (path === null) throw new TrowelError('usage', { what: 'no store with --no-store' });
  if (verb === 'path') {
    await context.write(`${path}\n`);
    return 0;
  }
  if (verb !== 'status' && verb !== 'gc') {
    throw new TrowelError('usage', { what: 'store wants a verb', todo: 'path, status or gc' });
  }
  const { openCache } = await import('../../repository/index.js');
  const chartsPath = chartCachePath(args, context.io.env);
  const cache = openCache(chartsPath);
  const templates = templatesPath(args, context.io.env) ?? '';
  const store = sqliteStore({ path, now: context.io.now });
  try {
    if (verb === 'gc') {
      const most = sizeBytes(optionValue(args, 'max') ?? '1GiB', 'max');
      const freed = store.gc(most);
      // Charts have what results leave of it, parsed templates what charts leave: they can be had again.
      const left = Math.max(0, most - store.status().bytes);
      const charts = await cache.shrink(left);
      const parsed = shrinkTemplates(templates, Math.max(0, left - (await cache.status()).bytes));
      await context.write(`freed ${freed + charts + parsed} bytes\n`);
    }
    const { rows, bytes } = store.status();
    await context.write(`${path}: ${rows} results, ${bytes} bytes\n`);
    const charts = await cache.status();
    if (charts.files > 0)
      await context.write(`${chartsPath}: ${charts.files} files of charts, ${charts.bytes} bytes\n`);
    const parsed = templatesStatus(templates);
    if (parsed.files > 0)
      await context.write(`${templates}: parsed templates of ${parsed.files} charts, ${parsed.bytes} bytes\n`);
  } finally {
    store.close();
  }
  return 0;
}
