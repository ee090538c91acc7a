import { flagOf, type OptionName, optionNames, optionOf, suggestion, variableOf } from '../../kernel/index.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { faults } from '../faults.ts';
import { type Paint, paint } from '../paint.ts';
import { defaultText } from '../reference.ts';

function overview(commands: readonly Command[], { bold, dim }: Paint): string {
  const lines = commands.map(({ name, summary }) => `  ${bold(name.padEnd(11))} ${summary}\n`);
  return [
    `${bold('Usher')} runs identity user flows.\n\n`,
    'usher COMMAND [--flag]\n\n',
    ...lines,
    '\nExit codes\n',
    ...exitCodes.map(([code, meaning]) => `  ${bold(String(code).padEnd(11))} ${meaning}\n`),
    `\n${dim("'usher help COMMAND' lists the settings of one. Every flag has a variable: --log-level is USHER_LOG_LEVEL.")}\n`,
  ].join('');
}

function optionLines(name: OptionName, { bold, dim }: Paint): string {
  const { switch: isSwitch, form, sentence, secret } = optionOf(name);
  const fallback = isSwitch ? '' : ` Default: ${defaultText(name)}.`;
  const flag = isSwitch ? bold(flagOf(name)) : `${bold(flagOf(name))} ${dim(`<${form}>`)}`;
  const variable = secret ? `${variableOf(name)}, ${variableOf(name)}_FILE` : variableOf(name);
  return `  ${flag}\n      ${sentence}${fallback} ${dim(variable)}\n`;
}

function details({ name, summary, forms }: Command, look: Paint): string {
  const own = optionNames.filter((option) => optionOf(option).commands.includes(name));
  return [
    ...forms.map((form) => `${look.bold(`usher ${name}`)} ${form}`.trimEnd()).map((line) => `${line}\n`),
    `\n${summary}\n`,
    ...(own.length > 0 ? ['\n'] : []),
    ...own.map((option) => optionLines(option, look)),
  ].join('');
}

export async function help({ positionals, terminal, commands }: CommandContext): Promise<number> {
  const look = paint(terminal.interactive);
  const [name] = positionals;
  if (name === undefined || name === 'help') {
    terminal.out(overview(commands, look));
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  const known = commands.map((candidate) => candidate.name);
  if (!command) throw faults.unknownCommand({ command: name, suggestion: suggestion(name, known) });
  terminal.out(details(command, look));
  return 0;
}
