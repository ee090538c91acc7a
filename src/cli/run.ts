import { type Environment, resolveConfig, suggestion } from '../kernel/index.ts';
import type { Terminal } from './command.ts';
import { describe, exitCodeOf } from './exit-code.ts';
import { faults } from './faults.ts';
import { commands } from './registry.ts';

const helpFlags = new Set(['--help', '-h']);
const aliases: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-v': 'version',
};

async function dispatch(
  argv: readonly string[],
  environment: Environment | undefined,
  terminal: Terminal,
): Promise<number> {
  const [first = 'help', ...rest] = argv;
  const asked = aliases[first] ?? first;
  const end = rest.indexOf('--');
  const wantsHelp = rest.slice(0, end < 0 ? undefined : end).some((word) => helpFlags.has(word));
  const name = wantsHelp ? 'help' : asked;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    throw faults.unknownCommand({
      command: name,
      suggestion: suggestion(
        name,
        commands.map((one) => one.name),
      ),
    });
  }
  const resolved = resolveConfig(name, wantsHelp ? [asked] : rest, environment);
  const unexpected = resolved.positionals[command.operands ?? Number.POSITIVE_INFINITY];
  if (unexpected !== undefined) {
    throw faults.usage({ problem: `'usher ${name}' does not take '${unexpected}'.`, command: name });
  }
  return (await command.load())({ ...resolved, terminal, commands });
}

/** Runs one command line and resolves to the exit code; whatever goes wrong is told in one sentence on `terminal.err`. */
export async function run(argv: readonly string[], terminal: Terminal, environment?: Environment): Promise<number> {
  try {
    return await dispatch(argv, environment, terminal);
  } catch (error) {
    terminal.err(describe(error));
    return exitCodeOf(error);
  }
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stdout.isTTY === true,
};
