import { lex, type Token, type TokenKind, tokenText } from './lexer.js';
import {
  type AnyNode,
  type BranchNode,
  type CommandNode,
  type EndNode,
  isEmptyList,
  type ListNode,
  type LoopNode,
  type Node,
  nodeText,
  type Operand,
  type PipeNode,
  type Source,
  type TemplateNode,
  type Tree,
  type VariableNode,
} from './node.js';
import { type NumberValue, readNumber } from './number.js';
import { quote, unquote } from './quote.js';
import { GoError } from './value.js';

/** How deep parentheses may be nested (parse.maxStackDepth). */
const maxParens = 10_000;

/** What one parse shares between the trees of a file. */
interface File extends Source {
  readonly tokens: readonly Token[];
  readonly trees: Map<string, Tree>;
  readonly hasFunction: (name: string) => boolean;
}

/**
 * Parses a template file or a `tpl` text: its own tree under `name`, and one for each `define` and `block` in it.
 *
 * Throws GoError with Go's text: `template: NAME:LINE: …`.
 * Follows: text/template/parse.Parse. Names of functions are checked here, as Go does.
 */
export function parseTemplate(
  name: string,
  text: string,
  hasFunction: (name: string) => boolean,
): ReadonlyMap<string, Tree> {
  const file: File = { parseName: name, text, tokens: lex(text), trees: new Map(), hasFunction };
  const cursor = new Cursor(file);
  try {
    new Parser(file, cursor).parseFile(name);
  } catch (error) {
    // Go's stack grows and ends at maxParens; ours is smaller.
    if (error instanceof RangeError)
      throw new GoError(`template: ${name}:${cursor.line}: max expression depth exceeded`);
    throw error;
  }
  return file.trees;
}

/** Reads tokens forth and back. `line` is that of the furthest token that was read, which Go's errors name. */
class Cursor {
  line = 0;
  private readonly tokens: readonly Token[];
  private at = 0;
  private furthest = -1;

  constructor(file: File) {
    this.tokens = file.tokens;
  }

  peek(): Token {
    // The lexer always ends with a token (eof or error), which is given again and again.
    const index = Math.min(this.at, this.tokens.length - 1);
    const token = this.tokens[index] ?? { kind: 'eof', pos: 0, text: 'EOF', line: 1 };
    if (index > this.furthest) {
      this.furthest = index;
      this.line = token.line;
    }
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === 'space') token = this.next();
    return token;
  }

  peekNonSpace(): Token {
    while (this.peek().kind === 'space') this.at += 1;
    return this.peek();
  }

  mark(): number {
    return this.at;
  }

  reset(mark: number): void {
    this.at = mark;
  }
}

type Stop = EndNode & { readonly line: number };

/** Parses one tree; `define` and `block` are parsed by another Parser over the same tokens. */
class Parser {
  private readonly file: File;
  private readonly cursor: Cursor;
  private readonly source: Source;
  private vars: string[] = ['$'];
  private actionLine = 0;
  private rangeDepth = 0;
  private parens = 0;

  constructor(file: File, cursor: Cursor) {
    this.file = file;
    this.cursor = cursor;
    this.source = file;
  }

  private fail(message: string): never {
    throw new GoError(`template: ${this.file.parseName}:${this.cursor.line}: ${message}`);
  }

  private unexpected(token: Token, context: string): never {
    if (token.kind === 'error') {
      let extra = '';
      if (this.actionLine !== 0 && this.actionLine !== token.line) {
        const what = token.text.endsWith(' action') ? '' : ' in action';
        extra = `${what} started at ${this.file.parseName}:${this.actionLine}`;
      }
      this.fail(`${token.text}${extra}`);
    }
    this.fail(`unexpected ${tokenText(token)} in ${context}`);
  }

  private expect(kind: TokenKind, context: string): Token {
    const token = this.cursor.nextNonSpace();
    if (token.kind !== kind) this.unexpected(token, context);
    return token;
  }

  /** The whole file: a list at the top in which `define` may stand. */
  parseFile(name: string): void {
    const root: ListNode = { kind: 'list', pos: this.cursor.peek().pos, source: this.source, nodes: [] };
    while (this.cursor.peek().kind !== 'eof') {
      if (this.cursor.peek().kind === 'leftDelim') {
        const mark = this.cursor.mark();
        this.cursor.next();
        if (this.cursor.nextNonSpace().kind === 'define') {
          new Parser(this.file, this.cursor).parseDefinition();
          continue;
        }
        this.cursor.reset(mark);
      }
      const node = this.textOrAction();
      if (isStop(node)) this.fail(`unexpected ${nodeText(node)}`);
      root.nodes.push(node);
    }
    this.add(name, root);
  }

  private parseDefinition(): void {
    const context = 'define clause';
    const token = this.cursor.nextNonSpace();
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context);
    const name = this.unquoted(token);
    this.expect('rightDelim', context);
    this.add(name, this.listToEnd(context));
  }

  private listToEnd(context: string): ListNode {
    const { list, stop } = this.itemList();
    if (stop.kind !== 'end') this.fail(`unexpected ${nodeText(stop)} in ${context}`);
    return list;
  }

  private add(name: string, root: ListNode): void {
    const { trees } = this.file;
    const old = trees.get(name);
    if (old === undefined || isEmptyList(old.root)) {
      trees.set(name, { name, parseName: this.file.parseName, text: this.file.text, root });
    } else if (!isEmptyList(root)) {
      this.fail(`template: multiple definition of template ${quote(name)}`);
    }
  }

  private unquoted(token: Token): string {
    return unquote(token.text) ?? this.fail('invalid syntax');
  }

  /** Up to `{{end}}` or `{{else}}`, which is given beside the list. */
  private itemList(): { list: ListNode; stop: Stop } {
    const list: ListNode = { kind: 'list', pos: this.cursor.peekNonSpace().pos, source: this.source, nodes: [] };
    while (this.cursor.peekNonSpace().kind !== 'eof') {
      const node = this.textOrAction();
      if (isStop(node)) return { list, stop: node };
      list.nodes.push(node);
    }
    this.fail('unexpected EOF');
  }

  private textOrAction(): Node | Stop {
    const token = this.cursor.nextNonSpace();
    if (token.kind === 'text') {
      return { kind: 'text', pos: token.pos, source: this.source, text: token.text, line: token.line };
    }
    if (token.kind !== 'leftDelim') this.unexpected(token, 'input');
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): Node | Stop {
    const mark = this.cursor.mark();
    const token = this.cursor.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.block();
      case 'break':
      case 'continue':
        return this.loop(token, token.kind);
      case 'else':
        return this.otherwise();
      case 'end':
        return { kind: 'end', pos: this.expect('rightDelim', 'end').pos, source: this.source, line: token.line };
      case 'if':
      case 'range':
      case 'with':
        return this.branch(token.kind);
      case 'template':
        return this.template();
      default:
    }
    this.cursor.reset(mark);
    const first = this.cursor.peekNonSpace();
    const pipe = this.pipeline('command', 'rightDelim');
    return { kind: 'action', pos: first.pos, source: this.source, line: first.line, pipe };
  }

  private loop(token: Token, kind: 'break' | 'continue'): LoopNode {
    const next = this.cursor.nextNonSpace();
    if (next.kind !== 'rightDelim') this.unexpected(next, `{{${kind}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, pos: token.pos, source: this.source };
  }

  private otherwise(): Stop {
    const next = this.cursor.peekNonSpace();
    if (next.kind === 'if' || next.kind === 'with') {
      return { kind: 'else', pos: next.pos, source: this.source, line: next.line };
    }
    const token = this.expect('rightDelim', 'else');
    return { kind: 'else', pos: token.pos, source: this.source, line: token.line };
  }

  /** `if`, `range`, `with` to their end. `{{else if x}}` is read as `{{else}}{{if x}}…{{end}}` without an own end. */
  private branch(kind: BranchNode['kind']): BranchNode {
    const outer = this.vars.length;
    const line = this.cursor.peekNonSpace().line;
    const pipe = this.pipeline(kind, 'rightDelim');
    if (kind === 'range') this.rangeDepth += 1;
    const { list, stop } = this.itemList();
    if (kind === 'range') this.rangeDepth -= 1;
    const elseList = stop.kind === 'else' ? this.elseList(kind, stop) : null;
    this.vars.length = outer;
    return { kind, pos: pipe.pos, source: this.source, line, pipe, list, elseList };
  }

  private elseList(kind: BranchNode['kind'], stop: Stop): ListNode {
    if (kind !== 'range' && this.cursor.peek().kind === kind) {
      this.cursor.next();
      return { kind: 'list', pos: stop.pos, source: this.source, nodes: [this.branch(kind)] };
    }
    const { list, stop: end } = this.itemList();
    if (end.kind !== 'end') this.fail(`expected end; found ${nodeText(end)}`);
    return list;
  }

  private block(): TemplateNode {
    const context = 'block clause';
    const token = this.cursor.nextNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, 'rightDelim');
    const inner = new Parser(this.file, this.cursor);
    inner.add(name, inner.listToEnd(context));
    return { kind: 'template', pos: token.pos, source: this.source, line: token.line, name, pipe };
  }

  private template(): TemplateNode {
    const context = 'template clause';
    const token = this.cursor.nextNonSpace();
    const name = this.templateName(token, context);
    const mark = this.cursor.mark();
    let pipe: PipeNode | null = null;
    if (this.cursor.nextNonSpace().kind !== 'rightDelim') {
      this.cursor.reset(mark);
      pipe = this.pipeline(context, 'rightDelim');
    }
    return { kind: 'template', pos: token.pos, source: this.source, line: token.line, name, pipe };
  }

  private templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context);
    return this.unquoted(token);
  }

  /** declarations? command ('|' command)*, up to `end`, which is read. */
  private pipeline(context: string, end: TokenKind): PipeNode {
    const pos = this.cursor.peekNonSpace().pos;
    const decl: VariableNode[] = [];
    const isAssign = this.declarations(context, decl);
    const cmds: CommandNode[] = [];
    for (;;) {
      const mark = this.cursor.mark();
      const token = this.cursor.nextNonSpace();
      if (token.kind === end) break;
      if (!startsCommand.has(token.kind)) this.unexpected(token, context);
      this.cursor.reset(mark);
      cmds.push(this.command());
    }
    if (cmds.length === 0) this.fail(`missing value for ${context}`);
    for (const [i, cmd] of cmds.entries()) {
      // Only the first command of a pipeline can start with something that cannot be run.
      if (i > 0 && notRunnable.has(cmd.args[0]?.kind ?? '')) {
        this.fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
    return { kind: 'pipe', pos, source: this.source, isAssign, decl, cmds };
  }

  /** Reads `$x :=`, `$x =`, in a range also `$i, $x :=`; says whether it is an assignment. */
  private declarations(context: string, decl: VariableNode[]): boolean {
    for (;;) {
      const variable = this.cursor.peekNonSpace();
      if (variable.kind !== 'variable') return false;
      const mark = this.cursor.mark();
      this.cursor.next();
      const next = this.cursor.peekNonSpace();
      const comma = next.kind === 'char' && next.text === ',';
      if (next.kind !== 'assign' && next.kind !== 'declare' && !comma) {
        this.cursor.reset(mark);
        return false;
      }
      this.cursor.next();
      decl.push(this.variable(variable));
      this.vars.push(variable.text);
      if (!comma) return next.kind === 'assign';
      if (context !== 'range' || decl.length >= 2) this.fail(`too many declarations in ${context}`);
      const after = this.cursor.peekNonSpace().kind;
      if (after !== 'variable' && after !== 'rightDelim' && after !== 'rightParen') {
        this.fail('range can only initialize variables');
      }
    }
  }

  private variable(token: Token): VariableNode {
    return { kind: 'variable', pos: token.pos, source: this.source, ident: token.text.split('.') };
  }

  /** operand (space operand)*, with the pipe symbol after it. */
  private command(): CommandNode {
    const pos = this.cursor.peekNonSpace().pos;
    const args: Operand[] = [];
    for (;;) {
      this.cursor.peekNonSpace();
      const operand = this.operand();
      if (operand !== null) args.push(operand);
      const mark = this.cursor.mark();
      const token = this.cursor.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.cursor.reset(mark);
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) this.fail('empty command');
    return { kind: 'command', pos, source: this.source, args };
  }

  /** term .Field*; null where the next token is none. */
  private operand(): Operand | null {
    const node = this.term();
    if (node === null || this.cursor.peek().kind !== 'field') return node;
    const pos = this.cursor.peek().pos;
    const field: string[] = [];
    while (this.cursor.peek().kind === 'field') field.push(this.cursor.next().text.slice(1));
    switch (node.kind) {
      case 'field':
      case 'variable':
        return { ...node, pos, ident: [...node.ident, ...field] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(nodeText(node))}`);
      default:
        return { kind: 'chain', pos, source: this.source, node, field };
    }
  }

  private term(): Operand | null {
    const mark = this.cursor.mark();
    const token = this.cursor.nextNonSpace();
    const { pos, text } = token;
    const { source } = this;
    switch (token.kind) {
      case 'identifier':
        if (!this.file.hasFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { kind: 'identifier', pos, source, ident: text };
      case 'dot':
      case 'nil':
        return { kind: token.kind, pos, source };
      case 'variable':
        if (!this.vars.includes(text)) this.fail(`undefined variable ${quote(text)}`);
        return this.variable(token);
      case 'field':
        return { kind: 'field', pos, source, ident: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', pos, source, value: text === 'true' };
      case 'charConstant':
      case 'complex':
      case 'number':
        return { kind: 'number', pos, source, text, value: this.number(text, token.kind) };
      case 'leftParen':
        return this.parenthesized();
      case 'string':
      case 'rawString':
        return { kind: 'string', pos, source, quoted: text, text: this.unquoted(token) };
      default:
        this.cursor.reset(mark);
        return null;
    }
  }

  private number(text: string, kind: 'number' | 'complex' | 'charConstant'): NumberValue {
    try {
      return readNumber(text, kind);
    } catch (error) {
      if (error instanceof GoError) this.fail(error.message);
      throw error;
    }
  }

  private parenthesized(): PipeNode {
    if (this.parens >= maxParens) this.fail('max expression depth exceeded');
    this.parens += 1;
    const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
    this.parens -= 1;
    return pipe;
  }
}

const startsCommand: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

const notRunnable: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

function isStop(node: AnyNode): node is Stop {
  return node.kind === 'end' || node.kind === 'else';
}
