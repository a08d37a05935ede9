import { canBeNil, checkArg, passed, zeroOf } from './check.js';
import { complexValue } from './complex.js';
import { K, type KeptWriter } from './kept/form.js';
import { fail, type Machine, type Val } from './machine.js';
import { Node } from './node.js';
import { type NumberKind, type NumberValue, numberKinds, readNumber } from './number.js';
import { paramType } from './reflect.js';
import { GoInt, type GoObject, type GoParam } from './value.js';

/** A call that stands in a template: the node that its errors name, the arguments written after its word. */
export interface CallSite {
  readonly node: Node;
  readonly args: readonly Operand[];
  /** Whether the value of the command before it in the pipeline is its last argument. */
  readonly hasFinal: boolean;
}

/** What can stand as a word of a command and has a value. */
export abstract class Operand extends Node {
  /** Whether it can begin a command after a `|`. */
  get isRunnable(): boolean {
    return true;
  }

  /** Its value where no type is asked for: as an argument, or alone in a command. */
  abstract eval(machine: Machine, dot: Val): Val;

  /** As the first word of a command that gives it arguments; `final` counts where `site.hasFinal`. */
  run(machine: Machine, _dot: Val, _site: CallSite, _final: Val): Val {
    machine.node = this;
    return fail(machine, `can't give argument to non-function ${this.text()}`);
  }

  /** Alone in a command. */
  only(machine: Machine, dot: Val): Val {
    return this.eval(machine, dot);
  }

  /** Its value for a parameter. Follows: evalArg of text/template/exec.go. */
  arg(machine: Machine, dot: Val, param: GoParam): Val {
    if (param === 'value') return this.eval(machine, dot);
    if (param === 'any') return passed(this.eval(machine, dot) ?? null);
    return checkArg(machine, this.eval(machine, dot), param);
  }
}

/** A literal: its value can depend on the type that a parameter asks for. */
abstract class Literal extends Operand {
  override get isRunnable(): boolean {
    return false;
  }

  /** The value for a parameter of that type; undefined where the literal cannot be of it. */
  protected abstract as(param: GoParam): Val;

  override arg(machine: Machine, dot: Val, param: GoParam): Val {
    if (param === 'value' || param === 'any') return this.eval(machine, dot);
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = null;
    return this.as(param) ?? fail(machine, wrongLiteral(this, param));
  }
}

/** Follows: the errors of evalBool, evalString, evalInteger, evalFloat and evalArg. */
function wrongLiteral(node: Node, param: GoParam): string {
  const wanted = literalNames[param];
  if (wanted !== undefined) return `expected ${wanted}; found ${node.text()}`;
  return `can't handle ${node.text()} for arg of type ${paramType(param)}`;
}

const literalNames: Readonly<Partial<Record<GoParam, string>>> = {
  bool: 'bool',
  string: 'string',
  int: 'integer',
  int64: 'integer',
  uint32: 'unsigned integer',
  duration: 'integer',
  float64: 'float',
};

export class BoolNode extends Literal {
  readonly value: boolean;

  constructor(at: number, value: boolean) {
    super(at);
    this.value = value;
  }

  text(): string {
    return String(this.value);
  }

  keep(writer: KeptWriter): void {
    writer.add(K.bool);
    writer.add(this.at);
    writer.add(this.value ? 1 : 0);
  }

  eval(machine: Machine): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = null;
    return this.value;
  }

  protected as(param: GoParam): Val {
    return param === 'bool' ? this.value : undefined;
  }
}

export class StringNode extends Literal {
  /** As it is written, with its quotes. */
  readonly quoted: string;
  readonly value: string;

  constructor(at: number, quoted: string, value: string) {
    super(at);
    this.quoted = quoted;
    this.value = value;
  }

  text(): string {
    return this.quoted;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.string);
    writer.add(this.at);
    writer.text(this.quoted);
    writer.text(this.value);
  }

  eval(machine: Machine): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = null;
    return this.value;
  }

  protected as(param: GoParam): Val {
    return param === 'string' ? this.value : undefined;
  }
}

export class NumberNode extends Literal {
  private readonly written: string;
  private readonly kind: NumberKind;
  private readonly number: NumberValue;
  /** The value where no type is asked for; made when first needed. */
  private ideal: GoInt | GoObject | number | null = null;

  /** Throws GoError with Go's text for what is no number. */
  constructor(at: number, written: string, kind: NumberKind) {
    super(at);
    this.written = written;
    this.kind = kind;
    this.number = readNumber(written, kind);
  }

  text(): string {
    return this.written;
  }

  keep(writer: KeptWriter): void {
    writer.add(K.number);
    writer.add(this.at);
    writer.text(this.written);
    writer.add(numberKinds.indexOf(this.kind));
  }

  eval(machine: Machine): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = null;
    this.ideal ??= this.idealConstant(machine);
    return this.ideal;
  }

  /** Follows: idealConstant of text/template/exec.go. */
  private idealConstant(machine: Machine): GoInt | GoObject | number {
    const { written, number } = this;
    if (number.complex !== null) return complexValue(number.complex);
    const isHexInt = /^0[xX]/.test(written) && written.length > 2 && !/[pP]/.test(written);
    if (number.float !== null && !isHexInt && written[0] !== "'" && /[.eEpP]/.test(written)) return number.float;
    return number.int === null ? fail(machine, `${written} overflows int`) : new GoInt('int', number.int);
  }

  protected as(param: GoParam): Val {
    const { int, float } = this.number;
    if (param === 'float64') return float ?? undefined;
    if (param === 'duration') return int === null ? undefined : new GoInt('int64', int, 'time.Duration');
    if (param !== 'int' && param !== 'int64' && param !== 'uint32') return undefined;
    return int === null || (param === 'uint32' && int < 0n) ? undefined : new GoInt(param, int);
  }
}

/** `.` */
export class DotNode extends Operand {
  override get isRunnable(): boolean {
    return false;
  }

  text(): string {
    return '.';
  }

  keep(writer: KeptWriter): void {
    writer.add(K.dot);
    writer.add(this.at);
  }

  eval(machine: Machine, dot: Val): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = machine.tracer.dot;
    return dot;
  }
}

export class NilNode extends Operand {
  override get isRunnable(): boolean {
    return false;
  }

  text(): string {
    return 'nil';
  }

  keep(writer: KeptWriter): void {
    writer.add(K.nil);
    writer.add(this.at);
  }

  eval(machine: Machine): Val {
    if (machine.tracer !== null) machine.tracer.origin = null;
    return undefined;
  }

  override only(machine: Machine): Val {
    machine.node = this;
    return fail(machine, 'nil is not a command');
  }

  override arg(machine: Machine, _dot: Val, param: GoParam): Val {
    machine.node = this;
    if (machine.tracer !== null) machine.tracer.origin = null;
    if (!canBeNil(param)) fail(machine, `cannot assign nil to ${paramType(param)}`);
    return zeroOf(param);
  }
}
