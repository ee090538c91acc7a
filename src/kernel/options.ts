/** Every setting of every command, in one table. The parser, `--help`, docs/configuration.md and `config print` are derived from it. */

import { isIP } from 'node:net';
import { maskedUrl } from './masked-url.ts';
import { readAllowance } from './outside-allowance.ts';
import { flawOfOutsideUrl } from './outside-url.ts';

/** One setting. The flag is its name in kebab case, the environment variable `USHER_` and its name in upper snake case. */
export interface Option<T = unknown> {
  /** What a value must be, in words that complete "must be". */
  readonly form: string;
  readonly unit?: string;
  readonly default: T;
  readonly sentence: string;
  readonly commands: readonly string[];
  readonly secret: boolean;
  /** Shows all of a value but the secret in it; absent: a secret is not shown at all. */
  show?(value: T): string;
  /** No value on the command line; `true` or `false` in the environment. */
  readonly switch: boolean;
  /** Given several times as a flag, separated by commas in the environment. */
  readonly repeatable: boolean;
  /** Undefined when the text is not acceptable. */
  read(text: string): T | undefined;
}

interface Words {
  readonly sentence: string;
  readonly commands: readonly string[];
}

const plain = { secret: false, switch: false, repeatable: false } as const;

const nonEmpty = (raw: string): string | undefined => (raw === '' ? undefined : raw);

const text = (form: string, value: string, words: Words): Option<string> => ({
  ...plain,
  ...words,
  form,
  default: value,
  read: nonEmpty,
});

const optionalText = (form: string, words: Words): Option<string | undefined> => ({
  ...plain,
  ...words,
  form,
  default: undefined,
  read: nonEmpty,
});

/** A text with a secret in it. */
const partlySecret = (form: string, show: (value: string) => string, words: Words): Option<string | undefined> => ({
  ...optionalText(form, words),
  secret: true,
  show: (value) => (value === undefined ? '' : show(value)),
});

/** A text that is a secret as a whole. */
const secretText = (form: string, words: Words): Option<string | undefined> => ({
  ...optionalText(form, words),
  secret: true,
});

/** An address without its query, in which some services want their keys. */
const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '?******');

const secretKey = (words: Words): Option<Buffer | undefined> => ({
  ...plain,
  ...words,
  secret: true,
  form: '32 bytes in base64 or hexadecimal',
  default: undefined,
  read(raw) {
    const bytes = Buffer.from(raw, /^[0-9a-f]{64}$/i.test(raw) ? 'hex' : 'base64');
    return bytes.length === 32 ? bytes : undefined;
  },
});

const integer = (
  minimum: number,
  maximum: number,
  value: number,
  words: Words & { unit?: string },
): Option<number> => ({
  ...plain,
  ...words,
  form: `a whole number from ${minimum} to ${maximum}`,
  default: value,
  read(raw) {
    const number = Number(raw);
    return /^\d{1,15}$/.test(raw) && number >= minimum && number <= maximum ? number : undefined;
  },
});

const optionalInteger = (minimum: number, maximum: number, words: Words): Option<number | undefined> => ({
  ...integer(minimum, maximum, minimum, words),
  default: undefined,
});

const choice = <const T extends string>(values: readonly T[], value: NoInfer<T>, words: Words): Option<T> => ({
  ...plain,
  ...words,
  form: `one of ${values.join(', ')}`,
  default: value,
  read: (raw) => values.find((one) => one === raw.toLowerCase()),
});

const choiceOf = <const T extends string>(values: readonly T[], words: Words): Option<T | undefined> => ({
  ...plain,
  ...words,
  form: `one of ${values.join(', ')}`,
  default: undefined,
  read: (raw) => values.find((one) => one.toLowerCase() === raw.toLowerCase()),
});

const onOff = (words: Words): Option<boolean> => ({
  ...plain,
  ...words,
  switch: true,
  form: 'true or false',
  default: false,
  read: (raw) => ({ true: true, '1': true, false: false, '0': false })[raw.toLowerCase()],
});

const list = (form: string, accepts: (item: string) => boolean, words: Words): Option<readonly string[]> => ({
  ...plain,
  ...words,
  repeatable: true,
  form,
  default: [],
  read(raw) {
    const items = raw.split(',').map((item) => item.trim());
    return items.every((item) => item !== '' && accepts(item)) ? items : undefined;
  },
});

function isPublicOrigin(item: string): boolean {
  if (!URL.canParse(item)) return false;
  const url = new URL(item);
  return url.protocol === 'https:' && url.origin === item.replace(/\/$/, '').toLowerCase() && url.hostname !== '';
}

/** `KIND=ORIGIN`. */
function isProviderOrigin(item: string): boolean {
  const [, origin = ''] = /^\w+=(.*)$/.exec(item) ?? [];
  return flawOfOutsideUrl(origin) === undefined && new URL(origin).origin === origin.replace(/\/$/, '').toLowerCase();
}

/** An address or a network: an allowance without a port and without a name. */
function isNetwork(item: string): boolean {
  const { network, host } = readAllowance(item) ?? {};
  return network !== undefined || (host !== undefined && isIP(item) !== 0);
}

const isAllowance = (item: string): boolean => readAllowance(item) !== undefined;

const development = ['dev', 'config'];
const production = ['serve', 'config'];
const server = ['dev', 'serve', 'config'];
const kept = ['dev', 'config', 'migrate', 'tenant', 'flow', 'connector', 'doctor', 'backup', 'keys'];
const stored = [...kept, 'serve'];
const calling = [...server, 'connector'];
const local = [...kept, 'trust'];

export const options = {
  host: text('an address', '127.0.0.1', {
    sentence: 'The address to listen on; development mode accepts loopback addresses only.',
    commands: [...server, 'doctor'],
  }),
  port: integer(0, 65535, 8443, {
    sentence: 'The port to listen on; 0 takes any free one, which the ready line tells.',
    commands: [...server, 'doctor', 'healthcheck'],
  }),
  data: text('a folder', './data', {
    sentence: 'The folder that holds the database, the encryption key and the certificates.',
    commands: local,
  }),
  memory: onOff({
    sentence:
      'Keep everything in memory; the certificates go to a temporary folder that is removed at the end. Development only.',
    commands: server,
  }),
  database: partlySecret('sqlite:PATH, postgres://USER:PASSWORD@HOST:PORT/DATABASE or memory:', maskedUrl, {
    sentence:
      'The database; `usher.db` in the data folder when absent, but `serve` wants it named. Several processes share a PostgreSQL database (docs/postgresql.md).',
    commands: stored,
  }),
  seed: list('the path of a YAML or JSON file', () => true, {
    sentence: 'A seed file to apply after the default seed; repeatable. Applying it again changes nothing.',
    commands: server,
  }),
  noDefaultSeed: onOff({
    sentence: 'Start without the seeded tenant `contoso.onmicrosoft.com`, which `serve` never makes.',
    commands: development,
  }),
  publicUrl: list('an https:// origin without a path', isPublicOrigin, {
    sentence:
      'An origin the server answers for; repeatable. The first one is printed; requests for any other are answered 421. `serve` needs one; development mode adds the loopback names.',
    commands: server,
  }),
  encryptionKey: secretKey({
    sentence:
      'Encrypts private keys and stored secrets; all servers on one database share it. `serve` needs it; development mode makes one and keeps it in `secret.key` in the data folder.',
    commands: [...server, 'tenant', 'flow', 'connector', 'keys', 'doctor'],
  }),
  tlsCert: optionalText('the path of a PEM file', {
    sentence:
      'The certificate of the server, followed by those that signed it; read again when the file changes and at SIGHUP (docs/production.md). Development mode makes its own.',
    commands: [...production, 'doctor'],
  }),
  tlsKey: optionalText('the path of a PEM file', {
    sentence: 'The private key of `--tls-cert`.',
    commands: [...production, 'doctor'],
  }),
  behindProxy: onOff({
    sentence:
      'Listen on plain HTTP, for a proxy in front that ends TLS; nobody but `--trusted-proxy` is answered then (docs/production.md).',
    commands: production,
  }),
  trustedProxy: list('a network such as 10.0.0.0/8, or an address', isNetwork, {
    sentence: 'Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; repeatable.',
    commands: production,
  }),
  proxyHops: integer(1, 10, 1, {
    unit: 'proxies',
    sentence:
      'How many trusted proxies a request passes at most: so many addresses of `X-Forwarded-For` are looked at.',
    commands: production,
  }),
  workers: integer(1, 64, 1, {
    unit: 'processes',
    sentence: 'Processes that share the port and the work; more than one needs PostgreSQL.',
    commands: production,
  }),
  managementHost: text('an address', '127.0.0.1', {
    sentence: 'The address on which `/livez`, `/readyz` and `/metrics` are answered, in plain HTTP.',
    commands: [...server, 'healthcheck', 'doctor'],
  }),
  managementPort: optionalInteger(0, 65535, {
    sentence:
      'The port of these; 0 takes any free one, which the ready line tells. When absent, `serve` takes the one after `--port`, and development mode opens none.',
    commands: [...server, 'healthcheck', 'doctor'],
  }),
  drainDelay: integer(0, 300, 0, {
    unit: 'seconds',
    sentence:
      'How long requests are still taken after SIGTERM, while `/readyz` says 503: as long as balancers need to send no more.',
    commands: production,
  }),
  providerOrigin: list('KIND=ORIGIN, e.g. Google=http://localhost:9000', isProviderOrigin, {
    sentence:
      'Where the addresses of a kind of identity provider are found in place of its own origins, to sign in without it (docs/federation.md); repeatable. For development and tests.',
    commands: server,
  }),
  journeyLifetime: integer(60, 86_400, 3600, {
    unit: 'seconds',
    sentence: 'How long a person may take to finish a sign-in or sign-up.',
    commands: server,
  }),
  hashMemory: integer(7168, 1_048_576, 19_456, {
    unit: 'KiB',
    sentence: 'Memory of one Argon2id password hash (OWASP: 19456 with 2 passes, or at least 7168 with 5).',
    commands: server,
  }),
  hashPasses: integer(1, 100, 2, {
    unit: 'passes',
    sentence: 'Passes of one Argon2id password hash over its memory.',
    commands: server,
  }),
  hashWorkers: integer(0, 64, 0, {
    unit: 'threads',
    sentence: 'Threads that hash passwords; 0 means one per processor core.',
    commands: server,
  }),
  hashQueue: integer(1, 100_000, 128, {
    unit: 'passwords',
    sentence:
      'Passwords that may wait for a thread, half of them from one address (docs/limits.md); one more is answered 503.',
    commands: server,
  }),
  bodyLimit: integer(65_536, 16_777_216, 1_048_576, {
    unit: 'bytes',
    sentence: 'The largest request body; a larger one is answered 413.',
    commands: server,
  }),
  limits: choice(['generous', 'strict', 'none'], 'generous', {
    sentence:
      'How much strangers may ask (docs/limits.md), counted by each process; whoever asks for more is answered 429. `generous` lets a school sign in behind one address, `strict` is for people with addresses of their own.',
    commands: server,
  }),
  throttling: choice(['generous', 'documented', 'none'], 'generous', {
    sentence:
      'Limits of management requests, counted by each process; one more is answered 429. `generous` only protects the server, `documented` adds the published limits of Microsoft Graph and the quotas of Azure AD B2C, to try how an application behaves.',
    commands: server,
  }),
  smtpUrl: partlySecret('smtp[s]://USER:PASSWORD@HOST:PORT', maskedUrl, {
    sentence:
      'The mail server that letters are sent through (docs/messages.md). When absent, development mode keeps them in the outbox alone.',
    commands: server,
  }),
  mailFrom: optionalText('ADDRESS or NAME <ADDRESS>', {
    sentence: 'The sender of all letters; needed with `--smtp-url`. People read the name of the tenant beside it.',
    commands: server,
  }),
  smsUrl: partlySecret('an https:// address', withoutQuery, {
    sentence:
      'Where text messages are posted to (docs/messages.md). When absent, development mode keeps them in the outbox alone.',
    commands: server,
  }),
  smsHeaders: secretText('NAME: VALUE, one a line', {
    sentence: 'Headers of that request, such as the one that proves who is asking.',
    commands: server,
  }),
  smsBody: secretText('JSON, or the fields of a form', {
    sentence:
      'The body of that request, with `{to}` or `{toDigits}`, `{text}` and `{from}` in it; needed with `--sms-url`.',
    commands: server,
  }),
  smsFrom: optionalText('a number or name', {
    sentence: 'What stands for `{from}`: the sender that the provider has given you.',
    commands: server,
  }),
  smsSuccess: optionalText('POINTER=VALUE', {
    sentence:
      'What the answer must hold besides a status of 2xx, for providers that tell failures in the body: a JSON pointer and the value there.',
    commands: server,
  }),
  outsideAllow: list('a network such as 10.1.0.0/16, or a host with or without a port', isAllowance, {
    sentence:
      'What tenants may have called although its addresses are not public: API connectors and the like in a network of your own; repeatable. Development mode allows the machine itself.',
    commands: calling,
  }),
  outsideCa: list('the path of a PEM file', () => true, {
    sentence:
      'Certificates of authorities to trust, besides those of the system, when servers outside are called; repeatable. Development mode trusts its own authority (`usher trust`).',
    commands: calling,
  }),
  logLevel: choice(['silent', 'error', 'warn', 'info', 'debug'], 'warn', {
    sentence: 'What is logged, as JSON lines on standard error; `info` adds every request.',
    commands: [...server, 'migrate', 'tenant', 'flow', 'connector', 'keys'],
  }),
  json: onOff({
    sentence: 'Print JSON for scripts instead of text for people.',
    commands: [...server, 'migrate', 'backup', 'tenant', 'flow', 'connector', 'keys', 'doctor', 'version'],
  }),
  id: optionalText('a UUID', {
    sentence: 'The id of the new tenant; a random one when absent.',
    commands: ['tenant'],
  }),
  name: optionalText('a text', {
    sentence: 'The display name of the new tenant; its domain when absent.',
    commands: ['tenant'],
  }),
  tenant: optionalText('the id or a domain of a tenant', {
    sentence: 'Whose flows, connectors or keys; may be left out while there is one tenant.',
    commands: ['flow', 'connector', 'keys'],
  }),
  now: onOff({
    sentence: 'The key in use has leaked: what it has signed is worth nothing from now on.',
    commands: ['keys'],
  }),
  app: optionalText('the client id of an application', {
    sentence: 'Explain which user flow the application gets at the tenant, in place of one flow.',
    commands: ['flow'],
  }),
  step: choiceOf(['PostFederationSignup', 'PostAttributeCollection', 'PreTokenIssuance'], {
    sentence: 'At which step of a flow the API is asked; all of them when absent.',
    commands: ['connector'],
  }),
  flowKind: choice(['b2c', 'b2x'], 'b2c', {
    sentence: 'For a flow of which kind the API is asked; flows for guests (b2x) send other bodies.',
    commands: ['connector'],
  }),
  basic: secretText('USER:PASSWORD', {
    sentence: 'What the API is shown as HTTP basic authentication.',
    commands: ['connector'],
  }),
  clientCert: optionalText('the path of a PEM file', {
    sentence: 'The client certificate that the API is shown, with those that signed it; needs `--client-key`.',
    commands: ['connector'],
  }),
  clientKey: optionalText('the path of a PEM file', {
    sentence: 'The private key of `--client-cert`.',
    commands: ['connector'],
  }),
  request: optionalText('the path of a JSON file', {
    sentence: 'What is sent in place of the documented sample.',
    commands: ['connector'],
  }),
  mermaid: onOff({ sentence: 'Print the diagram alone, for a Mermaid renderer.', commands: ['flow'] }),
  dryRun: onOff({ sentence: 'Show the commands and run none of them.', commands: ['trust'] }),
  uninstall: onOff({ sentence: 'Remove the certificate from the stores of trust again.', commands: ['trust'] }),
} as const satisfies Readonly<Record<string, Option>>;

type Options = typeof options;
export type OptionName = keyof Options;
export type Config = { readonly [K in OptionName]: Options[K] extends Option<infer T> ? T : never };

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const flagOf = (name: string): string => `--${words(name)}`;
export const variableOf = (name: string): string => `USHER_${words(name).toUpperCase().replaceAll('-', '_')}`;

export const optionNames = Object.keys(options) as readonly OptionName[];
export const optionOf = (name: OptionName): Option => options[name];
