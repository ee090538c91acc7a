import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answering, type Reaction } from '../../../test/support/event-api.ts';
import { entities } from '../../model/index.ts';
import { apiAppId, appId, type ExtensionHouse, openExtensionHouse } from '../extensions/testing/extension-house.ts';
import type { Facts } from '../facts.ts';
import { admin } from '../testing/on-every-engine.ts';
import { tokenIssuanceStart as step } from './token-issuance-start.ts';

const event = 'tokenIssuanceStart';
const claims = (given: unknown) => answering(event, 'provideClaimsForToken', { claims: given });
const json = (body: unknown): Reaction => ({ body: JSON.stringify(body) });

describe('claims from an extension', () => {
  let house: ExtensionHouse;
  let ids: { readonly extension: string; readonly listener: string };
  let facts: Facts;
  before(async () => {
    house = await openExtensionHouse();
    const user = await house.identity.findBySignInName('adele@contoso.example');
    assert.ok(user);
    facts = { userId: user.id, amr: ['pwd'] };
    ids = await house.listens(event);
  });
  after(() => house?.close());

  /** What the step comes to, and what the record is told. */
  async function walked(reactions: readonly Reaction[], of: Facts = facts) {
    house.api.reacts(...reactions);
    const context = house.context(of, { sender: { ...sender, address: '30.51.176.110' }, locales: ['de-CH'] });
    const calls = house.api.received.length;
    const outcome = await step.enter(context, {});
    return { outcome, notes: context.notes, calls: house.api.received.length - calls };
  }
  const sender = { userAgent: undefined, device: undefined, origin: 'https://login.example', address: '' };

  test('reach the tokens, beside those that were there', async () => {
    const given = claims({ DateOfBirth: '01/01/2000', CustomRoles: ['Writer', 'Editor'] });
    const { outcome, notes } = await walked([json(given)], { ...facts, tokenClaims: { city: 'Bonn' } });
    const tokenClaims = { city: 'Bonn', DateOfBirth: '01/01/2000', CustomRoles: ['Writer', 'Editor'] };
    assert.deepEqual(outcome, { kind: 'next', learned: { tokenClaims } });
    assert.deepEqual(notes, ['provideclaimsfortoken']);
  });

  test('are asked for as documented, with a token for the API', async () => {
    await walked([json(claims({}))]);
    const { headers, body } = house.api.received.at(-1) ?? assert.fail();
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.authorization, `Bearer api://127.0.0.1/${apiAppId} https://login.example`);
    const { type, source, data } = JSON.parse(body);
    const tenantId = house.directory.tenant.id;
    assert.deepEqual(
      [type, source],
      ['microsoft.graph.authenticationEvent.tokenIssuanceStart', `/tenants/${tenantId}/applications/${appId}`],
    );
    const { authenticationContext, ...rest } = data;
    assert.deepEqual(rest, {
      '@odata.type': 'microsoft.graph.onTokenIssuanceStartCalloutData',
      tenantId,
      authenticationEventListenerId: ids.listener,
      customAuthenticationExtensionId: ids.extension,
    });
    const { user, clientServicePrincipal, ...others } = authenticationContext;
    assert.deepEqual([user.id, user.displayName, 'passwordHash' in user], [facts.userId, 'Adele', false]);
    assert.deepEqual([clientServicePrincipal.appId, clientServicePrincipal.appDisplayName], [appId, 'Tasks']);
    assert.deepEqual(others.client, { ip: '30.51.176.110', locale: 'de-ch', market: 'de-ch' });
    assert.deepEqual([others.protocol, others.correlationId], ['OAUTH2.0', 'c']);
  });

  test('never take the place of what a token says of itself and of the person', async () => {
    const given = claims({
      sub: 'x',
      OID: 'x',
      email: 'x',
      preferred_username: 'x',
      roles: ['x'],
      iss: 'x',
      shoe: '7',
    });
    const { outcome } = await walked([json(given)]);
    assert.deepEqual(outcome, { kind: 'next', learned: { tokenClaims: { shoe: '7' } } });
  });

  test('are those that the extension is registered with, in exactly these letters', async () => {
    const ref = { type: entities.onTokenIssuanceStartCustomExtension, id: ids.extension };
    const configured = (names: readonly string[]) =>
      house.directory.update(admin, ref, {
        claimsForTokenConfiguration: names.map((claimIdInApiResponse) => ({ claimIdInApiResponse })),
      });
    await configured(['shoe']);
    const { outcome } = await walked([json(claims({ shoe: '7', Shoe: '8', hat: '9' }))]);
    await configured([]);
    assert.deepEqual(outcome, { kind: 'next', learned: { tokenClaims: { shoe: '7' } } });
  });

  test('types are compared without regard to case, in the spellings of the published samples', async () => {
    const body = {
      data: {
        '@odata.Type': '#Microsoft.Graph.OnTokenIssuanceStartResponseData',
        actions: [{ '@odata.type': 'MICROSOFT.GRAPH.TOKENISSUANCESTART.PROVIDECLAIMSFORTOKEN', claims: { a: 'b' } }],
      },
    };
    assert.equal((await walked([json(body)])).outcome.kind, 'next');
  });

  const good = claims({ a: 'b' });
  const failures: readonly (readonly [string, Reaction, number])[] = [
    ['another status', { status: 201, body: JSON.stringify(good) }, 1003002],
    ['a validation error of the first generation', { status: 400, body: '{"version":"1.0.0"}' }, 1003002],
    ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' }, body: '' }, 1003002],
    ['a body that is no JSON', { body: 'hello' }, 1003003],
    ['invalid UTF-8', { body: Buffer.from([0x7b, 0xff, 0x7d]) }, 1003003],
    ['no data', json({ version: '1.0.0', action: 'Continue' }), 1003003],
    ['a claim that is a number', json(claims({ a: 1 })), 1003003],
    ['a claim that is an object', json(claims({ a: { b: 'c' } })), 1003003],
    ['a list with a number in it', json(claims({ a: ['b', 1] })), 1003003],
    ['status 429', { status: 429, body: '' }, 1003004],
    ['another content type', { type: 'text/html', body: JSON.stringify(good) }, 1003006],
    ['claims that are null', json(claims(null)), 1003007],
    ['the data of another event', json(answering('emailOtpSend', 'continueWithDefaultBehavior')), 1003008],
    ['nothing', { body: '' }, 1003009],
    ['no action', json({ data: { ...good.data, actions: [] } }), 1003010],
    ['two actions', json({ data: { ...good.data, actions: [...good.data.actions, ...good.data.actions] } }), 1003010],
    ['an action it has not', json(answering(event, 'showBlockPage')), 1003012],
    ['an action without a type', json({ data: { ...good.data, actions: [{ claims: {} }] } }), 1003012],
    ['more than 64 KB', { body: ' '.repeat(70_000) }, 1003024],
    ['more than 3 KB of claims', json(claims({ a: 'x'.repeat(3072) })), 1003025],
    ['a claim without a name', json(claims({ '': 'b' })), 1003026],
  ];
  for (const [what, reaction, code] of failures) {
    test(`nobody gets a token after ${what}: ${code}`, async () => {
      const { outcome, notes } = await walked([reaction]);
      assert.deepEqual(notes, [`failed ${code}`]);
      assert.equal(outcome.kind, 'show');
      const [message] = outcome.kind === 'show' ? outcome.screen.messages : [];
      assert.ok(message && 'id' in message.text);
      assert.deepEqual(message.text.values, { code: String(code), correlationId: 'c' });
    });
  }

  test('claims of exactly 3 KB are taken', async () => {
    assert.equal((await walked([json(claims({ a: 'x'.repeat(3071) }))])).outcome.kind, 'next');
  });

  test('the same call can be made again from the page that says so, and given up', async () => {
    const { outcome } = await walked([{ status: 404, body: '' }]);
    assert.ok(outcome.kind === 'show');
    assert.deepEqual(
      outcome.screen.actions.map(({ name }) => name),
      ['continue', 'cancel'],
    );
    house.api.answers(good);
    const press = (action: string) =>
      step.submit(house.context(facts, { memo: outcome.memo }), {}, { action, values: {} });
    assert.equal((await press('continue')).kind, 'next');
    assert.deepEqual(await press('cancel'), { kind: 'refuse', refusal: 'cancelled' });
  });

  test('nobody who owes a proof is told of', async () => {
    const owing: readonly Facts[] = [{}, { ...facts, secondFactor: 'required' }, { userId: 'nobody', amr: ['pwd'] }];
    for (const of of owing) {
      const calls = house.api.received.length;
      await assert.rejects(step.enter(house.context(of), {}), { code: 'flows.unproved' });
      assert.equal(house.api.received.length, calls);
    }
  });

  test('other applications are not asked about', async () => {
    const calls = house.api.received.length;
    const client = { appId: '22222222-2222-4222-8222-222222222222', displayName: 'Other' };
    assert.deepEqual(await step.enter(house.context(facts, { client }), {}), { kind: 'next' });
    assert.equal(house.api.received.length, calls);
  });
});
