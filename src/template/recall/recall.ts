import { GoInt, GoMap, GoSlice, type GoValue } from '../value.js';
import { keyOf, valueKey } from './key.js';
import { isPlainTable, isSame, type Known, Mark, plainEntries, snapshotOf } from './known.js';
import { Cell, type Part, Place } from './place.js';
import { type Budget, Run } from './run.js';
import { WatchedEntries, type Watcher, watchedTable } from './watched.js';

/** What a rendering begins with. */
export interface Shared {
  /** The dots of the charts by their ids, with the tables that their templates share. */
  readonly dots: ReadonlyMap<string, GoMap>;
  /** Objects in them that are alike in each rendering, by a name for each. */
  readonly constants: ReadonlyMap<GoValue, string>;
  /** A table with methods, of the type of another, over other entries. */
  readonly withMethods: (entries: Map<string, GoValue>, like: GoMap) => GoMap;
  /** Called before any of the tables is changed first: those that are to stay as they are must be others then (`rebase`). */
  readonly before: () => void;
}

/** What was recorded when a template was called. */
interface Outer {
  readonly run: Run | null;
  readonly reached: number;
}

/** How deep templates may be nested where they are taken from before: far from where Helm stops them. */
const deepest = 200;

/** What is kept at most: cells and runs, and characters of what templates wrote. */
const mostKept = 100_000;
const mostText = 16 * 1024 * 1024;

/**
 * Knows what each template read when it ran, and gives what it wrote before where all of that is still the same: files
 * from one rendering to the next, and what `include` and `template` gave also within one.
 *
 * A template reads through watched tables only (watched.ts), which the dots of charts are: what it wrote depends on the
 * entries that it asked for, on what it called, and on nothing else, unless it asked for the time or for chance. One
 * that changes a shared table runs each time; with it a new state begins, whose cells are other ones.
 *
 * A state is what the shared tables hold from one change of them to the next. When one begins, each cell that was read in
 * such a state before is looked at, and whoever read one that is another now is forgotten, with all that called it. Tables
 * that are the same objects as then are not looked at: they are shared with the charts, and changed by nobody (`before`).
 */
export class Recall implements Watcher {
  /** What is being recorded; null where nothing is: no template runs, or it has changed what templates share. */
  run: Run | null = null;
  /** The files that changed, or set to what it was, a table that templates share. */
  readonly changers = new Set<string>();
  private readonly keeps: boolean;
  private shared: Shared | null = null;
  /** Each rendering begins a state, and each template that changes a shared table another one. */
  private state = 0;
  /** How many templates have changed tables in this rendering. */
  private stageNumber = 0;
  private isChanged = false;
  /** Whether any was in this rendering. */
  private wasChanged = false;
  private file: string | null = null;
  private stages: Stage[] = [];
  /** The dots in this state. */
  private readonly dots = new Map<string, GoMap>();
  private readonly marks = new Map<string, Mark>();
  private kept = 0;
  private text = 0;
  /** How many uses of `include` the template that runs is in, and how many there were at most in this run. */
  private depth = 0;
  private reached = 0;

  /** `keeps` is false where only one rendering is made: what was read is not noted then. */
  constructor(keeps: boolean) {
    this.keeps = keeps;
  }

  /** A rendering begins. */
  begin(shared: Shared): void {
    this.shared = shared;
    this.state += 1;
    this.dots.clear();
    this.stageNumber = 0;
    this.isChanged = false;
    this.wasChanged = false;
    this.run = null;
    this.file = null;
    this.depth = 0;
    if (this.kept <= mostKept && this.text <= mostText) return;
    this.stages = [];
    this.kept = 0;
    this.text = 0;
  }

  /** The dot of a chart as its templates get it. */
  dot(chart: string): GoMap | null {
    const known = this.dots.get(chart);
    if (known !== undefined) return known;
    const plain = this.shared?.dots.get(chart);
    if (plain === undefined) return null;
    const dot = watchedTable(plain, this.stage().dotOf(chart), this);
    this.dots.set(chart, dot);
    return dot;
  }

  /** What a file wrote the last time, if it would write it again; counts what it took then. */
  fileAgain(path: string, budget: Budget): string | null {
    if (!this.keeps) return null;
    const run = this.stage().files.get(path);
    if (run === undefined || run.text === null || !budget.allows(run.steps, run.written)) return null;
    budget.add(run.steps, run.written);
    return run.text;
  }

  /** A file begins to run. */
  beginFile(path: string, budget: Budget): void {
    const { files } = this.stage();
    let run = files.get(path);
    if (run === undefined) {
      run = new Run();
      files.set(path, run);
      this.kept += 1;
    }
    this.file = path;
    this.isChanged = false;
    this.depth = 0;
    this.start(run, budget);
  }

  /** The file that began last has written its text. */
  endFile(text: string, budget: Budget): void {
    const { run } = this;
    this.file = null;
    this.run = null;
    if (this.isChanged) {
      this.stageNumber += 1;
      this.state += 1;
      this.dots.clear();
    } else if (run !== null) this.end(run, run.drew ? null : text, budget);
  }

  /**
   * The run of a template with a dot, which may hold what it wrote before (`textOf`); null where it cannot be taken
   * from before: nothing is recorded, or its dot is no shared table.
   */
  runOf(definition: object, dot: GoValue | undefined): Run | null {
    if (this.run === null || !(dot instanceof GoMap) || this.depth >= deepest) return null;
    const key = keyOf(dot);
    if (key === null) return null;
    const { runs } = this.stage();
    let ofDefinition = runs.get(definition);
    if (ofDefinition === undefined) {
      ofDefinition = new Map();
      runs.set(definition, ofDefinition);
    }
    let run = ofDefinition.get(key);
    if (run === undefined) {
      run = new Run();
      run.key = key;
      ofDefinition.set(key, run);
      this.kept += 1;
      this.text += key.length;
    }
    return run.runningAt === this.state ? null : run;
  }

  /** What a template wrote before, if it would write it again; counts what it took then. */
  textOf(run: Run, budget: Budget): string | null {
    if (run.text === null || this.depth + run.depth >= deepest) return null;
    if (!budget.allows(run.steps, run.written)) return null;
    budget.add(run.steps, run.written);
    this.reached = Math.max(this.reached, this.depth + run.depth);
    this.took(run);
    return run.text;
  }

  /** A template runs; gives what `leave` takes. */
  enter(run: Run, budget: Budget): Outer {
    const outer = { run: this.run, reached: this.reached };
    this.reached = this.depth;
    this.start(run, budget);
    return outer;
  }

  /** It has written its text. */
  leave(run: Run, dot: GoValue | undefined, { run: outer, reached }: Outer, text: string, budget: Budget): void {
    run.runningAt = 0;
    run.depth = this.reached - this.depth;
    this.reached = Math.max(reached, this.reached);
    // It has changed a table.
    if (this.run !== run || outer === null) return;
    this.run = outer;
    const { frame } = run;
    if (frame !== null) this.leaveBlock(run, frame);
    // A table that was made for it, and that it changed, is another one now for those that called it.
    const isOwn = !run.drew && !run.asksFile && run.assigned === null && keyOf(dot) === run.key;
    outer.drew ||= run.drew;
    outer.asksFile ||= run.asksFile;
    this.end(run, isOwn ? text : null, budget);
    if (isOwn) {
      this.text += text.length - run.size;
      run.size = text.length;
    }
    this.took(run);
  }

  /** Whether blocks are to be asked for: they come again in another rendering only. */
  get takesBlocks(): boolean {
    return this.keeps && this.run !== null;
  }

  /** As `textOf`, of a block of a template (what stands in an `if`), whose variables are kept there. */
  blockText(run: Run, budget: Budget, frame: readonly (GoValue | undefined)[]): string | null {
    if (run.text === null) return null;
    for (const [slot, key] of run.variables) {
      if (key === null || valueKey(frame[slot]) !== key) return null;
    }
    const text = this.textOf(run, budget);
    if (text === null) return null;
    for (const slot of run.variables.keys()) this.readsVariable(frame, slot, frame[slot]);
    return text;
  }

  /** As `enter`, of a block. */
  enterBlock(run: Run, budget: Budget, frame: readonly unknown[]): Outer {
    const outer = this.enter(run, budget);
    run.frame = frame;
    return outer;
  }

  /** A variable is read that is kept there. */
  readsVariable(frame: readonly unknown[], slot: number, value: GoValue | undefined): void {
    const { run } = this;
    if (run === null || run.frame !== frame || run.declared?.has(slot) === true) return;
    if (!run.variables.has(slot)) run.variables.set(slot, valueKey(value));
  }

  /** A variable is declared, or one that was declared before is set. */
  setsVariable(frame: readonly unknown[], slot: number, isAssign: boolean): void {
    const { run } = this;
    if (run === null || run.frame !== frame) return;
    if (!isAssign) {
      run.declared ??= new Set();
      run.declared.add(slot);
    } else if (run.declared?.has(slot) !== true) {
      run.assigned ??= new Set();
      run.assigned.add(slot);
    }
  }

  /** What a block did with variables from outside of it, the block around it did. */
  private leaveBlock(run: Run, frame: readonly unknown[]): void {
    const { run: outer } = this;
    if (outer === null || outer.frame !== frame) return;
    for (const [slot, key] of run.variables) {
      if (outer.declared?.has(slot) !== true && !outer.variables.has(slot)) outer.variables.set(slot, key);
    }
    if (run.assigned !== null) for (const slot of run.assigned) this.setsVariable(frame, slot, true);
  }

  /** One more template is called by `include`. */
  include(): void {
    this.depth += 1;
    if (this.depth > this.reached) this.reached = this.depth;
  }

  /** It has ended. */
  included(): void {
    this.depth -= 1;
  }

  /** The time or chance was asked for. */
  draws(): void {
    if (this.run !== null) this.run.drew = true;
  }

  reads(place: Place, key: string, value: GoValue | undefined): void {
    const { run } = this;
    if (run === null) return;
    if (key === 'Template' && place.above === null) {
      // The engine puts it there.
      run.asksFile = true;
      return;
    }
    if (!this.keeps) return;
    let cell = place.cells.get(key);
    if (cell === undefined) {
      cell = this.newCell(place, key, 'entry', this.knownOf(value));
      place.cells.set(key, cell);
    }
    if (cell.reader !== run) note(cell, run);
  }

  readsAll(place: Place, entries: ReadonlyMap<string, GoValue>): void {
    const { run } = this;
    if (run === null) return;
    if (place.above === null) run.asksFile = true;
    if (!this.keeps) return;
    place.all ??= this.newCell(place, '', 'all', this.allOf(place, entries));
    if (place.all.reader !== run) note(place.all, run);
  }

  readsSize(place: Place, size: number): void {
    const { run } = this;
    if (run === null || !this.keeps) return;
    place.size ??= this.newCell(place, '', 'size', size);
    if (place.size.reader !== run) note(place.size, run);
  }

  /** Of shared tables; the engine itself puts `.Template` into dots while no file runs. */
  changes(toSame: boolean): void {
    if (this.file === null) return;
    this.changers.add(this.file);
    if (toSame) return;
    if (!this.wasChanged) this.shared?.before();
    this.wasChanged = true;
    this.isChanged = true;
    this.run = null;
  }

  /** The tables of the dots are others now, which say the same: those of this rendering alone, to be changed. */
  rebase(): void {
    for (const [chart, dot] of this.dots) {
      const table = this.shared?.dots.get(chart);
      if (table !== undefined && dot.entries instanceof WatchedEntries) dot.entries.rebase(table.entries);
    }
  }

  withMethods(entries: Map<string, GoValue>, like: GoMap): GoMap {
    return this.shared?.withMethods(entries, like) ?? new GoMap(entries, like.type, like.element);
  }

  private stage(): Stage {
    let stage = this.stages[this.stageNumber];
    if (stage === undefined) {
      stage = new Stage();
      this.stages[this.stageNumber] = stage;
    }
    if (stage.checkedAt === this.state) return stage;
    stage.checkedAt = this.state;
    for (const cell of stage.cells) this.check(cell);
    return stage;
  }

  private start(run: Run, budget: Budget): void {
    run.begin();
    run.runningAt = this.state;
    run.steps = budget.spent;
    run.written = budget.output;
    this.run = run;
  }

  private end(run: Run, text: string | null, budget: Budget): void {
    run.runningAt = 0;
    run.text = text;
    run.steps = budget.spent - run.steps;
    run.written = budget.output - run.written;
  }

  private took(run: Run): void {
    const { run: caller } = this;
    if (caller === null || run.caller === caller) return;
    run.caller = caller;
    run.callers.add(caller);
  }

  /** Looks whether a cell is still what it was. */
  private check(cell: Cell): void {
    const entries = this.entriesAt(cell.place);
    if (entries !== null && cell.place.isSame) return;
    const now = entries === null ? undefined : this.lookedAt(cell, entries);
    if (isSame(cell.known, now)) return;
    cell.known = kept(now);
    cell.reader = null;
    const readers = [...cell.readers];
    cell.readers.clear();
    for (const run of readers) forget(run);
  }

  private lookedAt(cell: Cell, entries: ReadonlyMap<string, GoValue>): Known {
    if (cell.part === 'size') return entries.size;
    return cell.part === 'all' ? this.allOf(cell.place, entries) : this.knownOf(entries.get(cell.key));
  }

  /** What lies at a place in this state; null where no table does. */
  private entriesAt(place: Place): ReadonlyMap<string, GoValue> | null {
    if (place.at === this.state) return place.entries;
    place.at = this.state;
    const above = place.above === null ? null : this.entriesAt(place.above);
    const table = place.above === null ? this.shared?.dots.get(place.key) : above?.get(place.key);
    const entries = table instanceof GoMap && isPlainTable(table) ? plainEntries(table.entries) : null;
    place.isSame = entries === place.entries;
    place.entries = entries;
    return entries;
  }

  private knownOf(value: GoValue | undefined): Known {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof GoMap && isPlainTable(value)) {
      return this.mark(`${value.methods === undefined ? '' : 'methods of '}${value.type} ${value.element}`);
    }
    const constant = this.shared?.constants.get(value);
    if (constant !== undefined) return this.mark(constant);
    // Of what is left only whole numbers and lists are compared; an object is another one each time.
    return value instanceof GoInt || value instanceof GoSlice ? value : new Mark('');
  }

  private allOf(place: Place, entries: ReadonlyMap<string, GoValue>): Known {
    const all = new Map<string, Known>();
    for (const [key, value] of entries) {
      if (key === 'Template' && place.above === null) continue;
      const known = this.knownOf(value);
      all.set(key, kept(known));
    }
    return all;
  }

  private mark(of: string): Mark {
    let mark = this.marks.get(of);
    if (mark === undefined) {
      mark = new Mark(of);
      this.marks.set(of, mark);
    }
    return mark;
  }

  private newCell(place: Place, key: string, part: Part, known: Known): Cell {
    this.kept += 1;
    const cell = new Cell(place, key, part, kept(known));
    this.stage().cells.push(cell);
    return cell;
  }
}

/** What is remembered of something that was read: a list as it is now, whatever is done with its tables later. */
function kept(known: Known): Known {
  return known instanceof GoSlice ? (snapshotOf(known) ?? new Mark('')) : known;
}

/** A run does not hold any more, nor does what called it. */
function forget(run: Run): void {
  run.text = null;
  run.caller = null;
  if (run.callers.size === 0) return;
  const callers = [...run.callers];
  run.callers.clear();
  for (const caller of callers) forget(caller);
}

function note(cell: Cell, run: Run): void {
  cell.reader = run;
  cell.readers.add(run);
}

/** What is known of the templates between two that change shared tables. */
class Stage {
  /** All that was read, and the state in which it was last looked at. */
  readonly cells: Cell[] = [];
  checkedAt = 0;
  readonly files = new Map<string, Run>();
  /** By what was called, and by what its dot was. */
  readonly runs = new Map<object, Map<string, Run>>();
  private readonly dots = new Map<string, Place>();

  dotOf(chart: string): Place {
    let place = this.dots.get(chart);
    if (place === undefined) {
      place = new Place(null, chart);
      this.dots.set(chart, place);
    }
    return place;
  }
}
