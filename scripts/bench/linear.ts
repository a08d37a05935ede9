/**
 * `npm run bench:linear -- [--write]`: digs the first layers of *large* (8 GB in 74 layers) and of *files* (a million
 * files in ten), more of them each time, and prints time and memory as Markdown. `--write` draws docs/linear.svg, too.
 * The images are made once (BENCH_CACHE); needs python3, which asks the kernel for time and memory.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quiet } from './contenders.js';
import { firstLayers } from './images/first-layers.js';
import { images, layoutOf } from './images/images.js';
import { type Measured, measure, root, trowel } from './measure.js';

interface Point extends Measured {
  /** Gigabytes of tar, or thousands of files. */
  readonly amount: number;
}

interface Series {
  readonly image: string;
  readonly unit: string;
  readonly layers: readonly number[];
  /** Of one layer. */
  readonly amount: number;
}

const series: readonly Series[] = [
  { image: 'large', unit: 'GB', layers: [9, 18, 37, 55, 74], amount: 0.108 },
  { image: 'files', unit: 'thousand files', layers: [1, 2, 4, 7, 10], amount: 100 },
];

async function pointsOf({ image: name, layers, amount }: Series): Promise<readonly Point[]> {
  const image = images.find((one) => one.name === name);
  if (image === undefined) throw new Error(`no image ${name}`);
  const layout = await layoutOf(image);
  const points: Point[] = [];
  for (const count of layers) {
    // Beside the image, so that its blobs can be linked.
    const folder = mkdtempSync(join(dirname(layout), 'first-layers-'));
    try {
      firstLayers(layout, folder, count);
      const run = measure([...trowel, 'dig', `oci-dir:${folder}`, '--no-store', ...quiet]);
      if (run.code !== 0) throw new Error(`trowel ended with ${run.code}`);
      points.push({ amount: count * amount, ...run });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return points;
}

const [width, height, margin] = [360, 240, 44];

/** Processor time over the amount, with a straight line from nothing to the last point. */
function plot({ unit }: Series, points: readonly Point[], left: number): string {
  const most = Math.max(...points.map((point) => point.amount));
  const longest = Math.max(...points.map((point) => point.cpu));
  const x = (amount: number): number => left + margin + (amount / most) * (width - 2 * margin);
  const y = (cpu: number): number => height - margin - (cpu / longest) * (height - 2 * margin);
  const last = points.at(-1);
  const dots = points.map(
    ({ amount, cpu }) => `<circle cx="${x(amount).toFixed(1)}" cy="${y(cpu).toFixed(1)}" r="3.5"/>`,
  );
  const text = (at: number, down: number, words: string, anchor: string): string =>
    `<text x="${at.toFixed(0)}" y="${down.toFixed(0)}" text-anchor="${anchor}">${words}</text>`;
  return [
    `<path d="M${x(0)} ${y(longest)}V${y(0)}H${x(most)}" class="axis"/>`,
    `<path d="M${x(0)} ${y(0)}L${x(last?.amount ?? 0)} ${y(last?.cpu ?? 0)}" class="line"/>`,
    ...dots,
    text(x(0) - 6, y(0) + 4, '0', 'end'),
    text(x(0) - 6, y(longest) + 4, `${longest.toFixed(0)} s`, 'end'),
    text(x(most), y(0) + 18, `${most.toFixed(0)} ${unit}`, 'end'),
    text(x(most / 2), 20, `processor seconds, ${unit}`, 'middle'),
  ].join('\n');
}

function drawn(plots: readonly string[]): string {
  const style =
    'text{font:12px sans-serif;fill:#333}.axis{fill:none;stroke:#333}.line{stroke:#bbb;stroke-dasharray:4 3}circle{fill:#1f6feb}';
  const size = `width="${width * plots.length}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">
<title>Processor time of a dig against bytes and against files</title>
<style>${style}</style>
<rect width="100%" height="100%" fill="#fff"/>
${plots.join('\n')}
</svg>
`;
}

const plots: string[] = [];
process.stdout.write('| image | amount | wall s | CPU s | CPU s for each | peak MiB |\n|---|---|---|---|---|---|\n');
for (const [index, one] of series.entries()) {
  const points = await pointsOf(one);
  for (const { amount, wall, cpu, peak } of points) {
    const row = [one.image, `${amount.toFixed(1)} ${one.unit}`, wall.toFixed(1), cpu.toFixed(1)];
    process.stdout.write(`| ${[...row, (cpu / amount).toFixed(3), (peak / 2 ** 20).toFixed(0)].join(' | ')} |\n`);
  }
  plots.push(plot(one, points, index * width));
}
if (process.argv.includes('--write')) writeFileSync(join(root, 'docs', 'linear.svg'), drawn(plots));
