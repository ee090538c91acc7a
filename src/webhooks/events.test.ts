import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Caller, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { admin, type House, onEveryEngine, openHouse } from './testing/house.ts';

const every = [
  'userCreated',
  'userUpdated',
  'userDeleted',
  'passwordChanged',
  'accountLocked',
  'signInSucceeded',
  'signInFailed',
  'authenticationMethodAdded',
  'authenticationMethodRemoved',
  'guestInvited',
  'guestAccepted',
  'configurationChanged',
];

const by = { kind: 'application', appId: '44444444-4444-4444-8444-444444444444' };
const journey = system('journey');

interface Told {
  readonly type: string;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What has been written down since the last time, oldest first; nobody is called. */
async function listener(house: House) {
  await house.addWebhook({ targetUrl: 'http://127.0.0.1:9/', events: every });
  const seen = new Set<string>();
  return async (): Promise<readonly Told[]> => {
    const all = (await house.deliveries()).filter(({ id }) => !seen.has(id));
    for (const { id } of all) seen.add(id);
    return all.map(({ payload }) => JSON.parse(payload) as Told);
  };
}

const brief = (told: readonly Told[]) => told.map(({ type, data }) => [type, data]);
const typesOf = (told: readonly Told[]) => told.map(({ type }) => type);

onEveryEngine('what is done to an account is told by its id and by the names of what was written', async (house) => {
  const told = await listener(house);
  const { directory } = house;
  const userId = await house.addUser();
  const ref = { type: entities.user, id: userId };
  assert.deepEqual(brief(await told()), [['userCreated', { userId, by }]]);
  await directory.update(admin, ref, { displayName: 'Secret Name', city: 'Secret City' });
  const [update] = await told();
  assert.deepEqual(update?.data, { userId, changed: ['displayName', 'city'], by });
  assert.equal(update?.correlationId, admin.kind === 'app' ? admin.correlationId : '');
  assert.ok(!JSON.stringify(update).includes('Secret'));
  await directory.remove(admin, ref);
  assert.deepEqual(brief(await told()), [['userDeleted', { userId, by }]]);
});

onEveryEngine('a new password is told as that, and what the server keeps for itself is not told', async (house) => {
  const told = await listener(house);
  const { directory } = house;
  const userId = await house.addUser();
  const ref = { type: entities.user, id: userId };
  await told();
  const at = '2026-11-21T10:00:00Z';
  const password = {
    passwordHash: '$argon2id$hidden',
    lastPasswordChangeDateTime: at,
    signInSessionsValidFromDateTime: at,
  };
  await directory.update(journey, ref, password);
  const [change, ...others] = await told();
  assert.deepEqual([change?.type, change?.data, others], ['passwordChanged', { userId, by: { kind: 'server' } }, []]);
  assert.ok(!JSON.stringify(change).includes('hidden'));
  await directory.update(journey, ref, { passwordHash: '$argon2id$again' });
  await directory.update(journey, ref, { dateOfBirth: '2000-01-01' });
  assert.deepEqual(await told(), []);
});

test('guests are told of when they are invited and when they come', async (t) => {
  const house = await openHouse(t, 'memory:');
  const told = await listener(house);
  const draft = { displayName: 'Guest', userType: 'Guest', externalUserState: 'PendingAcceptance' };
  const { entity } = await house.directory.create(journey, entities.user, draft);
  assert.deepEqual(typesOf(await told()), ['userCreated', 'guestInvited']);
  const ref = { type: entities.user, id: entity.id };
  await house.directory.update(journey, ref, { externalUserState: 'Accepted' });
  assert.deepEqual(typesOf(await told()), ['userUpdated', 'guestAccepted']);
  await house.directory.update(journey, ref, { city: 'Oslo' });
  assert.deepEqual(typesOf(await told()), ['userUpdated']);
});

test('ways to prove oneself are told of by kind, and not by number', async (t) => {
  const house = await openHouse(t, 'memory:');
  const userId = await house.addUser();
  const told = await listener(house);
  const createdDateTime = '2026-11-21T10:00:00Z';
  const draft = { userId, kind: 'phone', phoneNumber: '+4915112345678', createdDateTime };
  const { entity } = await house.directory.create(journey, entities.authenticationMethod, draft);
  const data = { userId, authenticationMethodId: entity.id, kind: 'phone', by: { kind: 'server' } };
  assert.deepEqual(brief(await told()), [['authenticationMethodAdded', data]]);
  await house.directory.update(
    journey,
    { type: entities.authenticationMethod, id: entity.id },
    {
      lastUsedDateTime: '2026-11-21T00:00:00Z',
    },
  );
  assert.deepEqual(await told(), []);
  await house.directory.remove(admin, { type: entities.authenticationMethod, id: entity.id });
  assert.deepEqual(brief(await told()), [['authenticationMethodRemoved', { ...data, by }]]);
});

onEveryEngine('an entry of the sign-in log is told of in the commit of the entry', async (house) => {
  const told = await listener(house);
  const entry = {
    createdDateTime: '2026-11-21T10:00:00Z',
    userId: 'u1',
    appId: 'a1',
    userPrincipalName: 'hidden@contoso.example',
    ipAddress: '203.0.113.7',
    isInteractive: true,
    correlationId: 'c1',
  };
  const status = { failureReason: null, additionalDetails: null };
  await house.directory.append(entities.signIn, [
    { ...entry, status: { ...status, errorCode: 0 } },
    { ...entry, status: { ...status, errorCode: 90225 } },
  ]);
  const { items } = await house.directory.find({ type: entities.signIn, limit: 10 });
  const ids = items.map(({ entity }) => entity.id).sort();
  const events = await told();
  const data = { userId: 'u1', appId: 'a1', isInteractive: true };
  assert.deepEqual(brief(events), [
    ['signInSucceeded', { signInId: ids[0], ...data, errorCode: 0 }],
    ['signInFailed', { signInId: ids[1], ...data, errorCode: 90225 }],
  ]);
  assert.equal(events[0]?.correlationId, 'c1');
  assert.doesNotMatch(JSON.stringify(events), /hidden|203\.0\.113/);
});

test('what somebody changes in the configuration is told of, also inside a user flow; what the server does there is not', async (t) => {
  const house = await openHouse(t, 'memory:');
  const told = await listener(house);
  const { directory } = house;
  const draft = { id: 'B2C_1_susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
  await directory.create(admin, entities.b2cIdentityUserFlow, draft);
  const resource = { type: '#microsoft.graph.b2cIdentityUserFlow', id: 'B2C_1_susi' };
  const [made] = await told();
  assert.deepEqual(
    [made?.type, made?.data['resource'], made?.data['change']],
    ['configurationChanged', resource, 'created'],
  );
  const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };
  const within = { parent: ref, navigation: 'languages' };
  await directory.create(admin, entities.userFlowLanguageConfiguration, { id: 'de', isEnabled: true }, { within });
  const [inside] = await told();
  assert.deepEqual([inside?.data['resource'], inside?.data['change']], [resource, 'updated']);
  await directory.update(system('seed'), ref, { defaultLanguageTag: 'de' });
  assert.deepEqual(await told(), []);
  const user: Caller = { kind: 'user', userId: 'u1', appId: 'a1', scopes: [] };
  await directory.update(user, ref, { defaultLanguageTag: 'en' });
  const [change] = await told();
  assert.deepEqual(change?.data['changed'], ['defaultLanguageTag']);
  assert.deepEqual(change?.data['by'], { kind: 'user', userId: 'u1', appId: 'a1' });
});

onEveryEngine('a write that is refused is told to nobody', async (house) => {
  const userId = await house.addUser();
  const told = await listener(house);
  const ref = { type: entities.user, id: userId };
  await assert.rejects(house.directory.update(admin, ref, { displayName: 'X' }, 'W/"0"'), { code: 'store.stale' });
  await assert.rejects(house.directory.update(admin, ref, { displayName: 7 }));
  assert.deepEqual(await told(), []);
});

test('only what a webhook names is told to it, and nothing while it is disabled', async (t) => {
  const house = await openHouse(t, 'memory:');
  const targetUrl = 'http://127.0.0.1:9/';
  const id = await house.addWebhook({ targetUrl, events: ['userDeleted'] });
  const userId = await house.addUser();
  assert.deepEqual(await house.deliveries(), []);
  await house.directory.remove(admin, { type: entities.user, id: userId });
  assert.equal((await house.deliveries()).length, 1);
  await house.directory.update(admin, { type: entities.webhook, id }, { isEnabled: false });
  await house.directory.remove(admin, { type: entities.user, id: await house.addUser() });
  assert.equal((await house.deliveries()).length, 1);
});
