import { by, type Gap, type Reason } from '../model/index.js';

interface Row {
  readonly kind: 'component' | 'advisories';
  readonly reason: Reason;
  readonly image: string;
  /** What tells rows of one reason and image apart: the release; empty for rows of components. */
  readonly group: string;
  readonly detail: string;
  readonly names: Set<string>;
  count: number;
}

/** How many names a row spells out. */
const named = 5;

/** Collects what could not be assessed: one row a reason, image and release. */
export class GapRows {
  readonly #rows = new Map<string, Row>();

  /** A component that nobody can judge. */
  component(image: string, reason: Reason, name: string, detail: string): void {
    this.#add({ kind: 'component', reason, image, group: '', detail }, name);
  }

  /** A component that could be judged, were there records for its release. */
  advisories(image: string, reason: Reason, release: string, name: string, detail: string): void {
    this.#add({ kind: 'advisories', reason, image, group: release, detail }, name);
  }

  /** Sorted by kind, image, reason and subject. */
  all(): readonly Gap[] {
    return [...this.#rows.values()]
      .map((row) => ({
        kind: row.kind,
        reason: row.reason,
        image: row.image,
        subject: row.group === '' ? listed(row.names) : row.group,
        detail: row.group === '' ? row.detail : `${row.detail}: ${listed(row.names)}`,
        count: row.count,
        bytes: 0,
      }))
      .sort(by((gap) => [gap.kind, gap.image, gap.reason, gap.subject, gap.detail]));
  }

  #add(about: Omit<Row, 'names' | 'count'>, name: string): void {
    const key = JSON.stringify([about.kind, about.reason, about.image, about.group]);
    const row = this.#rows.get(key) ?? { ...about, names: new Set(), count: 0 };
    row.names.add(name);
    row.count++;
    this.#rows.set(key, row);
  }
}

function listed(names: ReadonlySet<string>): string {
  const sorted = [...names].sort();
  const rest = sorted.length > named ? ` and ${sorted.length - named} more` : '';
  return `${sorted.slice(0, named).join(', ')}${rest}`;
}
