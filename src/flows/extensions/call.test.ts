import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answering } from '../../../test/support/event-api.ts';
import { createOutside } from '../../connectors/index.ts';
import { silent } from '../../kernel/index.ts';
import { entities, graphAppId } from '../../model/index.ts';
import { seed, testTokens } from '../testing/harness.ts';
import { admin } from '../testing/on-every-engine.ts';
import { type ApiTokens, createEventExtensions } from './call.ts';
import { apiAppId, appId, type ExtensionHouse, openExtensionHouse } from './testing/extension-house.ts';

const event = 'tokenIssuanceStart';
const good = { body: JSON.stringify(answering(event, 'provideClaimsForToken', { claims: {} })) };
const origin = 'https://login.example';

describe('the call of an extension', () => {
  let house: ExtensionHouse;
  before(async () => {
    house = await openExtensionHouse();
  });
  after(() => house?.close());

  /** Calls of a server that has called nobody yet. */
  const extensionsOf = (tokens: ApiTokens = testTokens, allowLoopback = true) => {
    const { directory, clock } = house;
    return createEventExtensions({
      directory,
      clock,
      tokens,
      outside: createOutside({ allowLoopback }),
      observe: silent,
    });
  };

  /** What a call comes to, and how often the API was asked, where only one extension is called. */
  async function called(
    extensionMembers: object,
    {
      handler = {},
      extensions = extensionsOf(),
      times = 1,
    }: {
      readonly handler?: Readonly<Record<string, unknown>>;
      readonly extensions?: ReturnType<typeof extensionsOf>;
      readonly times?: number;
    } = {},
  ) {
    const extension = await house.extension(event, { ...extensionMembers });
    const listener = await house.listener(event, extension, {}, handler);
    const before = house.api.received.length;
    try {
      const subscription = (await extensions.at(event, { appId, flowId: 'f' })) ?? assert.fail('nobody listens');
      const came: (number | string)[] = [];
      for (let time = 0; time < times; time += 1) {
        const answer = await extensions.call(subscription, {}, { address: '203.0.113.7', origin });
        came.push(answer.kind === 'failed' ? answer.code : answer.name);
      }
      return { came, tries: house.api.received.length - before };
    } finally {
      await house.directory.remove(admin, { type: entities.onTokenIssuanceStartListener, id: listener });
    }
  }
  const client = (timeoutInMilliseconds: number, maximumRetries: number | null) => ({
    clientConfiguration: { timeoutInMilliseconds, maximumRetries },
  });

  test('is given up after its time, and made again as often as the extension says', async () => {
    house.api.reacts('hangs');
    assert.deepEqual(await called(client(200, 0)), { came: [1003005], tries: 1 });
    assert.deepEqual(await called(client(200, 1)), { came: [1003005], tries: 2 });
    assert.deepEqual(await called(client(200, null)), { came: [1003005], tries: 2 });
  });

  test('comes through when the second try does', async () => {
    for (const first of ['closes', 'hangs', { status: 503, body: '' }] as const) {
      house.api.reacts(first, good);
      assert.deepEqual(await called(client(200, 1)), { came: ['provideclaimsfortoken'], tries: 2 });
    }
    house.api.reacts({ status: 404, body: '' }, good);
    assert.deepEqual(await called(client(200, 1)), { came: [1003002], tries: 1 });
  });

  test('is made as the handler says where it says otherwise', async () => {
    house.api.reacts('closes');
    const handler = { configuration: { clientConfiguration: { maximumRetries: 0 } } };
    assert.deepEqual(await called(client(200, 1), { handler }), { came: [1003027], tries: 1 });
  });

  test('is not made to a server that has failed again and again, until it had its rest', async () => {
    const extensions = extensionsOf();
    house.api.reacts('closes');
    const failing = await called(client(200, 0), { extensions, times: 7 });
    assert.deepEqual(failing, { came: Array.from({ length: 7 }, () => 1003027), tries: 5 });
  });

  test('is made to no address inside', async () => {
    assert.deepEqual(await called({}, { extensions: extensionsOf(testTokens, false) }), { came: [1003023], tries: 0 });
  });

  test('is not made when its settings are wrong, each with a code of its own', async () => {
    const authentication = (resourceId: string) => ({
      authenticationConfiguration: { '@odata.type': 'azureAdTokenAuthentication', resourceId },
    });
    const none = '99999999-9999-4999-8999-999999999999';
    house.api.reacts(good);
    for (const [members, code] of [
      [authentication(`api://${apiAppId}`), 1003014],
      [authentication(`api://other.example/${apiAppId}`), 1003015],
      [authentication(`api://127.0.0.1/${none}`), 1003016],
      [authentication(`api://127.0.0.1/${appId}`), 1003016],
      [{ authenticationConfiguration: { '@odata.type': 'azureAdPopTokenAuthentication' } }, 1003001],
      [{ endpointConfiguration: null }, 1003020],
    ] as const)
      assert.deepEqual(await called(members), { came: [code], tries: 0 }, JSON.stringify(members));
    const gone: ApiTokens = { tokenFor: async () => ({ kind: 'none', isDisabled: true }) };
    assert.deepEqual(await called({}, { extensions: extensionsOf(gone) }), { came: [1003019], tries: 0 });
  });

  test('is not made to an application that may not receive such calls', async () => {
    const silentApp = '66666666-6666-4666-8666-666666666666';
    await house.directory.create(seed, entities.application, {
      appId: silentApp,
      displayName: 'Deaf',
      requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: [] }],
    });
    const authenticationConfiguration = {
      '@odata.type': 'azureAdTokenAuthentication',
      resourceId: `api://127.0.0.1/${silentApp}`,
    };
    assert.deepEqual(await called({ authenticationConfiguration }), { came: [1003021], tries: 0 });
  });
});

describe('who is called', () => {
  let house: ExtensionHouse;
  before(async () => {
    house = await openExtensionHouse();
  });
  after(() => house?.close());

  test('is the listener with the highest priority that names the application, as things are now', async () => {
    const { directory, clock, outside } = house;
    const extensions = createEventExtensions({ directory, clock, outside, tokens: testTokens, observe: silent });
    const at = async (flowId = 'f') => (await extensions.at(event, { appId, flowId }))?.listenerId;
    const type = entities.onTokenIssuanceStartListener;
    assert.equal(await at(), undefined);
    const extension = await house.extension(event);
    const low = await house.listener(event, extension, { priority: 10 });
    assert.equal(await at(), low);
    const high = await house.listener(event, extension, { priority: 900 });
    const elsewhere = { applications: { includeApplications: [{ appId: apiAppId }] } };
    await house.listener(event, extension, { priority: 1000, conditions: elsewhere });
    assert.equal(await at(), high);
    assert.equal(await extensions.at('emailOtpSend', { appId, flowId: 'f' }), undefined);
    await directory.update(admin, { type, id: high }, { priority: 1 });
    assert.equal(await at(), low);
    await directory.update(admin, { type, id: high }, { priority: 10 });
    const tied = [low, high].sort()[0];
    assert.equal(await at(), tied);
    for (const id of [low, high]) await directory.remove(admin, { type, id });
    assert.equal(await at(), undefined);
  });

  test('is called as the extension is now, and another one when the listener says so', async () => {
    const { directory, clock, outside } = house;
    const extensions = createEventExtensions({ directory, clock, outside, tokens: testTokens, observe: silent });
    const at = async () => (await extensions.at('emailOtpSend', { appId, flowId: 'f' })) ?? assert.fail();
    const [one, two] = [await house.extension('emailOtpSend'), await house.extension('emailOtpSend')];
    const listener = await house.listener('emailOtpSend', one);
    assert.deepEqual([(await at()).extension?.id, (await at()).timeoutMilliseconds], [one, 1000]);
    const clientConfiguration = { timeoutInMilliseconds: 300, maximumRetries: 0 };
    await directory.update(admin, { type: entities.onOtpSendCustomExtension, id: one }, { clientConfiguration });
    assert.deepEqual([(await at()).timeoutMilliseconds, (await at()).maximumRetries], [300, 0]);
    const source = { type: entities.onEmailOtpSendListener, id: listener };
    await directory.unlink(admin, source, 'handler/customExtension', one);
    await directory.link(admin, source, 'handler/customExtension', two);
    assert.equal((await at()).extension?.id, two);
  });

  test('of the collection of attributes, the flow itself before listeners for the application', async () => {
    const { directory, clock, outside } = house;
    const extensions = createEventExtensions({ directory, clock, outside, tokens: testTokens, observe: silent });
    const extension = await house.extension('attributeCollectionStart');
    const listener = await house.listener('attributeCollectionStart', extension, { priority: 1000 });
    const handler = { '@odata.type': 'onAttributeCollectionStartCustomExtensionHandler' };
    const { entity } = await directory.create(
      admin,
      entities.externalUsersSelfServiceSignUpEventsFlow,
      { displayName: 'Own', onAttributeCollectionStart: handler },
      { links: { 'onAttributeCollectionStart/customExtension': [extension] } },
    );
    const at = async (flowId: string) =>
      (await extensions.at('attributeCollectionStart', { appId, flowId }))?.listenerId;
    assert.equal(await at(entity.id.toUpperCase()), entity.id);
    assert.equal(await at('B2X_1_guests'), listener);
  });
});
