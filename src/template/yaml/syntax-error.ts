/**
 * A YAML text that go-yaml v2 refuses. `message` is go-yaml's, without `yaml: `; `line` counts from 1 the way go-yaml
 * does (its parser is one line behind its scanner), 0 where it names none.
 */
export class YamlSyntaxError extends Error {
  readonly line: number;

  constructor(problem: string, line = 0) {
    super(line === 0 ? problem : `line ${line}: ${problem}`);
    this.name = 'YamlSyntaxError';
    this.line = line;
  }
}

/** An error of the scanner: go-yaml adds one to its line, and names none on the first line. */
export function scanError(problem: string, line: number): YamlSyntaxError {
  return new YamlSyntaxError(problem, line === 0 ? 0 : line + 1);
}

/** An error of the parser, which names the line before. */
export function parseError(problem: string, line: number): YamlSyntaxError {
  return new YamlSyntaxError(problem, line);
}
