import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { connect, examplePassword, newConnector, startExample } from '../support/example.ts';
import { newApplication } from '../support/flow-settings.ts';
import { authorize, claimsIn, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

type Json = Readonly<Record<string, unknown>>;

/** No flow in the address: the tenant itself. */
const tenant = '';
const scope = 'openid profile email offline_access';

describe('guests', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  async function graph(method: string, path: string, body: unknown, status: number): Promise<Json> {
    const response = await usher.graph(method, path, body);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return text === '' ? {} : JSON.parse(text);
  }

  const newEmail = (): string => `eve.${randomBytes(4).toString('hex')}@fabrikam.example`;
  const nameOf = (email: string): string => email.replace('@', '_');

  /** An application that a flow for guests has newcomers for, which asks an approval system before it makes an account. */
  async function applicationWithApproval(origin: string): Promise<string> {
    const { appId } = await newApplication(usher, { spa: { redirectUris: [redirectUri] } });
    const id = `B2X_1_f${randomBytes(6).toString('hex')}`;
    const flow = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
    const identityProviders = [{ id: 'EmailOtpSignup-OAUTH' }];
    await graph('POST', '/beta/identity/b2xUserFlows', { ...flow, identityProviders }, 201);
    const [check, request] = [
      await newConnector(usher, `${origin}/check`),
      await newConnector(usher, `${origin}/request`),
    ];
    await connect(usher, id, 'postFederationSignup', check, 'b2xUserFlows');
    await connect(usher, id, 'postAttributeCollection', request, 'b2xUserFlows');
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

  async function decide(origin: string, email: string, decision: 'approve' | 'deny'): Promise<Json> {
    const response = await fetch(`${origin}/decide`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`usher:${examplePassword}`).toString('base64')}` },
      body: JSON.stringify({ email, decision }),
    });
    const answer = (await response.json()) as Json;
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }

  test('an approval: asked for, waited for, and given by the system that decides, through Graph', async (t) => {
    const origin = await startExample(t, usher, 'approval');
    const appId = await applicationWithApproval(origin);
    const email = newEmail();
    assert.match(textOf((await signUp(appId, email)).html), /Your account is now waiting for approval\./);
    await usher.advance(60);
    assert.match(textOf((await signUp(appId, email)).html), /Your access request is already processing\./);
    const found = await graph('GET', `/v1.0/users?$filter=mail eq '${email}'`, undefined, 200);
    assert.deepEqual(found['value'], [], 'nobody was made');
    const { userId } = await decide(origin, email, 'approve');
    await usher.advance(60);
    assert.equal((await signIn(appId, email))['oid'], userId);
    const user = await graph('GET', `/v1.0/users/${userId}`, undefined, 200);
    assert.equal(user['userPrincipalName'], `${nameOf(email)}#EXT#@${seeded.tenant}`);
  });

  test('an approval that is denied leaves nobody behind', async (t) => {
    const origin = await startExample(t, usher, 'approval');
    const appId = await applicationWithApproval(origin);
    const email = newEmail();
    await signUp(appId, email);
    await decide(origin, email, 'deny');
    await usher.advance(60);
    assert.match(textOf((await signUp(appId, email)).html), /Your sign up request has been denied\./);
    const found = await graph('GET', `/v1.0/users?$filter=mail eq '${email}'`, undefined, 200);
    assert.deepEqual(found['value'], []);
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
