import { ChainNode, FieldNode, VariableNode } from '../access.js';
import {
  type ActionBase,
  ActionNode,
  IfNode,
  ListNode,
  LoopNode,
  TemplateNode,
  TextNode,
  WithNode,
} from '../actions.js';
import type { Callable, Definition } from '../machine.js';
import { numberKinds } from '../number.js';
import { BoolNode, DotNode, NilNode, NumberNode, type Operand, StringNode } from '../operand.js';
import { CommandNode, type Declared, IdentifierNode, PipeNode } from '../pipe.js';
import { RangeNode } from '../range.js';
import { Source } from '../source.js';
import { K, none } from './form.js';
import { type JoinedTexts, unpacked } from './pack.js';

/** Template files that were parsed before. */
export interface KeptFiles {
  /** The trees of a file whose text is exactly this; undefined where none is kept. */
  find(path: string, text: string): ReadonlyMap<string, Definition> | undefined;
}

/**
 * Template files of the bytes that `writeKept` made, with these functions; null where the bytes are something else.
 * Whoever gives the bytes answers for them: they come from the same version of this program, and are undamaged.
 */
export function readKept(bytes: Uint8Array, functions: ReadonlyMap<string, Callable>): KeptFiles | null {
  const parts = unpacked(bytes);
  if (parts === null) return null;
  const [index, code] = parts.numbers;
  const [sources, names] = parts.texts;
  const reader = new Reader(code, names, functions);
  const files = new Map<string, { readonly number: number; readonly at: number }>();
  for (let at = 0, number = 0; at < index.length; number++) {
    files.set(names.get(index[at] ?? 0), { number, at });
    at += 4 + 3 * (index[at + 3] ?? 0);
  }
  return {
    find: (path, text) => {
      const file = files.get(path);
      if (file === undefined || sources.get(file.number) !== text) return undefined;
      const source = new Source(path, text);
      const trees = new Map<string, Definition>();
      const count = index[file.at + 3] ?? 0;
      for (let i = 0; i < count; i++) {
        const at = file.at + 4 + 3 * i;
        const name = names.get(index[at] ?? 0);
        trees.set(name, { name, root: reader.list(index[at + 2] ?? 0, source), slots: index[at + 1] ?? 0 });
      }
      return trees;
    },
  };
}

/** Makes nodes of numbers: those of a list when it first runs, a pipeline once for all actions that share it. */
class Reader {
  private readonly code: Int32Array;
  private readonly names: JoinedTexts;
  private readonly functions: ReadonlyMap<string, Callable>;
  private readonly pipes = new Map<number, PipeNode>();
  /** The next number to be read. */
  private at = 0;

  constructor(code: Int32Array, names: JoinedTexts, functions: ReadonlyMap<string, Callable>) {
    this.code = code;
    this.names = names;
    this.functions = functions;
  }

  list(place: number, source: Source): ListNode {
    return new ListNode(() => this.nodes(place, source));
  }

  private nodes(place: number, source: Source): ActionBase[] {
    this.at = place;
    const count = this.next();
    const nodes: ActionBase[] = [];
    for (let i = 0; i < count; i++) nodes.push(this.action(source));
    return nodes;
  }

  private next(): number {
    const value = this.code[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  private text(): string {
    return this.names.get(this.next());
  }

  private textList(): string[] {
    const count = this.next();
    const list: string[] = [];
    for (let i = 0; i < count; i++) list.push(this.text());
    return list;
  }

  private action(source: Source): ActionBase {
    const kind = this.next();
    const start = this.next();
    switch (kind) {
      case K.text: {
        const length = this.next();
        return new TextNode(start, source, source.text.slice(start, start + length));
      }
      case K.action:
        return new ActionNode(start, source, this.pipeAt(this.next()));
      case K.if:
      case K.with:
      case K.range: {
        const pipe = this.pipeAt(this.next());
        const list = this.list(this.next(), source);
        const otherwise = this.next();
        const elseList = otherwise === none ? null : this.list(otherwise, source);
        const Branch = kind === K.if ? IfNode : kind === K.with ? WithNode : RangeNode;
        return new Branch(start, source, { pipe, list, elseList });
      }
      case K.template: {
        const at = this.next();
        const name = this.text();
        const pipe = this.next();
        return new TemplateNode(start, source, { at, name, pipe: pipe === none ? null : this.pipeAt(pipe) });
      }
      case K.loop:
        return new LoopNode(start, source, this.next() === 1 ? 'break' : 'continue');
      default:
        throw new Error(`a kept template has an action of kind ${kind}`);
    }
  }

  private pipeAt(place: number): PipeNode {
    const known = this.pipes.get(place);
    if (known !== undefined) return known;
    const { at } = this;
    this.at = place + 1;
    const pipe = this.pipe();
    this.at = at;
    this.pipes.set(place, pipe);
    return pipe;
  }

  private pipe(): PipeNode {
    const at = this.next();
    const isAssign = this.next() === 1;
    const decl: Declared[] = [];
    for (let left = this.next(); left > 0; left--) {
      decl.push({ name: this.text(), slot: this.next(), typeSlot: this.next() });
    }
    const count = this.next();
    const first = this.command(false);
    const others: CommandNode[] = [];
    for (let i = 1; i < count; i++) others.push(this.command(true));
    return new PipeNode(at, { first, others, decl, isAssign });
  }

  private command(hasFinal: boolean): CommandNode {
    const at = this.next();
    const count = this.next();
    const word = this.operand();
    const args: Operand[] = [];
    for (let i = 0; i < count; i++) args.push(this.operand());
    return new CommandNode(at, word, args, hasFinal);
  }

  private operand(): Operand {
    const kind = this.next();
    if (kind === K.pipe) return this.pipe();
    const at = this.next();
    switch (kind) {
      case K.field:
        return new FieldNode(at, this.textList());
      case K.variable: {
        const slot = this.next();
        const typeSlot = this.next();
        return new VariableNode(at, this.textList(), slot, typeSlot);
      }
      case K.chain: {
        const start = this.operand();
        return new ChainNode(at, start, this.textList());
      }
      case K.dot:
        return new DotNode(at);
      case K.nil:
        return new NilNode(at);
      case K.bool:
        return new BoolNode(at, this.next() === 1);
      case K.string: {
        const quoted = this.text();
        return new StringNode(at, quoted, this.text());
      }
      case K.number: {
        const written = this.text();
        return new NumberNode(at, written, numberKinds[this.next()] ?? 'number');
      }
      case K.identifier:
        return new IdentifierNode(at, this.callable(this.text()));
      default:
        throw new Error(`a kept template has an operand of kind ${kind}`);
    }
  }

  private callable(name: string): Callable {
    const callable = this.functions.get(name);
    if (callable === undefined) throw new Error(`a kept template calls ${name}, which there is not`);
    return callable;
  }
}
