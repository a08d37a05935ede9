import { callMethod } from './call.js';
import { elementType, fieldOf, methodOf, zeroElement } from './field.js';
import { K, type KeptWriter, keepTexts } from './kept/form.js';
import { fail, type Machine, type Val } from './machine.js';
import type { Node } from './node.js';
import { type CallSite, NilNode, Operand } from './operand.js';
import { GoMap, type GoValue } from './value.js';

/** `.a.b` */
export class FieldNode extends Operand {
  readonly ident: readonly string[];

  constructor(at: number, ident: readonly string[]) {
    super(at);
    this.ident = ident;
  }

  text(): string {
    return `.${this.ident.join('.')}`;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.field);
    writer.add(this.at);
    keepTexts(writer, this.ident);
  }

  eval(machine: Machine, dot: Val): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = machine.tracer.dot;
    return walk(machine, dot, this, this.ident, 0, dot, machine.dotType, null, undefined);
  }

  override run(machine: Machine, dot: Val, site: CallSite, final: Val): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = machine.tracer.dot;
    return walk(machine, dot, this, this.ident, 0, dot, machine.dotType, site, final);
  }
}

/** `$x` or `$x.a.b`. The slot is where the template that runs keeps the variable; below zero there is none. */
export class VariableNode extends Operand {
  readonly ident: readonly string[];
  readonly slot: number;
  readonly typeSlot: number;

  constructor(at: number, ident: readonly string[], slot: number, typeSlot: number) {
    super(at);
    this.ident = ident;
    this.slot = slot;
    this.typeSlot = typeSlot;
  }

  text(): string {
    return this.ident.join('.');
  }

  keep(writer: KeptWriter): void {
    writer.add(K.variable);
    writer.add(this.at);
    writer.add(this.slot);
    writer.add(this.typeSlot);
    keepTexts(writer, this.ident);
  }

  eval(machine: Machine, dot: Val): Val {
    machine.node = this;
    const value = this.read(machine);
    if (this.ident.length === 1) return value;
    return walk(machine, dot, this, this.ident, 1, value, this.staticType(machine), null, undefined);
  }

  override run(machine: Machine, dot: Val, site: CallSite, final: Val): Val {
    machine.node = this;
    const value = this.read(machine);
    if (this.ident.length === 1) fail(machine, `can't give argument to non-function ${this.text()}`);
    return walk(machine, dot, this, this.ident, 1, value, this.staticType(machine), site, final);
  }

  private read(machine: Machine): Val {
    if (this.slot < 0) fail(machine, `undefined variable: ${this.ident[0]}`);
    if (machine.tracer !== null) machine.tracer.origin = machine.tracer.variable(this.slot);
    const value = machine.vars[this.slot];
    if (machine.recall !== null) machine.recall.readsVariable(machine.vars, this.slot, value);
    return value;
  }

  private staticType(machine: Machine): string | null {
    const type = this.typeSlot < 0 ? null : machine.vars[this.typeSlot];
    return typeof type === 'string' ? type : null;
  }
}

/** `(…).a.b` */
export class ChainNode extends Operand {
  private readonly start: Operand;
  private readonly field: readonly string[];

  constructor(at: number, start: Operand, field: readonly string[]) {
    super(at);
    this.start = start;
    this.field = field;
  }

  text(): string {
    return `${inParens(this.start)}.${this.field.join('.')}`;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.chain);
    writer.add(this.at);
    this.start.keep(writer);
    keepTexts(writer, this.field);
  }

  eval(machine: Machine, dot: Val): Val {
    return this.walkFrom(machine, dot, null, undefined);
  }

  override run(machine: Machine, dot: Val, site: CallSite, final: Val): Val {
    return this.walkFrom(machine, dot, site, final);
  }

  private walkFrom(machine: Machine, dot: Val, site: CallSite | null, final: Val): Val {
    machine.node = this;
    if (this.start instanceof NilNode) fail(machine, `indirection through explicit nil in ${this.text()}`);
    const value = this.start.eval(machine, dot);
    return walk(machine, dot, this, this.field, 0, value, null, site, final);
  }
}

/** A node as part of another: a pipeline in its parentheses. */
export function inParens(node: Node & { readonly isPipe?: boolean }): string {
  return node.isPipe === true ? `(${node.text()})` : node.text();
}

/**
 * `.a.b.c` of a receiver, from `fields[from]` on; only the last can be a method with arguments, those of `site`.
 *
 * `type` is the static type of the receiver where it is an element of a container.
 * Follows: evalFieldChain of text/template/exec.go.
 */
function walk(
  machine: Machine,
  dot: Val,
  node: Node,
  fields: readonly string[],
  from: number,
  start: Val,
  startType: string | null,
  site: CallSite | null,
  final: Val,
): Val {
  const { tracer } = machine;
  const last = fields.length - 1;
  let value = start;
  let type = startType;
  for (let i = from; i <= last; i++) {
    if (value === undefined) return undefined;
    const name = fields[i] ?? '';
    if (value instanceof GoMap && (site === null || i < last) && value.methods?.has(name) !== true) {
      // Nearly always; what follows below, without its questions.
      const element: GoValue | undefined = value.entries.get(name);
      if (tracer !== null) tracer.step(value, name);
      type = value.element === 'interface {}' ? value.element : null;
      value = element === undefined ? zeroElement(value.element) : element;
      continue;
    }
    const receiver: GoValue = value;
    const method = methodOf(receiver, name);
    if (method !== undefined) {
      const { args, hasFinal } = i === last && site !== null ? site : { args: [], hasFinal: false };
      value = callMethod(machine, dot, method, name, { node, args, hasFinal }, final);
      type = null;
    } else {
      value = fieldOf(machine, receiver, name, type, i === last && site !== null);
      if (tracer !== null) tracer.step(receiver, name);
      type = elementType(receiver);
    }
  }
  return value;
}
