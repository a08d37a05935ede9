import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import {
  type Chart,
  type DeepRendered,
  isStackFull,
  loadChart,
  outputFiles,
  prepareChart,
  type RenderChartOptions,
  renderChart,
  renderDeep,
  renderRaw,
} from '../../chart/index.js';
import { TrowelError } from '../../model/index.js';
import { type Arguments, isSet, optionValue } from '../arguments.js';
import type { Context } from '../command.js';
import { KeptTemplates } from '../kept-templates.js';
import { templatesPath } from '../places.js';
import { chartAccess, chartInputs } from '../settings.js';

/** `trowel render [NAME] CHART`: what `helm template` prints. An error of the engine ends in 4. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const [first, second, ...more] = args.operands;
  if (first === undefined || more.length > 0) {
    throw new TrowelError('usage', { what: 'render wants a chart', todo: 'trowel render [NAME] CHART' });
  }
  const path = second ?? first;
  const inputs = await chartInputs(args, context, second === undefined ? null : first);
  const chart = await openChart(path.replace(/^chart:/, ''), inputs.helm ?? 3, args, context);
  const options = { ...inputs, now: context.io.now, random: chance, asksValues: false };
  const kept = new KeptTemplates(templatesPath(args, context.io.env), options.helm ?? 3);
  const prepared = prepareChart(chart);
  kept.lend(prepared);
  const warn = (warnings: readonly string[]): void => {
    for (const text of warnings) context.io.progress({ kind: 'warning', text });
  };
  if (isSet(args, 'raw')) {
    const { raw, warnings } = await onLargerStack(chart, options, true, () => renderRaw(prepared, options));
    warn(warnings);
    await context.write(`${JSON.stringify(Object.fromEntries(raw))}\n`);
    if (kept.keep(prepared)) context.didNew?.();
    return 0;
  }
  const rendered = await onLargerStack(chart, options, false, () => renderChart(prepared, options));
  warn(rendered.warnings);
  const directory = optionValue(args, 'output-dir');
  if (directory === null) await context.write(rendered.text);
  else await writeFiles(directory, outputFiles(rendered.sections), context);
  if (kept.keep(prepared)) context.didNew?.();
  return 0;
}

/** Random bytes of the system, without Node's cryptography where there is a file of them: that takes 5 ms to load. */
function chance(count: number): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync('/dev/urandom', 'r');
    if (!fstatSync(file).isCharacterDevice()) return randomBytes(count);
    const bytes = new Uint8Array(count);
    let at = 0;
    for (let got = 1; at < count && got > 0; at += got) got = readSync(file, bytes, at, count - at, null);
    return at === count ? bytes : randomBytes(count);
  } catch {
    return randomBytes(count);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Renders here, and in a thread with a larger stack where templates nest too deeply for this one. */
async function onLargerStack<T>(
  chart: Chart,
  options: RenderChartOptions,
  raw: boolean,
  render: () => T,
): Promise<T | DeepRendered> {
  try {
    return render();
  } catch (error) {
    if (!isStackFull(error)) throw error;
    return await renderDeep(chart, options, raw);
  }
}

/** A chart of this machine, which needs nothing else, or one that is fetched first, as Helm tells them apart. */
async function openChart(given: string, helm: 3 | 4, args: Arguments, context: Context): Promise<Chart> {
  const access = chartAccess(args, context);
  const isPath = existsSync(given) || /^(?:[./\\]|[a-zA-Z]:[\\/])/.test(given);
  const warn = (text: string): void => context.io.progress({ kind: 'warning', text });
  if (isPath && access.repo !== null) warn('local chart found in current working directory. repository url ignored');
  if (isPath && !access.verify && !access.dependencyUpdate) return await loadChart(given, { helm });
  const { loadWantedChart, parseChartReference } = await import('../../repository/index.js');
  const place = isPath ? ({ kind: 'path', path: given } as const) : parseChartReference(given, access.repo);
  const { io } = context;
  return (await loadWantedChart(place, access, helm, { env: io.env, warn })).chart;
}

/** One file a template, as `helm template --output-dir` lays them; template paths never lead out of the directory. */
async function writeFiles(directory: string, files: ReadonlyMap<string, string>, context: Context): Promise<void> {
  for (const [name, text] of files) {
    const path = normalize(join(directory, name));
    if (!path.startsWith(normalize(`${directory}${sep}`))) {
      throw new TrowelError('unsafe-path', { what: 'a template outside of the chart', where: { entry: name } });
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await context.write(`wrote ${path}\n`);
  }
}
