import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callbackOf, graph } from '../support/federation.ts';
import { newApplication } from '../support/flow-settings.ts';
import { goOn, type ListeningApi, listeningApi } from '../support/listening-api.ts';
import { type Attempt, authorize, claimsIn, codeIn, redirectUri, token } from '../support/sign-in.ts';
import { documented } from '../support/social-providers/documented.ts';
import { client, type LocalProvider, startOAuth2Provider } from '../support/social-providers/server.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

/** No flow in the address: the tenant itself. */
const tenant = '';

/** The providers of flows for guests that are not Microsoft's (b2c contract i). */
for (const { type, person, provider } of documented.filter((one) => ['Google', 'Facebook'].includes(one.type))) {
  describe(`guests from ${type}`, () => {
    const flow = `B2X_1_${type}`;
    let usher: Usher;
    let local: LocalProvider;
    let api: ListeningApi;
    let appId: string;

    before(async () => {
      local = await startOAuth2Provider(provider);
      api = await listeningApi();
      api.answering = goOn();
      usher = await startUsher({ args: ['--provider-origin', `${type}=${local.origin}`] });
      appId = (await newApplication(usher, { spa: { redirectUris: [redirectUri] } })).appId;
      await graph(usher, 'POST', '/beta/identity/identityProviders', {
        '@odata.type': '#microsoft.graph.socialIdentityProvider',
        identityProviderType: type,
        displayName: type,
        clientId: client.id,
        clientSecret: client.secret,
      });
      const kind = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
      const identityProviders = [{ id: `${type}-OAUTH` }];
      await graph(usher, 'POST', '/beta/identity/b2xUserFlows', { id: flow, ...kind, identityProviders });
      const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'usher', password: 'sesame' };
      const connector = { displayName: 'Check', targetUrl: api.origin, authenticationConfiguration: basic };
      const { id } = await graph(usher, 'POST', '/v1.0/identity/apiConnectors', connector);
      const place = `/beta/identity/b2xUserFlows/${flow}/apiConnectorConfiguration/postFederationSignup/$ref`;
      await graph(usher, 'PUT', place, { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${id}` });
      await graph(usher, 'POST', '/beta/identity/events/onSignupStart', {
        '@odata.type': '#microsoft.graph.invokeUserFlowListener',
        priority: 100,
        sourceFilter: { includeApplications: [appId] },
        userFlow: { id: flow },
      });
    });
    after(async () => {
      await usher?.stop();
      await api?.close();
      await local?.close();
    });

    const from = (visitor: Visitor, params: Readonly<Record<string, string>>): Promise<Visit> =>
      visitor.open(`${callbackOf()}?${new URLSearchParams(params)}`);

    /** To the provider; `as`: from the page to sign in, or from the one to create an account. */
    async function leave(visitor: Visitor, as: 'signIn' | 'newcomer') {
      const attempt = authorize(usher, { client_id: appId, scope: 'openid profile email' }, tenant);
      const first = await visitor.open(attempt.url);
      const shown = as === 'newcomer' ? await visitor.submit(first, 'createAccount') : first;
      const { left, html } = await visitor.submit(shown, `${type}Exchange`);
      assert.equal(left?.origin, local.origin, textOf(html));
      return { attempt, url: String(left) };
    }
    async function claimsOf({ verifier, redirectUri: redirect_uri }: Attempt, visit: Visit) {
      const exchange = { client_id: appId, code: codeIn(visit), code_verifier: verifier, redirect_uri };
      return claimsIn((await token(usher, { grant_type: 'authorization_code', ...exchange }, tenant)).answer.id_token);
    }
    const known = async () => {
      const { issuer, issuerAssignedId } = person;
      const filter = `identities/any(c:c/issuer eq '${issuer}' and c/issuerAssignedId eq '${issuerAssignedId}')`;
      const select = 'id,userType,creationType,externalUserState,mail,userPrincipalName,displayName';
      return (await graph(usher, 'GET', `/v1.0/users?$filter=${filter}&$select=${select}`))['value'] as readonly Record<
        string,
        unknown
      >[];
    };

    test('whoever turns back there, or meets trouble, goes back to the application without an account', async () => {
      for (const fate of ['turns back', 'meets trouble'] as const) {
        const visitor = newVisitor(usher);
        const { url } = await leave(visitor, 'newcomer');
        local.person = fate;
        const { left, html } = await from(visitor, (await local.visit(url)).params);
        local.person = 'agrees';
        assert.equal(left?.searchParams.get('code') ?? null, null);
        assert.match(left?.searchParams.get('error_description') ?? textOf(html), /AADSTS\d+: /);
      }
      assert.deepEqual([await known(), api.calls.length], [[], 0]);
    });

    test('an answer makes nobody a guest in another browser, or under a state that was made up', async () => {
      const visitor = newVisitor(usher);
      const { params } = await local.visit((await leave(visitor, 'newcomer')).url);
      for (const [browser, state] of [
        [newVisitor(usher), params['state'] ?? ''],
        [visitor, 'made-up'],
      ] as const) {
        const { left, status } = await from(browser, { ...params, state });
        assert.equal(left, undefined);
        assert.ok(status >= 400, String(status));
      }
      assert.deepEqual(await known(), []);
    });

    test('a newcomer is a guest under the name they have there, and signs in as the same; an address opens nothing', async () => {
      const { email = '' } = person.claims;
      const invitation = { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/' };
      const { invitedUser } = await graph(usher, 'POST', '/v1.0/invitations', invitation);
      const { id: invited } = invitedUser as { readonly id: string };

      const visitor = newVisitor(usher);
      const { attempt, url } = await leave(visitor, 'newcomer');
      const { params } = await local.visit(url);
      const claims = await claimsOf(attempt, await from(visitor, params));
      const [guest, ...others] = await known();
      assert.ok(guest && others.length === 0);
      assert.deepEqual(
        [guest['id'], guest['userType'], guest['creationType'], guest['externalUserState'], guest['displayName']],
        [claims['oid'], 'Guest', 'SelfServiceSignUp', null, person.claims['displayName']],
      );
      assert.match(String(guest['userPrincipalName']), new RegExp(`#EXT#@${seeded.tenant}$`));
      assert.equal(guest['mail'], person.isEmailVerified ? email : null);
      const { issuer, issuerAssignedId } = person;
      const { body } = api.calls[0] ?? assert.fail('the API was not asked');
      assert.deepEqual(
        [body['identities'], body['email'], body['step'], body['client_id']],
        [[{ signInType: 'federated', issuer, issuerAssignedId }], email, undefined, undefined],
      );
      assert.notEqual(guest['id'], invited);
      const still = await graph(usher, 'GET', `/v1.0/users/${invited}?$select=externalUserState`);
      assert.equal(still['externalUserState'], 'PendingAcceptance');

      assert.equal(
        (await from(visitor, params)).left?.searchParams.get('code') ?? null,
        null,
        'an answer is good once',
      );
      const again = newVisitor(usher);
      const back = await leave(again, 'signIn');
      const theirs = await claimsOf(back.attempt, await from(again, (await local.visit(back.url)).params));
      assert.deepEqual([theirs['oid'], api.calls.length], [guest['id'], 1]);
    });

    test('once the flow no longer offers it, nobody on the way from there is made a guest', async () => {
      const visitor = newVisitor(usher);
      const { id } = (await known())[0] ?? assert.fail();
      await graph(usher, 'DELETE', `/v1.0/users/${id}`);
      const { params } = await local.visit((await leave(visitor, 'newcomer')).url);
      await graph(usher, 'DELETE', `/beta/identity/b2xUserFlows/${flow}/userFlowIdentityProviders/${type}-OAUTH/$ref`);
      const { left } = await from(visitor, params);
      assert.equal(left?.searchParams.get('code') ?? null, null);
      assert.deepEqual(await known(), []);
    });
  });
}
