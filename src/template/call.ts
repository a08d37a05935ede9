import { checkArg } from './check.js';
import { type Callable, ExecError, fail, type Machine, type Val } from './machine.js';
import type { CallSite } from './operand.js';
import { type Origin, unionOf } from './origin.js';
import { truth, typeName } from './reflect.js';
import { GoError, type GoFunc, type GoParam } from './value.js';

/** A GoFunc as the executor calls it: its parameters see nil for a missing value. */
export function callableOf(func: GoFunc): Callable {
  return {
    name: func.name,
    params: func.params,
    variadic: func.variadic,
    call: (args) => func.call(args.map((arg) => arg ?? null)),
  };
}

/** Fails where a call has the wrong number of arguments. */
function checkCount(machine: Machine, callable: Callable, name: string, site: CallSite): void {
  const given = site.args.length + (site.hasFinal ? 1 : 0);
  const wanted = callable.params.length;
  if (given === wanted || (given > wanted && callable.variadic !== undefined)) return;
  if (callable.variadic !== undefined) {
    fail(machine, `wrong number of args for ${name}: want at least ${wanted} got ${site.args.length}`);
  }
  fail(machine, `wrong number of args for ${name}: want ${wanted} got ${given}`);
}

const paramAt = (callable: Callable, i: number): GoParam => callable.params[i] ?? callable.variadic ?? 'any';

/**
 * Calls a function with the arguments of a command.
 *
 * Follows: evalCall of text/template/exec.go, with its order of checks.
 */
export function callFunction(
  machine: Machine,
  dot: Val,
  callable: Callable,
  name: string,
  site: CallSite,
  final: Val,
): Val {
  const { tracer } = machine;
  const finalOrigin = tracer === null ? null : tracer.final;
  checkCount(machine, callable, name, site);
  if (callable.logic !== undefined) return decide(machine, dot, callable.logic, site, final);
  const { args, hasFinal } = site;
  const count = args.length;
  const argv: Val[] = new Array(hasFinal ? count + 1 : count);
  const origins = tracer === null ? null : new Array<Origin | null>(argv.length).fill(null);
  for (let i = 0; i < count; i++) {
    argv[i] = args[i]?.arg(machine, dot, paramAt(callable, i));
    if (tracer !== null && origins !== null) origins[i] = tracer.origin;
  }
  if (hasFinal) {
    argv[count] = checkArg(machine, final, paramAt(callable, count));
    if (origins !== null) origins[count] = finalOrigin;
  }
  if (callable.takesName) {
    argv.unshift(args[0]?.text() ?? valueText(final));
    origins?.unshift(null);
  }
  if (callable.changes === true && machine.host.changed !== null) machine.host.changed(argv[0]);
  const { budget } = machine;
  budget.call(machine, argv);
  const running = machine.name;
  const { action } = machine;
  try {
    if (tracer === null || origins === null) return budget.gave(machine, callable.call(argv, machine));
    return budget.gave(machine, tracer.call(machine, callable, argv, origins));
  } catch (error) {
    if (!(error instanceof GoError) && !(error instanceof ExecError)) throw error;
    machine.name = running;
    machine.action = action;
    machine.node = site.node;
    return fail(machine, `error calling ${name}: ${error.message}`);
  }
}

/** What reflect.Value's String gives. */
function valueText(value: Val): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '<invalid Value>' : `<${typeName(value)} Value>`;
}

/** A call of a method, which is known only when its receiver is. */
export function callMethod(machine: Machine, dot: Val, func: GoFunc, name: string, site: CallSite, final: Val): Val {
  const callable = callableOf(func);
  if (func.refused !== undefined) {
    checkCount(machine, callable, name, site);
    fail(machine, func.refused);
  }
  return callFunction(machine, dot, callable, name, site, final);
}

/** `and` and `or`: they stop at the first argument that decides, and give that argument. */
function decide(machine: Machine, dot: Val, logic: 'and' | 'or', site: CallSite, final: Val): Val {
  const { tracer } = machine;
  const finalOrigin = tracer === null ? null : tracer.final;
  const origins: (Origin | null)[] = [];
  const stopAt = logic === 'or';
  let value: Val;
  for (const arg of site.args) {
    value = arg.arg(machine, dot, 'value');
    if (tracer !== null) {
      origins.push(tracer.origin);
      tracer.origin = unionOf(origins);
    }
    if (truth(value ?? null) === stopAt) return value;
  }
  if (!site.hasFinal) return value;
  if (tracer !== null) tracer.origin = unionOf([...origins, finalOrigin]);
  return final;
}
