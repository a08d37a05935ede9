import { TrowelError, type Where } from '../model/index.js';
import type { Keepable } from './kept/form.js';
import { type Node, type PlacedNode, placeIn } from './node.js';
import type { Origin } from './origin.js';
import { quote } from './quote.js';
import type { Recall } from './recall/recall.js';
import { type GoParam, GoSlice, type GoValue } from './value.js';

/**
 * What an expression gives: a Go value, or `undefined` for the invalid reflect.Value, which is what a pipeline makes of
 * nil. `null` is a nil interface: the two print alike, but `.x` of the first is nothing, of the second an error.
 */
export type Val = GoValue | undefined;

/** Bounds of one rendering, so that a template that loops or grows is stopped. */
export interface Limits {
  /** Output of all templates together, intermediate results and long texts of functions included; in UTF-16 units. */
  readonly outputBytes: number;
  /** Rounds of loops, calls of templates and functions; long texts and lists given to functions count as more. */
  readonly steps: number;
  readonly timeMs: number;
}

/** A thousand times what the largest real charts take, and for a loop a few seconds. */
export const defaultLimits: Limits = { outputBytes: 128 * 1024 * 1024, steps: 10_000_000, timeMs: 15_000 };

/** The most templates within templates (text/template's maxExecDepth). */
export const maxDepth = 100_000;

/** A function as the executor calls it: Helm's, sprig's, or one of text/template's own. */
export interface Callable {
  readonly name: string;
  readonly params: readonly GoParam[];
  readonly variadic: GoParam | undefined;
  /** `and` and `or`: their arguments are evaluated one after another, up to the one that decides. */
  readonly logic?: 'and' | 'or';
  /** `set`, `merge` and their kin: they change the table that they are given first. */
  readonly changes?: true;
  /** `call`: the text of what it calls is its first argument. */
  readonly takesName?: true;
  /** Throws GoError for what Go returns as the second result. */
  readonly call: (args: Val[], machine: Machine) => Val;
}

/** What is being executed, and what it has written: one for a rendering, shared by its nested templates. */
export interface Machine {
  /** The templates that can be seen: all of the program, within `tpl` also its own. */
  set: TemplateSet;
  /** The name of the template that runs, for error texts. */
  name: string;
  /** The node that is being evaluated, for error texts; set as text/template sets it. */
  node: Node | null;
  /** The action that it belongs to. */
  action: PlacedNode | null;
  /** Variables of the template that runs, by slot; slot 0 is `$`. */
  vars: Val[];
  /** The static type of the dot where it is an element of a container (`interface {}`), else null. */
  dotType: string | null;
  /** Templates within templates. */
  depth: number;
  out: string;
  /** Follows what is read and written, where that was asked for. */
  readonly tracer: Tracer | null;
  /** What templates wrote before, where it can be taken again; null where nothing may be. */
  recall: Recall | null;
  readonly budget: Budget;
  readonly host: Host;
}

/** What Helm's own functions keep during one rendering. */
export interface Host {
  /** Nested uses of `include`, by name. */
  readonly includes: Map<string, number>;
  /** A table is about to be changed; null where nobody asks. */
  readonly changed: ((table: Val) => void) | null;
  readonly lookup: (apiVersion: string, kind: string, namespace: string, name: string) => GoValue;
}

/** How what ran ended. 0 goes on, 1 is a break, 2 a continue that looks for its range. */
export type Signal = 0 | 1 | 2;

/** What runs: a list, an action, …. */
export interface Body extends Keepable {
  /** Whether it is nothing but blanks and comments (parse.IsEmptyTree): such a definition does not replace another. */
  readonly isEmpty: boolean;
  /** As Go writes a tree (parse.Node.String). */
  text(): string;
  exec(machine: Machine, dot: Val): Signal;
}

/**
 * A template as it was parsed: one file, `define`, `block`, or text given to `tpl`.
 *
 * `slots` is how many variables it has.
 */
export interface Definition {
  readonly name: string;
  readonly root: Body;
  readonly slots: number;
}

/** What holds for a list that a branch runs: put back when the branch ends. */
export interface BranchState {
  readonly dot: Origin | null;
  readonly conditions: Origin | null;
  /** Where the value comes from that the branch looked at. */
  readonly read: Origin | null;
}

/** Follows where values come from while a template runs; see trace.ts, which implements it. */
export interface Tracer {
  /** Of the value that was evaluated last. */
  origin: Origin | null;
  /** Of what the command before this one in the pipeline gave. */
  final: Origin | null;
  /** Of `.`. */
  dot: Origin | null;
  /** `.key` of a value was read. */
  step(receiver: GoValue, key: string): void;
  variable(slot: number): Origin | null;
  /** A variable takes the origin of what was evaluated last. */
  setVariable(slot: number): void;
  /** Calls a function, and finds where its result comes from. */
  call(machine: Machine, callable: Callable, argv: Val[], origins: readonly (Origin | null)[]): Val;
  /** A template begins, called by an action of another, with what was evaluated last as its dot. */
  enter(site: PlacedNode | null): object;
  leave(outer: object): void;
  /** A branch begins that depends on what was evaluated last; `leaveBranch` takes what this gives. */
  under(): BranchState;
  leaveBranch(outer: BranchState): void;
  /** The round of a range begins: the dot is an element. */
  element(within: GoValue, key: Val, outer: BranchState): void;
  /** A text, or the value that was evaluated last, is written at a place of the output. */
  text(at: number, node: PlacedNode, text: string): void;
  action(at: number, node: PlacedNode, text: string): void;
  /** An execution of its own begins (a file, `include`, `tpl`), which writes from place 0 on. */
  begin(): object;
  /** It ended: what it wrote is what was evaluated last. */
  end(outer: object): void;
}

/** Templates by name. */
export interface TemplateSet {
  find(name: string): Definition | undefined;
}

/** An error of an execution, with Go's text (template.ExecError). */
export class ExecError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExecError';
  }
}

/** Throws the error of the node that is being evaluated: `template: NAME:LINE:COL: executing "NAME" at <…>: …`. */
export function fail(machine: Machine, message: string): never {
  const { node, action, name } = machine;
  if (node === null || action === null) throw new ExecError(`template: ${name}: ${message}`);
  throw new ExecError(`template: ${placeIn(action, node)}: executing ${quote(name)} at <${node.text()}>: ${message}`);
}

/** Where the template that runs stands. */
export function placeOf({ node, action, name }: Machine): Where {
  const place = node === null || action === null ? name : placeIn(action, node);
  const at = /^(.*):(\d+):(\d+)$/s.exec(place);
  return at === null ? { file: place } : { file: at[1] ?? '', line: Number(at[2]), column: Number(at[3]) };
}

/** A clock that only goes forward; without the performance hooks, which are slow to load. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

const checkEvery = 64;

/** Texts and lists that are longer are counted by their length. */
const long = 4096;

/** How many characters or elements of a long argument are as much work as one step. */
const perStep = 256;

/** Counts what a rendering does, and stops it where it does too much. */
export class Budget {
  private readonly limits: Limits;
  private readonly started: number;
  private steps = 0;
  private nextCheck = checkEvery;
  private written = 0;

  constructor(limits: Limits) {
    this.limits = limits;
    this.started = milliseconds();
  }

  step(machine: Machine): void {
    this.steps += 1;
    if (this.steps >= this.nextCheck) this.check(machine);
  }

  /** A function is called: long arguments are more work. */
  call(machine: Machine, argv: readonly Val[]): void {
    for (let i = 0; i < argv.length; i++) {
      const value = argv[i];
      if (typeof value === 'string') {
        if (value.length > long) this.steps += value.length / perStep;
      } else if (value instanceof GoSlice && value.items.length > long) this.steps += value.items.length / perStep;
    }
    this.step(machine);
  }

  /** A function gave this. */
  gave(machine: Machine, value: Val): Val {
    if (typeof value === 'string' && value.length > long) this.wrote(machine, value.length);
    return value;
  }

  /** So many values were written, copied or compared inside a function: each as much work as a step. */
  worked(machine: Machine, elements: number): void {
    this.steps += elements;
    if (this.steps >= this.nextCheck) this.check(machine);
  }

  /** The steps that were taken, and the characters that were written. */
  get spent(): number {
    return this.steps;
  }

  get output(): number {
    return this.written;
  }

  /** Whether so much more is within the limits. */
  allows(steps: number, written: number): boolean {
    return this.steps + steps <= this.limits.steps && this.written + written <= this.limits.outputBytes;
  }

  /** Counts what was done before and need not be done again. */
  add(steps: number, written: number): void {
    this.steps += steps;
    this.written += written;
  }

  private check(machine: Machine): void {
    this.nextCheck = this.steps + checkEvery;
    if (this.steps > this.limits.steps) this.stop(machine, 'too-large', `${this.limits.steps} steps`);
    if (milliseconds() - this.started > this.limits.timeMs) {
      this.stop(machine, 'timeout', `${this.limits.timeMs} ms`);
    }
  }

  wrote(machine: Machine, length: number): void {
    this.written += length;
    if (this.written > this.limits.outputBytes) {
      this.stop(machine, 'too-large', `${this.limits.outputBytes} characters of output`);
    }
  }

  private stop(machine: Machine, code: 'too-large' | 'timeout', limit: string): never {
    throw new TrowelError(code, {
      what: `the template was stopped after ${limit}`,
      where: placeOf(machine),
      todo: 'it may loop; look at the template',
    });
  }
}
