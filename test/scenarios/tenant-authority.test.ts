import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { newApplication } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { authorize, claimsIn, codeFor, codeIn, redeem, redirectUri, refresh } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

/** No flow in the address: the tenant itself. */
const tenant = '';
const scope = 'openid profile email offline_access';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

const asked = (changes: Readonly<Record<string, string | null>> = {}) =>
  authorize(usher, { scope, ...changes }, tenant);

const metadata = async (): Promise<Readonly<Record<string, string>>> =>
  (await (await fetch(`${usher.url}/${seeded.tenant}/v2.0/.well-known/openid-configuration`)).json()) as Record<
    string,
    string
  >;

interface SignInEntry {
  readonly status: { readonly errorCode: number; readonly additionalDetails: string };
}

/** What a silent request comes to: `code`, or its refusal. */
async function silent(visitor: Visitor, flow: string = tenant): Promise<string> {
  const { left } = await visitor.open(authorize(usher, { scope, prompt: 'none' }, flow).url);
  const members = left?.searchParams ?? assert.fail('a page was shown');
  if (members.has('code')) return 'code';
  return `${members.get('error')} ${/^AAD\w+/.exec(members.get('error_description') ?? '')?.[0]}`;
}

async function graph(
  method: string,
  path: string,
  body: unknown,
  status: number,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text === '' ? {} : JSON.parse(text);
}

/** A single-page application of its own, and the user flow for guests that a listener leads it to, if there is to be one. */
async function application(guests: boolean): Promise<string> {
  const { appId } = await newApplication(usher, { spa: { redirectUris: [redirectUri] } });
  if (!guests) return appId;
  const flow = await graph(
    'POST',
    '/beta/identity/b2xUserFlows',
    {
      id: `f${randomBytes(6).toString('hex')}`,
      userFlowType: 'signUpOrSignIn',
      userFlowTypeVersion: 1,
      identityProviders: [{ id: 'EmailOtpSignup-OAUTH' }],
    },
    201,
  );
  const listener = {
    '@odata.type': '#microsoft.graph.invokeUserFlowListener',
    priority: 100,
    sourceFilter: { includeApplications: [appId] },
    userFlow: { id: flow['id'] },
  };
  await graph('POST', '/beta/identity/events/onSignupStart', listener, 201);
  return appId;
}

/** Presses through the proof of an address that is on the page now. */
async function proveAddress(visitor: Visitor, shown: Visit, email: string): Promise<Visit> {
  assert.match(textOf(shown.html), /code/i);
  const emailVerificationCode = await usher.code(email);
  return visitor.submit(shown, 'emailVerificationControl_but_verify_code', { emailVerificationCode });
}

test('somebody of the tenant signs in without a flow in the address, and the tokens verify against the metadata', async () => {
  const attempt = asked();
  const code = await codeFor(newVisitor(usher), attempt);
  const { status, answer } = await redeem(usher, attempt, code, tenant);
  assert.equal(status, 200, JSON.stringify(answer));
  const { issuer, jwks_uri: jwksUri = '', userinfo_endpoint: userinfo = '' } = await metadata();
  assert.equal(issuer, `${usher.url}/${seeded.tenantId}/v2.0`);
  const keys = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: fetch });
  const { payload } = await jwtVerify(answer.id_token ?? '', keys, { issuer: issuer ?? '', audience: seeded.spa });
  assert.deepEqual([payload['ver'], payload['tid'], payload['tfp']], ['2.0', seeded.tenantId, undefined]);
  assert.deepEqual([payload['preferred_username'], payload['email']], [seeded.user, seeded.user]);
  const told = await fetch(userinfo, { headers: { authorization: `Bearer ${answer.access_token}` } });
  const about = (await told.json()) as Readonly<Record<string, unknown>>;
  assert.deepEqual([about['sub'], about['email']], [payload.sub, seeded.user]);
});

test('a token for an API names it, and the refresh token renews it at the tenant alone', async () => {
  const attempt = asked({ scope: `${scope} ${seeded.scope}` });
  const { answer } = await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt), tenant);
  const { aud, scp } = claimsIn(answer.access_token);
  assert.deepEqual([aud, scp], [seeded.api, 'tasks.read']);
  const flow = await refresh(usher, answer.refresh_token ?? '');
  assert.match(flow.answer.error_description ?? '', /^AADB2C90088/);
  const renewed = await refresh(usher, answer.refresh_token ?? '', tenant);
  assert.equal(claimsIn(renewed.answer.access_token)['aud'], seeded.api);
});

test('who has signed in is known at the tenant until they sign out, and not at the flows', async () => {
  const visitor = newVisitor(usher);
  assert.equal(await silent(visitor), 'login_required AADSTS50058');
  await codeFor(visitor, asked());
  assert.equal(await silent(visitor), 'code');
  assert.equal(await silent(visitor, seeded.flow), 'interaction_required AADB2C90077');
  const { end_session_endpoint: end = '' } = await metadata();
  const { left } = await visitor.open(`${end}?${new URLSearchParams({ post_logout_redirect_uri: redirectUri })}`);
  assert.equal(left?.href, redirectUri);
  assert.equal(await silent(visitor), 'login_required AADSTS50058');
});

test('a session of a flow opens no door at the tenant', async () => {
  const visitor = newVisitor(usher);
  await codeFor(visitor, authorize(usher));
  assert.equal(await silent(visitor, seeded.flow), 'code');
  assert.equal(await silent(visitor), 'login_required AADSTS50058');
});

test('an application that no listener names offers no account, one that a listener names does', async () => {
  const pages = await Promise.all(
    [await application(false), await application(true)].map((appId) =>
      newVisitor(usher).open(asked({ client_id: appId }).url),
    ),
  );
  assert.deepEqual(
    pages.map(({ html }) => html.includes('value="createAccount"')),
    [false, true],
  );
});

test('a guest makes an account by a code to their address, and is known by it in tokens and the next time', async () => {
  const appId = await application(true);
  const email = `eve.${randomBytes(4).toString('hex')}@fabrikam.example`;
  const visitor = newVisitor(usher);
  const attempt = asked({ client_id: appId });
  const chosen = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
  const proved = await proveAddress(visitor, await visitor.submit(chosen, 'continue', { email }), email);
  const done = proved.left ? proved : await visitor.submit(proved, 'continue', { displayName: 'Eve' });
  const redeemed = await fetch(`${usher.url}/${seeded.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: appId,
      code: codeIn(done),
      code_verifier: attempt.verifier,
      redirect_uri: attempt.redirectUri,
    }),
  });
  const answer = (await redeemed.json()) as Readonly<Record<string, string>>;
  const claims = claimsIn(answer['id_token']);
  assert.deepEqual([claims['idp'], claims['email'], claims['preferred_username']], ['mail', email, email]);
  const user = await graph('GET', `/v1.0/users/${claims['oid']}?$select=userType,creationType`, undefined, 200);
  assert.deepEqual([user['userType'], user['creationType']], ['Guest', 'SelfServiceSignUp']);
  const known = await visitor.open(authorize(usher, { client_id: appId, scope, prompt: 'none' }, tenant).url);
  assert.ok(known.left?.searchParams.has('code'), known.left?.href);
});

test('errors bear the numbers of the directory, towards the application and the person', async () => {
  const visitor = newVisitor(usher);
  const sent = await visitor.open(asked({ scope: 'openid User.Read' }).url);
  assert.equal(sent.left?.searchParams.get('error'), 'invalid_scope');
  assert.match(sent.left?.searchParams.get('error_description') ?? '', /^AADSTS70011: /);
  const shown = await visitor.open(asked({ redirect_uri: 'https://evil.example/' }).url);
  assert.equal(shown.status, 400);
  assert.match(textOf(shown.html), /AADSTS50011/);
  const attempt = asked();
  const { status, answer } = await redeem(usher, attempt, 'never given out', tenant);
  assert.deepEqual([status, answer.error, answer['error_codes']], [400, 'invalid_grant', [70000]]);
  for (const member of ['trace_id', 'correlation_id', 'timestamp'])
    assert.equal(typeof answer[member], 'string', member);
});

test('the sign-in log names the flow that was walked', async () => {
  const appId = await application(true);
  await codeFor(newVisitor(usher), asked({ client_id: appId }));
  const [entry] = await logged<SignInEntry>(usher, 'auditLogs/signIns', `appId eq '${appId}'`);
  assert.equal(entry?.status.errorCode, 0);
  assert.match(entry?.status.additionalDetails ?? '', /^User flow: B2X_1_f/);
});
