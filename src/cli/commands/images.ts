import { findTargetUses, mergeGaps, readTarget, sortUses, targetRow } from '../../dig/index.js';
import { TrowelError } from '../../model/index.js';
import { usesFormats, usesOfImage, whyUses } from '../../report/index.js';
import { type Arguments, isSet, optionValue } from '../arguments.js';
import type { Context } from '../command.js';
import { exitCode, readAllowed } from '../exit-code.js';
import { KeptTemplates } from '../kept-templates.js';
import { readOutputs, viewOf, writeOutput } from '../outputs.js';
import { templatesPath } from '../places.js';
import { chartAccess, chartInputs } from '../settings.js';

/** `trowel images CHART`: chart → uses, without pulling anything. */
export async function run(args: Arguments, context: Context): Promise<number> {
  const [given, ...more] = args.operands;
  if (given === undefined || more.length > 0) {
    throw new TrowelError('usage', { what: 'images wants one chart', todo: 'see trowel help images' });
  }
  const names = usesFormats.map((format) => format.name);
  const outputs = await readOutputs(args, context, names, { terminal: 'tree', piped: 'tree' });
  const allowed = readAllowed(optionValue(args, 'allow-incomplete'));
  const chart = await chartInputs(args, context, null);
  const access = chartAccess(args, context);
  const target = await readTarget(given, { repo: access.repo, env: context.io.env });
  if (target.kind !== 'chart' && target.kind !== 'manifests') {
    // A name with a slash may have been meant as one of a repository that Helm does not know here.
    const unknown = target.kind === 'image' && given.includes('/') && !given.startsWith('image:');
    const todo = unknown ? 'dig it, or add its repository with helm repo add, or use --repo URL' : 'trowel dig it';
    throw new TrowelError('usage', { what: `${given} is ${target.takenFor}, not a chart`, todo });
  }
  const conditional = isSet(args, 'conditional');
  const templates = new KeptTemplates(templatesPath(args, context.io.env), chart.helm ?? 3);
  const found = await findTargetUses(target, { chart, access, conditional, templates }, context.io);
  const query = optionValue(args, 'why');
  const uses = sortUses(found.uses);
  const wanted = query === null ? uses : usesOfImage(uses, query);
  const all = {
    schema: 'trowel/dig/1',
    target: targetRow(target, found, []),
    charts: found.charts,
    uses,
    notAssessed: mergeGaps(found.gaps),
    tool: { name: 'trowel', version: context.version },
  } as const;
  if (query !== null && [...whyUses(all, query, { width: 80, color: false })].length === 0) {
    throw new TrowelError('not-found', {
      what: `nothing of ${given} is named ${query}`,
      todo: 'give an image as trowel images shows it, or a values path',
    });
  }
  const document = { ...all, uses: wanted };
  for (const output of outputs) {
    if (query !== null && output.format === 'tree') {
      await writeOutput(output, whyUses(all, query, viewOf(args, context, output)), context);
      continue;
    }
    const format = usesFormats.find((known) => known.name === output.format);
    if (format !== undefined) await writeOutput(output, format.write(document, viewOf(args, context, output)), context);
  }
  return exitCode({ findings: [], notAssessed: all.notAssessed }, { failOn: null, allowed });
}
