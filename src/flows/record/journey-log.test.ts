import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../kernel/index.ts';
import { type EntityOf, entities } from '../../model/index.ts';
import {
  codeFor,
  createHost,
  type House,
  newPasswords,
  openHouse,
  password,
  prove,
  type Visitor,
} from '../testing/harness.ts';
import { createJourneyLog } from './journey-log.ts';
import { extended, type Traced } from './trace.ts';

type Entry = EntityOf<typeof entities.journey>;

/** What was recorded of a journey, oldest first. */
async function recordsOf({ directory, journeyLog }: House, { journeyId }: Visitor): Promise<readonly Entry[]> {
  await journeyLog.flush();
  const filter = { op: 'eq', path: ['journeyId'], value: journeyId } as const;
  return (await directory.find({ type: entities.journey, filter, limit: 10 })).items.map(({ entity }) => entity);
}

const told = ({ movements }: Entry) => movements.map(({ step, action, outcome }) => [step, action, outcome]);

describe('the record of a journey', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  test('tells step by step how a person came in', async () => {
    const visitor = await house.begin();
    await visitor.press('next', { email: 'adele@contoso.example', password: 'Not-the-one-1' });
    await visitor.press('next', { email: 'adele@contoso.example', password });
    const [record, ...others] = await recordsOf(house, visitor);
    assert.deepEqual(others, []);
    assert.ok(record);
    assert.deepEqual(told(record), [
      ['signIn', null, 'show'],
      ['signIn', 'next', 'show'],
      ['signIn', 'next', 'next'],
    ]);
    const user = await house.identity.findBySignInName('adele@contoso.example');
    assert.equal(record.userId, user?.id);
    assert.deepEqual([record.outcome, record.errorCode, record.isResumed], ['arrived', null, false]);
    assert.deepEqual([record.flowId, record.correlationId], ['B2C_1_susi', 'c0ffee00-0000-4000-8000-000000000000']);
    assert.deepEqual(record.movements[1]?.messages, ['signuporsignin.DefaultMessage']);
    assert.ok(record.movements[2]?.learned.includes('userId'));
  });

  test('holds nothing that was typed, proved or chosen', async () => {
    const visitor = await house.begin();
    const email = 'quiet.person@contoso.example';
    await prove(house, visitor, email);
    const code = codeFor(house, email);
    await visitor.press('continue', { email, newPassword: 'short', reenterPassword: 'other' });
    await visitor.press('continue', { email, ...newPasswords });
    const [record] = await recordsOf(house, visitor);
    const text = JSON.stringify(record);
    for (const secret of [
      email,
      'quiet.person',
      code,
      newPasswords.newPassword,
      'argon2',
      visitor.browserSecret,
      '203.0.113.7',
    ]) {
      assert.ok(!text.includes(secret), secret);
    }
    const complained = record?.movements.find(({ fields }) => fields.length > 0);
    assert.deepEqual(complained?.fields, ['newPassword', 'reenterPassword']);
  });

  test('names the code by which the application knows a refusal', async () => {
    const visitor = await house.begin();
    await visitor.press('createAccount');
    await visitor.press('cancel');
    const [record] = await recordsOf(house, visitor);
    assert.deepEqual([record?.outcome, record?.errorCode], ['refused', 'AADB2C90091']);
  });

  test('says that it was abandoned once its time is over, and not before', async () => {
    const visitor = await house.begin();
    await visitor.press('createAccount');
    house.clock.advance(3550);
    assert.deepEqual(await recordsOf(house, visitor), []);
    house.clock.advance(60);
    const [record, ...others] = await recordsOf(house, visitor);
    assert.deepEqual(others, []);
    assert.equal(record?.outcome, 'abandoned');
    assert.equal(record?.movements.length, 3);
  });

  test('leaves a journey to the process that went on with it', async () => {
    const { directory, ephemeral, clock } = house;
    const other = createJourneyLog({ clock, observe: () => undefined });
    const visitor = await house.begin();
    const held = await ephemeral.get('journey', visitor.journeyId);
    const journey = { id: visitor.journeyId, started: clock.now() } as Parameters<
      ReturnType<typeof other.of>['rests']
    >[0];
    other.of({ directory, ephemeral, lifetimeSeconds: 3600 }).rests(journey, (held?.revision ?? 0) - 1);
    clock.advance(3550);
    await other.flush();
    clock.advance(60);
    await other.flush();
    assert.equal((await recordsOf(house, visitor)).length, 1, 'only the one that touched it last tells');
  });

  test('tells where a request failed, and again how the journey came out', async () => {
    let isBroken = true;
    const host = createHost();
    const broken = await openHouse({
      host: {
        ...host,
        arrive: async (...given) => {
          if (isBroken) throw new Error('the host is away');
          return host.arrive(...given);
        },
      },
    });
    const visitor = await broken.begin();
    await assert.rejects(visitor.press('next', { email: 'adele@contoso.example', password }));
    isBroken = false;
    await visitor.look();
    const records = await recordsOf(broken, visitor);
    assert.deepEqual(records.map(({ outcome }) => outcome).sort(), ['arrived', 'failed']);
    await broken.close();
  });

  test('is found by its correlation id', async () => {
    const correlationId = newId();
    const visitor = await house.begin('B2C_1_susi', { correlationId });
    await visitor.press('createAccount');
    await visitor.press('cancel');
    await house.journeyLog.flush();
    const filter = { op: 'eq', path: ['correlationId'], value: correlationId } as const;
    const { items } = await house.directory.find({ type: entities.journey, filter, limit: 10 });
    assert.deepEqual(
      items.map(({ entity }) => entity.journeyId),
      [visitor.journeyId],
    );
  });
});

test('a trace keeps its beginning and its end, however long the journey is', () => {
  const one = (at: number): Traced => ({
    at,
    step: 's',
    outcome: 'show',
    messages: [],
    fields: [],
    learned: [],
    decisions: [],
    milliseconds: 0,
  });
  let trace: readonly Traced[] = [];
  for (let at = 0; at < 1000; at += 1) trace = extended(trace, one(at));
  assert.equal(trace.length, 100);
  assert.deepEqual([trace[0]?.at, trace[49]?.at, trace.at(-1)?.at], [0, 49, 999]);
});
