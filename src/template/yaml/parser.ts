import { maxDepth, Scanner } from './scanner.js';
import { parseError, YamlSyntaxError } from './syntax-error.js';
import type { Token, TokenKind } from './token.js';
import { fromUtf16 } from './utf16.js';

/** A node of a YAML document; `line` counts from 0. Tags of collections are read and forgotten, as in go-yaml v2. */
export interface YamlNode {
  readonly kind: 'scalar' | 'sequence' | 'mapping' | 'alias';
  readonly line: number;
  /** Of a scalar: the tag in its long form, or empty. */
  readonly tag: string;
  /** Of a scalar its text, of an alias its name. */
  readonly value: string;
  /** Whether a scalar is plain, so that its text decides its type. */
  readonly implicit: boolean;
  /** Items; for a mapping keys and values in turn. */
  readonly children: YamlNode[];
  readonly target: YamlNode | null;
}

const noChildren: YamlNode[] = [];

/**
 * The first document of a YAML text, or null where there is none. What follows it is not looked at.
 *
 * Follows go-yaml v2 (parserc.go, decode.go); throws YamlSyntaxError with its text and line.
 */
export function parseYaml(text: string): YamlNode | null {
  return new Parser(text).document();
}

class Parser {
  private readonly scanner: Scanner;
  private readonly anchors = new Map<string, YamlNode>();
  private readonly tags = new Map<string, string>();
  private depth = 0;

  constructor(text: string) {
    this.scanner = new Scanner(fromUtf16(text));
  }

  document(): YamlNode | null {
    let token = this.scanner.peek();
    if (token.kind === 'stream-end') return null;
    const explicit =
      token.kind === 'document-start' || token.kind === 'version-directive' || token.kind === 'tag-directive';
    let node: YamlNode;
    if (explicit) {
      this.directives();
      token = this.scanner.peek();
      if (token.kind !== 'document-start') throw parseError('did not find expected <document start>', token.line);
      this.scanner.skip();
      token = this.scanner.peek();
      node = endsDocument(token.kind) ? emptyNode(token.line) : this.node(true, false);
    } else {
      this.directives();
      node = this.node(true, false);
    }
    this.scanner.peek();
    return node;
  }

  private directives(): void {
    let version = false;
    for (;;) {
      const token = this.scanner.peek();
      if (token.kind === 'version-directive') {
        if (version) throw parseError('found duplicate %YAML directive', token.line);
        if (token.value !== '1.1') throw parseError('found incompatible YAML document', token.line);
        version = true;
      } else if (token.kind === 'tag-directive') {
        if (this.tags.has(token.value)) throw parseError('found duplicate %TAG directive', token.line);
        this.tags.set(token.value, token.suffix);
      } else {
        break;
      }
      this.scanner.skip();
    }
    if (!this.tags.has('!')) this.tags.set('!', '!');
    if (!this.tags.has('!!')) this.tags.set('!!', 'tag:yaml.org,2002:');
  }

  /** A node with its anchor and tag. `block`: block collections may start here; `indentless`: also `- ` at the key's own column. */
  private node(block: boolean, indentless: boolean): YamlNode {
    const { scanner } = this;
    let token = scanner.peek();
    if (token.kind === 'alias') {
      const target = this.anchors.get(token.value);
      if (target === undefined) throw new YamlSyntaxError(`unknown anchor '${token.value}' referenced`);
      scanner.skip();
      return {
        kind: 'alias',
        line: token.line,
        tag: '',
        value: token.value,
        implicit: false,
        children: noChildren,
        target,
      };
    }
    const { line } = token;
    let anchor: string | null = null;
    let tagToken: Token | null = null;
    if (token.kind === 'anchor' || token.kind === 'tag') {
      for (let i = 0; i < 2; i++) {
        if (token.kind === 'anchor' && anchor === null) anchor = token.value;
        else if (token.kind === 'tag' && tagToken === null) tagToken = token;
        else break;
        scanner.skip();
        token = scanner.peek();
      }
    }
    const tag = tagToken === null ? '' : this.tagOf(tagToken);
    if (indentless && token.kind === 'block-entry') return this.collection('sequence', line, anchor, this.indentless);
    switch (token.kind) {
      case 'scalar': {
        const implicit = (tag === '' && token.plain) || tag === '!';
        scanner.skip();
        return this.scalar(line, tag, token.value, implicit, anchor);
      }
      case 'flow-sequence-start':
        return this.collection('sequence', line, anchor, this.flowSequence);
      case 'flow-mapping-start':
        return this.collection('mapping', line, anchor, this.flowMapping);
      case 'block-sequence-start':
        if (block) return this.collection('sequence', line, anchor, this.blockSequence);
        break;
      case 'block-mapping-start':
        if (block) return this.collection('mapping', line, anchor, this.blockMapping);
        break;
    }
    if (anchor !== null || tag !== '') return this.scalar(line, tag, '', tag === '', anchor);
    throw parseError('did not find expected node content', token.line);
  }

  private tagOf(token: Token): string {
    if (token.value === '') return token.suffix;
    const prefix = this.tags.get(token.value);
    if (prefix === undefined || prefix + token.suffix === '')
      throw parseError('found undefined tag handle', token.line);
    return prefix + token.suffix;
  }

  private scalar(line: number, tag: string, value: string, implicit: boolean, anchor: string | null): YamlNode {
    const node: YamlNode = { kind: 'scalar', line, tag, value, implicit, children: noChildren, target: null };
    if (anchor !== null) this.anchors.set(anchor, node);
    return node;
  }

  private collection(
    kind: 'sequence' | 'mapping',
    line: number,
    anchor: string | null,
    fill: (children: YamlNode[]) => void,
  ): YamlNode {
    const node: YamlNode = { kind, line, tag: '', value: '', implicit: false, children: [], target: null };
    if (anchor !== null) this.anchors.set(anchor, node);
    this.depth += 1;
    if (this.depth > maxDepth) throw new YamlSyntaxError('exceeded max depth of 10000');
    fill.call(this, node.children);
    this.depth -= 1;
    return node;
  }

  private blockSequence(children: YamlNode[]): void {
    const { scanner } = this;
    scanner.skip();
    for (;;) {
      const token = scanner.peek();
      if (token.kind === 'block-end') break;
      if (token.kind !== 'block-entry') throw parseError("did not find expected '-' indicator", token.line);
      scanner.skip();
      const next = scanner.peek();
      children.push(
        next.kind === 'block-entry' || next.kind === 'block-end' ? emptyNode(token.endLine) : this.node(true, false),
      );
    }
    scanner.skip();
  }

  private indentless(children: YamlNode[]): void {
    const { scanner } = this;
    for (;;) {
      const token = scanner.peek();
      if (token.kind !== 'block-entry') return;
      scanner.skip();
      const next = scanner.peek().kind;
      children.push(
        next === 'block-entry' || next === 'key' || next === 'value' || next === 'block-end'
          ? emptyNode(token.endLine)
          : this.node(true, false),
      );
    }
  }

  private blockMapping(children: YamlNode[]): void {
    const { scanner } = this;
    scanner.skip();
    for (;;) {
      const token = scanner.peek();
      if (token.kind === 'block-end') break;
      if (token.kind !== 'key') throw parseError('did not find expected key', token.line);
      scanner.skip();
      children.push(endsEntry(scanner.peek().kind) ? emptyNode(token.endLine) : this.node(true, true));
      const colon = scanner.peek();
      if (colon.kind !== 'value') {
        children.push(emptyNode(colon.line));
        continue;
      }
      scanner.skip();
      children.push(endsEntry(scanner.peek().kind) ? emptyNode(colon.endLine) : this.node(true, true));
    }
    scanner.skip();
  }

  private flowSequence(children: YamlNode[]): void {
    const { scanner } = this;
    scanner.skip();
    for (let first = true; ; first = false) {
      let token = scanner.peek();
      if (token.kind === 'flow-sequence-end') break;
      if (!first) {
        if (token.kind !== 'flow-entry') throw parseError("did not find expected ',' or ']'", token.line);
        scanner.skip();
        token = scanner.peek();
        if (token.kind === 'flow-sequence-end') break;
      }
      children.push(token.kind === 'key' ? this.singlePair(token.line) : this.node(false, false));
    }
    scanner.skip();
  }

  /** `[a: b]` holds a mapping of one pair. */
  private singlePair(line: number): YamlNode {
    return this.collection('mapping', line, null, (children) => {
      const { scanner } = this;
      scanner.skip();
      const token = scanner.peek();
      if (token.kind === 'value' || token.kind === 'flow-entry' || token.kind === 'flow-sequence-end') {
        // go-yaml takes the token out, whatever it is.
        scanner.skip();
        children.push(emptyNode(token.endLine));
      } else {
        children.push(this.node(false, false));
      }
      const colon = scanner.peek();
      if (colon.kind === 'value') {
        scanner.skip();
        const next = scanner.peek();
        if (next.kind !== 'flow-entry' && next.kind !== 'flow-sequence-end') {
          children.push(this.node(false, false));
          return;
        }
      }
      children.push(emptyNode(colon.line));
    });
  }

  private flowMapping(children: YamlNode[]): void {
    const { scanner } = this;
    scanner.skip();
    for (let first = true; ; first = false) {
      let token = scanner.peek();
      if (token.kind === 'flow-mapping-end') break;
      if (!first) {
        if (token.kind !== 'flow-entry') throw parseError("did not find expected ',' or '}'", token.line);
        scanner.skip();
        token = scanner.peek();
        if (token.kind === 'flow-mapping-end') break;
      }
      if (token.kind !== 'key') {
        children.push(this.node(false, false), emptyNode(scanner.peek().line));
        continue;
      }
      scanner.skip();
      token = scanner.peek();
      children.push(
        endsFlowEntry(token.kind) || token.kind === 'value' ? emptyNode(token.line) : this.node(false, false),
      );
      token = scanner.peek();
      if (token.kind === 'value') {
        scanner.skip();
        token = scanner.peek();
        if (!endsFlowEntry(token.kind)) {
          children.push(this.node(false, false));
          continue;
        }
      }
      children.push(emptyNode(token.line));
    }
    scanner.skip();
  }
}

function emptyNode(line: number): YamlNode {
  return { kind: 'scalar', line, tag: '', value: '', implicit: true, children: noChildren, target: null };
}

function endsDocument(kind: TokenKind): boolean {
  return (
    kind === 'version-directive' ||
    kind === 'tag-directive' ||
    kind === 'document-start' ||
    kind === 'document-end' ||
    kind === 'stream-end'
  );
}

function endsEntry(kind: TokenKind): boolean {
  return kind === 'key' || kind === 'value' || kind === 'block-end';
}

function endsFlowEntry(kind: TokenKind): boolean {
  return kind === 'flow-entry' || kind === 'flow-mapping-end';
}
