import type { GoValue } from '../value.js';
import type { Known } from './known.js';
import type { Run } from './run.js';

let placed = 0;

/**
 * Where a table lies among those that templates share, from the dot of a chart on: `Values`, `image`, …. It is the same
 * in each rendering, whatever lies there.
 */
export class Place {
  readonly above: Place | null;
  /** Its key in the table above; the chart whose dot it is where there is none. */
  readonly key: string;
  /** A text that no other place has. */
  readonly mark: string;
  /** What was read of its entries. */
  readonly cells = new Map<string, Cell>();
  all: Cell | null = null;
  size: Cell | null = null;
  /** What lies there in the state `at`, or lay there when a template last looked at it. */
  entries: ReadonlyMap<string, GoValue> | null = null;
  at = 0;
  /** Whether what lay there when it was looked at before are the same entries: they have not changed then. */
  isSame = false;
  private readonly inside = new Map<string, Place>();

  constructor(above: Place | null, key: string) {
    placed += 1;
    this.mark = `@${placed};`;
    this.above = above;
    this.key = key;
  }

  below(key: string): Place {
    let place = this.inside.get(key);
    if (place === undefined) {
      place = new Place(this, key);
      this.inside.set(key, place);
    }
    return place;
  }
}

/** What a cell is about: one entry of a table, all of them, or how many there are. */
export type Part = 'entry' | 'all' | 'size';

/** Something that was read, as it was, and who read it. */
export class Cell {
  readonly place: Place;
  readonly key: string;
  readonly part: Part;
  known: Known;
  readonly readers = new Set<Run>();
  /** The one that was added last. */
  reader: Run | null = null;

  constructor(place: Place, key: string, part: Part, known: Known) {
    this.place = place;
    this.key = key;
    this.part = part;
    this.known = known;
  }
}
