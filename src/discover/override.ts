/** How one value is given to Helm. */
export interface SetArgument {
  readonly option: '--set' | '--set-string' | '--set-literal' | '--set-json';
  /** `a.b\.c=x\,y`: what stands behind the option. */
  readonly argument: string;
}

/**
 * The argument that sets a path to a text (or a number to a number). `--set` takes some texts for numbers, booleans or
 * null (helm pkg/strvals/parser.go typedVal): for those it is `--set-string`. `after` is the option that wins over what
 * the user gave already: Helm lays them in the order `--set`, `--set-string`, `--set-literal`.
 */
export function setArgument(path: string, value: string | number, after: SetArgument['option'] = '--set'): SetArgument {
  if (after === '--set-literal') return { option: after, argument: `${path}=${value}` };
  const text = String(value);
  const argument = `${path}=${text.replace(/[\\,]|^\{/g, '\\$&')}`;
  if (typeof value === 'number' && after === '--set') return { option: '--set', argument };
  return { option: after === '--set-string' || isTyped(text) ? '--set-string' : '--set', argument };
}

function isTyped(text: string): boolean {
  return /^(?:true|false|null|[+-]?\d+)$/i.test(text);
}
