import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { newId, type Observation, silent } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { deviceIn } from './device.ts';
import type { SignInEvent, SignInTarget } from './sign-in-entry.ts';
import { createSignInLog } from './sign-in-log.ts';
import { openTenant } from './testing/harness.ts';

const house = await openTenant();
const { directory, clock } = house;
const log = createSignInLog({ clock, observe: silent, flushMilliseconds: 60_000 });
const signIns = log.of(directory);
after(() => house.close());
afterEach(() => log.clear());

/** A tenant of its own. */
const target = (append: (entries: readonly object[]) => Promise<void>): SignInTarget => ({
  tenant: { ...directory.tenant, id: newId() },
  append: (_type, entries) => append(entries),
});

const found = async () => {
  const { items } = await directory.find({ type: entities.signIn, limit: 999 });
  return items.map(({ entity }) => entity);
};

const edge =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51';
const event: SignInEvent = {
  interactive: true,
  appId: '11111111-1111-4111-8111-111111111111',
  appDisplayName: 'Shop',
  user: { id: 'adele', displayName: 'Adele', userPrincipalName: 'adele@contoso.example' },
  flowId: 'B2C_1_susi',
  ipAddress: '203.0.113.7',
  userAgent: edge,
  correlationId: '0a8b1f64-2a69-4c3f-8f0f-5c40a4b5b9a1',
};

test('a sign-in is written when the log is flushed, with what is known about it', async () => {
  signIns.record(event);
  assert.deepEqual(await found(), []);
  await log.flush();
  const [entry, ...more] = await found();
  assert.equal(more.length, 0);
  assert.deepEqual(entry, {
    id: entry?.id,
    createdDateTime: '2027-01-15T08:00:00Z',
    userDisplayName: 'Adele',
    userPrincipalName: 'adele@contoso.example',
    userId: 'adele',
    appId: event.appId,
    appDisplayName: 'Shop',
    ipAddress: '203.0.113.7',
    clientAppUsed: 'Browser',
    correlationId: event.correlationId,
    conditionalAccessStatus: 'notApplied',
    isInteractive: true,
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes: [],
    riskEventTypes_v2: [],
    resourceDisplayName: null,
    resourceId: null,
    status: { errorCode: 0, failureReason: null, additionalDetails: 'User flow: B2C_1_susi' },
    deviceDetail: {
      deviceId: '',
      displayName: null,
      operatingSystem: 'Windows 10',
      browser: 'Edge 131.0.2903.51',
      isCompliant: null,
      isManaged: null,
      trustType: null,
    },
    location: { city: null, state: null, countryOrRegion: null, geoCoordinates: null },
    appliedConditionalAccessPolicies: [],
  });
});

test('entries are read newest first, and filtered by what Graph documents', async () => {
  const { user: _, ...nobody } = event;
  const failure = { code: 'AADB2C90118', reason: 'The user has forgotten their password.' };
  signIns.record({ ...nobody, failure, appDisplayName: 'x'.repeat(2000) });
  clock.advance(1);
  signIns.record({ ...event, failure: { code: 'AADSTS7000215', reason: 'Invalid client secret.' } });
  signIns.record({ ...event, failure: { code: 'flows.busy', reason: 'Busy.' } });
  await log.flush();
  const codes = (await found()).slice(0, 3).map(({ status }) => status?.errorCode);
  assert.deepEqual(codes, [90085, 7000215, 90118]);
  const filter = { op: 'eq', path: ['status', 'errorCode'], value: 90118 } as const;
  const [entry] = (await directory.find({ type: entities.signIn, filter, limit: 9 })).items;
  assert.equal(entry?.entity.userId, null);
  assert.equal(entry?.entity.appDisplayName?.length, 512);
});

test('what cannot be stored everywhere is left out of what was typed', async () => {
  const userPrincipalName = `a\u0000b\r\n${'x'.repeat(506)}\u{1F600}`;
  signIns.record({ ...event, user: { id: null, userPrincipalName } });
  await log.flush();
  assert.equal((await found())[0]?.userPrincipalName, `a b  ${'x'.repeat(506)}\ufffd`);
});

test('a flood is cut off, and said; it costs no other tenant its entries', async () => {
  const observed: Observation[] = [];
  const small = createSignInLog({ clock, observe: (one) => void observed.push(one), flushMilliseconds: 60_000 });
  const sizes: number[] = [];
  const tenant = () => small.of(target(async (entries) => void sizes.push(entries.length)));
  const [flooded, other, third] = [tenant(), tenant(), tenant()];
  for (let count = 0; count < 5003; count += 1) flooded.record(event);
  other.record(event);
  await small.flush();
  assert.equal(sizes.length, 51);
  assert.equal(Math.max(...sizes), 100);
  assert.equal(sizes.at(-1), 1);
  for (const one of [flooded, other, third]) for (let count = 0; count < 5000; count += 1) one.record(event);
  await small.flush();
  const said = ['3', '5000'].map((count) => `${count} sign-ins were not logged: too many at once.`);
  assert.deepEqual(
    observed.map((one) => 'message' in one && one.message),
    said,
  );
});

test('entries that cannot be written are counted, and those of others are written', async () => {
  const observed: Observation[] = [];
  const other = createSignInLog({ clock, observe: (one) => void observed.push(one), flushMilliseconds: 60_000 });
  other.of(target(() => Promise.reject(new Error('disk full')))).record(event);
  const before = (await found()).length;
  other.of(directory).record(event);
  await other.flush();
  assert.equal((await found()).length, before + 1);
  assert.equal(observed.length, 1);
});

test('what waits for tenants that are gone is forgotten', async () => {
  const before = (await found()).length;
  signIns.record(event);
  log.clear();
  await log.flush();
  assert.equal((await found()).length, before);
});

test('the log writes by itself after a while', async () => {
  const written = Promise.withResolvers<number>();
  const quick = createSignInLog({ clock, observe: silent, flushMilliseconds: 1 });
  const keepAlive = setInterval(() => undefined, 1000);
  quick.of(target(async (entries) => written.resolve(entries.length))).record(event);
  assert.equal(await written.promise, 1);
  clearInterval(keepAlive);
});

test('browsers are told apart although they name each other', () => {
  const known: readonly (readonly [string | undefined, string | null, string | null])[] = [
    [edge, 'Edge 131.0.2903.51', 'Windows 10'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      'Safari 17.4',
      'MacOs',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/122.0 Mobile/15E148 Safari/604.1',
      'Chrome 122.0',
      'Ios',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox 133.0', 'Linux'],
    ['Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile', 'Chrome 120.0.0.0', 'Android'],
    ['curl/8.0', null, null],
    ['x'.repeat(100_000), null, null],
    [undefined, null, null],
  ];
  for (const [userAgent, browser, operatingSystem] of known) {
    assert.deepEqual(deviceIn(userAgent), { browser, operatingSystem }, userAgent?.slice(0, 80));
  }
});
