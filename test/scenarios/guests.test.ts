import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newApplication } from '../support/flow-settings.ts';
import { blocking, goOn, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { authorize, claimsIn, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

type Json = Readonly<Record<string, unknown>>;

/** No flow in the address: the tenant itself. */
const tenant = '';
const scope = 'openid profile email offline_access';

describe('guests', () => {
  let usher: Usher;
  let api: ListeningApi;
  before(async () => {
    usher = await startUsher();
    const file = (name: string) => readFileSync(join(dirname(usher.caFile), name));
    api = await listeningApi({ cert: file('server.pem'), key: file('server-key.pem') });
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
  });
  after(async () => {
    await api?.close();
    await usher?.stop();
  });

  async function graph(method: string, path: string, body: unknown, status: number): Promise<Json> {
    const response = await usher.graph(method, path, body);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return text === '' ? {} : JSON.parse(text);
  }

  const newEmail = (): string => `eve.${randomBytes(4).toString('hex')}@fabrikam.example`;
  const nameOf = (email: string): string => email.replace('@', '_');

  /** An application that a flow for guests has newcomers for, which calls the API before it makes an account. */
  async function applicationWithApproval(): Promise<string> {
    const { appId } = await newApplication(usher, { spa: { redirectUris: [redirectUri] } });
    const id = `B2X_1_f${randomBytes(6).toString('hex')}`;
    const flow = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
    await graph(
      'POST',
      '/beta/identity/b2xUserFlows',
      { ...flow, identityProviders: [{ id: 'EmailOtpSignup-OAUTH' }] },
      201,
    );
    const connector = await graph(
      'POST',
      '/v1.0/identity/apiConnectors',
      {
        displayName: 'Request approval',
        targetUrl: `${api.origin}/approvals`,
        authenticationConfiguration: {
          '@odata.type': '#microsoft.graph.basicAuthentication',
          username: 'usher',
          password: 'sesame',
        },
      },
      201,
    );
    const reference = { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${connector['id']}` };
    for (const step of ['postFederationSignup', 'postAttributeCollection']) {
      const place = `/beta/identity/b2xUserFlows/${id}/apiConnectorConfiguration/${step}/$ref`;
      await graph('PUT', place, reference, 204);
    }
    const listener = {
      '@odata.type': '#microsoft.graph.invokeUserFlowListener',
      priority: 100,
      sourceFilter: { includeApplications: [appId] },
      userFlow: { id },
    };
    await graph('POST', '/beta/identity/events/onSignupStart', listener, 201);
    return appId;
  }

  const verify = 'emailVerificationControl_but_verify_code';

  /** With the code that was just mailed. */
  const enterCode = async (visitor: Visitor, shown: Visit, email: string): Promise<Visit> =>
    visitor.submit(shown, verify, { emailVerificationCode: await usher.code(email) });

  async function signUp(appId: string, email: string): Promise<Visit> {
    const visitor = newVisitor(usher);
    const { url } = authorize(usher, { client_id: appId, scope }, tenant);
    const chosen = await visitor.submit(await visitor.open(url), 'createAccount');
    return enterCode(visitor, await visitor.submit(chosen, 'continue', { email }), email);
  }

  /** Signs in by a code; resolves to the claims of the ID token. */
  async function signIn(client: string, email: string): Promise<Json> {
    const visitor = newVisitor(usher);
    const attempt = authorize(usher, { client_id: client, scope }, tenant);
    const first = await visitor.open(attempt.url);
    const asked = await visitor.submit(first, 'emailCode', { logonIdentifier: email, email });
    const done = await enterCode(visitor, asked, email);
    const code = done.left?.searchParams.get('code');
    assert.ok(code, textOf(done.html));
    const response = await fetch(`${usher.url}/${seeded.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client,
        code,
        code_verifier: attempt.verifier,
        redirect_uri: attempt.redirectUri,
      }),
    });
    return claimsIn(((await response.json()) as Readonly<Record<string, string>>)['id_token']);
  }

  test('an approval: asked for, waited for, and given by the system that decides, through Graph', async () => {
    const appId = await applicationWithApproval();
    const email = newEmail();
    const requests = new Map<string, Json>();
    api.answering = (response, call, request) => {
      const address = String(call.body['email']);
      if (requests.has(address)) return blocking('Your access request is already processing.')(response, call, request);
      // The first step asks whether there is a request, the second, which follows it at once, makes one.
      if (api.calls.filter(({ body }) => body['email'] === address).length === 1)
        return goOn()(response, call, request);
      requests.set(address, call.body);
      return blocking('Your account is now waiting for approval.')(response, call, request);
    };
    assert.match(textOf((await signUp(appId, email)).html), /Your account is now waiting for approval\./);
    await usher.advance(60);
    assert.match(textOf((await signUp(appId, email)).html), /Your access request is already processing\./);
    const found = await graph('GET', `/v1.0/users?$filter=mail eq '${email}'`, undefined, 200);
    assert.deepEqual(found['value'], [], 'nobody was made');

    const { identities } = requests.get(email) ?? {};
    const guest = {
      userPrincipalName: `${nameOf(email)}#EXT@${seeded.tenant}`,
      accountEnabled: true,
      mail: email,
      userType: 'Guest',
      identities,
      displayName: 'Eve Approved',
    };
    const made = await graph('POST', '/v1.0/users', guest, 201);
    await usher.advance(60);
    const before = api.calls.length;
    const claims = await signIn(appId, email);
    assert.equal(claims['oid'], made['id']);
    assert.equal(api.calls.length, before, 'who has an account is nothing to the API');
    const user = await graph('GET', `/v1.0/users/${made['id']}`, undefined, 200);
    assert.equal(user['userPrincipalName'], `${nameOf(email)}#EXT#@${seeded.tenant}`);
  });

  test('an approval by invitation: who was invited signs in with the address, and has accepted', async () => {
    const email = newEmail();
    const invited = await graph(
      'POST',
      '/v1.0/invitations',
      { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/' },
      201,
    );
    const { id } = invited['invitedUser'] as { readonly id: string };
    await graph('PATCH', `/v1.0/users/${id}`, { displayName: 'Eve', city: 'Turin' }, 204);
    assert.equal((await signIn(seeded.spa, email))['oid'], id);
    const select = '$select=externalUserState,identities,city';
    const user = await graph('GET', `/v1.0/users/${id}?${select}`, undefined, 200);
    assert.deepEqual([user['externalUserState'], user['city']], ['Accepted', 'Turin']);
  });

  test('an invitation by letter: its link leads to a page of the tenant, and from there to the application', async () => {
    const email = newEmail();
    const draft = { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/welcome' };
    const invited = await graph('POST', '/v1.0/invitations', { ...draft, sendInvitationMessage: true }, 201);
    const link = String(invited['inviteRedeemUrl']);
    assert.ok(link.startsWith(`${usher.url}/${seeded.tenant}/redeem?ticket=`), link);
    const [letter] = await usher.outbox(email);
    assert.ok(letter?.text.includes(link));
    const visitor = newVisitor(usher);
    const shown = await visitor.open(link);
    assert.match(textOf(shown.html), /Accept the invitation/);
    assert.ok(!shown.html.includes(email), 'who was forwarded the link does not learn the address');
    const asked = await visitor.submit(shown, 'emailVerificationControl_but_send_code');
    const done = await enterCode(visitor, asked, email);
    assert.equal(done.left?.href, 'https://app.example/welcome');
    const again = await newVisitor(usher).open(link);
    assert.equal(again.status, 410);
    assert.match(textOf(again.html), /Ask whoever invited you for a new one/);
    await usher.advance(60);
    const { id } = invited['invitedUser'] as { readonly id: string };
    assert.equal((await signIn(seeded.spa, email))['oid'], id);
  });

  test('links that lead nowhere say so, whatever is written in them', async () => {
    const visitor = newVisitor(usher);
    const statuses = await Promise.all(
      [
        `/${seeded.tenant}/redeem`,
        `/${seeded.tenant}/redeem?ticket=invented`,
        `/${seeded.tenantId}/REDEEM?ticket=${'x'.repeat(5000)}`,
        `/${seeded.tenant}/redeem?ticket=a&ticket=b`,
        '/nowhere.example/redeem?ticket=x',
      ].map(async (path) => (await visitor.open(path)).status),
    );
    assert.deepEqual(statuses, [410, 410, 410, 400, 404]);
  });
});
