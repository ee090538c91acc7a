import { flagOf, type OptionName, optionNames, optionOf, variableOf } from '../kernel/index.ts';
import { exitCodes } from './exit-code.ts';

/** `8443`, `19456 KiB`, `off`, `none`. */
export function defaultText(name: OptionName): string {
  const { default: value, unit, repeatable } = optionOf(name);
  if (value === undefined || (repeatable && Array.isArray(value) && value.length === 0)) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return unit === undefined ? String(value) : `${String(value)} ${unit}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row(name: OptionName): string {
  const option = optionOf(name);
  const variable = option.secret ? `\`${variableOf(name)}\`, \`${variableOf(name)}_FILE\`` : `\`${variableOf(name)}\``;
  const value = option.switch ? 'switch' : `${option.form}${option.repeatable ? '; repeatable' : ''}`;
  const commands = option.commands.join(', ');
  return `| \`${flagOf(name)}\` | ${variable} | ${cell(value)} | ${defaultText(name)} | ${commands} | ${cell(option.sentence)} |`;
}

/** `docs/configuration.md`, printed from the table of settings. */
export function optionReference(): string {
  return [
    '# Configuration',
    '',
    'Printed from `src/kernel/options.ts` by `node scripts/print-docs.ts`; a test compares the two. Do not edit by hand.',
    '',
    'A flag counts more than its environment variable, and that more than the default. An empty variable counts as not set.',
    'A repeatable setting is given several times as a flag, and separated by commas in its variable. A switch takes no value',
    'as a flag, and `true` or `false` in its variable. A secret can also be read from the file that `USHER_…_FILE` names.',
    'An unknown flag ends the command with exit code 2, an unknown variable that begins with `USHER_` with 78, except',
    '`USHER_URL`, `USHER_CA_FILE`, `USHER_OUTBOX_URL` and `USHER_TENANT_ID`, which tell programs where a server is.',
    '',
    '`usher config print` shows the settings in force and where each comes from.',
    '',
    '| flag | variable | value | default | commands | meaning |',
    '|---|---|---|---|---|---|',
    ...optionNames.map(row),
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '|---|---|',
    ...exitCodes.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    '',
  ].join('\n');
}
