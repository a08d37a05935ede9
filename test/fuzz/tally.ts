import type { Verdict } from './compare.js';

interface Count {
  cases: number;
  errors: number;
  explained: number;
  different: number;
  lost: number;
}

/** Counts cases by function and action. */
export class Tally {
  readonly #counts = new Map<string, Count>();
  readonly #explained = new Map<string, number>();
  readonly #lost: number[] = [];

  add(target: string, failed: boolean, verdict: Verdict): void {
    const count = this.#of(target);
    count.cases++;
    if (failed) count.errors++;
    if (verdict.kind === 'different') count.different++;
    if (verdict.kind === 'explained') {
      count.explained++;
      this.#explained.set(verdict.by.line, (this.#explained.get(verdict.by.line) ?? 0) + 1);
    }
  }

  /** A difference that was none when both were asked again. */
  passed(target: string): void {
    this.#of(target).different--;
  }

  /** A case that ended the real engine, or did not end in it. */
  lost(target: string, number: number): void {
    this.#of(target).lost++;
    this.#lost.push(number);
  }

  #of(target: string): Count {
    let count = this.#counts.get(target);
    if (count === undefined) {
      count = { cases: 0, errors: 0, explained: 0, different: 0, lost: 0 };
      this.#counts.set(target, count);
    }
    return count;
  }

  #total(): Count {
    const sum: Count = { cases: 0, errors: 0, explained: 0, different: 0, lost: 0 };
    for (const count of this.#counts.values()) {
      for (const key of Object.keys(sum) as (keyof Count)[]) sum[key] += count[key];
    }
    return sum;
  }

  table(): string {
    const rows = [...this.#counts].map(
      ([name, { cases, errors, explained, different, lost }]) =>
        `${name.padEnd(30)}${String(cases).padStart(8)}${percent(errors, cases).padStart(8)}${[explained, different, lost].map((n) => String(n === 0 ? '' : n).padStart(10)).join('')}`,
    );
    return `${['function or action'.padEnd(30), 'cases'.padStart(8), 'errors'.padStart(8), 'explained'.padStart(10), 'different'.padStart(10), 'lost'.padStart(10)].join('')}\n${rows.join('\n')}\n`;
  }

  json(seed: number, helm: 3 | 4): string {
    return `${JSON.stringify({ helm, seed, counts: Object.fromEntries(this.#counts) }, null, 1)}\n`;
  }

  summary(seconds: number, lasting: number): string {
    const { cases, errors, explained, lost } = this.#total();
    const least = Math.min(...[...this.#counts.values()].map((count) => count.cases));
    const listed = [...this.#explained].map(([line, count]) => `  ${count} explained by ${line}\n`).join('');
    return (
      `\n${cases} cases of ${this.#counts.size} functions and actions, at least ${least} each, ${percent(errors, cases)} over error paths, ` +
      `in ${seconds.toFixed(0)} s: ${lasting} differ, ${explained} explained${lost === 0 ? '' : `, ${lost} ended the real engine (cases ${this.#lost.join(', ')})`}\n${listed}`
    );
  }
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}
