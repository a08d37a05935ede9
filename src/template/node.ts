import type { NumberValue } from './number.js';
import { quote } from './quote.js';
import { byteLength } from './text.js';

/**
 * A template as it was parsed: one file, `define`, `block`, or text given to `tpl`.
 *
 * `parseName` is the name of the file, which error texts name; `text` the whole text of that file, in which `pos` of
 * every node is a place (UTF-16 units).
 */
export interface Tree {
  readonly name: string;
  readonly parseName: string;
  readonly text: string;
  readonly root: ListNode;
}

/** Where trees that are still being read will be: nodes are made before their tree is done. */
export interface Source {
  readonly parseName: string;
  readonly text: string;
}

interface Base {
  readonly pos: number;
  readonly source: Source;
}

export interface ListNode extends Base {
  readonly kind: 'list';
  readonly nodes: Node[];
}

export interface TextNode extends Base {
  readonly kind: 'text';
  readonly text: string;
  readonly line: number;
}

export interface ActionNode extends Base {
  readonly kind: 'action';
  readonly line: number;
  readonly pipe: PipeNode;
}

export interface BranchNode extends Base {
  readonly kind: 'if' | 'range' | 'with';
  readonly line: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | null;
}

export interface TemplateNode extends Base {
  readonly kind: 'template';
  readonly line: number;
  readonly name: string;
  readonly pipe: PipeNode | null;
}

export interface LoopNode extends Base {
  readonly kind: 'break' | 'continue';
}

/** `{{end}}` and `{{else}}`: the parser stops at them, no tree holds them. */
export interface EndNode extends Base {
  readonly kind: 'end' | 'else';
}

export interface PipeNode extends Base {
  readonly kind: 'pipe';
  readonly isAssign: boolean;
  readonly decl: readonly VariableNode[];
  readonly cmds: readonly CommandNode[];
}

export interface CommandNode extends Base {
  readonly kind: 'command';
  readonly args: readonly Operand[];
}

export interface IdentifierNode extends Base {
  readonly kind: 'identifier';
  readonly ident: string;
}

export interface VariableNode extends Base {
  readonly kind: 'variable';
  /** `$x.a.b` is `['$x', 'a', 'b']`. */
  readonly ident: readonly string[];
}

export interface FieldNode extends Base {
  readonly kind: 'field';
  readonly ident: readonly string[];
}

export interface ChainNode extends Base {
  readonly kind: 'chain';
  readonly node: Operand;
  readonly field: readonly string[];
}

export interface WordNode extends Base {
  readonly kind: 'dot' | 'nil';
}

export interface BoolNode extends Base {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NumberNode extends Base {
  readonly kind: 'number';
  readonly text: string;
  readonly value: NumberValue;
}

export interface StringNode extends Base {
  readonly kind: 'string';
  readonly quoted: string;
  readonly text: string;
}

export type Operand =
  | PipeNode
  | IdentifierNode
  | VariableNode
  | FieldNode
  | ChainNode
  | WordNode
  | BoolNode
  | NumberNode
  | StringNode;

/** What stands in a list. */
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | LoopNode;

export type AnyNode = Node | ListNode | EndNode | Operand | CommandNode;

/** A node as error texts show it in `<…>`. Follows: the String methods of parse/node.go. */
export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${nodeText(node.pipe)}}}`;
    case 'if':
    case 'range':
    case 'with':
      return branchText(node);
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === null ? '' : ` ${nodeText(node.pipe)}`}}}`;
    case 'break':
    case 'continue':
    case 'end':
    case 'else':
      return `{{${node.kind}}}`;
    case 'pipe':
      return pipeText(node);
    case 'command':
      return node.args.map(inParens).join(' ');
    case 'identifier':
      return node.ident;
    case 'variable':
      return node.ident.join('.');
    case 'field':
      return node.ident.map((name) => `.${name}`).join('');
    case 'chain':
      return inParens(node.node) + node.field.map((name) => `.${name}`).join('');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

const inParens = (node: Operand): string => (node.kind === 'pipe' ? `(${nodeText(node)})` : nodeText(node));

function branchText(node: BranchNode): string {
  const otherwise = node.elseList === null ? '' : `{{else}}${nodeText(node.elseList)}`;
  return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}

function pipeText(node: PipeNode): string {
  const names = node.decl.map((variable) => variable.ident.join('.')).join(', ');
  const decl = names === '' ? '' : `${names} ${node.isAssign ? '=' : ':='} `;
  return decl + node.cmds.map(nodeText).join(' | ');
}

/** `NAME:LINE:COLUMN` of a node, as Go counts: lines from 1, columns in bytes from 0. */
export function nodePlace(node: AnyNode): string {
  const { text, parseName } = node.source;
  const lineStart = text.lastIndexOf('\n', node.pos - 1) + 1;
  const column = byteLength(text.slice(node.pos === 0 ? 0 : lineStart, node.pos));
  return `${parseName}:${lineAt(text, node.pos)}:${column}`;
}

/** The line (from 1) on which a place of a text is. */
export function lineAt(text: string, pos: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < pos; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Whether a list holds nothing but blanks (parse.IsEmptyTree): such a definition does not replace another. */
export function isEmptyList(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === 'text' && isBlank(node.text));
}

/** bytes.TrimSpace(x) is empty: unicode.IsSpace, which differs from JavaScript's in U+0085 and U+FEFF. */
function isBlank(text: string): boolean {
  return /^[\t\n\v\f\r \u{85}\u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}]*$/u.test(text);
}
