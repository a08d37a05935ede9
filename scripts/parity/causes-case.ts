import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { movesBetween } from '../../src/cause/index.js';
import { loadChart, prepareChart, readManifests, renderChart } from '../../src/chart/index.js';
import { withCauses } from '../../src/dig/causes.js';
import { surroundingsOf } from '../../src/dig/chart-claims.js';
import { findUses, type Surroundings } from '../../src/discover/index.js';
import type { Cause, ImageUse } from '../../src/model/index.js';
import type { OracleCase } from '../../test/oracle-cases.js';

export interface CaseReport {
  readonly uses: number;
  /** Uses that a tried value or version moves, and those that the template fixes. */
  readonly moved: number;
  readonly fixed: number;
  /** The others, in words. */
  readonly open: readonly string[];
  readonly tried: number;
  readonly right: number;
  readonly wrong: readonly string[];
  readonly renders: number;
}

/** Finds the causes of one render of a chart and gives each of their overrides to Helm; null asks nobody. */
export async function checkCase(
  { chart: path, options: asked, args }: OracleCase,
  root: string,
  helm: string | null,
  most: number,
): Promise<CaseReport> {
  const prepared = prepareChart(await loadChart(join(root, path), { helm: asked.helm }));
  const options = { ...asked };
  const counted = { renders: 0 };
  const rendered = renderChart(prepared, options);
  const surroundings = surroundingsOf(prepared.chart, rendered.manifests, readManifests);
  const uses = await withCauses(
    findUses(rendered.manifests, surroundings).uses,
    { prepared, options, raw: rendered.raw, surroundings },
    counted,
  );
  const moved = uses.filter((use) => use.causes.some((cause) => cause.verified && cause.from !== 'template'));
  const fixed = uses.filter((use) => !moved.includes(use) && use.causes.some((cause) => cause.verified));
  const open = uses.filter((use) => !moved.includes(use) && !fixed.includes(use));
  const report = {
    uses: uses.length,
    moved: moved.length,
    fixed: fixed.length,
    open: open.map(inWords),
    renders: counted.renders,
  };
  if (helm === null) return { ...report, tried: 0, right: 0, wrong: [] };
  const kube = args.includes('--kube-version') ? [] : ['--kube-version', asked.kubeVersion ?? 'v1.20.0'];
  const ask = (more: readonly string[]): readonly ImageUse[] | string =>
    usesOfHelm(helm, ['template', 'rel', path, ...args, ...kube, ...more], root, { ...surroundings, others: [] });
  const before = ask([]);
  if (typeof before === 'string') return { ...report, tried: 1, right: 0, wrong: [`without a change: ${before}`] };
  const wrong: string[] = [];
  const overrides = overridesOf(uses).slice(0, most);
  for (const { option, argument, moves } of overrides) {
    const after = ask([option, argument]);
    const problem = typeof after === 'string' ? after : difference(before, after, uses, moves);
    if (problem !== null) wrong.push(`${option} ${argument}: ${problem}`);
  }
  return { ...report, tried: overrides.length, right: overrides.length - wrong.length, wrong };
}

interface Tried {
  readonly option: string;
  readonly argument: string;
  /** What each use becomes, by its place. */
  readonly moves: ReadonlyMap<string, string>;
}

/** The overrides of all causes, each once, with all that they are said to move. */
function overridesOf(uses: readonly ImageUse[]): readonly Tried[] {
  const found = new Map<string, { option: string; argument: string; moves: Map<string, string> }>();
  for (const use of uses) {
    for (const { override } of use.causes) {
      if (override === null) continue;
      const { option, argument, gives } = override;
      const key = `${option} ${argument}`;
      const known = found.get(key) ?? { option, argument, moves: new Map<string, string>() };
      known.moves.set(placeOf(use), gives);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

function placeOf(use: ImageUse): string {
  const { template, kind, name, field } = use.in;
  return JSON.stringify([template, kind, name, field, use.image]);
}

/** What Helm's two texts say otherwise than the causes; null where they agree. */
function difference(
  before: readonly ImageUse[],
  after: readonly ImageUse[],
  uses: readonly ImageUse[],
  moves: ReadonlyMap<string, string>,
): string | null {
  const { moved, appeared } = movesBetween(before, after, (index, image) => {
    const use = before[index];
    return use !== undefined && moves.get(placeOf(use)) === image;
  });
  const [extra] = appeared;
  if (extra !== undefined) return `${extra.image} appears in ${extra.in.kind}/${extra.in.name}`;
  for (const [index, image] of moved) {
    const use = before[index];
    const foretold = use === undefined ? undefined : moves.get(placeOf(use));
    if (foretold === undefined) return `${use?.image} moves too (${use?.in.kind}/${use?.in.name})`;
    if (foretold !== image) return `${use?.image} becomes ${image}, not ${foretold}`;
  }
  const missing = moves.size - moved.size;
  // What Helm's text does not have under the same place cannot have moved there.
  return missing === 0 ? null : `${missing} of ${moves.size} uses of ${uses.length} do not move`;
}

/** The uses in what Helm prints, or its message. */
function usesOfHelm(
  helm: string,
  args: readonly string[],
  folder: string,
  surroundings: Surroundings,
): readonly ImageUse[] | string {
  const { stdout, stderr, status } = spawnSync(helm, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) return stderr.trim().slice(0, 400);
  const counts = new Map<string, number>();
  // Helm names the template in a comment before each document; each is read alone, so that places are the template's.
  const manifests = stdout.split(/^---\n(?=# Source: )/m).flatMap((text) => {
    const [, template] = /^# Source: (.*)$/m.exec(text) ?? [];
    if (template === undefined) return [];
    return readManifests(text, template).manifests.map((manifest) => {
      const document = counts.get(template) ?? 0;
      counts.set(template, document + 1);
      return { ...manifest, object: manifest.object, document };
    });
  });
  return findUses(manifests, surroundings).uses;
}

function inWords(use: ImageUse): string {
  const causes = use.causes.map((cause: Cause) => `${cause.from} ${cause.part} ${cause.path ?? ''}`).join('; ');
  return `${use.image} in ${use.in.kind}/${use.in.name} ${use.in.field} (${causes})`;
}
