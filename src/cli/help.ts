import type { Command } from './command.js';
import { type Option, type OptionGroup, offered } from './option.js';

/** The first help: what it is, the commands, where to go on. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'trowel: supply-chain archaeology for Helm charts',
    '',
    'usage: trowel COMMAND [OPTIONS] [OPERANDS]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    "See 'trowel help COMMAND'. Every option can be given in the environment: --fail-on is TROWEL_FAIL_ON.",
    '',
  ].join('\n');
}

/** The help of one command, from the records of its options. */
export function commandHelp(command: Command): string {
  const lines = [
    `usage: trowel ${command.name} [OPTIONS] ${command.operands}`.trimEnd(),
    '',
    sentence(command.summary),
  ];
  if (command.details !== '') lines.push('', command.details);
  for (const group of command.groups) lines.push('', ...groupHelp(group));
  return `${lines.join('\n')}\n`;
}

function groupHelp(group: OptionGroup): string[] {
  const options = offered(group.options);
  const left = options.map(spelling);
  const width = Math.max(...left.map((text) => text.length));
  return [
    `${group.title}:`,
    ...options.map((option, i) => {
      const more = option.repeat === true ? ' (repeatable)' : '';
      return `  ${(left[i] ?? '').padEnd(width)}  ${option.help}${more}`;
    }),
  ];
}

/** `-f, --values FILE` */
function spelling(option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = option.value === null ? '' : option.optionalValue === true ? `[=${option.value}]` : ` ${option.value}`;
  return `${short}--${option.name}${value}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
