import { TrowelError } from '../model/index.js';
import { ChainNode, FieldNode, VariableNode } from './access.js';
import {
  type ActionBase,
  ActionNode,
  type BranchParts,
  IfNode,
  ListNode,
  LoopNode,
  TemplateNode,
  type TemplateParts,
  TextNode,
  WithNode,
} from './actions.js';
import { Cursor } from './cursor.js';
import type { Kept, KnownAction, Vocabulary } from './known-actions.js';
import { Lexer } from './lexer.js';
import type { Definition } from './machine.js';
import { BoolNode, DotNode, NilNode, NumberNode, type Operand, StringNode } from './operand.js';
import { CommandNode, type Declared, IdentifierNode, PipeNode } from './pipe.js';
import { quote, unquote } from './quote.js';
import { RangeNode } from './range.js';
import { Scope } from './scope.js';
import { Source } from './source.js';
import { T, type TokenKind, type Tokens } from './tokens.js';
import { GoError } from './value.js';

/** How deep parentheses may be nested (parse.maxStackDepth). */
const maxParens = 10_000;

/** What one parse shares between the trees of a file. */
interface File {
  readonly source: Source;
  readonly lexer: Lexer<KnownAction>;
  readonly trees: Map<string, Definition>;
  readonly vocabulary: Vocabulary;
}

/**
 * Parses a template file or a `tpl` text: its own tree under `name`, and one for each `define` and `block` in it, each
 * ready to run.
 *
 * Throws GoError with Go's text: `template: NAME:LINE: …`.
 * Follows: text/template/parse.Parse. Names of functions are checked here, as Go does.
 */
export function parseTemplate(name: string, text: string, vocabulary: Vocabulary): ReadonlyMap<string, Definition> {
  const source = new Source(name, text);
  const file: File = {
    source,
    lexer: new Lexer(source, vocabulary.known, vocabulary.tokens),
    trees: new Map(),
    vocabulary,
  };
  const cursor = new Cursor(file.lexer);
  try {
    new Parser(file, cursor).parseFile(name);
  } catch (error) {
    // Go's stack is larger, and so is that of a thread which asks for it (isStackFull).
    if (!(error instanceof RangeError)) throw error;
    const where = { file: name, line: cursor.line };
    throw new TrowelError('too-large', { what: 'templates are nested too deeply', where, cause: error });
  }
  return file.trees;
}

/** `{{end}}` or `{{else}}`: a list stops at it, no tree holds it. */
class Stop {
  private readonly word: 'end' | 'else';

  constructor(word: 'end' | 'else') {
    this.word = word;
  }

  text(): string {
    return `{{${this.word}}}`;
  }
}

const atEnd = new Stop('end');
const atElse = new Stop('else');

type BranchKind = typeof T.if | typeof T.with | typeof T.range;

const branchWords = { [T.if]: 'if', [T.with]: 'with', [T.range]: 'range' } as const;

/**
 * Parses one tree; `define` and `block` are parsed by another Parser over the same tokens.
 *
 * Two lists of variables, since Go has two: the parser's, which forgets at the end of a branch, and the one of
 * execution (scope), which forgets at the end of each list.
 */
class Parser {
  private readonly file: File;
  private readonly tokens: Tokens;
  private readonly cursor: Cursor;
  private readonly source: Source;
  private readonly scope = new Scope();
  private vars: string[] = ['$'];
  /** Where the action began that is being read, -1 outside of one. */
  private actionStart = -1;
  /** Where the action or text begins that is being read, or was read last: nodes have their place from there on. */
  private start = 0;
  /** Whether the action that is being read declares variables, or sets some. */
  private declares = false;
  /** The variables but `$` that it uses. */
  private variables: Declared[] = noDeclared;
  /** Whether the tree declares a `$` of its own: what is known of actions holds for the one that all trees have. */
  private hasOwnRoot = false;
  private rangeDepth = 0;
  private parens = 0;

  constructor(file: File, cursor: Cursor) {
    this.file = file;
    this.tokens = file.lexer.tokens;
    this.cursor = cursor;
    this.source = file.source;
  }

  private fail(message: string, line = this.cursor.line): never {
    throw new GoError(`template: ${this.source.parseName}:${line}: ${message}`);
  }

  private unexpected(token: number, context: string): never {
    const { tokens } = this;
    if (tokens.kind(token) === T.error) {
      let extra = '';
      const started = this.actionStart < 0 ? 0 : this.source.line(this.actionStart);
      if (started !== 0 && started !== tokens.line(token)) {
        const what = tokens.text(token).endsWith(' action') ? '' : ' in action';
        extra = `${what} started at ${this.source.parseName}:${started}`;
      }
      this.fail(`${tokens.text(token)}${extra}`);
    }
    this.fail(`unexpected ${tokens.shown(token)} in ${context}`);
  }

  private expect(kind: TokenKind, context: string): number {
    const token = this.cursor.next();
    if (this.tokens.kind(token) !== kind) this.unexpected(token, context);
    return token;
  }

  /** The whole file: a list at the top in which `define` may stand. */
  parseFile(name: string): void {
    const { cursor, tokens } = this;
    const root = new ListNode();
    for (let kind = cursor.kind(); kind !== T.eof; kind = cursor.kind()) {
      if (kind === T.leftDelim) {
        const mark = cursor.mark();
        cursor.next();
        if (tokens.kind(cursor.next()) === T.define) {
          new Parser(this.file, cursor).parseDefinition();
          continue;
        }
        cursor.reset(mark);
      }
      const node = this.textOrAction();
      if (node instanceof Stop) this.fail(`unexpected ${node.text()}`);
      root.nodes.push(node);
    }
    this.add(name, root);
  }

  private parseDefinition(): void {
    const context = 'define clause';
    const token = this.cursor.next();
    const name = this.templateName(token, context);
    this.expect(T.rightDelim, context);
    this.add(name, this.listToEnd(context));
  }

  private listToEnd(context: string, line?: number): ListNode {
    const list = new ListNode();
    const stop = this.itemList(list);
    if (stop !== atEnd) this.fail(`unexpected ${stop.text()} in ${context}`, line);
    return list;
  }

  private add(name: string, root: ListNode): void {
    const { trees } = this.file;
    const old = trees.get(name);
    if (old === undefined || old.root.isEmpty) {
      trees.set(name, { name, root, slots: this.scope.slots });
    } else if (!root.isEmpty) {
      this.fail(`template: multiple definition of template ${quote(name)}`);
    }
  }

  private unquoted(token: number): string {
    return unquote(this.tokens.text(token)) ?? this.fail('invalid syntax');
  }

  /** Fills a list up to `{{end}}` or `{{else}}`, which is given. */
  private itemList(list: ListNode): Stop {
    const { cursor } = this;
    const mark = this.scope.mark();
    while (cursor.kind() !== T.eof) {
      const node = this.textOrAction();
      if (node instanceof Stop) {
        this.scope.release(mark);
        return node;
      }
      list.nodes.push(node);
    }
    this.fail('unexpected EOF');
  }

  private textOrAction(): ActionBase | Stop {
    const { tokens } = this;
    const token = this.cursor.next();
    const kind = tokens.kind(token);
    const pos = tokens.pos(token);
    this.start = pos;
    if (kind === T.text) return new TextNode(pos, this.source, tokens.text(token));
    if (kind === T.known) {
      this.actionStart = pos;
      const known = this.file.lexer.met[tokens.end(token)];
      if (!this.hasOwnRoot && known?.variables.every((variable) => this.isSame(variable))) {
        const node = this.knownAction(pos, known);
        this.actionStart = -1;
        return node;
      }
      this.file.lexer.unmeet(token);
    } else if (kind !== T.leftDelim) this.unexpected(token, 'input');
    this.actionStart = pos;
    this.declares = false;
    this.variables = noDeclared;
    const node = this.action();
    this.actionStart = -1;
    return node;
  }

  /** Whether a variable is visible here and kept in the slots that a known action reads. */
  private isSame({ name, slot, typeSlot }: Declared): boolean {
    if (!this.vars.includes(name)) return false;
    const found = this.scope.find(name);
    return (found?.slot ?? -1) === slot && (found?.typeSlot ?? -1) === typeSlot;
  }

  private knownAction(start: number, known: KnownAction): ActionBase | Stop {
    switch (known.kind) {
      case 'action':
        return new ActionNode(start, this.source, known.pipe);
      case 'template':
        return new TemplateNode(start, this.source, known.parts);
      case 'end':
        return atEnd;
      case 'else':
        return atElse;
      default:
        return this.branchOf(T[known.kind], start, known.pipe);
    }
  }

  /** Keeps what an action is that was read up to here, where it is the same in every place. */
  private remember(start: number, known: Kept<KnownAction>): void {
    const { text } = this.source;
    // The right delimiter was read last.
    const end = this.tokens.end(this.cursor.mark() - 1);
    // The lexer looks for the first `}}`, which may stand in a string; of several lines errors may name each.
    if (this.declares || this.hasOwnRoot || text.indexOf('}}', start + 2) + 2 !== end) return;
    const action = text.slice(start, end);
    if (!action.includes('\n')) this.file.vocabulary.known.add(action, { ...known, variables: this.variables });
  }

  private action(): ActionBase | Stop {
    const { cursor, tokens, start } = this;
    const mark = cursor.mark();
    const token = cursor.next();
    const kind = tokens.kind(token);
    switch (kind) {
      case T.block:
        return this.block();
      case T.break:
        return this.loop(token, 'break');
      case T.continue:
        return this.loop(token, 'continue');
      case T.else:
        return this.otherwise();
      case T.end:
        this.expect(T.rightDelim, 'end');
        this.remember(start, { kind: 'end' });
        return atEnd;
      case T.if:
      case T.range:
      case T.with:
        return this.branch(kind);
      case T.template:
        return this.template();
      default:
    }
    cursor.reset(mark);
    const pipe = this.pipeline('command', T.rightDelim);
    this.remember(start, { kind: 'action', pipe });
    return new ActionNode(start, this.source, pipe);
  }

  private loop(token: number, word: 'break' | 'continue'): LoopNode {
    const next = this.cursor.next();
    if (this.tokens.kind(next) !== T.rightDelim) this.unexpected(next, `{{${word}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${word}}} outside {{range}}`);
    return new LoopNode(this.tokens.pos(token), this.source, word);
  }

  private otherwise(): Stop {
    const kind = this.cursor.kind();
    if (kind === T.if || kind === T.with) return atElse;
    this.expect(T.rightDelim, 'else');
    this.remember(this.start, { kind: 'else' });
    return atElse;
  }

  /** `if`, `range`, `with` to their end. `{{else if x}}` is read as `{{else}}{{if x}}…{{end}}` without an own end. */
  private branch(kind: BranchKind, isFirst = true): ActionBase {
    const { start } = this;
    const outer = this.vars.length;
    const mark = this.scope.mark();
    const pipe = this.pipeline(branchWords[kind], T.rightDelim);
    if (isFirst) this.remember(start, { kind: branchWords[kind], pipe });
    const node = this.branchOf(kind, start, pipe);
    this.vars.length = outer;
    this.scope.release(mark);
    return node;
  }

  private branchOf(kind: BranchKind, start: number, pipe: PipeNode): ActionBase {
    const outer = this.vars.length;
    if (kind === T.range) this.rangeDepth += 1;
    const list = new ListNode();
    const stop = this.itemList(list);
    if (kind === T.range) this.rangeDepth -= 1;
    const elseList = stop === atElse ? this.elseList(kind) : null;
    this.vars.length = outer;
    const parts: BranchParts = { pipe, list, elseList };
    if (kind === T.if) return new IfNode(start, this.source, parts);
    return new (kind === T.with ? WithNode : RangeNode)(start, this.source, parts);
  }

  private elseList(kind: BranchKind): ListNode {
    const list = new ListNode();
    if (kind !== T.range && this.cursor.kind() === kind) {
      this.cursor.next();
      list.nodes.push(this.branch(kind, false));
      return list;
    }
    const stop = this.itemList(list);
    if (stop !== atEnd) this.fail(`expected end; found ${stop.text()}`);
    return list;
  }

  private block(): TemplateNode {
    const { start } = this;
    const context = 'block clause';
    const token = this.cursor.next();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, T.rightDelim);
    // Go's errors about the end of a block name the line on which its own tree stopped: that of the clause.
    const { line } = this.cursor;
    const inner = new Parser(this.file, this.cursor);
    inner.add(name, inner.listToEnd(context, line));
    return new TemplateNode(start, this.source, { at: this.tokens.pos(token) - start, name, pipe });
  }

  private template(): TemplateNode {
    const { start } = this;
    const context = 'template clause';
    const token = this.cursor.next();
    const name = this.templateName(token, context);
    let pipe: PipeNode | null = null;
    if (this.cursor.kind() === T.rightDelim) this.cursor.next();
    else pipe = this.pipeline(context, T.rightDelim);
    const parts: TemplateParts = { at: this.tokens.pos(token) - start, name, pipe };
    this.remember(start, { kind: 'template', parts });
    return new TemplateNode(start, this.source, parts);
  }

  private templateName(token: number, context: string): string {
    const kind = this.tokens.kind(token);
    if (kind !== T.string && kind !== T.rawString) this.unexpected(token, context);
    return this.unquoted(token);
  }

  /** declarations? command ('|' command)*, up to `end`, which is read. */
  private pipeline(context: string, end: TokenKind): PipeNode {
    const { cursor, tokens } = this;
    const first = cursor.peek();
    const at = tokens.pos(first) - this.start;
    const names: string[] = tokens.kind(first) === T.variable ? [] : noNames;
    const isAssign = names !== noNames && this.declarations(context, names);
    let head: CommandNode | null = null;
    let others: CommandNode[] = noCommands;
    for (;;) {
      const mark = cursor.mark();
      const token = cursor.next();
      const kind = tokens.kind(token);
      if (kind === end) break;
      if (!startsCommand(kind)) this.unexpected(token, context);
      cursor.reset(mark);
      if (head === null) head = this.command(false);
      else if (others === noCommands) others = [this.command(true)];
      else others.push(this.command(true));
    }
    if (head === null) return this.fail(`missing value for ${context}`);
    for (let i = 0; i < others.length; i++) {
      // Only the first command of a pipeline can start with something that cannot be run.
      if (others[i]?.word.isRunnable === false) this.fail(`non executable command in pipeline stage ${i + 2}`);
    }
    // After the commands: they do not see what the pipeline declares.
    const decl =
      names.length === 0 ? noDeclared : names.map((name) => this.declared(name, isAssign, context === 'range'));
    return new PipeNode(at, { first: head, others, decl, isAssign });
  }

  private declared(name: string, isAssign: boolean, typed: boolean): Declared {
    if (name === '$' && !isAssign) this.hasOwnRoot = true;
    const found = isAssign ? this.scope.find(name) : this.scope.declare(name, typed);
    return { name, slot: found?.slot ?? -1, typeSlot: found?.typeSlot ?? -1 };
  }

  /** Reads `$x :=`, `$x =`, in a range also `$i, $x :=`; says whether it is an assignment. */
  private declarations(context: string, names: string[]): boolean {
    const { cursor, tokens } = this;
    for (;;) {
      const variable = cursor.peek();
      if (tokens.kind(variable) !== T.variable) return false;
      const mark = cursor.mark();
      cursor.next();
      const next = cursor.peek();
      const kind = tokens.kind(next);
      const comma = tokens.isMark(next, 0x2c);
      if (kind !== T.assign && kind !== T.declare && !comma) {
        cursor.reset(mark);
        return false;
      }
      cursor.next();
      const name = tokens.text(variable);
      names.push(name);
      this.declares = true;
      this.vars.push(name);
      if (!comma) return kind === T.assign;
      if (context !== 'range' || names.length >= 2) this.fail(`too many declarations in ${context}`);
      const after = cursor.kind();
      if (after !== T.variable && after !== T.rightDelim && after !== T.rightParen) {
        this.fail('range can only initialize variables');
      }
    }
  }

  /** operand (space operand)*, with the pipe symbol after it. */
  private command(hasFinal: boolean): CommandNode {
    const { cursor, tokens } = this;
    const at = tokens.pos(cursor.peek()) - this.start;
    let word: Operand | null = null;
    let args: Operand[] = noOperands;
    for (;;) {
      const operand = this.operand();
      if (operand !== null) {
        if (word === null) word = operand;
        else if (args === noOperands) args = [operand];
        else args.push(operand);
      }
      const token = cursor.peek();
      const kind = tokens.kind(token);
      if (kind === T.rightDelim || kind === T.rightParen) break;
      if (operand !== null && kind !== T.pipe && tokens.isSpaced(token)) continue;
      cursor.next();
      if (kind === T.pipe) break;
      this.unexpected(token, 'operand');
    }
    if (word === null) return this.fail('empty command');
    return new CommandNode(at, word, args, hasFinal);
  }

  /** term .Field*; null where the next token is none. */
  private operand(): Operand | null {
    const { cursor, tokens } = this;
    if (cursor.kind() === T.field) return this.fields();
    const node = this.term();
    if (node === null || !cursor.isFurtherField()) return node;
    const at = tokens.pos(cursor.peek()) - this.start;
    const field: string[] = [];
    while (cursor.isFurtherField()) field.push(tokens.name(cursor.next()));
    if (node instanceof VariableNode) {
      return new VariableNode(at, [...node.ident, ...field], node.slot, node.typeSlot);
    }
    if (!node.isRunnable)
      return this.fail(`unexpected . after term ${quote(node.text())}`, this.lineAfter(cursor.peek()));
    return new ChainNode(at, node, field);
  }

  /** The line on which Go's next token begins, where a blank is a token of its own. */
  private lineAfter(next: number): number {
    const { tokens } = this;
    const end = tokens.pos(next - 1) + tokens.text(next - 1).length;
    const { text } = this.source;
    if (!/\s/.test(text[end] ?? '')) return tokens.line(next);
    // One blank before a trimming delimiter belongs to the delimiter.
    return this.source.line(text.startsWith('-}}', end + 1) ? end + 1 : end);
  }

  /** `.a.b.c`, whose place is that of `.b`, as Go has it. */
  private fields(): FieldNode {
    const { cursor, tokens } = this;
    const first = cursor.next();
    const ident = [tokens.name(first)];
    let pos = tokens.pos(first);
    if (cursor.isFurtherField()) pos = tokens.pos(cursor.peek());
    while (cursor.isFurtherField()) ident.push(tokens.name(cursor.next()));
    return new FieldNode(pos - this.start, ident);
  }

  private term(): Operand | null {
    const { tokens } = this;
    const mark = this.cursor.mark();
    const token = this.cursor.next();
    const at = tokens.pos(token) - this.start;
    const kind = tokens.kind(token);
    switch (kind) {
      case T.identifier:
        return this.identifier(at, tokens.text(token));
      case T.dot:
        return new DotNode(at);
      case T.nil:
        return new NilNode(at);
      case T.variable:
        return this.variable(at, tokens.text(token));
      case T.bool:
        return new BoolNode(at, tokens.text(token) === 'true');
      case T.charConstant:
      case T.complex:
      case T.number:
        return this.number(at, tokens.text(token), kind);
      case T.leftParen:
        return this.parenthesized();
      case T.string:
      case T.rawString:
        return new StringNode(at, tokens.text(token), this.unquoted(token));
      default:
        this.cursor.reset(mark);
        return null;
    }
  }

  private identifier(at: number, name: string): IdentifierNode {
    const callable = this.file.vocabulary.functions.get(name);
    if (callable === undefined) this.fail(`function ${quote(name)} not defined`);
    return new IdentifierNode(at, callable);
  }

  private variable(at: number, name: string): VariableNode {
    if (!this.vars.includes(name)) this.fail(`undefined variable ${quote(name)}`);
    const found = this.scope.find(name);
    const slot = found?.slot ?? -1;
    const typeSlot = found?.typeSlot ?? -1;
    if (name !== '$') this.variables = [...this.variables, { name, slot, typeSlot }];
    return new VariableNode(at, [name], slot, typeSlot);
  }

  private number(
    at: number,
    text: string,
    kind: typeof T.number | typeof T.complex | typeof T.charConstant,
  ): NumberNode {
    try {
      return new NumberNode(at, text, kind === T.number ? 'number' : kind === T.complex ? 'complex' : 'charConstant');
    } catch (error) {
      if (error instanceof GoError) this.fail(error.message);
      throw error;
    }
  }

  private parenthesized(): PipeNode {
    if (this.parens >= maxParens) this.fail('max expression depth exceeded');
    this.parens += 1;
    const pipe = this.pipeline('parenthesized pipeline', T.rightParen);
    this.parens -= 1;
    return pipe;
  }
}

const noOperands: Operand[] = [];
const noCommands: CommandNode[] = [];
const noNames: string[] = [];
const noDeclared: Declared[] = [];

function startsCommand(kind: TokenKind): boolean {
  switch (kind) {
    case T.bool:
    case T.charConstant:
    case T.complex:
    case T.dot:
    case T.field:
    case T.identifier:
    case T.number:
    case T.nil:
    case T.rawString:
    case T.string:
    case T.variable:
    case T.leftParen:
      return true;
    default:
      return false;
  }
}
