/** What the sign-in log is told by the endpoints. */

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { SignInEvent } from '../identity/index.ts';
import { system } from '../kernel/index.ts';
import { entities, graphAppId } from '../model/index.ts';
import { apiUri, type House, ids, openHouse, secret } from './testing/harness.ts';
import {
  authorizeUrl,
  createBrowser,
  endJourney,
  postToken,
  readRedirect,
  redemption,
  signedIn,
  signIn,
} from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const told = (): readonly SignInEvent[] => house.contoso.signIns;
afterEach(() => house.contoso.signIns.splice(0));

/** How an event came out, in short. */
const short = ({ interactive, user, failure }: SignInEvent) => [interactive, user?.id, failure?.code];
const codeIn = (response: Response): string => readRedirect(response).params.get('code') ?? '';

test('who arrives from a journey was there, and the event bears the id of the request that began it', async () => {
  const browser = createBrowser(house);
  await signIn(house, browser, { url: authorizeUrl({ scope: `openid ${apiUri}/tasks.read` }) });
  assert.equal(told().length, 1);
  const { user, ...rest } = told()[0] ?? assert.fail('nothing was told');
  assert.equal(user?.id, house.adele.id);
  assert.equal(user?.displayName, 'Adele Vance');
  assert.equal(user?.userPrincipalName, house.adele.userPrincipalName);
  assert.deepEqual(rest, {
    interactive: true,
    appId: ids.spa,
    appDisplayName: 'Single page',
    ipAddress: '127.0.0.1',
    correlationId: house.contoso.journeys.started.at(-1)?.correlationId,
    flowId: 'B2C_1_susi',
    resource: { id: ids.api, displayName: 'Tasks API' },
    userAgent: 'node',
  });
});

test('who is still signed in was not asked, nor was whom a silent request did not find', async () => {
  const browser = createBrowser(house);
  await browser.get(authorizeUrl({ prompt: 'none' }));
  await signIn(house, browser);
  await browser.get(authorizeUrl({ prompt: 'none' }));
  assert.deepEqual(told().map(short), [
    [false, undefined, 'AADB2C90077'],
    [true, house.adele.id, undefined],
    [false, house.adele.id, undefined],
  ]);
});

test('who turns back is told with the reason the application gets', async () => {
  for (const refusal of ['cancelled', 'forgotPassword', 'tooManyAttempts', 'accountDisabled'] as const) {
    await signIn(house, createBrowser(house), { ending: { refusal } });
  }
  assert.deepEqual(
    told().map(({ failure, interactive }) => [interactive, failure?.code]),
    ['AADB2C90091', 'AADB2C90118', 'AADB2C90157', 'AADB2C90111'].map((code) => [true, code]),
  );
});

test('a request that is refused is told; one of an unknown application is nobody’s', async () => {
  const browser = createBrowser(house);
  await browser.get(authorizeUrl({ code_challenge: null }));
  await browser.get(authorizeUrl({ code_challenge: null, prompt: 'none' }));
  await browser.get(authorizeUrl({ client_id: '99999999-9999-4999-8999-999999999999' }));
  assert.deepEqual(told().map(short), [
    [true, undefined, 'AADB2C99059'],
    [false, undefined, 'AADB2C99059'],
  ]);
});

test('a code that is redeemed says nothing new; one that is refused does', async () => {
  const code = codeIn(await signIn(house, createBrowser(house)));
  await postToken(house, redemption(code));
  assert.equal(told().length, 1);
  await postToken(house, redemption(code));
  await postToken(house, redemption('made-up'));
  assert.deepEqual(told().slice(1).map(short), [
    [false, house.adele.id, 'AADB2C90129'],
    [false, undefined, 'AADB2C90090'],
  ]);
});

test('a renewal is told without a person being there, and so is one that is refused', async () => {
  const { body } = await signedIn(house, { scope: `openid offline_access ${apiUri}/tasks.read` });
  const form = { grant_type: 'refresh_token', client_id: ids.spa, refresh_token: String(body['refresh_token']) };
  assert.equal((await postToken(house, form)).status, 200);
  assert.equal((await postToken(house, form)).status, 400);
  const [, renewed, reused] = told();
  assert.deepEqual(told().slice(1).map(short), [
    [false, house.adele.id, undefined],
    [false, house.adele.id, 'AADB2C90129'],
  ]);
  assert.equal(renewed?.user?.userPrincipalName, house.adele.userPrincipalName);
  assert.deepEqual(renewed?.resource, { id: ids.api, displayName: 'Tasks API' });
  assert.equal(reused?.user?.displayName, 'Adele Vance');
});

test('a refresh token in the hands of another application names nobody', async () => {
  const { body } = await signedIn(house);
  const form = { grant_type: 'refresh_token', client_id: ids.native, refresh_token: String(body['refresh_token']) };
  await postToken(house, form);
  assert.deepEqual(told().slice(1).map(short), [[false, undefined, 'AADB2C90279']]);
});

const daemon = {
  grant_type: 'client_credentials',
  client_id: ids.daemon,
  client_secret: secret,
  scope: 'https://graph.microsoft.com/.default',
};

test('an application that asks for itself is told with what it asked for, right or wrong', async () => {
  await postToken(house, daemon, { flow: '' });
  await postToken(house, { ...daemon, client_secret: 'guess' }, { flow: '' });
  await postToken(house, { ...daemon, scope: `${apiUri}/.default` }, { flow: '' });
  assert.deepEqual(
    told().map(({ failure, resource, flowId }) => [failure?.code, resource, flowId]),
    [
      [undefined, { id: graphAppId, displayName: 'Microsoft Graph' }, undefined],
      ['AADSTS7000215', undefined, undefined],
      [undefined, { id: ids.api, displayName: 'Tasks API' }, undefined],
    ],
  );
  assert.doesNotMatch(JSON.stringify(told()), /guess|usher-dev/);
});

async function change(value: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
  const { directory } = house.contoso;
  const filter = { op: 'eq', path: ['appId'], value } as const;
  const [found] = (await directory.find({ type: entities.application, filter, limit: 1 })).items;
  await directory.update(system('test'), { type: entities.application, id: found?.entity.id ?? '' }, patch);
}

test('a disabled application is told, wherever it asks', async () => {
  for (const appId of [ids.daemon, ids.spa]) await change(appId, { isDisabled: true });
  await postToken(house, daemon, { flow: '' });
  await createBrowser(house).get(authorizeUrl());
  await createBrowser(house).get(authorizeUrl({ prompt: 'none' }));
  for (const appId of [ids.daemon, ids.spa]) await change(appId, { isDisabled: false });
  assert.deepEqual(told().map(short), [
    [false, undefined, 'AADSTS7000112'],
    [true, undefined, 'AADB2C90092'],
    [false, undefined, 'AADB2C90092'],
  ]);
});

test('who arrives at an application that was disabled meanwhile is told, and so is who turns back to it', async () => {
  for (const ending of [{ user: house.adele }, { refusal: 'cancelled' }] as const) {
    const browser = createBrowser(house);
    await browser.get(authorizeUrl());
    await change(ids.spa, { isDisabled: true });
    await endJourney(house, browser, ending);
    await change(ids.spa, { isDisabled: false });
  }
  assert.deepEqual(told().map(short), [
    [true, house.adele.id, 'AADB2C90092'],
    [true, undefined, 'AADB2C90092'],
  ]);
});

test('other tenants are told nothing', () => {
  assert.deepEqual(house.fabrikam.signIns, []);
});
