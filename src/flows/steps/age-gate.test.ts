import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isoDateTime, system } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import {
  addUser,
  contextFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  newPasswords,
  openHouse,
  password,
  prove,
  sender,
  type Visitor,
} from '../testing/harness.ts';
import { ageGate } from './age-gate.ts';
import { keepAgeStep } from './keep-age.ts';

describe('age gating', () => {
  let house: House;
  let counter = 0;
  const cancelled = () => house.host.refusals.at(-1);
  const fresh = (): string => {
    counter += 1;
    return `gated${counter}@contoso.example`;
  };
  const gate = (id: string, ageGating: object, settings: object = {}) =>
    createFlow(house, id, { settings: { ...settings, ageGating: { isEnabled: true, ...ageGating } } });
  /** A birthday today, so many years ago. */
  const born = (years: number): string => {
    const today = isoDateTime(house.clock.now()).slice(0, 10);
    return `${Number(today.slice(0, 4)) - years}${today.slice(4)}`;
  };
  const account = async (email: string) => (await house.identity.findBySignInName(email)) ?? assert.fail(email);
  const change = async (email: string, patch: object) => {
    const { id } = await account(email);
    await house.directory.update(system('test'), { type: entities.user, id }, patch);
  };
  async function signIn(flow: string, email: string, secret = password): Promise<Visitor> {
    const visitor = await house.begin(`B2C_1_${flow}`);
    await visitor.press('next', { email, password: secret });
    return visitor;
  }
  const isIn = ({ move }: Visitor): boolean => move.kind === 'go' && move.url.includes('arrived');
  const isShut = ({ move }: Visitor): boolean =>
    move.kind === 'show' && JSON.stringify(move.screen.messages).includes('ageGating_blocked');

  before(async () => {
    house = await openHouse();
    await gate('all', { rule: 'allowMinors' });
    await gate('consent', { rule: 'blockMinorsBelowAgeOfConsent' });
    await gate('adults', { rule: 'blockAllMinors' });
    await gate('tell', { rule: 'blockAllMinors', whenBlocked: 'tellApplication' });
    await gate('before', { rule: 'blockAllMinors' }, { isUserCreatedBeforeMultifactor: true });
  });
  after(() => house.close());

  test('a flow without it asks nobody', async () => {
    const email = fresh();
    await addUser(house, email);
    assert.ok(isIn(await signIn('susi', email)));
    assert.equal((await account(email)).ageGroup, null);
  });

  test('what is not known is asked once, and kept', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('all', email);
    assert.deepEqual(
      visitor.screen.fields.map(({ name, input, required }) => [name, input, required]),
      [
        ['dateOfBirth', 'date', true],
        ['country', 'dropdown', true],
      ],
    );
    await visitor.press('continue', { dateOfBirth: born(30), country: 'DE' });
    assert.ok(isIn(visitor));
    const { ageGroup, country, consentProvidedForMinor, legalAgeGroupClassification } = await account(email);
    assert.deepEqual(
      [ageGroup, country, consentProvidedForMinor, legalAgeGroupClassification],
      ['adult', 'DE', null, 'adult'],
    );
    assert.ok(isIn(await signIn('adults', email)));
  });

  test('a country that is known is not asked for and stays as it is written', async () => {
    const email = fresh();
    await addUser(house, email);
    await change(email, { country: 'Germany' });
    const visitor = await signIn('all', email);
    assert.deepEqual(
      visitor.screen.fields.map(({ name }) => name),
      ['dateOfBirth'],
    );
    await visitor.press('continue', { dateOfBirth: born(17), country: 'SG' });
    assert.ok(isIn(visitor));
    const { ageGroup, country } = await account(email);
    assert.deepEqual([ageGroup, country], ['notAdult', 'Germany']);
    await change(email, { country: 'Atlantis' });
    const again = await signIn('all', email);
    assert.deepEqual(
      again.screen.fields.map(({ name }) => name),
      ['country'],
    );
  });

  for (const [rule, ages] of [
    ['all', { 15: true, 17: true, 18: true }],
    ['consent', { 15: false, 17: true, 18: true }],
    ['adults', { 15: false, 17: false, 18: true }],
  ] as const) {
    test(`the rule decides who comes in: ${rule}`, async () => {
      for (const [years, comesIn] of Object.entries(ages)) {
        const email = fresh();
        await addUser(house, email);
        const visitor = await signIn(rule, email);
        await visitor.press('continue', { dateOfBirth: born(Number(years)), country: 'DE' });
        assert.deepEqual([isIn(visitor), isShut(visitor)], [comesIn, !comesIn], years);
        const again = await signIn(rule, email);
        assert.deepEqual([isIn(again), isShut(again)], [comesIn, !comesIn], `${years}, next time`);
      }
    });
  }

  test('where no law asks parents, a minor needs no consent', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('consent', email);
    await visitor.press('continue', { dateOfBirth: born(10), country: 'BR' });
    assert.ok(isIn(visitor));
    assert.equal((await account(email)).legalAgeGroupClassification, 'minorNoParentalConsentRequired');
    assert.ok(isShut(await signIn('adults', email)));
    await change(email, { country: 'DE' });
    assert.ok(isShut(await signIn('consent', email)), 'who moves to where parents are asked needs their consent');
  });

  test('parents can consent and take it back; a rule that keeps out all minors does not ask them', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('consent', email);
    await visitor.press('continue', { dateOfBirth: born(12), country: 'DE' });
    assert.ok(isShut(visitor));
    await change(email, { consentProvidedForMinor: 'granted' });
    assert.ok(isIn(await signIn('consent', email)));
    assert.ok(isShut(await signIn('adults', email)));
    await change(email, { consentProvidedForMinor: 'denied' });
    assert.ok(isShut(await signIn('consent', email)));
  });

  test('who has a birthday comes in, and is an adult in the directory', async () => {
    const email = fresh();
    await addUser(house, email);
    const tomorrow = isoDateTime(house.clock.now() + 86_400).slice(0, 10);
    const dateOfBirth = `${Number(tomorrow.slice(0, 4)) - 18}${tomorrow.slice(4)}`;
    const visitor = await signIn('adults', email);
    await visitor.press('continue', { dateOfBirth, country: 'DE' });
    assert.ok(isShut(visitor));
    house.clock.advance(86_400);
    assert.ok(isIn(await signIn('adults', email)));
    assert.equal((await account(email)).ageGroup, 'adult');
  });

  test('who is kept out cannot answer again, in this journey or the next, and goes back with a refusal', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('adults', email);
    await visitor.press('continue', { dateOfBirth: born(12), country: 'DE' });
    assert.deepEqual(visitor.screen.fields, []);
    await visitor.press('continue', { dateOfBirth: born(40), country: 'DE' });
    assert.ok(isShut(visitor), 'a button that is not there does nothing');
    await visitor.press('cancel', { dateOfBirth: born(40), country: 'DE' });
    assert.match(visitor.url, /refused/);
    assert.equal(cancelled(), 'minor');
    assert.ok(isShut(await signIn('adults', email)));
  });

  test('of two dates that are said at the same moment one counts, for both', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitors = await Promise.all([signIn('adults', email), signIn('adults', email)]);
    const ages = [12, 40];
    await Promise.all(
      visitors.map((visitor, index) =>
        visitor.press('continue', { dateOfBirth: born(ages[index] ?? 0), country: 'DE' }),
      ),
    );
    const [first, second] = visitors.map(isIn);
    assert.equal(first, second, 'the one who is too young is not let in by a second browser');
    assert.equal((await account(email)).ageGroup === 'adult', first);
  });

  test('the application is told at once where the flow says so', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('tell', email);
    await visitor.press('continue', { dateOfBirth: born(12), country: 'DE' });
    assert.match(visitor.url, /refused/);
    assert.equal(cancelled(), 'minor');
  });

  test('a person who does not want to say it goes back', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('all', email);
    await visitor.press('cancel');
    assert.match(visitor.url, /refused/);
    assert.equal(cancelled(), 'cancelled');
    assert.equal((await account(email)).ageGroup, null);
  });

  test('single sign-on does not pass by it', async () => {
    const email = fresh();
    await addUser(house, email);
    const { id } = await account(email);
    const session = { userId: id, authTime: house.clock.now(), amr: ['pwd'], keepSignedIn: false };
    const start = {
      client: { appId: id, displayName: 'Tasks' },
      uiLocales: [],
      acceptLanguages: [],
      sender,
      correlationId: 'c',
      session,
    };
    const glide = async (flow: string) => {
      const glided = await house.flows.glide({ ...start, flowId: `B2C_1_${flow}` });
      return glided.kind === 'refuse' ? glided.refusal : glided.kind;
    };
    assert.equal(await glide('all'), 'page');
    const visitor = await house.begin('B2C_1_all', { session });
    await visitor.press('continue', { dateOfBirth: born(12), country: 'DE' });
    assert.ok(isIn(visitor));
    const ways = await Promise.all(['all', 'consent', 'adults', 'tell', 'susi'].map(glide));
    assert.deepEqual(ways, ['arrive', 'page', 'page', 'minor', 'arrive']);
  });

  test('a new person is asked before there is an account; who is kept out gets none', async () => {
    for (const flow of ['adults', 'before']) {
      for (const years of [12, 30]) {
        const email = fresh();
        const visitor = await house.begin(`B2C_1_${flow}`);
        await prove(house, visitor, email);
        await visitor.press('continue', { email, ...newPasswords });
        assert.ok(fieldOf(visitor.screen, 'dateOfBirth'), flow);
        assert.equal(await house.identity.findBySignInName(email), undefined);
        await visitor.press('continue', { dateOfBirth: born(years), country: 'FR' });
        assert.deepEqual([isIn(visitor), isShut(visitor)], [years === 30, years === 12]);
        const made = await house.identity.findBySignInName(email);
        assert.deepEqual(made && [made.ageGroup, made.country], years === 30 ? ['adult', 'FR'] : undefined);
        if (made) assert.ok(isIn(await signIn(flow, email, newPasswords.newPassword)), 'nothing is asked again');
      }
    }
  });

  test('what cannot be true is not accepted, and nothing that was entered is lost', async () => {
    const email = fresh();
    await addUser(house, email);
    const visitor = await signIn('all', email);
    await visitor.press('continue', { country: 'DE' });
    assert.deepEqual(errorsOf(visitor.screen), { dateOfBirth: ['field.required'] });
    assert.equal(fieldOf(visitor.screen, 'country')?.value, 'DE');
    const tomorrow = isoDateTime(house.clock.now() + 86_400).slice(0, 10);
    for (const dateOfBirth of [tomorrow, '2001-02-30', '1066-10-14', 'yesterday', '0000-01-01', '2001-2-3']) {
      await visitor.press('continue', { dateOfBirth, country: 'DE' });
      assert.deepEqual(errorsOf(visitor.screen), { dateOfBirth: ['field.notADate'] }, dateOfBirth);
      assert.equal(fieldOf(visitor.screen, 'dateOfBirth')?.value, dateOfBirth);
    }
    for (const country of ['XX', 'Deutschland', '']) {
      await visitor.press('continue', { dateOfBirth: born(20), country });
      assert.deepEqual(Object.keys(errorsOf(visitor.screen)), ['country'], country);
    }
    assert.equal((await account(email)).ageGroup, null);
  });

  test('an administrator’s word stands in place of a date, and null lets the flow ask again', async () => {
    const email = fresh();
    await addUser(house, email);
    await change(email, { ageGroup: 'adult' });
    assert.ok(isIn(await signIn('adults', email)), 'nobody is asked');
    await change(email, { ageGroup: 'minor' });
    assert.ok(isShut(await signIn('consent', email)));
    await change(email, { ageGroup: null });
    const visitor = await signIn('adults', email);
    await visitor.press('continue', { dateOfBirth: born(12), country: 'DE' });
    assert.ok(isShut(visitor));
    await change(email, { ageGroup: 'adult' });
    assert.ok(isIn(await signIn('adults', email)), 'the date that was said counts no more');
    await change(email, { ageGroup: null });
    assert.deepEqual(Object.keys((await signIn('adults', email)).screen.fields).length, 1, 'the country is known');
  });

  test('the steps trust no plan', async () => {
    const settings = { rule: 'allowMinors', whenBlocked: 'showErrorPage' } as const;
    const unproved = { code: 'flows.unproved' };
    for (const facts of [{}, { intent: 'signIn' }, { userId: 'nobody' }] as const) {
      await assert.rejects(ageGate.enter(contextFor(house, facts), settings), unproved, JSON.stringify(facts));
    }
    const age = { dateOfBirth: '2000-01-01', country: 'DE' };
    const { id } = await account('adele@contoso.example');
    for (const facts of [{ age }, { userId: id }, { userId: id, age }] as const) {
      await assert.rejects(keepAgeStep.enter(contextFor(house, facts), {}), unproved, JSON.stringify(facts));
    }
  });
});
