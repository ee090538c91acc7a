/** Whole walks with everything that is secret in them, and a look into every answer, log, record, webhook, call and file for any of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { inventory, pathText } from '../../src/graph/index.ts';
import { newAccount } from '../support/accounts.ts';
import { connect } from '../support/example.ts';
import { flowWith, type GivenProvider, giveProvider, through } from '../support/federation.ts';
import { authorizeWeb, newApplication, newFlow } from '../support/flow-settings.ts';
import { providerBody } from '../support/golden/props.ts';
import { type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { logged } from '../support/logs.ts';
import { authorize, codeIn, redeem, refresh } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor, type Visitor } from '../support/visitor.ts';
import { listen, type Receiver } from '../support/webhook-receiver.ts';
import { type Heard, holds, record } from './recorder.ts';

/** A value that must stand nowhere but in answers for which `delivered` holds. */
interface Kept {
  readonly name: string;
  readonly value: string;
  readonly delivered?: (heard: Heard) => boolean;
  /** Too short to be looked for in files. */
  readonly short?: boolean;
}

const folder = temporaryFolder();
const kept: Kept[] = [];
const keep = (name: string, value: string, more: Omit<Kept, 'name' | 'value'> = {}): string => {
  assert.ok(value.length >= 4, `${name} is ${JSON.stringify(value)}`);
  kept.push({ name, value, ...more });
  return value;
};
const fresh = (name: string): string => keep(name, `Secret-${randomBytes(9).toString('hex')}-7`);

const atToken = ({ asked }: Heard): boolean => asked.endsWith('/token');

let usher: Usher;
let api: ListeningApi;
let hook: Receiver;
let elsewhere: GivenProvider;
let recorder: ReturnType<typeof record>;
const closing: (() => unknown)[] = [];

async function made(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const response = await usher.graph('POST', path, body);
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  assert.equal(response.ok, true, JSON.stringify(answer));
  return answer;
}

const domain = (name: string) => `${name}${randomBytes(4).toString('hex')}@contoso.example`;

/** What a browser was given to prove itself by. */
function keepCookies(visitor: Visitor): void {
  for (const [name, value] of visitor.cookies)
    if (/^x-ms-cpim-(?:sso|trans|resume)/.test(name) && value.length > 20)
      keep(`the cookie ${name}`, value, { delivered: ({ headers }) => /set-cookie: /.test(headers) });
}

/** Redeems, renews, and keeps in mind what it got. */
async function tokensFor(code: string, attempt: ReturnType<typeof authorize>, flow: string): Promise<void> {
  keep('an authorization code', code, { delivered: ({ headers }) => headers.includes(`code=${code}`) });
  keep('a code verifier', attempt.verifier);
  const { answer } = await redeem(usher, attempt, code, flow);
  const renewed = await refresh(usher, answer.refresh_token ?? '', flow);
  for (const one of [answer, renewed.answer]) {
    keep('a refresh token', one.refresh_token ?? '', { delivered: atToken });
    keep('an access token', one.access_token ?? '', { delivered: atToken });
    keep('an ID token', one.id_token ?? '', { delivered: atToken });
  }
}

async function signUp(): Promise<void> {
  const password = fresh('the password of a sign-up');
  const flow = await newFlow(usher);
  const connector = await made('/beta/identity/apiConnectors', {
    displayName: 'Connector',
    targetUrl: api.origin,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'usher',
      password: fresh('the password of a connector'),
    },
  });
  await connect(usher, flow, 'postAttributeCollection', String(connector['id']));
  const email = domain('up');
  const attempt = authorize(usher, {}, flow);
  const visitor = newVisitor(usher);
  let page = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
  page = await visitor.submit(page, 'email_ver_but_send', { email });
  const code = keep('the code of a sign-up', await usher.code(email), { short: true });
  page = await visitor.submit(page, 'email_ver_but_verify', { email, email_ver_input: code });
  // First with two that differ: what was typed does not come back.
  page = await visitor.submit(page, 'continue', {
    email,
    newPassword: password,
    reenterPassword: fresh('a password that was mistyped'),
  });
  page = await visitor.submit(page, 'continue', { email, newPassword: password, reenterPassword: password });
  keepCookies(visitor);
  await tokensFor(codeIn(page), attempt, flow);
}

async function reset(): Promise<void> {
  const { email } = await newAccount(usher);
  const flow = await newFlow(usher, { userFlowType: 'passwordReset' });
  const visitor = newVisitor(usher);
  const attempt = authorize(usher, {}, flow);
  let page = await visitor.submit(await visitor.open(attempt.url), 'emailVerificationControl_but_send_code', { email });
  const code = keep('the code of a reset', await usher.code(email), { short: true });
  page = await visitor.submit(page, 'emailVerificationControl_but_verify_code', { email, emailVerificationCode: code });
  page = await visitor.submit(page, 'continue', { email });
  const chosen = fresh('the password after a reset');
  page = await visitor.submit(page, 'continue', { newPassword: chosen, reenterPassword: chosen });
  keepCookies(visitor);
  await tokensFor(codeIn(page), attempt, flow);
}

/** With a second factor; before that with a wrong password. */
async function secondFactor(): Promise<void> {
  const method = { multifactorAuthenticationState: 'on', multifactorAuthenticationMethod: 'authenticator' };
  const flow = await newFlow(usher, { multifactorAuthenticationConfiguration: method });
  const { email, password } = await newAccount(usher);
  const visitor = newVisitor(usher);
  let page = await visitor.open(authorizeWeb(usher, flow));
  page = await visitor.submit(page, 'next', { email, password: fresh('a wrong password') });
  page = await visitor.submit(page, 'next', { email, password });
  const seed = /[?&](?:amp;)?secret=([A-Z2-7]+)/.exec(page.html)?.[1] ?? '';
  keep('the seed of an authenticator', seed, { delivered: ({ body }) => /id="totpQrCodeControl"/.test(body) });
  const otpCode = TOTP.generate({ secret: Secret.fromBase32(seed) });
  page = await visitor.submit(page, 'continue', {
    otpCode: keep('a code of an authenticator', otpCode, { short: true }),
  });
  assert.ok(page.left);
  keepCookies(visitor);
}

async function federated(): Promise<void> {
  const clientSecret = fresh('the secret at a provider');
  elsewhere = await giveProvider(usher, { clientSecret });
  elsewhere.server.person = { sub: 'ada', name: 'Ada', email: 'ada@else.example' };
  const flow = await flowWith(usher, [elsewhere]);
  const visitor = newVisitor(usher);
  const { shown } = await through(usher, visitor, flow, elsewhere);
  assert.ok(shown.left, shown.html.slice(0, 300));
  keepCookies(visitor);
  for (const { params } of elsewhere.server.asked)
    if (params['code_verifier']) keep('the verifier at a provider', params['code_verifier']);
}

/** Everything that an administrator gives away, and one thing that the server gives. */
async function managed(): Promise<void> {
  await made('/beta/identity/identityProviders', {
    '@odata.type': '#microsoft.graph.socialIdentityProvider',
    displayName: 'GitHub',
    identityProviderType: 'GitHub',
    clientId: 'c',
    clientSecret: fresh('the secret at a social provider'),
  });
  const { certificateData } = await appleProvider();
  keep('the key at Apple', certificateData);
  await made('/beta/usher/webhooks', {
    displayName: 'CRM',
    targetUrl: hook.url,
    events: ['userCreated', 'passwordChanged', 'signInSucceeded', 'signInFailed'],
    signingSecret: keep('the secret of a webhook', `whsec_${randomBytes(32).toString('base64')}`),
  });
  await made('/v1.0/users', {
    displayName: 'Given',
    identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: domain('given') }],
    passwordProfile: { password: fresh('a password that was given'), forceChangePasswordNextSignIn: false },
    passwordPolicies: 'DisablePasswordExpiration',
  });
  const { id } = await newApplication(usher, {});
  const { secretText } = await made(`/v1.0/applications/${id}/addPassword`, {});
  keep('the secret of an application', String(secretText), {
    delivered: ({ asked }) => asked.endsWith('/addPassword'),
  });
}

async function appleProvider(): Promise<{ readonly certificateData: string }> {
  const apple = providerBody('Apple-Managed-OIDC', {}) as { readonly certificateData: string };
  await made('/beta/identity/identityProviders', apple);
  return apple;
}

/** All that an administrator can read of everything there is. */
async function readEverything(): Promise<void> {
  const sets = (['v1.0', 'beta'] as const)
    .flatMap((version) => inventory(version))
    .filter(({ httpMethod, path }) => httpMethod === 'GET' && path.every((part) => typeof part === 'string'));
  for (const { version, path } of sets) {
    const at = `/${version}${pathText(path)}`;
    const answer = await usher.graph('GET', at, undefined, { consistencylevel: 'eventual' });
    const { value = [] } = (await answer.json().catch(() => ({}))) as { readonly value?: readonly { id?: string }[] };
    if (!Array.isArray(value) || at.includes('delta')) continue;
    for (const { id } of value.slice(0, 40))
      if (id) await (await usher.graph('GET', `${at}/${encodeURIComponent(id)}`)).arrayBuffer();
  }
}

describe('after whole walks', () => {
  before(async () => {
    usher = await startUsher({ data: folder });
    keep('a seeded secret', seeded.secret);
    recorder = record(usher.url);
    api = await listeningApi();
    hook = await listen({ after: (close) => void closing.push(close as () => unknown) });
    await managed();
    await signUp();
    await reset();
    await secondFactor();
    await federated();
    await hook.received(4);
    await logged(usher, 'auditLogs/signIns', 'status/errorCode eq 0');
    await readEverything();
    const keyFile = readFileSync(join(folder, 'secret.key'));
    keep('the encryption key', keyFile.toString().trim());
  });
  after(async () => {
    recorder?.stop();
    for (const close of closing) await close();
    await elsewhere?.server.close();
    await api?.close();
    await usher?.stop();
  });

  const found = (what: string, text: string, ones: readonly Kept[] = kept): readonly string[] =>
    ones.filter(({ value }) => holds(text, value)).map(({ name }) => `${name} in ${what}`);

  test('there was something to find, and the search finds it', () => {
    assert.ok(kept.length >= 25, `${kept.length} secrets`);
    assert.ok(recorder.heard.length > 200, `${recorder.heard.length} answers`);
    for (const { name, value, delivered } of kept.filter((one) => one.delivered !== undefined)) {
      const places = recorder.heard.filter(({ body, headers }) => holds(`${headers}\n${body}`, value));
      assert.ok(
        places.some((heard) => delivered?.(heard)),
        `${name} was delivered, and this was seen`,
      );
    }
  });

  test('no answer holds a secret, except the one that delivers it', () => {
    const seen = recorder.heard.flatMap((heard) =>
      found(
        `${heard.status} ${heard.asked}`,
        `${heard.headers}\n${heard.body}`,
        kept.filter(({ delivered }) => !delivered?.(heard)),
      ),
    );
    assert.deepEqual(seen, []);
  });

  test('no answer holds a private key, a digest of a password or the place of an error', () => {
    for (const { asked, body } of recorder.heard) {
      assert.doesNotMatch(body, /"(?:d|p|q|dp|dq|qi)":"[\w-]{20,}"|PRIVATE KEY-----|\$argon2id\$|privateJwk/, asked);
      assert.doesNotMatch(body, /\bat .+\.ts:\d+|node:internal/, asked);
    }
  });

  test('no answer holds a secret as it is sealed for the store', () => {
    const sealed = /"v1\.[\w-]{6,}\.[\w-]{30,}"/;
    const stored =
      readFileSync(join(folder, 'usher.db'), 'latin1') + readFileSync(join(folder, 'usher.db-wal'), 'latin1');
    assert.match(stored, sealed, 'it is so that the store keeps them');
    for (const { asked, body } of recorder.heard) assert.doesNotMatch(body, sealed, asked);
  });

  test('the log of the server holds none', () => {
    assert.deepEqual(found('the log', usher.log()), []);
  });

  test('webhooks are told none', () => {
    assert.ok(hook.calls.length >= 4);
    const told = hook.calls.map(({ headers, body }) => `${JSON.stringify(headers)}\n${body}`).join('\n');
    assert.deepEqual(found('a webhook', told), []);
  });

  test('an API is told none but its own password, in the header that proves the caller', () => {
    assert.ok(api.calls.length > 0);
    const told = api.calls.map(({ text }) => text).join('\n');
    assert.deepEqual(found('a call', told), []);
  });

  test('no file of the server holds one as itself, but the key its own', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      (one) => one.isFile() && one.name !== 'secret.key',
    );
    assert.ok(files.some(({ name }) => name.endsWith('.db')));
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'latin1');
      assert.deepEqual(
        found(
          name,
          text,
          kept.filter(({ short }) => !short),
        ),
        [],
      );
      for (const { name: what, value } of kept.filter(({ short }) => short))
        assert.ok(!text.includes(`"${value}"`), `${what} in ${name}`);
    }
  });
});
