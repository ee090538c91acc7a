import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commands, production } from '../../src/cli/index.ts';
import { type Config, optionNames, optionOf, resolveConfig, variableOf } from '../../src/kernel/index.ts';

/** A file of the checkout. */
export const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

export const version = (JSON.parse(read('package.json')) as { readonly version: string }).version;

/** What stands in the files that a deployment brings; none of it is a secret of anybody. */
const samples: Readonly<Record<string, string>> = {
  USHER_DATABASE: 'postgres://usher:sample@postgres/usher',
  USHER_ENCRYPTION_KEY: 'ab'.repeat(32),
  USHER_SMTP_URL: 'smtps://user:sample@mail.example.com',
  USHER_SMS_URL: 'https://sms.example.com/',
  USHER_SMS_HEADERS: 'Authorization: sample',
  USHER_SMS_BODY: '{"to":"{to}","text":"{text}"}',
};

export type Variables = Readonly<Record<string, string>>;

/** Variables as the program would see them: every file that one names holds a sample. Only secrets can lie in files. */
function filled(variables: Variables): Variables {
  const secrets = optionNames.filter((name) => optionOf(name).secret).map(variableOf);
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      if (!name.startsWith('USHER_') || !name.endsWith('_FILE')) return [name, value];
      const bare = name.slice(0, -'_FILE'.length);
      assert.ok(secrets.includes(bare), `there is no '${name}'`);
      assert.match(value, /^\/run\/secrets\//, `${name} lies among the secrets`);
      return [bare, samples[bare] ?? ''];
    }),
  );
}

/**
 * The settings of `usher WORDS…`, read by the program itself, so that a command, flag, variable or value that does not exist throws. What
 * `usher serve` would refuse as unsafe is refused here.
 */
export function settingsOf(words: readonly string[], variables: Variables): Config {
  const [name = '', ...rest] = words;
  const command = commands.find((one) => one.name === name);
  assert.ok(command, `there is no 'usher ${name}'`);
  const { config, positionals } = resolveConfig(name, rest, filled(variables));
  const forms = command.forms.flatMap((form) => form.replace(/[[\]]/g, '').split(/[| ]/));
  for (const word of positionals.slice(0, 1)) assert.ok(forms.includes(word), `there is no 'usher ${name} ${word}'`);
  if (name === 'serve') production(config);
  return config;
}

/** An image by name and exact version, or by digest: never what somebody calls the latest. */
export function assertPinned(image: string): void {
  assert.match(
    image,
    /^[^:@\s]+(?:\/[^:@\s]+)*(?::v?\d+\.\d+(?:\.\d+)?(?:-[a-z0-9]+)*)?(?:@sha256:[0-9a-f]{64})?$/,
    image,
  );
  assert.match(image, /:v?\d|@sha256:/, `${image} names no version`);
}
