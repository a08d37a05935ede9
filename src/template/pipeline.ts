import { type Arg, type CallSite, type Command, callMethod, compileCall, compileLogic, type Eval } from './call.js';
import { elementType, fieldOf, methodOf } from './field.js';
import { type Callable, fail, type Machine, type Val } from './machine.js';
import {
  type ChainNode,
  type CommandNode,
  type FieldNode,
  type IdentifierNode,
  type NumberNode,
  nodeText,
  type Operand,
  type PipeNode,
  type VariableNode,
} from './node.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { GoInt, type GoValue } from './value.js';

/** Makes the pipelines of one tree ready. */
export interface Context {
  readonly functions: ReadonlyMap<string, Callable>;
  readonly scope: Scope;
}

/** A pipeline, and the variables that it declares. Its value is never null: nil becomes the invalid value. */
export interface Pipeline {
  readonly evaluate: Eval;
  readonly slots: readonly { readonly slot: number; readonly typeSlot: number }[];
}

/**
 * Makes a pipeline ready: its commands in turn, then its variables are set.
 *
 * `typed` keeps the static type beside the variables (for range).
 * Follows: evalPipeline of text/template/exec.go.
 */
export function compilePipe(context: Context, pipe: PipeNode, typed = false): Pipeline {
  const commands = pipe.cmds.map((cmd, i) => compileCommand(context, cmd, i > 0));
  const run = chainCommands(pipe, commands);
  if (pipe.decl.length === 0) return { evaluate: run, slots: [] };
  return pipe.isAssign ? assigned(context, pipe, run) : declared(context, pipe, run, typed);
}

function chainCommands(pipe: PipeNode, commands: readonly Command[]): Eval {
  const [first, second] = commands;
  if (first !== undefined && commands.length === 1) {
    return (machine, dot) => {
      machine.node = pipe;
      return first(machine, dot, undefined) ?? undefined;
    };
  }
  if (first !== undefined && second !== undefined && commands.length === 2) {
    return (machine, dot) => {
      machine.node = pipe;
      return second(machine, dot, first(machine, dot, undefined) ?? undefined) ?? undefined;
    };
  }
  return (machine, dot) => {
    machine.node = pipe;
    let value: Val;
    for (const command of commands) value = command(machine, dot, value) ?? undefined;
    return value;
  };
}

function declared(context: Context, pipe: PipeNode, run: Eval, typed: boolean): Pipeline {
  const slots = pipe.decl.map((variable) => context.scope.declare(variable.ident[0] ?? '', typed));
  const evaluate: Eval = (machine, dot) => {
    const value = run(machine, dot);
    for (const { slot, typeSlot } of slots) {
      machine.vars[slot] = value;
      if (typeSlot >= 0) machine.vars[typeSlot] = null;
    }
    return value;
  };
  return { evaluate, slots };
}

function assigned(context: Context, pipe: PipeNode, run: Eval): Pipeline {
  const targets = pipe.decl.map((variable) => ({
    name: variable.ident[0] ?? '',
    found: context.scope.find(variable.ident[0] ?? ''),
  }));
  const slots = targets.flatMap(({ found }) => (found === undefined ? [] : [found]));
  const evaluate: Eval = (machine, dot) => {
    const value = run(machine, dot);
    for (const { name, found } of targets) {
      if (found === undefined) fail(machine, `undefined variable: ${name}`);
      machine.vars[found.slot] = value;
      if (found.typeSlot >= 0) machine.vars[found.typeSlot] = null;
    }
    return value;
  };
  return { evaluate, slots };
}

function compileCommand(context: Context, cmd: CommandNode, hasFinal: boolean): Command {
  const [word, ...rest] = cmd.args;
  if (word === undefined) return (machine) => fail(machine, 'empty command');
  switch (word.kind) {
    case 'field':
    case 'chain':
    case 'variable': {
      const args = rest.map((node) => compileArg(context, node));
      return compileAccess(context, word, args, hasFinal);
    }
    case 'identifier': {
      const args = rest.map((node) => compileArg(context, node));
      return compileFunction(context, word, { name: word.ident, node: cmd, args, hasFinal });
    }
    default:
  }
  const given = rest.length > 0 || hasFinal;
  if (given) {
    const message = `can't give argument to non-function ${nodeText(word)}`;
    return (machine) => {
      if (word.kind !== 'pipe') machine.node = word;
      return fail(machine, message);
    };
  }
  if (word.kind === 'nil') {
    return (machine) => {
      machine.node = word;
      return fail(machine, 'nil is not a command');
    };
  }
  return compileWord(context, word);
}

/** An argument as evalEmptyInterface evaluates it. */
function compileArg(context: Context, node: Operand): Arg {
  switch (node.kind) {
    case 'field':
    case 'chain':
    case 'variable': {
      const access = compileAccess(context, node, [], false);
      return { node, raw: withNode(node, (machine, dot) => access(machine, dot, undefined)) };
    }
    case 'identifier': {
      const call = compileFunction(context, node, { name: node.ident, node, args: [], hasFinal: false });
      return { node, raw: withNode(node, (machine, dot) => call(machine, dot, undefined)) };
    }
    case 'nil':
      return { node, raw: () => undefined };
    default:
      return { node, raw: compileWord(context, node) };
  }
}

const withNode =
  (node: Operand, evaluate: Eval): Eval =>
  (machine, dot) => {
    machine.node = node;
    return evaluate(machine, dot);
  };

/** A word that stands for itself: a literal, the dot, a pipeline in parentheses. */
function compileWord(
  context: Context,
  word: Exclude<Operand, FieldNode | ChainNode | VariableNode | IdentifierNode>,
): Eval {
  switch (word.kind) {
    case 'pipe': {
      const { evaluate } = compilePipe(context, word);
      return evaluate;
    }
    case 'dot':
      return withNode(word, (_machine, dot) => dot);
    case 'bool':
      return withNode(word, () => word.value);
    case 'string':
      return withNode(word, () => word.text);
    case 'number':
      return compileNumber(word);
    case 'nil':
      return () => undefined;
  }
}

/** A number where no type is asked for. Follows: idealConstant of text/template/exec.go. */
function compileNumber(node: NumberNode): Eval {
  const { text, value } = node;
  const error = (message: string): Eval => withNode(node, (machine) => fail(machine, message));
  if (value.isComplex) return error(`complex numbers are not supported: ${text}`);
  const isHexInt = /^0[xX]/.test(text) && text.length > 2 && !/[pP]/.test(text);
  if (value.float !== null && !isHexInt && text[0] !== "'" && /[.eEpP]/.test(text)) {
    const { float } = value;
    return withNode(node, () => float);
  }
  if (value.int === null) return error(`${text} overflows int`);
  const int = new GoInt('int', value.int);
  return withNode(node, () => int);
}

function compileFunction(context: Context, node: IdentifierNode, site: CallSite): Command {
  const callable = context.functions.get(node.ident);
  if (callable === undefined) {
    const message = `${quote(node.ident)} is not a defined function`;
    return (machine) => {
      machine.node = node;
      return fail(machine, message);
    };
  }
  const isLogic = callable.seesInvalid && (callable.name === 'and' || callable.name === 'or');
  const call = isLogic ? compileLogic(callable, site) : compileCall(callable, site);
  return (machine, dot, final) => {
    machine.node = node;
    return call(machine, dot, final);
  };
}

/** `.a.b`, `$x.a`, `(…).a`: where the chain starts, and the fields after it. */
function compileAccess(
  context: Context,
  node: FieldNode | ChainNode | VariableNode,
  args: readonly Arg[],
  hasFinal: boolean,
): Command {
  switch (node.kind) {
    case 'field': {
      const walk = compileFields(node, node.ident, args, hasFinal);
      return (machine, dot, final) => {
        machine.node = node;
        return walk(machine, dot, dot, machine.dotType, final);
      };
    }
    case 'variable':
      return compileVariable(context, node, args, hasFinal);
    case 'chain':
      return compileChain(context, node, args, hasFinal);
  }
}

function compileVariable(context: Context, node: VariableNode, args: readonly Arg[], hasFinal: boolean): Command {
  const [name = '', ...fields] = node.ident;
  const found = context.scope.find(name);
  if (found === undefined) {
    return (machine) => {
      machine.node = node;
      return fail(machine, `undefined variable: ${name}`);
    };
  }
  const { slot, typeSlot } = found;
  if (fields.length === 0) {
    const message = `can't give argument to non-function ${nodeText(node)}`;
    const wrong = args.length > 0 || hasFinal;
    return (machine) => {
      machine.node = node;
      if (wrong) fail(machine, message);
      return machine.vars[slot];
    };
  }
  const walk = compileFields(node, fields, args, hasFinal);
  return (machine, dot, final) => {
    machine.node = node;
    const type = typeSlot < 0 ? null : machine.vars[typeSlot];
    return walk(machine, dot, machine.vars[slot], typeof type === 'string' ? type : null, final);
  };
}

function compileChain(context: Context, node: ChainNode, args: readonly Arg[], hasFinal: boolean): Command {
  if (node.node.kind === 'nil') {
    return (machine) => {
      machine.node = node;
      return fail(machine, `indirection through explicit nil in ${nodeText(node)}`);
    };
  }
  const { raw } = compileArg(context, node.node);
  const walk = compileFields(node, node.field, args, hasFinal);
  return (machine, dot, final) => {
    machine.node = node;
    return walk(machine, dot, raw(machine, dot), null, final);
  };
}

type Walk = (machine: Machine, dot: Val, receiver: Val, type: string | null, final: Val) => Val;

/** `.a.b.c` from a receiver on; only the last may be a method with arguments. */
function compileFields(
  node: FieldNode | ChainNode | VariableNode,
  fields: readonly string[],
  args: readonly Arg[],
  hasFinal: boolean,
): Walk {
  const hasArgs = args.length > 0 || hasFinal;
  const last = fields.length - 1;
  const sites: CallSite[] = fields.map((name, i) =>
    i === last ? { name, node, args, hasFinal } : { name, node, args: [], hasFinal: false },
  );
  return (machine, dot, start, startType, final) => {
    let value: Val = start;
    let type = startType;
    for (let i = 0; i <= last; i++) {
      if (value === undefined) return undefined;
      const name = fields[i] ?? '';
      const receiver: GoValue = value;
      const site = sites[i];
      const method = methodOf(receiver, name);
      if (method !== undefined && site !== undefined) {
        value = callMethod(machine, dot, method, site, final);
        type = null;
      } else {
        value = fieldOf(machine, receiver, name, type, i === last && hasArgs);
        type = elementType(receiver);
      }
    }
    return value;
  };
}
