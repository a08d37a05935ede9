import { canBeNil, checkArg, literalArg, zeroOf } from './check.js';
import { type Callable, ExecError, fail, type Machine, type Val } from './machine.js';
import type { AnyNode, Operand } from './node.js';
import { paramType, truth } from './reflect.js';
import { GoError, type GoFunc, type GoParam } from './value.js';

/** Evaluates something; `dot` is the value of `.`. */
export type Eval = (machine: Machine, dot: Val) => Val;

/** Evaluates a command; `final` is what the command before it in the pipeline gave. */
export type Command = (machine: Machine, dot: Val, final: Val) => Val;

/** An argument: its node, and what it evaluates to where nobody asks for a type. */
export interface Arg {
  readonly node: Operand;
  readonly raw: Eval;
}

/** What is called, with what. `node` is named by errors of the call itself, `hasFinal` says whether `final` counts. */
export interface CallSite {
  readonly name: string;
  readonly node: AnyNode;
  readonly args: readonly Arg[];
  readonly hasFinal: boolean;
}

/** A GoFunc as the executor calls it: it never sees an invalid value, only nil. */
export function callableOf(func: GoFunc): Callable {
  return {
    name: func.name,
    params: func.params,
    variadic: func.variadic,
    seesInvalid: false,
    call: (args) => func.call(args.map((arg) => arg ?? null)),
  };
}

/** Why a call has the wrong number of arguments, or null where it has not. */
function wrongCount(callable: Callable, site: CallSite): string | null {
  const given = site.args.length + (site.hasFinal ? 1 : 0);
  const wanted = callable.params.length;
  if (callable.variadic !== undefined) {
    if (given >= wanted) return null;
    return `wrong number of args for ${site.name}: want at least ${wanted} got ${site.args.length}`;
  }
  return given === wanted ? null : `wrong number of args for ${site.name}: want ${wanted} got ${given}`;
}

const literals: ReadonlySet<string> = new Set(['bool', 'number', 'string']);

/** An argument made ready for a parameter. Follows: evalArg of text/template/exec.go. */
function argFor(arg: Arg, param: GoParam): Eval {
  const { node, raw } = arg;
  if (node.kind === 'nil') {
    return (machine) => {
      machine.node = node;
      if (!canBeNil(param)) fail(machine, `cannot assign nil to ${paramType(param)}`);
      return zeroOf(param);
    };
  }
  const literal = literals.has(node.kind) ? literalArg(node, param) : null;
  if (literal !== null) {
    return (machine) => {
      machine.node = node;
      return 'value' in literal ? literal.value : fail(machine, literal.error);
    };
  }
  if (param === 'value') return raw;
  if (param === 'any') return (machine, dot) => raw(machine, dot) ?? null;
  return (machine, dot) => checkArg(machine, raw(machine, dot), param);
}

const paramAt = (callable: Callable, i: number): GoParam => callable.params[i] ?? callable.variadic ?? 'any';

/**
 * A call of a function that is known when the template is made ready.
 *
 * Follows: evalCall of text/template/exec.go, with its order of checks.
 */
export function compileCall(callable: Callable, site: CallSite): Command {
  const wrong = wrongCount(callable, site);
  if (wrong !== null) return (machine) => fail(machine, wrong);
  const evals = site.args.map((arg, i) => argFor(arg, paramAt(callable, i)));
  const count = evals.length;
  const finalParam = paramAt(callable, count);
  const { node, name, hasFinal } = site;
  return (machine, dot, final) => {
    const argv: Val[] = new Array(hasFinal ? count + 1 : count);
    for (let i = 0; i < count; i++) argv[i] = evals[i]?.(machine, dot);
    if (hasFinal) argv[count] = checkArg(machine, final, finalParam);
    return invoke(machine, callable, argv, node, name);
  };
}

/** Calls, and gives an error of the function its place. */
function invoke(machine: Machine, callable: Callable, argv: Val[], node: AnyNode, name: string): Val {
  machine.budget.step(machine);
  const running = machine.name;
  try {
    return callable.call(argv, machine);
  } catch (error) {
    if (!(error instanceof GoError) && !(error instanceof ExecError)) throw error;
    machine.name = running;
    machine.node = node;
    return fail(machine, `error calling ${name}: ${error.message}`);
  }
}

/** A call of a method, which is known only when its receiver is. */
export function callMethod(machine: Machine, dot: Val, func: GoFunc, site: CallSite, final: Val): Val {
  return compileCall(callableOf(func), site)(machine, dot, final);
}

/** `and` and `or`: they stop at the first argument that decides, and give that argument. */
export function compileLogic(callable: Callable, site: CallSite): Command {
  const wrong = wrongCount(callable, site);
  if (wrong !== null) return (machine) => fail(machine, wrong);
  const stopAt = callable.name === 'or';
  const evals = site.args.map((arg) => argFor(arg, 'value'));
  return (machine, dot, final) => {
    let value: Val;
    for (const evaluate of evals) {
      value = evaluate(machine, dot);
      if (truth(value ?? null) === stopAt) return value;
    }
    return site.hasFinal ? final : value;
  };
}
