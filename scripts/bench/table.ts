import type { ImageFacts } from './images/layout.js';
import { type Measured, ratio, spread } from './measure.js';

/** One image's table as Markdown: medians, spread and the ratio to one of the contenders in each round. */
export function tableOf(runs: ReadonlyMap<string, readonly Measured[]>, against: string): readonly string[] {
  const floor = runs.get(against) ?? [];
  const lines = ['| what | wall s | CPU s | peak MiB | wall / floor | CPU / floor |', '|---|---|---|---|---|---|'];
  for (const [name, list] of runs) {
    const column = (of: (run: Measured) => number, digits: number): string => spread(list.map(of), digits);
    const row = [
      name,
      column((run) => run.wall, 2),
      column((run) => run.cpu, 2),
      column((run) => run.peak / 2 ** 20, 0),
      ratio(list, floor, (run) => run.wall),
      ratio(list, floor, (run) => run.cpu),
    ];
    lines.push(`| ${row.join(' | ')} |`);
  }
  return lines;
}

/** `7 layers, 512 MB compressed, 1,912 MB of tar` */
export function factsText({ layers, storedBytes, tarBytes }: ImageFacts): string {
  const megabytes = (bytes: number): string => Math.round(bytes / 1e6).toLocaleString('en');
  return `${layers} layer${layers === 1 ? '' : 's'}, ${megabytes(storedBytes)} MB compressed, ${megabytes(tarBytes)} MB of tar`;
}

const [begin, end] = ['<!-- npm run bench -- --write: begin -->', '<!-- npm run bench -- --write: end -->'];

/** A document with what stands between its markers replaced. Throws where it has none. */
export function written(document: string, text: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no lines ${begin} and ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n${document.slice(to)}`;
}
