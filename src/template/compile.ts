import type { Eval } from './call.js';
import {
  type Body,
  type Callable,
  type Definition,
  type Exec,
  fail,
  type Machine,
  maxDepth,
  type Val,
} from './machine.js';
import { type BranchNode, type ListNode, type Node, nodeText, type TemplateNode, type TextNode } from './node.js';
import { type Context, compilePipe, type Pipeline } from './pipeline.js';
import { quote } from './quote.js';
import { truth, typeName } from './reflect.js';
import { Scope } from './scope.js';
import { compareBytes } from './text.js';
import { GoFunc, GoInt, GoMap, GoObject, GoSlice, type GoValue } from './value.js';
import { formatV } from './verbs.js';

/**
 * Makes a tree ready to run: every node becomes a closure.
 *
 * Follows: the walk functions of text/template/exec.go. Errors that Go finds when it runs are found when it runs.
 */
function compileTree(root: ListNode, functions: ReadonlyMap<string, Callable>): Body {
  const scope = new Scope();
  const run = compileList({ functions, scope }, root);
  return { slots: scope.slots, run };
}

/** Runs a template with its own variables; what it writes goes to `machine.out`. */
export function runTemplate(machine: Machine, definition: Definition, dot: Val): void {
  definition.body ??= compileTree(definition.tree.root, machine.functions);
  const { body } = definition;
  const { vars, name, dotType } = machine;
  machine.vars = new Array(body.slots);
  machine.vars[0] = dot;
  machine.name = definition.tree.name;
  machine.dotType = null;
  body.run(machine, dot);
  machine.vars = vars;
  machine.name = name;
  machine.dotType = dotType;
}

function compileList(context: Context, list: ListNode): Exec {
  const nodes = list.nodes.map((node) => compileNode(context, node));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only;
  return (machine, dot) => {
    for (const run of nodes) {
      const signal = run(machine, dot);
      if (signal !== 0) return signal;
    }
    return 0;
  };
}

/** A list whose variables end with it. */
function compileBlock(context: Context, list: ListNode): Exec {
  const mark = context.scope.mark();
  const run = compileList(context, list);
  context.scope.release(mark);
  return run;
}

function compileNode(context: Context, node: Node): Exec {
  switch (node.kind) {
    case 'text':
      return compileText(node);
    case 'action': {
      const { evaluate } = compilePipe(context, node.pipe);
      if (node.pipe.decl.length > 0) return silent(evaluate);
      return (machine, dot) => {
        if (machine.trace !== null) machine.trace.push(machine.out.length, node.line);
        const value = evaluate(machine, dot);
        machine.node = node;
        write(machine, typeof value === 'string' ? value : printed(machine, value));
        return 0;
      };
    }
    case 'if':
      return compileIf(context, node);
    case 'with':
      return compileWith(context, node);
    case 'range':
      return compileRange(context, node);
    case 'template':
      return compileTemplate(context, node);
    case 'break':
      return () => 1;
    case 'continue':
      return () => 2;
  }
}

function silent(evaluate: Eval): Exec {
  return (machine, dot) => {
    evaluate(machine, dot);
    return 0;
  };
}

function write(machine: Machine, text: string): void {
  machine.out += text;
  machine.budget.wrote(machine, text.length);
}

function compileText(node: TextNode): Exec {
  const { text, line } = node;
  return (machine) => {
    if (machine.trace !== null) machine.trace.push(machine.out.length, -line);
    write(machine, text);
    return 0;
  };
}

/** A value as an action prints it. Follows: printableValue of text/template/exec.go. */
function printed(machine: Machine, value: Val): string {
  if (value === undefined || value === null) return '<no value>';
  if (value instanceof GoFunc || (value instanceof GoObject && value.kind === 'func' && value.text === undefined)) {
    const { node } = machine;
    fail(machine, `can't print ${node === null ? '' : nodeText(node)} of type ${typeName(value)}`);
  }
  return printable(value);
}

/** A value for print functions of templates: what a pointer points to, `<no value>` for nothing. */
export function printable(value: Val): string {
  if (value === undefined || value === null) return '<no value>';
  const text = formatV(value);
  const pointsToStruct = value instanceof GoObject && value.kind === 'ptr' && value.text === undefined;
  return pointsToStruct ? text.replace(/^&/, '') : text;
}

function compileIf(context: Context, node: BranchNode): Exec {
  const mark = context.scope.mark();
  const { evaluate } = compilePipe(context, node.pipe);
  const list = compileBlock(context, node.list);
  const otherwise = node.elseList === null ? null : compileBlock(context, node.elseList);
  context.scope.release(mark);
  return (machine, dot) => {
    if (truth(evaluate(machine, dot) ?? null)) return list(machine, dot);
    return otherwise === null ? 0 : otherwise(machine, dot);
  };
}

function compileWith(context: Context, node: BranchNode): Exec {
  const mark = context.scope.mark();
  const { evaluate } = compilePipe(context, node.pipe);
  const list = compileBlock(context, node.list);
  const otherwise = node.elseList === null ? null : compileBlock(context, node.elseList);
  context.scope.release(mark);
  return (machine, dot) => {
    const value = evaluate(machine, dot);
    if (!truth(value ?? null)) return otherwise === null ? 0 : otherwise(machine, dot);
    const { dotType } = machine;
    machine.dotType = null;
    const signal = list(machine, value);
    machine.dotType = dotType;
    return signal;
  };
}

function compileTemplate(context: Context, node: TemplateNode): Exec {
  const { name, line } = node;
  const pipe = node.pipe === null ? null : compilePipe(context, node.pipe).evaluate;
  return (machine, dot) => {
    machine.node = node;
    const definition = machine.set.find(name);
    if (definition === undefined) fail(machine, `template ${quote(name)} not defined`);
    if (machine.depth === maxDepth) fail(machine, `exceeded maximum template depth (${maxDepth})`);
    const { trace } = machine;
    if (trace !== null) trace.push(machine.out.length, line);
    const value = pipe === null ? undefined : pipe(machine, dot);
    machine.budget.step(machine);
    machine.trace = null;
    runNested(machine, definition, value, node);
    machine.trace = trace;
    return 0;
  };
}

/** From so many templates within templates on, a full stack is taken for endless recursion. */
const recursionSuspected = 100;

function runNested(machine: Machine, definition: Definition, dot: Val, node: TemplateNode): void {
  const { node: at, name, depth } = machine;
  machine.depth = depth + 1;
  try {
    runTemplate(machine, definition, dot);
  } catch (error) {
    // Our stack is full long before Go's limit of templates within templates; it is the same fault.
    if (!(error instanceof RangeError) || depth < recursionSuspected) throw error;
    machine.node = node;
    machine.name = name;
    fail(machine, `exceeded maximum template depth (${maxDepth})`);
  }
  machine.node = at;
  machine.depth = depth;
}

function compileRange(context: Context, node: BranchNode): Exec {
  const mark = context.scope.mark();
  const pipe = compilePipe(context, node.pipe, true);
  const list = compileBlock(context, node.list);
  const otherwise = node.elseList === null ? null : compileBlock(context, node.elseList);
  context.scope.release(mark);
  const round = compileRound(pipe, node, list);
  return (machine, dot) => {
    machine.node = node;
    const value = pipe.evaluate(machine, dot);
    const { dotType } = machine;
    const ran = runRange(machine, node, value, round);
    machine.dotType = dotType;
    return ran || otherwise === null ? 0 : otherwise(machine, dot);
  };
}

/** One round of a range: sets its variables and runs the body; true where the range ends. */
type Round = (machine: Machine, index: Val, element: Val, type: string | null) => boolean;

function compileRound(pipe: Pipeline, node: BranchNode, list: Exec): Round {
  const [first, second] = node.pipe.decl.length > 0 ? pipe.slots : [];
  const index = second === undefined ? undefined : first;
  const element = second ?? first;
  return (machine, key, value, type) => {
    machine.budget.step(machine);
    if (element !== undefined) {
      machine.vars[element.slot] = value;
      if (element.typeSlot >= 0) machine.vars[element.typeSlot] = type;
    }
    if (index !== undefined) machine.vars[index.slot] = key;
    machine.dotType = type;
    return list(machine, value) === 1;
  };
}

/** Goes round for each element; false where there is none, so that `else` runs. */
function runRange(machine: Machine, node: BranchNode, value: Val, round: Round): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof GoSlice) return rangeSlice(machine, value, round);
  if (value instanceof GoMap) return rangeMap(machine, value.entries, value.element, round);
  if (value instanceof GoInt) {
    if (node.pipe.decl.length > 1) fail(machine, `can't use ${value.value} to iterate over more than one variable`);
    return rangeInt(machine, value, round);
  }
  if (value instanceof GoObject && value.kind === 'map') {
    return rangeMap(machine, value.fields, value.type.replace(/^.*\]/, ''), round);
  }
  if (value instanceof GoObject && value.kind === 'slice') {
    return rangeSlice(machine, new GoSlice([...value.fields.values()], value.type.replace(/^\[\]/, '')), round);
  }
  fail(machine, `range can't iterate over ${formatV(value)}`);
}

const staticType = (element: string): string | null => (element === 'interface {}' ? element : null);

/** Small indexes, made once: most ranges are short. */
const indexes: readonly GoInt[] = Array.from({ length: 64 }, (_, i) => new GoInt('int', i));

function rangeSlice(machine: Machine, slice: GoSlice, round: Round): boolean {
  const type = staticType(slice.element);
  const { items } = slice;
  for (let i = 0; i < items.length; i++) {
    if (round(machine, indexes[i] ?? new GoInt('int', i), items[i], type)) break;
  }
  return items.length > 0;
}

function rangeMap(machine: Machine, map: ReadonlyMap<string, GoValue>, element: string, round: Round): boolean {
  const type = staticType(element);
  const entries = [...map].sort(([a], [b]) => compareBytes(a, b));
  for (const [key, value] of entries) {
    if (round(machine, key, value, type)) break;
  }
  return entries.length > 0;
}

function rangeInt(machine: Machine, end: GoInt, round: Round): boolean {
  for (let i = 0n; i < end.value; i++) {
    const value = new GoInt(end.kind, i, end.type);
    if (round(machine, undefined, value, null)) break;
  }
  return end.value > 0n;
}
