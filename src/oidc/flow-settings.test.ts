import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import { flowForm } from './claims.ts';
import { findFlow } from './flow.ts';
import { type House, openHouse, secret } from './testing/harness.ts';
import {
  authorizeUrl,
  claimsOf,
  createBrowser,
  type Ending,
  postToken,
  readRedirect,
  redemption,
  signIn,
  type TokenAnswer,
} from './testing/visitor.ts';

const by = system('test');
const type = entities.b2cIdentityUserFlow;

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

let made = 0;

/** A flow of its own for one test. */
async function newFlow(parts: Partial<Draft<typeof type>> = {}): Promise<string> {
  made += 1;
  const id = `B2C_1_made${made}`;
  await house.contoso.directory.create(by, type, {
    id,
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
    ...parts,
  });
  return id;
}

const flowOf = async (id: string) => {
  const flow = await findFlow(house.contoso.directory, id);
  assert.ok(flow);
  return flow;
};

const asWeb = { client_id: '22222222-2222-4222-8222-222222222222', redirect_uri: 'http://localhost:3001/cb' };

/** What the confidential application gets for a journey that ended so. */
async function tokensAt(flow: string, ending: Ending = { user: house.adele }): Promise<TokenAnswer> {
  const answer = await signIn(house, createBrowser(house), { url: authorizeUrl(asWeb, flow), ending });
  const code = readRedirect(answer).params.get('code') ?? '';
  return postToken(house, { ...redemption(code), ...asWeb, client_secret: secret }, { flow });
}

const longLived = {
  tokenLifetimeConfiguration: {
    accessAndIdTokenLifetimeInMinutes: 1440,
    refreshTokenLifetimeInDays: 90,
    rollingRefreshTokenLifetimeInDays: -1,
  },
};

test('flows that reset passwords keep to the defaults, whatever is written in them', async () => {
  const seen = async (flow: string) => {
    const { body } = await tokensAt(flow);
    return [body['id_token_expires_in'], body['refresh_token_expires_in']];
  };
  assert.deepEqual(await seen(await newFlow(longLived)), [86_400, 90 * 86_400]);
  assert.deepEqual(await seen(await newFlow({ ...longLived, userFlowType: 'passwordReset' })), [3600, 14 * 86_400]);
});

test('newUser is told in the tokens of the sign-up, where the flow returns it', async () => {
  const ending = { user: house.adele, newUser: true };
  const flow = await newFlow();
  const told = async () => claimsOf((await tokensAt(flow, ending)).body['id_token'])['newUser'];
  assert.equal(await told(), true);
  assert.ok(flowForm(await flowOf(flow), '').supported.includes('newUser'));
  const settings = (isNewUserIncluded: boolean) =>
    ({ settings: { tokenClaims: { isNewUserIncluded } } }) as unknown as Draft<typeof type>;
  await house.contoso.directory.update(by, { type, id: flow }, settings(false));
  assert.equal(await told(), undefined);
  assert.ok(!flowForm(await flowOf(flow), '').supported.includes('newUser'));
});

test('who proved the person and what they gave is told where the flow returns it', async () => {
  const from = { identityProvider: 'facebook.com', identityProviderAccessToken: 'EAAC' };
  const tokenClaims = (isIdentityProviderIncluded: boolean, isIdentityProviderAccessTokenIncluded: boolean) =>
    ({
      settings: {
        tokenClaims: { isIdentityProviderIncluded, isIdentityProviderAccessTokenIncluded, isNewUserIncluded: true },
      },
    }) as unknown as Draft<typeof type>;
  for (const [idp, token] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const flow = await flowOf(await newFlow(tokenClaims(idp, token)));
    const claims = flowForm(flow, '').claims(house.adele, from);
    assert.equal(claims['idp'], idp ? 'facebook.com' : undefined);
    assert.equal(claims['idp_access_token'], token ? 'EAAC' : undefined);
    const listed = flowForm(flow, '').supported;
    assert.deepEqual([listed.includes('idp'), listed.includes('idp_access_token')], [idp, token]);
  }
});

test('a selection of attributes leaves out the others, not what no attribute stands for', async () => {
  const flow = await newFlow();
  await house.contoso.directory.link(by, { type, id: flow }, 'applicationClaims', 'surname');
  const claims = flowForm(await flowOf(flow), '').claims(house.adele, { identityProvider: 'facebook.com' });
  assert.deepEqual(claims, { idp: 'facebook.com' });
  const tokens = claimsOf((await tokensAt(flow, { user: house.adele, newUser: true })).body['id_token']);
  assert.deepEqual([tokens['oid'], tokens['newUser'], tokens['name']], [house.adele.id, true, undefined]);
});

test('staying signed in is offered by recommended flows that sign in or edit', async () => {
  const singleSignOnSessionConfiguration = {
    isKeepMeSignedInEnabled: true,
    keepMeSignedInDays: 5,
  } as Draft<typeof type>['singleSignOnSessionConfiguration'] & {};
  const keptAt = async (userFlowType: Draft<typeof type>['userFlowType'], userFlowTypeVersion: number) => {
    const parts = { userFlowType, userFlowTypeVersion, singleSignOnSessionConfiguration };
    return (await flowOf(await newFlow(parts as Partial<Draft<typeof type>>))).session.keptSeconds;
  };
  for (const kind of ['signUpOrSignIn', 'signIn', 'profileUpdate'] as const) {
    assert.equal(await keptAt(kind, 3), 5 * 86_400);
    assert.equal(await keptAt(kind, 1), undefined);
  }
  for (const kind of ['signUp', 'passwordReset'] as const) assert.equal(await keptAt(kind, 3), undefined);
});
