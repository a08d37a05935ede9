import { inParens } from './access.js';
import { callFunction } from './call.js';
import { K, type KeptWriter, type SharedKeepable } from './kept/form.js';
import { type Callable, fail, type Machine, type Val } from './machine.js';
import { Node } from './node.js';
import { type CallSite, Operand } from './operand.js';

const noArgs: readonly Operand[] = [];

/** The name of a function. */
export class IdentifierNode extends Operand implements CallSite {
  private readonly callable: Callable;

  constructor(at: number, callable: Callable) {
    super(at);
    this.callable = callable;
  }

  /** Alone it is a call without arguments. */
  get node(): Node {
    return this;
  }

  get args(): readonly Operand[] {
    return noArgs;
  }

  get hasFinal(): boolean {
    return false;
  }

  text(): string {
    return this.callable.name;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.identifier);
    writer.add(this.at);
    writer.text(this.callable.name);
  }

  eval(machine: Machine, dot: Val): Val {
    return this.run(machine, dot, this, undefined);
  }

  override run(machine: Machine, dot: Val, site: CallSite, final: Val): Val {
    machine.node = this;
    return callFunction(machine, dot, this.callable, this.callable.name, site, final);
  }
}

/** One stage of a pipeline: a word and its arguments. */
export class CommandNode extends Node implements CallSite {
  readonly word: Operand;
  readonly args: readonly Operand[];
  /** Whether it is not the first: then the value of the one before it is its last argument. */
  readonly hasFinal: boolean;

  constructor(at: number, word: Operand, args: readonly Operand[], hasFinal: boolean) {
    super(at);
    this.word = word;
    this.args = args;
    this.hasFinal = hasFinal;
  }

  get node(): Node {
    return this;
  }

  text(): string {
    return [this.word, ...this.args].map(inParens).join(' ');
  }

  /** Whether it is the first of its pipeline is seen by its place there. */
  keep(writer: KeptWriter): void {
    writer.add(this.at);
    writer.add(this.args.length);
    this.word.keep(writer);
    for (const operand of this.args) operand.keep(writer);
  }

  /** The value of the command; never null: nil becomes the invalid value. */
  eval(machine: Machine, dot: Val, final: Val): Val {
    const { word } = this;
    const isCall = this.hasFinal || this.args.length > 0 || word instanceof IdentifierNode;
    return (isCall ? word.run(machine, dot, this, final) : word.only(machine, dot)) ?? undefined;
  }
}

/** A variable that a pipeline sets. Slots below zero: there is none of that name. */
export interface Declared {
  readonly name: string;
  readonly slot: number;
  readonly typeSlot: number;
}

interface PipeParts {
  readonly first: CommandNode;
  readonly others: readonly CommandNode[];
  readonly decl: readonly Declared[];
  readonly isAssign: boolean;
}

/** `$x := f a | g`, also in parentheses. */
export class PipeNode extends Operand implements SharedKeepable {
  readonly decl: readonly Declared[];
  private readonly isAssign: boolean;
  private readonly first: CommandNode;
  private readonly others: readonly CommandNode[];
  keptBy: object | null = null;
  keptAt = 0;

  constructor(at: number, { first, others, decl, isAssign }: PipeParts) {
    super(at);
    this.decl = decl;
    this.isAssign = isAssign;
    this.first = first;
    this.others = others;
  }

  get isPipe(): boolean {
    return true;
  }

  text(): string {
    const names = this.decl.map((variable) => variable.name).join(', ');
    const decl = names === '' ? '' : `${names} ${this.isAssign ? '=' : ':='} `;
    return decl + [this.first, ...this.others].map((cmd) => cmd.text()).join(' | ');
  }

  keep(writer: KeptWriter): void {
    const { decl, others } = this;
    writer.add(K.pipe);
    writer.add(this.at);
    writer.add(this.isAssign ? 1 : 0);
    writer.add(decl.length);
    for (const { name, slot, typeSlot } of decl) {
      writer.text(name);
      writer.add(slot);
      writer.add(typeSlot);
    }
    writer.add(1 + others.length);
    this.first.keep(writer);
    for (const command of others) command.keep(writer);
  }

  /** Its commands in turn, then its variables are set. Follows: evalPipeline of text/template/exec.go. */
  eval(machine: Machine, dot: Val): Val {
    machine.node = this;
    const { tracer } = machine;
    let value = this.first.eval(machine, dot, undefined);
    for (let i = 0; i < this.others.length; i++) {
      if (tracer !== null) tracer.final = tracer.origin;
      value = this.others[i]?.eval(machine, dot, value);
    }
    if (this.decl.length > 0) this.set(machine, value);
    return value;
  }

  private set(machine: Machine, value: Val): void {
    for (const { name, slot, typeSlot } of this.decl) {
      if (slot < 0) fail(machine, `undefined variable: ${name}`);
      machine.vars[slot] = value;
      if (typeSlot >= 0) machine.vars[typeSlot] = null;
      if (machine.recall !== null) machine.recall.setsVariable(machine.vars, slot, this.isAssign);
      if (machine.tracer !== null) machine.tracer.setVariable(slot);
    }
  }

  override run(machine: Machine, _dot: Val, _site: CallSite, _final: Val): Val {
    return fail(machine, `can't give argument to non-function ${this.text()}`);
  }
}
