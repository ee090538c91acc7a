import { flagOf, type OptionName, optionNames, optionOf } from '../../kernel/index.ts';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';

function shown(name: OptionName, value: unknown): unknown {
  if (value === undefined) return null;
  const option = optionOf(name);
  if (option.show) return option.show(value);
  return option.secret ? '******' : value;
}

/** `usher config print`: what `usher dev` would run with, given the same flags and variables. */
export async function config({ config: values, origins, positionals, terminal }: CommandContext): Promise<number> {
  const [verb, extra] = positionals;
  if (verb !== 'print' || extra !== undefined) {
    throw faults.usage({
      problem: verb === undefined ? "Say 'print'." : `There is no 'config ${positionals.join(' ')}'.`,
      command: 'config',
    });
  }
  const names = optionNames.filter((name) => optionOf(name).commands.includes('config') && name !== 'json');
  if (values.json) {
    const entries = names.map((name) => [name, { value: shown(name, values[name]), origin: origins[name] }]);
    terminal.out(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    return 0;
  }
  for (const name of names) {
    const value = shown(name, values[name]);
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    terminal.out(`${flagOf(name).slice(2).padEnd(18)} ${text.padEnd(28)} ${origins[name]}\n`);
  }
  return 0;
}
