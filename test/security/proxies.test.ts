/** What a client says about itself and about the address it asked for is not believed: headers that proxies set, hosts, and targets in other forms. */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import { authorizeWeb, newFlow } from '../support/flow-settings.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { sendRaw } from './raw-client.ts';

const evil = 'evil.example';

/** Headers by which proxies tell what they have seen. */
const forwarded = {
  'x-forwarded-host': evil,
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '80',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-server': evil,
  'x-host': evil,
  'x-http-host-override': evil,
  'x-original-url': '/evil',
  'x-original-host': evil,
  'x-rewrite-url': '/evil',
  forwarded: `for=198.51.100.7;host=${evil};proto=http`,
  via: `1.1 ${evil}`,
} as const;

/** The same for who asks. */
const claimed = {
  'x-forwarded-for': '198.51.100.7',
  'x-real-ip': '198.51.100.7',
  'x-client-ip': '198.51.100.7',
  'true-client-ip': '198.51.100.7',
  'cf-connecting-ip': '198.51.100.7',
  'x-cluster-client-ip': '198.51.100.7',
  forwarded: 'for=198.51.100.7',
} as const;

describe('what clients say of themselves', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  /** A request with headers that `fetch` does not let anybody set. */
  function ask(path: string, headers: Readonly<Record<string, string>>) {
    const { hostname, port } = new URL(usher.url);
    return new Promise<{ readonly status: number; readonly location: string; readonly body: string }>(
      (resolve, reject) => {
        const sent = request({ host: hostname, servername: hostname, port, path, headers }, async (response) => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, location: answered.location ?? '', body: await text(response) });
        });
        sent.on('error', reject).end();
      },
    );
  }

  /** Lines that no client sends, as they are. A connection that the server resets was answered with nothing. */
  const raw = (lines: readonly string[]): Promise<string> =>
    sendRaw(usher, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));

  const discovery = `/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;

  test('a host of somebody else is answered with nothing', async () => {
    for (const host of [
      evil,
      `localhost.${evil}`,
      `${evil}:443`,
      `localhost@${evil}`,
      `localhost:1`,
      'localhost/',
      '[::1',
    ]) {
      const { status, location, body } = await ask(discovery, { host });
      assert.ok(status === 421 || status === 400, `${host}: ${status}`);
      assert.equal(location, '');
      assert.doesNotMatch(body, /evil\.example\/|issuer/);
    }
  });

  test('two hosts, or a target with a host of its own, are answered with nothing', async () => {
    const { host } = usher;
    for (const lines of [
      [`GET ${discovery} HTTP/1.1`, `Host: ${host}`, `Host: ${evil}`],
      [`GET ${discovery} HTTP/1.1`, `Host: ${evil}`, `Host: ${host}`],
      [`GET https://${evil}${discovery} HTTP/1.1`, `Host: ${host}`],
      [`GET https://${host}${discovery} HTTP/1.1`, `Host: ${evil}`],
      [`CONNECT ${evil}:443 HTTP/1.1`, `Host: ${host}`],
    ]) {
      const answer = await raw([...lines, 'Connection: close']);
      assert.match(answer, /^HTTP\/1\.1 4\d\d|^$/, lines.join(' | '));
      assert.doesNotMatch(answer, /issuer/);
    }
  });

  test('headers of proxies poison neither metadata nor the place where a journey goes on', async () => {
    const plain = await (await fetch(`${usher.url}${discovery}`)).text();
    assert.equal(await (await fetch(`${usher.url}${discovery}`, { headers: forwarded })).text(), plain);
    const shown = await newVisitor(usher, forwarded).open(authorize(usher).url);
    assert.equal(shown.status, 200);
    assert.doesNotMatch(shown.html, /evil\.example|href="http:/);
  });

  test('headers of proxies poison no letter: neither that of a reset nor that of an invitation', async () => {
    const { email } = await newAccount(usher);
    const reset = await newFlow(usher, { userFlowType: 'passwordReset' });
    const visitor = newVisitor(usher, forwarded);
    const page = await visitor.open(authorize(usher, {}, reset).url);
    await visitor.submit(page, 'emailVerificationControl_but_send_code', { email });
    const [letter] = await usher.outbox(email);
    assert.ok(letter?.code);
    assert.doesNotMatch(letter.text, /evil|https?:/);
    const invited = 'invited@fabrikam.example';
    const draft = {
      invitedUserEmailAddress: invited,
      inviteRedirectUrl: 'https://app.example/',
      sendInvitationMessage: true,
    };
    const made = await usher.graph('POST', '/v1.0/invitations', draft, forwarded);
    const { inviteRedeemUrl } = (await made.json()) as { readonly inviteRedeemUrl: string };
    assert.equal(made.status, 201);
    assert.equal(new URL(inviteRedeemUrl).origin, usher.url);
    const [invitation] = await usher.outbox(invited);
    assert.doesNotMatch(invitation?.text ?? '', /evil/);
  });

  test('nobody gets past a rule for networks by naming another address', async () => {
    const here = ['127.0.0.0/8', '::1/128'];
    const rules = [{ displayName: 'Not from here', control: 'block', includeNetworks: here }];
    const settings = { conditionalAccess: { rules } };
    const flow = await newFlow(usher, { isConditionalAccessEnforced: true, settings });
    const { email, password } = await newAccount(usher);
    for (const headers of [{}, claimed, { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' }]) {
      const visitor = newVisitor(usher, headers);
      const done = await visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'next', { email, password });
      assert.match(done.left?.searchParams.get('error_description') ?? '', /^AADB2C90037/);
    }
  });

  test('nobody is believed to be somebody by a header', async () => {
    const names = [
      'x-ms-client-principal',
      'x-ms-client-principal-id',
      'x-authentik-username',
      'remote-user',
      'x-remote-user',
      'x-forwarded-user',
      'x-user',
      'x-auth-request-email',
    ];
    const headers = Object.fromEntries(names.map((name) => [name, seeded.user]));
    const shown = await newVisitor(usher, headers).open(authorize(usher).url);
    assert.match(shown.html, /type="password"/);
    assert.equal((await fetch(`${usher.url}/v1.0/users`, { headers })).status, 401);
    const silent = await newVisitor(usher, headers).open(authorize(usher, { prompt: 'none' }).url);
    assert.equal(silent.left?.searchParams.get('error'), 'interaction_required');
  });

  test('an address that cannot be read opens nothing that its readable form keeps shut', async () => {
    const paths = ['/v1.0/users', '/beta/users', '/v1.0/applications'];
    for (const path of paths) {
      const forms = [
        `${path}%`,
        `${path}%zz`,
        `/%2e%2e${path}`,
        `//${path}`,
        `/.${path}`,
        `${path}/.`,
        `${path};a=b`,
        `${path}%00`,
        `${path}%2f`,
        `${path}?%`,
        path.toUpperCase(),
        `/x/..${path}`,
        `${path}%c0%af`,
      ];
      for (const form of forms) {
        const answer = await raw([`GET ${form} HTTP/1.1`, `Host: ${usher.host}`, 'Connection: close']);
        assert.match(answer, /^HTTP\/1\.1 (?:400|401|404|405) /, form);
        assert.doesNotMatch(answer, /userPrincipalName|contoso\.example/);
      }
    }
  });
});
