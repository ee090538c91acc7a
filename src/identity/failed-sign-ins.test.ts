import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { adjustableClock, isoDateTime, newId, type Observation, silent } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { mostFailures } from './failed-sign-ins.ts';
import type { SignInEntry, SignInEvent, SignInTarget } from './sign-in-entry.ts';
import { createSignInLog } from './sign-in-log.ts';
import { openTenant } from './testing/harness.ts';

const house = await openTenant();
after(() => house.close());

/** A log that writes when it is told to, by a clock that stands still. */
function bench() {
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const observed: Observation[] = [];
  const log = createSignInLog({ clock, observe: (one) => void observed.push(one), flushMilliseconds: 2 });
  return { log, clock, warnings: () => observed.map((one) => 'message' in one && one.message) };
}

/** A tenant that keeps what is written to its log. */
function tenant(id = newId()) {
  const written: SignInEntry[] = [];
  let heard = Promise.withResolvers<void>();
  const target: SignInTarget = {
    tenant: { ...house.directory.tenant, id },
    append: async (_type, entries) => {
      written.push(...(entries as readonly SignInEntry[]));
      heard.resolve();
      heard = Promise.withResolvers();
    },
  };
  return { target, written, heard: () => heard.promise };
}

const event: SignInEvent = {
  interactive: true,
  appId: '11111111-1111-4111-8111-111111111111',
  appDisplayName: 'Shop',
  user: { id: 'adele', userPrincipalName: 'adele@contoso.example' },
  failure: { code: 'AADB2C90054', reason: 'Invalid username or password.' },
  flowId: 'B2C_1_susi',
  ipAddress: '203.0.113.7',
  correlationId: '0a8b1f64-2a69-4c3f-8f0f-5c40a4b5b9a1',
};
const nobody = (userPrincipalName: string): SignInEvent => ({ ...event, user: { id: null, userPrincipalName } });
const times = (count: number, run: (index: number) => void): void => {
  for (let index = 0; index < count; index += 1) run(index);
};
const details = (entries: readonly SignInEntry[]) => entries.map(({ status }) => status?.additionalDetails);

test('a thousand refusals of one kind are one entry at once and one that tells how many more there were', async () => {
  const { log, clock } = bench();
  const { directory } = house;
  const signIns = log.of(directory);
  times(999, () => signIns.record(event));
  clock.advance(20);
  signIns.record({ ...event, correlationId: '11111111-2a69-4c3f-8f0f-5c40a4b5b9a1' });
  await log.flush();
  const { items } = await directory.find({ type: entities.signIn, limit: 999 });
  const [last, first, ...more] = items.map(({ entity }) => entity);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [first, last].map((one) => one?.status?.additionalDetails),
    ['User flow: B2C_1_susi', 'User flow: B2C_1_susi. 999 more of the same within a minute'],
  );
  const { id: _, status: __, createdDateTime, correlationId, ...rest } = last ?? assert.fail('nothing was written');
  assert.deepEqual(
    [createdDateTime, correlationId],
    [isoDateTime(clock.now()), '11111111-2a69-4c3f-8f0f-5c40a4b5b9a1'],
  );
  assert.deepEqual({ ...first, ...rest }, first);
});

test('the first failure is written without delay, and of a flood that lasts one entry a minute without being asked', async () => {
  const keepAlive = setInterval(() => undefined, 1000);
  const { log, clock } = bench();
  const { target, written, heard } = tenant();
  const signIns = log.of(target);
  const first = heard();
  signIns.record(event);
  signIns.record(event);
  await first;
  assert.deepEqual(details(written), ['User flow: B2C_1_susi']);
  for (const minute of [1, 2, 3]) {
    const next = heard();
    times(5, () => signIns.record(event));
    clock.advance(60);
    await next;
    assert.equal(written.length, 1 + minute);
  }
  assert.deepEqual(
    details(written)
      .slice(1)
      .map((text) => Number(/(\d+) more/.exec(text ?? '')?.[1])),
    [6, 5, 5],
  );
  clearInterval(keepAlive);
});

test('who comes back when a minute is over is written at once again, and one repeat is an entry like any other', async () => {
  const { log, clock } = bench();
  const { target, written } = tenant();
  const signIns = log.of(target);
  signIns.record(event);
  clock.advance(60);
  signIns.record(event);
  clock.advance(5);
  signIns.record(event);
  await log.flush();
  assert.deepEqual(
    details(written),
    Array.from({ length: 3 }, () => 'User flow: B2C_1_susi'),
  );
  assert.deepEqual(
    written.map(({ createdDateTime }) => createdDateTime),
    [0, 60, 65].map((seconds) => isoDateTime(1_800_000_000 + seconds)),
  );
});

test('failures that differ in anything but their time have entries of their own', async () => {
  const { log } = bench();
  const [one, other] = [tenant(), tenant()];
  const differing: readonly SignInEvent[] = [
    event,
    { ...event, appId: '22222222-2222-4222-8222-222222222222' },
    { ...event, failure: { code: 'AADB2C90114', reason: 'Locked.' } },
    { ...event, user: { id: 'bob' } },
    { ...event, ipAddress: '203.0.113.8' },
    { ...event, interactive: false },
    { ...event, flowId: 'B2C_1_reset' },
    nobody('carol@contoso.example'),
    nobody('dave@contoso.example'),
    nobody('adele'),
  ];
  for (const { target } of [one, other]) for (const each of differing) log.of(target).record(each);
  log.of(one.target).record(nobody('CAROL@contoso.example'));
  await log.flush();
  assert.equal(one.written.length, differing.length + 1);
  assert.equal(other.written.length, differing.length);
});

test('a tenant lists so many failures an hour and says how many more there were; its successes and other tenants lose nothing', async () => {
  const { log, warnings } = bench();
  const [flooded, other] = [tenant(), tenant()];
  const signIns = log.of(flooded.target);
  const { failure: _, ...success } = event;
  times(mostFailures + 250, (index) => signIns.record(nobody(`${index}@contoso.example`)));
  // Rooms that were closed and opened again are the same tenant's.
  const again = tenant(flooded.target.tenant.id);
  log.of(again.target).record(nobody('again@contoso.example'));
  signIns.record(nobody('0@contoso.example'));
  times(100, () => signIns.record(success));
  log.of(other.target).record(event);
  await log.flush();
  const failed = flooded.written.filter(({ status }) => status?.errorCode === 90054);
  assert.equal(failed.length, mostFailures);
  assert.equal(flooded.written.filter(({ status }) => status?.errorCode === 0).length, 100);
  const unlisted = flooded.written.filter(({ status }) => status?.errorCode === 90085);
  assert.deepEqual(details(unlisted), ['252 more were not listed']);
  assert.match(unlisted[0]?.status?.failureReason ?? '', /More than 3600 sign-ins failed within an hour/);
  assert.deepEqual([again.written.length, other.written.length], [0, 1]);
  assert.deepEqual(warnings(), [`252 failed sign-ins of tenant ${flooded.target.tenant.id} were not logged.`]);
});

test('what was not listed is told when its hour is over, and failures are listed again', async () => {
  const keepAlive = setInterval(() => undefined, 1000);
  const { log, clock } = bench();
  const { target, written, heard } = tenant();
  const signIns = log.of(target);
  times(mostFailures + 1, (index) => signIns.record(nobody(`${index}@contoso.example`)));
  while (written.length < mostFailures) await heard();
  clock.advance(3599);
  signIns.record(nobody('late@contoso.example'));
  const told = heard();
  clock.advance(1);
  await told;
  assert.deepEqual(details(written.slice(mostFailures)), ['2 more were not listed']);
  const next = heard();
  signIns.record(event);
  await next;
  assert.equal(written.at(-1)?.userId, 'adele');
  clearInterval(keepAlive);
});

test('a clock that is set back delays nothing', async () => {
  const { log, clock } = bench();
  const { target, written } = tenant();
  const signIns = log.of(target);
  times(2, () => signIns.record(event));
  clock.advance(-86_400);
  signIns.record(event);
  await log.flush();
  assert.equal(written.length, 3);
});

test('no flood of failures of many tenants takes the place of a success, or more memory than it may', async () => {
  const log = createSignInLog({ clock: house.clock, observe: silent, flushMilliseconds: 60_000 });
  const tenants = Array.from({ length: 6 }, () => tenant());
  for (const { target } of tenants) {
    times(mostFailures, (index) => log.of(target).record(nobody(`${index}@contoso.example`)));
  }
  const { failure: _, ...success } = event;
  for (const { target } of tenants) log.of(target).record(success);
  await log.flush();
  const written = tenants.flatMap((one) => one.written);
  const failed = written.filter(({ status }) => status?.errorCode !== 0);
  assert.ok(failed.length <= 10_000, `${failed.length} failures waited`);
  assert.equal(written.length - failed.length, tenants.length);
});

test('what is forgotten with its tenants is not told later', async () => {
  const { log, warnings } = bench();
  const { target, written } = tenant();
  times(mostFailures + 5, (index) => log.of(target).record(nobody(`${index % 4000}@contoso.example`)));
  times(5, () => log.of(target).record(nobody('0@contoso.example')));
  log.clear();
  await log.flush();
  assert.deepEqual([written, warnings()], [[], []]);
});

test('what stands for those that were not listed is an entry that is found like any other', async () => {
  const { log } = bench();
  const { directory } = house;
  const signIns = log.of(directory);
  times(mostFailures + 7, (index) => signIns.record(nobody(`${index}@contoso.example`)));
  await log.flush();
  const filter = { op: 'eq', path: ['status', 'errorCode'], value: 90085 } as const;
  const { items } = await directory.find({ type: entities.signIn, filter, limit: 9 });
  const [one, ...more] = items.map(({ entity }) => entity);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [one?.appId, one?.userId, one?.ipAddress, one?.status?.additionalDetails],
    [null, null, null, '7 more were not listed'],
  );
});
