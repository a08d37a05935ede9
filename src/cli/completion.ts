import type { Command } from './command.js';
import { type Option, offered } from './option.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** A static completion script: commands first, then the options of the command, then files. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return `#compdef trowel\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
  }
}

function optionsOf(command: Command): readonly Option[] {
  return command.groups.flatMap((group) => offered(group.options));
}

/** What may stand right after a command: its verbs; after `help`, the commands. */
function verbsOf(command: Command, commands: readonly Command[]): readonly string[] {
  return command.name === 'help' ? commands.map((other) => other.name) : (command.verbs ?? []);
}

function bash(commands: readonly Command[]): string {
  const cases = commands
    .map((command) => {
      const words = optionsOf(command).flatMap((option) => [
        `--${option.name}`,
        ...(option.short === undefined ? [] : [`-${option.short}`]),
      ]);
      return `    ${command.name}) words="${words.join(' ')}"; verbs="${verbsOf(command, commands).join(' ')}" ;;`;
    })
    .join('\n');
  return `_trowel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" verbs=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 2 ] && [ -n "$verbs" ]; then
    COMPREPLY=($(compgen -W "$verbs" -- "$current"))
    return
  fi
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _trowel trowel
`;
}

function fish(commands: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = ['complete -c trowel -e'];
  for (const command of commands) {
    lines.push(`complete -c trowel -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`);
    for (const verb of verbsOf(command, commands)) {
      lines.push(`complete -c trowel -n '__fish_seen_subcommand_from ${command.name}' -a ${verb}`);
    }
    for (const option of optionsOf(command)) {
      const short = option.short === undefined ? '' : ` -s ${option.short}`;
      const value = option.value === null || option.optionalValue === true ? '' : ' -r';
      const where = `-n '__fish_seen_subcommand_from ${command.name}'`;
      lines.push(`complete -c trowel ${where} -l ${option.name}${short}${value} -d ${quote(option.help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
