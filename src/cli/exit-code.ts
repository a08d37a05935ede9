import {
  type Dig,
  type Finding,
  type GapKind,
  gapKinds,
  type SeverityLevel,
  severityLevels,
  TrowelError,
} from '../model/index.js';

/** What the user lets pass. `allowed` is null when nothing may be incomplete. */
export interface ExitPolicy {
  readonly failOn: SeverityLevel | null;
  readonly allowed: readonly GapKind[] | null;
}

/**
 * The exit code of a dig, the same in every format: 1 findings at or above `--fail-on`, else 3 something was not
 * assessed and not allowed, else 0. 2 (usage) and 4 (nothing could be read) come from errors: see `exitCodeOfError`.
 */
export function exitCode(dig: Pick<Dig, 'findings' | 'notAssessed'>, policy: ExitPolicy): 0 | 1 | 3 {
  if (policy.failOn !== null) {
    const worst = severityLevels.indexOf(policy.failOn);
    const fails = dig.findings.some(
      (finding) =>
        finding.status === 'affected' &&
        finding.severity.level !== 'unknown' &&
        severityLevels.indexOf(finding.severity.level) <= worst,
    );
    if (fails) return 1;
  }
  const allowed = policy.allowed ?? [];
  if (dig.notAssessed.some((gap) => !allowed.includes(gap.kind))) return 3;
  // A stored dig that was made without --fail-on has no rows of kind `severity`.
  return policy.failOn !== null && !allowed.includes('severity') && dig.findings.some(isUnrated) ? 3 : 0;
}

/** Whether it is not known if this finding is at or above any level. */
function isUnrated(finding: Finding): boolean {
  return finding.status === 'affected' && finding.severity.level === 'unknown';
}

/** 2 for a wrong command line, 4 for everything else that ends a command. */
export function exitCodeOfError(error: unknown): 2 | 4 {
  return error instanceof TrowelError && error.code === 'usage' ? 2 : 4;
}

/** `--allow-incomplete` (all kinds) or `--allow-incomplete=image,file`. */
export function readAllowed(value: string | null): readonly GapKind[] | null {
  if (value === null) return null;
  if (value === '') return gapKinds;
  return value.split(',').map((word) => {
    const kind = gapKinds.find((known) => known === word.trim());
    if (kind === undefined) throw unknownWord('--allow-incomplete', word, gapKinds);
    return kind;
  });
}

/** `--fail-on LEVEL`; `unknown` is no level to fail on: such findings are a gap of kind `severity`. */
export function readFailOn(value: string | null): SeverityLevel | null {
  if (value === null) return null;
  const known = severityLevels.filter((level) => level !== 'unknown');
  const level = known.find((name) => name === value.trim().toLowerCase());
  if (level === undefined) throw unknownWord('--fail-on', value, known);
  return level;
}

/** `--severity critical,high`, repeatable; empty means all. */
export function readSeverities(values: readonly string[]): readonly SeverityLevel[] | undefined {
  const words = values.flatMap((value) => value.split(','));
  if (words.length === 0) return undefined;
  return words.map((word) => {
    const level = severityLevels.find((name) => name === word.trim().toLowerCase());
    if (level === undefined) throw unknownWord('--severity', word, severityLevels);
    return level;
  });
}

function unknownWord(option: string, word: string, known: readonly string[]): TrowelError {
  return new TrowelError('usage', { what: `does not know "${word}"`, where: { option }, todo: known.join(', ') });
}
