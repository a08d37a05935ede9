import { K, type KeptWriter } from './kept/form.js';
import { type Body, type Definition, fail, type Machine, maxDepth, type Signal, type Val } from './machine.js';
import { PlacedNode } from './node.js';
import type { PipeNode } from './pipe.js';
import { printable } from './printable.js';
import { quote } from './quote.js';
import type { Recall } from './recall/recall.js';
import { truth, typeName } from './reflect.js';
import type { Source } from './source.js';
import { GoFunc, GoObject } from './value.js';

/** What stands in a list, and runs. Errors that Go finds when it runs are found when it runs. */
export abstract class ActionBase extends PlacedNode {
  /** Whether it writes nothing but blanks, whatever happens. */
  get isBlank(): boolean {
    return false;
  }

  abstract exec(machine: Machine, dot: Val): Signal;
}

/** Runs a template with its own variables; what it writes goes to `machine.out`. */
export function runTemplate(machine: Machine, definition: Definition, dot: Val, site: PlacedNode | null = null): void {
  const { vars, name, dotType, tracer } = machine;
  machine.vars = new Array(definition.slots);
  machine.vars[0] = dot;
  machine.name = definition.name;
  machine.dotType = null;
  const outer = tracer === null ? null : tracer.enter(site);
  definition.root.exec(machine, dot);
  if (tracer !== null && outer !== null) tracer.leave(outer);
  machine.vars = vars;
  machine.name = name;
  machine.dotType = dotType;
}

/** What a template writes: taken from before where it would be the same, else what `run` gives. */
export function recalled(
  machine: Machine,
  recall: Recall,
  definition: Definition | undefined,
  dot: Val,
  run: () => string,
): string {
  const known = definition === undefined ? null : recall.runOf(definition, dot);
  if (known === null) return run();
  const { budget } = machine;
  const text = recall.textOf(known, budget);
  if (text !== null) return text;
  const outer = recall.enter(known, budget);
  const written = run();
  recall.leave(known, dot, outer, written, budget);
  return written;
}

function write(machine: Machine, text: string): void {
  machine.out += text;
  machine.budget.wrote(machine, text.length);
}

/** What runs in turn. The list of a template that was kept is made when it is first asked for. */
export class ListNode implements Body {
  private made: ActionBase[] | null;
  private readonly make: (() => ActionBase[]) | null;
  private large: ReadonlySet<number> | null = null;

  constructor(make: (() => ActionBase[]) | null = null) {
    this.made = make === null ? [] : null;
    this.make = make;
  }

  get nodes(): ActionBase[] {
    this.made ??= this.make?.() ?? [];
    return this.made;
  }

  text(): string {
    return this.nodes.map((node) => node.text()).join('');
  }

  get isEmpty(): boolean {
    return this.nodes.every((node) => node.isBlank);
  }

  keep(writer: KeptWriter): void {
    const { nodes } = this;
    writer.add(nodes.length);
    for (const node of nodes) node.keep(writer);
  }

  exec(machine: Machine, dot: Val): Signal {
    const { nodes } = this;
    const { recall } = machine;
    const large = recall?.takesBlocks === true ? this.largeBlocks() : none;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node === undefined) break;
      const signal = large !== none && large.has(i) ? execBlock(machine, node, dot) : node.exec(machine, dot);
      if (signal !== 0) return signal;
    }
    return 0;
  }

  /** Which of the nodes are branches that take so much of the source that it is worth to ask whether they must run. */
  private largeBlocks(): ReadonlySet<number> {
    if (this.large !== null) return this.large;
    const { nodes } = this;
    const large = new Set<number>();
    for (let i = 0; i + 1 < nodes.length; i++) {
      const node = nodes[i];
      const next = nodes[i + 1];
      if (node instanceof BranchNode && next !== undefined && next.start - node.start >= largeBlock) large.add(i);
    }
    this.large = large.size === 0 ? none : large;
    return this.large;
  }
}

/** In UTF-16 units of the source. */
const largeBlock = 400;

const none: ReadonlySet<number> = new Set();

/** Runs a branch, unless what it wrote before can be taken. */
function execBlock(machine: Machine, node: ActionBase, dot: Val): Signal {
  const { recall, budget, vars } = machine;
  const run = recall === null ? null : recall.runOf(node, dot);
  if (recall === null || run === null) return node.exec(machine, dot);
  const before = machine.out;
  const known = recall.blockText(run, budget, vars);
  if (known !== null) {
    machine.out = before + known;
    return 0;
  }
  const outer = recall.enterBlock(run, budget, vars);
  machine.out = '';
  const signal = node.exec(machine, dot);
  const written = machine.out;
  machine.out = before + written;
  if (signal !== 0) recall.setsVariable(vars, -1, true);
  recall.leave(run, dot, outer, written, budget);
  return signal;
}

export class TextNode extends ActionBase {
  readonly value: string;

  constructor(start: number, source: Source, value: string) {
    super(0, start, source);
    this.value = value;
  }

  text(): string {
    return this.value;
  }

  /** The text itself stands in the source. */
  keep(writer: KeptWriter): void {
    writer.add(K.text);
    writer.add(this.start);
    writer.add(this.value.length);
  }

  override get isBlank(): boolean {
    // bytes.TrimSpace(x) is empty: unicode.IsSpace, which differs from JavaScript's in U+0085 and U+FEFF.
    return /^[\t\n\v\f\r \u{85}\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}]*$/u.test(
      this.value,
    );
  }

  exec(machine: Machine): Signal {
    if (machine.tracer !== null) machine.tracer.text(machine.out.length, this, this.value);
    write(machine, this.value);
    return 0;
  }
}

/** `{{pipeline}}` */
export class ActionNode extends ActionBase {
  private readonly pipe: PipeNode;

  constructor(start: number, source: Source, pipe: PipeNode) {
    super(pipe.at, start, source);
    this.pipe = pipe;
  }

  text(): string {
    return `{{${this.pipe.text()}}}`;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.action);
    writer.add(this.start);
    writer.shared(this.pipe);
  }

  exec(machine: Machine, dot: Val): Signal {
    machine.action = this;
    const value = this.pipe.eval(machine, dot);
    if (this.pipe.decl.length > 0) return 0;
    machine.node = this;
    const text = typeof value === 'string' ? value : printed(machine, value);
    if (machine.tracer !== null) machine.tracer.action(machine.out.length, this, text);
    write(machine, text);
    return 0;
  }
}

/** A value as an action prints it. Follows: printableValue of text/template/exec.go. */
function printed(machine: Machine, value: Val): string {
  if (value === undefined || value === null) return '<no value>';
  if (value instanceof GoFunc || (value instanceof GoObject && value.kind === 'func' && value.text === undefined)) {
    fail(machine, `can't print ${machine.node?.text() ?? ''} of type ${typeName(value)}`);
  }
  // What an action prints has an address, so that methods of the pointer are found, too.
  const string = value instanceof GoObject && value.text === undefined ? value.methods.get('String') : undefined;
  if (string !== undefined) return String(string.call([]));
  return printable(value);
}

export interface BranchParts {
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | null;
}

/** `if`, `with`, `range`, to their `end`. */
export abstract class BranchNode extends ActionBase {
  protected abstract readonly word: 'if' | 'with' | 'range';
  protected readonly pipe: PipeNode;
  protected readonly list: ListNode;
  protected readonly elseList: ListNode | null;

  constructor(start: number, source: Source, { pipe, list, elseList }: BranchParts) {
    super(pipe.at, start, source);
    this.pipe = pipe;
    this.list = list;
    this.elseList = elseList;
  }

  text(): string {
    const otherwise = this.elseList === null ? '' : `{{else}}${this.elseList.text()}`;
    return `{{${this.word} ${this.pipe.text()}}}${this.list.text()}${otherwise}{{end}}`;
  }

  keep(writer: KeptWriter): void {
    writer.add(K[this.word]);
    writer.add(this.start);
    writer.shared(this.pipe);
    writer.block(this.list);
    writer.block(this.elseList);
  }

  protected otherwise(machine: Machine, dot: Val): Signal {
    return this.elseList === null ? 0 : this.elseList.exec(machine, dot);
  }
}

export class IfNode extends BranchNode {
  protected get word(): 'if' {
    return 'if';
  }

  exec(machine: Machine, dot: Val): Signal {
    machine.action = this;
    const holds = truth(this.pipe.eval(machine, dot) ?? null);
    const { tracer } = machine;
    if (tracer === null) return holds ? this.list.exec(machine, dot) : this.otherwise(machine, dot);
    const outer = tracer.under();
    const signal = holds ? this.list.exec(machine, dot) : this.otherwise(machine, dot);
    tracer.leaveBranch(outer);
    return signal;
  }
}

export class WithNode extends BranchNode {
  protected get word(): 'with' {
    return 'with';
  }

  exec(machine: Machine, dot: Val): Signal {
    machine.action = this;
    const value = this.pipe.eval(machine, dot);
    const { tracer, dotType } = machine;
    const outer = tracer === null ? null : tracer.under();
    let signal: Signal;
    if (truth(value ?? null)) {
      machine.dotType = null;
      if (tracer !== null && outer !== null) tracer.dot = outer.read;
      signal = this.list.exec(machine, value);
      machine.dotType = dotType;
    } else {
      signal = this.otherwise(machine, dot);
    }
    if (tracer !== null && outer !== null) tracer.leaveBranch(outer);
    return signal;
  }
}

/** `{{break}}` and `{{continue}}` */
export class LoopNode extends ActionBase {
  private readonly signal: 1 | 2;

  constructor(start: number, source: Source, word: 'break' | 'continue') {
    super(0, start, source);
    this.signal = word === 'break' ? 1 : 2;
  }

  text(): string {
    return this.signal === 1 ? '{{break}}' : '{{continue}}';
  }

  keep(writer: KeptWriter): void {
    writer.add(K.loop);
    writer.add(this.start);
    writer.add(this.signal);
  }

  exec(): Signal {
    return this.signal;
  }
}

export interface TemplateParts {
  /** Where the name stands, from the beginning of the action. */
  readonly at: number;
  readonly name: string;
  readonly pipe: PipeNode | null;
}

/** `{{template "name" pipeline}}`, also what `block` leaves in its place. */
export class TemplateNode extends ActionBase {
  private readonly name: string;
  private readonly pipe: PipeNode | null;

  constructor(start: number, source: Source, { at, name, pipe }: TemplateParts) {
    super(at, start, source);
    this.name = name;
    this.pipe = pipe;
  }

  text(): string {
    return `{{template ${quote(this.name)}${this.pipe === null ? '' : ` ${this.pipe.text()}`}}}`;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.template);
    writer.add(this.start);
    writer.add(this.at);
    writer.text(this.name);
    writer.shared(this.pipe);
  }

  exec(machine: Machine, dot: Val): Signal {
    const { name, pipe } = this;
    machine.action = this;
    machine.node = this;
    const definition = machine.set.find(name);
    if (definition === undefined) fail(machine, `template ${quote(name)} not defined`);
    if (machine.depth === maxDepth) fail(machine, `exceeded maximum template depth (${maxDepth})`);
    if (machine.tracer !== null) machine.tracer.origin = null;
    const value = pipe === null ? undefined : pipe.eval(machine, dot);
    machine.budget.step(machine);
    const { node, depth } = machine;
    machine.depth = depth + 1;
    const { recall } = machine;
    if (recall === null) runTemplate(machine, definition, value, this);
    else {
      const before = machine.out;
      machine.out =
        before + recalled(machine, recall, definition, value, () => this.written(machine, definition, value));
    }
    machine.action = this;
    machine.node = node;
    machine.depth = depth;
    return 0;
  }

  /** What the template writes, apart from what was written before. */
  private written(machine: Machine, definition: Definition, value: Val): string {
    machine.out = '';
    runTemplate(machine, definition, value, this);
    return machine.out;
  }
}
