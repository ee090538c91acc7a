import { readFileSync } from 'node:fs';
import { defineFaults } from './fault.ts';
import { type Config, flagOf, type OptionName, optionNames, optionOf, variableOf } from './options.ts';

export const faults = defineFaults('config', {
  unknownFlag: { status: 400, message: "There is no flag '{flag}'{scope}.{suggestion}" },
  missingValue: { status: 400, message: "'{flag}' needs a value: {form}." },
  unexpectedValue: { status: 400, message: "'{flag}' takes no value." },
  badFlag: { status: 400, message: "'{flag}' must be {form}, not '{value}'." },
  repeatedFlag: { status: 400, message: "'{flag}' may be given once only." },
  conflict: { status: 400, message: "'{one}' and '{other}' exclude each other." },
  unknownVariable: { status: 500, message: "There is no setting '{variable}'.{suggestion}" },
  badVariable: { status: 500, message: "'{variable}' must be {form}, not '{value}'." },
  unreadableFile: { status: 500, message: "The file that '{variable}' names cannot be read: {reason}." },
  bothVariables: { status: 500, message: "Set either '{one}' or '{other}', not both." },
});

/** Where the value in force came from. `file`: a file that a `USHER_…_FILE` variable names. */
export type Origin = 'flag' | 'env' | 'file' | 'default';

/** The configuration of one command. */
export interface Resolved {
  readonly config: Config;
  readonly origins: Readonly<Record<OptionName, Origin>>;
  /** What is neither a flag nor its value, in order. */
  readonly positionals: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables with our prefix that are no settings: `usher exec` sets them for the command it runs. */
const foreign = new Set(['USHER_URL', 'USHER_CA_FILE', 'USHER_OUTBOX_URL', 'USHER_TENANT_ID']);

/** Edit distance, insertions, deletions and substitutions counting 1 each. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** ` Did you mean …?` when one of the known words is near. */
export function suggestion(given: string, known: readonly string[]): string {
  const ranked = known.map((word) => ({ word, off: distance(given.slice(0, 64), word) })).sort((a, b) => a.off - b.off);
  const [best] = ranked;
  return best && best.off <= Math.max(2, Math.floor(given.length / 4)) ? ` Did you mean '${best.word}'?` : '';
}

interface Flags {
  readonly given: ReadonlyMap<OptionName, readonly string[]>;
  readonly positionals: readonly string[];
}

function parseFlags(command: string, argv: readonly string[]): Flags {
  const given = new Map<OptionName, readonly string[]>();
  const positionals: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return { given, positionals: [...positionals, ...rest] };
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    const [flag = '', ...after] = word.split('=');
    const name = optionNames.find((candidate) => flagOf(candidate) === flag);
    if (name === undefined || !optionOf(name).commands.includes(command)) throw unknownFlag(command, flag, name);
    const value = flagValue(name, after.length > 0 ? after.join('=') : undefined, rest);
    const before = given.get(name) ?? [];
    if (before.length > 0 && !optionOf(name).repeatable) throw faults.repeatedFlag({ flag });
    given.set(name, [...before, value]);
  }
  return { given, positionals };
}

function unknownFlag(command: string, flag: string, name: OptionName | undefined): Error {
  const known = optionNames.filter((candidate) => optionOf(candidate).commands.includes(command)).map(flagOf);
  return faults.unknownFlag({
    flag,
    scope: name === undefined ? '' : ` of 'usher ${command}'`,
    suggestion: name === undefined ? suggestion(flag, [...known, '--help']) : '',
  });
}

function flagValue(name: OptionName, attached: string | undefined, rest: string[]): string {
  const option = optionOf(name);
  const flag = flagOf(name);
  if (option.switch) {
    if (attached !== undefined && option.read(attached) === undefined) throw faults.unexpectedValue({ flag });
    return attached ?? 'true';
  }
  const value = attached ?? (rest[0]?.startsWith('--') ? undefined : rest.shift());
  if (value === undefined || value === '') throw faults.missingValue({ flag, form: option.form });
  return value;
}

interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

function fromFlags(name: OptionName, texts: readonly string[]): Setting {
  const option = optionOf(name);
  const values = texts.map((raw) => {
    const value = option.read(raw);
    const shown = option.secret ? '******' : raw;
    if (value === undefined) throw faults.badFlag({ flag: flagOf(name), form: option.form, value: shown });
    return value;
  });
  return { value: option.repeatable ? values.flat() : values[0], origin: 'flag' };
}

function fromEnvironment(name: OptionName, environment: Environment): Setting | undefined {
  const option = optionOf(name);
  const variable = variableOf(name);
  const fileVariable = `${variable}_FILE`;
  const [direct, path] = [environment[variable], option.secret ? environment[fileVariable] : undefined];
  if (direct && path) throw faults.bothVariables({ one: variable, other: fileVariable });
  const raw = path ? readSecret(fileVariable, path) : direct;
  // An empty variable is how compose files and CI systems write "not set".
  if (!raw) return undefined;
  const value = option.read(raw);
  const shown = option.secret ? '******' : raw;
  if (value === undefined)
    throw faults.badVariable({ variable: path ? fileVariable : variable, form: option.form, value: shown });
  return { value, origin: path ? 'file' : 'env' };
}

function readSecret(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/,.*$/, '') : String(cause);
    throw faults.unreadableFile({ variable, reason }, cause);
  }
}

/** A misspelt variable would otherwise be a setting silently not made. */
function checkVariables(environment: Environment): void {
  const known = optionNames.flatMap((name) => {
    const variable = variableOf(name);
    return optionOf(name).secret ? [variable, `${variable}_FILE`] : [variable];
  });
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('USHER_') || foreign.has(variable) || known.includes(variable)) continue;
    throw faults.unknownVariable({ variable, suggestion: suggestion(variable, known) });
  }
}

/**
 * The settings of one command: flags before environment before defaults. Variables of settings that the command does not
 * have are left alone. Throws `config.*`.
 */
export function resolveConfig(
  command: string,
  argv: readonly string[],
  environment: Environment = process.env,
): Resolved {
  checkVariables(environment);
  const { given, positionals } = parseFlags(command, argv);
  const settings = optionNames.map((name): readonly [OptionName, Setting] => {
    const texts = given.get(name);
    const setting = texts ? fromFlags(name, texts) : undefined;
    const applies = optionOf(name).commands.includes(command);
    const fallback: Setting = { value: optionOf(name).default, origin: 'default' };
    return [name, setting ?? (applies ? fromEnvironment(name, environment) : undefined) ?? fallback];
  });
  const config = Object.fromEntries(settings.map(([name, { value }]) => [name, value])) as unknown as Config;
  const origins = Object.fromEntries(settings.map(([name, { origin }]) => [name, origin])) as Record<
    OptionName,
    Origin
  >;
  if (config.memory && origins.database === 'flag') throw faults.conflict({ one: '--memory', other: '--database' });
  return { config, origins, positionals };
}

/** The standard variables of OpenTelemetry. Its SDK reads them too, if it is loaded. */
export const telemetryVariables = (environment: Environment = process.env): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('OTEL_')));

/** What the commands need from the environment besides settings: which files Node itself trusts, where programs lie. */
export const outside = (name: 'NODE_EXTRA_CA_CERTS' | 'PATH' | 'HOME' | 'CHROMIUM'): string | undefined =>
  process.env[name] || undefined;
