import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { answering, type EventApi, eventApi } from '../support/event-api.ts';
import { newApplication } from '../support/flow-settings.ts';
import { authorize, claimsIn, codeIn, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

/** Custom authentication extensions, set up through Graph and called by a running server while people sign up and in. */

const named = (type: string, members: object = {}) => ({ '@odata.type': `#microsoft.graph.${type}`, ...members });
const receivePayload = '214e810f-fda8-4fd7-a475-29461495eb00';
const graphAppId = '00000003-0000-0000-c000-000000000000';

describe('extensions that are called on events', () => {
  let usher: Usher;
  let api: EventApi;
  let apiAppId: string;
  before(async () => {
    usher = await startUsher();
    api = await eventApi();
    const receives = { resourceAppId: graphAppId, resourceAccess: [{ id: receivePayload, type: 'Role' }] };
    apiAppId = (await newApplication(usher, { requiredResourceAccess: [receives] })).appId;
  });
  after(async () => {
    await api?.close();
    await usher?.stop();
  });

  async function graph(method: string, path: string, body?: unknown): Promise<{ readonly id: string }> {
    const response = await usher.graph(method, path, body);
    const text = await response.text();
    assert.ok(response.ok, text);
    return text === '' ? { id: '' } : JSON.parse(text);
  }

  /** An extension at the API, and a listener that calls it for the application. */
  async function listens(
    appId: string,
    event: string,
    extension = event,
    handler = `on${extension}CustomExtensionHandler`,
  ) {
    const { id } = await graph(
      'POST',
      '/v1.0/identity/customAuthenticationExtensions',
      named(`on${extension}CustomExtension`, {
        endpointConfiguration: named('httpRequestEndpoint', { targetUrl: api.url }),
        authenticationConfiguration: named('azureAdTokenAuthentication', { resourceId: `api://127.0.0.1/${apiAppId}` }),
        clientConfiguration: { timeoutInMilliseconds: 2000, maximumRetries: 0 },
      }),
    );
    await graph(
      'POST',
      '/beta/identity/authenticationEventListeners',
      named(`on${event}Listener`, {
        conditions: { applications: { includeApplications: [{ appId }] } },
        handler: named(handler, { customExtension: { id } }),
      }),
    );
  }

  const application = async () => (await newApplication(usher, { spa: { redirectUris: [redirectUri] } })).appId;

  /** An application whose newcomers are asked for their name and city, by an events flow. */
  async function withSignUp(): Promise<string> {
    const appId = await application();
    const input = (attribute: string) => ({ attribute, label: attribute, inputType: 'text', editable: true });
    const inputs = ['displayName', 'city'].map(input);
    await graph(
      'POST',
      '/v1.0/identity/authenticationEventsFlows',
      named('externalUsersSelfServiceSignUpEventsFlow', {
        displayName: randomBytes(4).toString('hex'),
        conditions: { applications: { includeApplications: [{ appId }] } },
        onInteractiveAuthFlowStart: named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp', {
          isSignUpAllowed: true,
        }),
        onAuthenticationMethodLoadStart: named('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp', {
          identityProviders: [{ id: 'EmailOtpSignup-OAUTH' }],
        }),
        onAttributeCollection: named('onAttributeCollectionExternalUsersSelfServiceSignUp', {
          attributeCollectionPage: { views: [{ inputs }] },
          attributes: inputs.map(({ attribute }) => ({ id: attribute })),
        }),
      }),
    );
    return appId;
  }

  const asked = (appId: string, changes = {}) =>
    authorize(usher, { client_id: appId, scope: 'openid profile email', ...changes }, '');

  async function redeem(appId: string, { verifier }: { readonly verifier: string }, code: string) {
    const response = await fetch(`${usher.url}/${seeded.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { origin: new URL(redirectUri).origin },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: appId,
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }),
    });
    const answer = (await response.json()) as Readonly<Record<string, string>>;
    assert.equal(response.status, 200, JSON.stringify(answer));
    return claimsIn(answer['id_token']);
  }

  const signIn = async (visitor: Visitor, url: URL): Promise<Visit> => {
    const shown = await visitor.open(url);
    return shown.left ? shown : visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
  };
  const last = () => api.received.at(-1) ?? assert.fail('nobody was called');
  const claims = (given: object) => answering('tokenIssuanceStart', 'provideClaimsForToken', { claims: given });

  test('give claims for tokens, also by single sign-on, and prove by a token of the tenant who calls', async () => {
    const appId = await application();
    await listens(appId, 'TokenIssuanceStart');
    const visitor = newVisitor(usher);
    api.answers(claims({ shoeSize: '43', groups2: ['a', 'b'], oid: 'somebody else' }));
    const attempt = asked(appId);
    const first = await redeem(appId, attempt, codeIn(await signIn(visitor, attempt.url)));
    assert.deepEqual([first['shoeSize'], first['groups2']], ['43', ['a', 'b']]);
    assert.notEqual(first['oid'], 'somebody else');

    api.answers(claims({ shoeSize: '44' }));
    const silent = asked(appId, { prompt: 'none' });
    const again = await redeem(appId, silent, codeIn(await visitor.open(silent.url)));
    assert.deepEqual([again['shoeSize'], again['groups2']], ['44', undefined]);

    const [scheme, token = ''] = (last().headers.authorization ?? '').split(' ');
    assert.equal(scheme, 'Bearer');
    const found = await fetch(`${usher.url}/${seeded.tenant}/v2.0/.well-known/openid-configuration`);
    const { issuer, jwks_uri: keys } = (await found.json()) as Readonly<Record<string, string>>;
    const verified = await jwtVerify(token, createRemoteJWKSet(new URL(keys ?? ''), { [customFetch]: fetch }), {
      issuer: issuer ?? '',
      audience: apiAppId,
    });
    const { azp, appid, tid, exp = 0, iat = 0 } = verified.payload;
    const service = '99045fe1-7639-4a75-9d4a-577b6ca3810f';
    assert.deepEqual([azp, appid, tid, exp - iat], [service, service, seeded.tenantId, 600]);
    const asGraph = await fetch(`${usher.url}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(asGraph.status, 401);
  });

  test('that fail let nobody have a token; the page says so, and the same can be tried again', async () => {
    const appId = await application();
    await listens(appId, 'TokenIssuanceStart');
    const visitor = newVisitor(usher);
    api.reacts({ status: 500, body: 'secret of the API' });
    const attempt = asked(appId);
    const shown = await signIn(visitor, attempt.url);
    assert.equal(shown.left, undefined);
    assert.match(textOf(shown.html), /error 1003002, [0-9a-f-]{36}/);
    assert.doesNotMatch(shown.html, /secret of the API/);
    const silent = await visitor.open(asked(appId, { prompt: 'none' }).url);
    assert.ok(silent.left?.searchParams.has('error'), silent.left?.href);
    api.answers(claims({ shoeSize: '43' }));
    const done = await visitor.submit(shown, 'continue');
    assert.equal((await redeem(appId, attempt, codeIn(done)))['shoeSize'], '43');
    assert.doesNotMatch(usher.log(), /secret of the API/);
  });

  test('do nothing in the user flows of Azure AD B2C', async () => {
    const appId = await application();
    await listens(appId, 'TokenIssuanceStart');
    const calls = api.received.length;
    const { url } = authorize(usher, { client_id: appId, scope: 'openid' });
    codeIn(await signIn(newVisitor(usher), url));
    assert.equal(api.received.length, calls);
  });

  test('deliver the code, fill in the page, find fault with it and change what was entered', async () => {
    const appId = await withSignUp();
    for (const [event, extension] of [
      ['EmailOtpSend', 'OtpSend'],
      ['AttributeCollectionStart', 'AttributeCollectionStart'],
      ['AttributeCollectionSubmit', 'AttributeCollectionSubmit'],
    ] as const)
      await listens(appId, event, extension);
    const email = `eve.${randomBytes(4).toString('hex')}@fabrikam.example`;
    const visitor = newVisitor(usher);
    const json = (body: unknown) => ({ body: JSON.stringify(body) });
    api.reacts(
      json(answering('emailOtpSend', 'continueWithDefaultBehavior')),
      json(answering('attributeCollectionStart', 'setPrefillValues', { inputs: { city: 'Prefilled', jobTitle: 'x' } })),
      json(
        answering('attributeCollectionSubmit', 'showValidationError', { message: 'Which city?', attributeErrors: {} }),
      ),
      json(answering('attributeCollectionSubmit', 'modifyAttributeValues', { attributes: { city: 'Changed' } })),
    );
    const attempt = asked(appId);
    const chosen = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
    const sent = await visitor.submit(chosen, 'continue', { email });
    const { otpContext } = JSON.parse(last().body).data;
    assert.equal(otpContext.identifier, email);
    assert.match(otpContext.oneTimeCode, /^\d{8}$/);
    const page = await visitor.submit(sent, 'emailVerificationControl_but_verify_code', {
      emailVerificationCode: otpContext.oneTimeCode,
    });
    assert.match(page.html, /value="Prefilled"/);
    const faulty = await visitor.submit(page, 'continue', { displayName: 'Eve', city: 'Typed' });
    assert.match(textOf(faulty.html), /Which city\?/);
    assert.match(faulty.html, /value="Typed"/);
    const done = await visitor.submit(faulty, 'continue', { displayName: 'Eve', city: 'Typed' });
    const { oid } = await redeem(appId, attempt, codeIn(done));
    const response = await usher.graph('GET', `/v1.0/users/${oid}?$select=city,displayName,jobTitle`);
    const user = (await response.json()) as Readonly<Record<string, unknown>>;
    assert.deepEqual([user['city'], user['displayName'], user['jobTitle']], ['Changed', 'Eve', null]);
  });

  test('can keep somebody out before an account is made', async () => {
    const appId = await withSignUp();
    await listens(appId, 'AttributeCollectionSubmit');
    const email = `mallory.${randomBytes(4).toString('hex')}@fabrikam.example`;
    const visitor = newVisitor(usher);
    api.answers(
      answering('attributeCollectionSubmit', 'showBlockPage', { title: 'Hold tight', message: 'Not today.' }),
    );
    const chosen = await visitor.submit(await visitor.open(asked(appId).url), 'createAccount');
    const sent = await visitor.submit(chosen, 'continue', { email });
    const emailVerificationCode = await usher.code(email);
    const page = await visitor.submit(sent, 'emailVerificationControl_but_verify_code', { emailVerificationCode });
    const blocked = await visitor.submit(page, 'continue', { displayName: 'Mallory' });
    assert.match(textOf(blocked.html), /Hold tight/);
    assert.match(textOf(blocked.html), /Not today\./);
    const { left } = await visitor.submit(blocked, 'cancel');
    assert.equal(left?.searchParams.get('error'), 'access_denied');
    const found = await usher.graph('GET', `/v1.0/users?$filter=mail eq '${email}'`);
    assert.deepEqual(((await found.json()) as { readonly value: readonly unknown[] }).value, []);
  });
});
