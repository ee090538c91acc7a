import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import type { Identity } from '../identity/index.ts';
import { newId, newSecret } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { inputLimits } from './engine.ts';
import { createJourneys } from './journeys.ts';
import {
  assign,
  codeFor,
  createFlow,
  createHost,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  password,
  prove,
  screenOf,
  seed,
  sender,
  type TestHost,
} from './testing/harness.ts';
import { mostFailures } from './walk.ts';

const adele = { email: 'adele@contoso.example', password };

describe('a journey', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  test('what keeps a flow from being begun is told without beginning it', async () => {
    const multifactorAuthenticationConfiguration = {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'phoneCall',
    };
    await createFlow(house, 'guarded', { multifactorAuthenticationConfiguration });
    assert.equal(await house.flows.obstacle('b2c_1_SUSI'), undefined);
    assert.match(
      String(await house.flows.obstacle('B2C_1_guarded')),
      /multifactorAuthenticationMethod.* cannot run yet\.$/,
    );
    assert.match(String(await house.flows.obstacle('B2C_1_gone')), /no user flow 'B2C_1_gone'/);
    const failing = mock.method(house.directory, 'get', () => Promise.reject(new TypeError('broken')));
    await assert.rejects(house.flows.obstacle('B2C_1_other'), TypeError);
    failing.mock.restore();
  });

  test('looking twice shows the same screen with the same revision', async () => {
    const visitor = await house.begin();
    const first = visitor.move;
    assert.deepEqual(await visitor.look(), first);
    assert.equal(first.kind === 'show' && first.journey.client.displayName, 'Tasks');
  });

  test('can be continued only by the browser it began in', async () => {
    const { journeyId, browserSecret } = await house.begin();
    const lost = { code: 'flows.journeyLost', status: 410 };
    await assert.rejects(house.flows.look(journeyId, newSecret()), lost);
    await assert.rejects(house.flows.look(journeyId, ''), lost);
    await assert.rejects(house.flows.look(newId(), browserSecret), lost);
    await assert.rejects(house.flows.look('../x', browserSecret), lost);
    await assert.rejects(
      house.flows.answer(journeyId, newSecret(), 1, { action: 'next', values: adele }, sender),
      lost,
    );
  });

  test('whoever tries name after name has to begin anew after twenty', async () => {
    const visitor = await house.begin();
    const tries = async (from: number, to: number): Promise<void> => {
      for (let nth = from; nth < to; nth += 1) {
        await visitor.press('next', { email: `name${nth}@contoso.example`, password: 'Summer2026' });
      }
    };
    await tries(0, mostFailures - 1);
    assert.equal(visitor.move.kind, 'show');
    await visitor.press('next', { email: '', password: '' });
    assert.equal(visitor.move.kind, 'show', 'what proves nothing does not count');
    await tries(mostFailures, mostFailures + 1);
    assert.equal(visitor.move.kind, 'go');
    assert.equal(house.host.refusals.at(-1), 'tooManyAttempts');
  });

  test('keeps only a digest of the secret', async () => {
    const { journeyId, browserSecret } = await house.begin();
    const held = await house.ephemeral.get('journey', journeyId);
    assert.ok(held);
    assert.doesNotMatch(JSON.stringify(held), new RegExp(browserSecret));
  });

  test('ends after its lifetime, which no answer prolongs', async () => {
    const visitor = await house.begin();
    house.clock.advance(3000);
    await visitor.press('next', { ...adele, password: 'Wrong-password-1' });
    house.clock.advance(599);
    await visitor.look();
    house.clock.advance(1);
    await assert.rejects(visitor.look(), { code: 'flows.journeyLost' });
  });

  test('an answer to an older screen shows the current one and changes nothing', async () => {
    const visitor = await house.begin();
    await visitor.press('next', { ...adele, password: '' });
    const before = visitor.move;
    const arrived = house.host.arrivals.length;
    const { journeyId, browserSecret } = visitor;
    const stale = await house.flows.answer(journeyId, browserSecret, 1, { action: 'next', values: adele }, sender);
    assert.deepEqual(messagesOf(screenOf(stale)), ['error.screenChanged']);
    assert.deepEqual(await visitor.look(), before);
    assert.equal(house.host.arrivals.length, arrived);
  });

  test('accepts no action that the screen does not offer', async () => {
    const visitor = await house.begin();
    for (const action of ['continue', 'cancel', 'email_ver_but_send', 'constructor', '']) {
      const before = await visitor.look();
      await visitor.press(action, { ...adele, ...newPasswords });
      assert.equal(visitor.screen.id, 'signuporsignin', action);
      assert.deepEqual(messagesOf(visitor.screen), ['error.screenChanged']);
      assert.deepEqual(await visitor.look(), before);
    }
  });

  test('refuses forms beyond its limits before it looks at them', async () => {
    const visitor = await house.begin();
    const tooLarge = { code: 'flows.inputTooLarge', status: 413 };
    const before = visitor.move;
    const many = Object.fromEntries(Array.from({ length: inputLimits.fields + 1 }, (_, index) => [`f${index}`, '']));
    await assert.rejects(visitor.press('next', many), tooLarge);
    await assert.rejects(visitor.press('next', { ...adele, email: 'é'.repeat(inputLimits.bytes / 2 + 1) }), tooLarge);
    await assert.rejects(visitor.press('next', { ['x'.repeat(inputLimits.bytes + 1)]: '' }), tooLarge);
    assert.deepEqual(await visitor.look(), before);
    await visitor.press('next', { ...adele, email: 'é'.repeat(inputLimits.bytes / 2) });
    assert.equal(visitor.screen.id, 'signuporsignin');
  });

  test('once ended, every answer and look goes where it went, and the host is told once', async () => {
    const visitor = await house.begin();
    const arrived = house.host.arrivals.length;
    const { revision } = visitor.move as { revision: number };
    await visitor.press('next', adele);
    const { url } = visitor;
    const { journeyId, browserSecret } = visitor;
    const forgot = { action: 'forgotPassword', values: {} };
    const again = await house.flows.answer(journeyId, browserSecret, revision, forgot, sender);
    assert.deepEqual(again, { kind: 'go', url });
    assert.deepEqual(await visitor.look(), { kind: 'go', url });
    assert.equal(house.host.arrivals.length, arrived + 1);
  });

  test('a form sent twenty times at once is answered once, and all are sent to the same place', async () => {
    const visitor = await house.begin();
    const arrived = house.host.arrivals.length;
    const { journeyId, browserSecret } = visitor;
    const moves = await Promise.all(
      Array.from({ length: 20 }, () =>
        house.flows.answer(journeyId, browserSecret, 1, { action: 'next', values: adele }, sender),
      ),
    );
    assert.equal(new Set(moves.map((move) => JSON.stringify(move))).size, 1);
    assert.equal(moves[0]?.kind, 'go');
    assert.equal(house.host.arrivals.length, arrived + 1);
  });

  test('"create" pressed ten times at once makes one account and one arrival', async () => {
    const email = 'double@contoso.example';
    const visitor = await house.begin();
    await prove(house, visitor, email);
    const arrived = house.host.arrivals.length;
    const { revision } = visitor.move as { revision: number };
    const { journeyId, browserSecret } = visitor;
    const input = { action: 'continue', values: { email, ...newPasswords } };
    const moves = await Promise.all(
      Array.from({ length: 10 }, () => house.flows.answer(journeyId, browserSecret, revision, input, sender)),
    );
    assert.deepEqual([...new Set(moves.map(({ kind }) => kind))], ['go']);
    assert.equal(house.host.arrivals.length, arrived + 1);
    assert.equal(house.host.arrivals.at(-1)?.newUser, true);
  });

  test('what was learned does not stay in the store once it has ended', async () => {
    const visitor = await house.begin();
    await prove(house, visitor, 'tidy@contoso.example');
    await visitor.press('continue', { email: 'tidy@contoso.example', ...newPasswords });
    const { journeyId, browserSecret } = visitor;
    const { ephemeral, clock } = house;
    const held = await createJourneys({ ephemeral, clock, lifetimeSeconds: 3600 }).load(journeyId, browserSecret);
    assert.match(JSON.stringify(held.journey), /arrived=/);
    assert.doesNotMatch(JSON.stringify(held.journey), /argon2|tidy@/);
  });

  test('what is under way cannot be read by who has only the store', async () => {
    const visitor = await house.begin();
    await prove(house, visitor, 'sealed@contoso.example');
    const stored = JSON.stringify(await house.ephemeral.get('journey', visitor.journeyId));
    assert.doesNotMatch(stored, /sealed@|contoso|localSignUp|screen/);
    assert.ok(!stored.includes(visitor.browserSecret));
  });

  test('a session that knows the person glides through a flow that only signs in', async () => {
    const user = await house.identity.findBySignInName(adele.email);
    const session = { userId: user?.id ?? '', authTime: 1_799_000_000, amr: ['pwd'], keepSignedIn: true };
    const client = { appId: newId(), displayName: 'Tasks' };
    const asked = { flowId: 'B2C_1_susi', client, uiLocales: [], acceptLanguages: [], sender, correlationId: newId() };
    const { userId, authTime, amr } = session;
    assert.deepEqual(await house.flows.glide({ ...asked, session }), {
      kind: 'arrive',
      arrival: { userId, newUser: false, amr, authTime, flowId: 'B2C_1_susi', keepSignedIn: true },
    });
  });

  test('an unknown flow and a flow of another kind are refused at the start', async () => {
    await createFlow(house, 'ropc', { userFlowType: 'resourceOwner' });
    await assert.rejects(house.begin('B2C_1_nowhere'), { code: 'flows.unknownFlow', status: 404 });
    await assert.rejects(house.begin('B2C_1_ropc'), {
      code: 'flows.noPages',
      message: /B2C_1_ropc.*resourceOwner/,
    });
  });

  test('a flow is found in any case and called as it is stored', async () => {
    const { move } = await house.begin('b2c_1_SUSI');
    assert.equal(move.kind === 'show' && move.journey.flowId, 'B2C_1_susi');
  });

  test('a changed flow counts for new journeys and leaves those under way as they were', async () => {
    await createFlow(house, 'changing');
    const before = await house.begin('B2C_1_changing');
    await assign(house, 'city', {}, 'B2C_1_changing');
    const after = await house.begin('B2C_1_changing');
    await before.press('createAccount');
    await after.press('createAccount');
    assert.equal(fieldOf(before.screen, 'city'), undefined);
    assert.equal(fieldOf(after.screen, 'city')?.input, 'text');
    await house.directory.remove(seed, { type: entities.b2cIdentityUserFlow, id: 'B2C_1_changing' });
    await assert.rejects(house.begin('B2C_1_changing'), { code: 'flows.unknownFlow' });
    await after.press('cancel');
    assert.match(after.url, /refused=/);
  });

  test('every move is observed, without a name, a code or a password', async () => {
    const visitor = await house.begin();
    await prove(house, visitor, 'seen@contoso.example');
    const moves = house.observed.filter((one) => one.kind === 'journey.moved' && one.journeyId === visitor.journeyId);
    assert.deepEqual(
      moves.map((one) => one.kind === 'journey.moved' && `${one.step} ${one.outcome}`),
      ['signIn show', 'signIn next', 'localSignUp show', 'localSignUp show', 'localSignUp show'],
    );
    const all = JSON.stringify(house.observed);
    assert.doesNotMatch(all, new RegExp(`seen@|${codeFor(house, 'seen@contoso.example')}"|Usher-dev`));
  });
});

describe('when something fails on the way', () => {
  test('a failed step leaves the screen as it was, to be answered again', async () => {
    let busy = true;
    const identity = (real: Identity): Identity => ({
      ...real,
      async provePassword(name, secret) {
        if (busy) throw new RangeError('the hash queue is full');
        return real.provePassword(name, secret);
      },
    });
    const house = await openHouse({ identity });
    const visitor = await house.begin();
    await assert.rejects(visitor.press('next', adele), RangeError);
    busy = false;
    await visitor.press('next', adele);
    assert.equal(house.host.arrivals.length, 1);
    await house.close();
  });

  test('a host that fails is told again by the next look, and the account is not made twice', async () => {
    const good = createHost();
    let failures = 1;
    const host: TestHost = {
      ...good,
      async arrive(ref, arrival) {
        failures -= 1;
        if (failures >= 0) throw new RangeError('the interaction could not be saved');
        return good.arrive(ref, arrival);
      },
    };
    const house = await openHouse({ host });
    const visitor = await house.begin();
    await prove(house, visitor, 'new@contoso.example');
    await assert.rejects(visitor.press('continue', { email: 'new@contoso.example', ...newPasswords }), RangeError);
    assert.equal((await visitor.look()).kind, 'go');
    assert.equal(good.arrivals.length, 1);
    assert.equal(good.arrivals[0]?.newUser, true);
    await house.close();
  });

  test('a host that keeps its result with the end of the journey has both in one commit', async () => {
    const good = createHost();
    const house = await openHouse({
      host: {
        ...good,
        async arrive(ref, arrival, close) {
          const url = await good.arrive(ref, arrival);
          const result = { id: ref, payload: {}, ttlSeconds: 60 };
          const both = [{ act: 'put', kind: 'oidc.Grant', record: result } as const, ...(close?.(url) ?? [])];
          assert.equal(await house.ephemeral.together(both), true);
          revision = (await house.ephemeral.get('journey', visitor.journeyId))?.revision;
          return url;
        },
      },
    });
    let revision: number | undefined;
    const visitor = await house.begin();
    assert.equal((await visitor.press('next', adele)).kind, 'go');
    assert.ok(revision);
    assert.equal((await house.ephemeral.get('journey', visitor.journeyId))?.revision, revision);
    assert.equal((await visitor.look()).kind, 'go');
    assert.equal(good.arrivals.length, 1);
    await house.close();
  });

  test('a request that died is overtaken after a minute, and the screen is still there', async () => {
    const house = await openHouse();
    const visitor = await house.begin();
    const held = await house.ephemeral.get('journey', visitor.journeyId);
    assert.ok(held);
    const payload = { ...(held.payload as object), busyUntil: house.clock.now() + 60 };
    await house.ephemeral.put('journey', { id: visitor.journeyId, payload, ttlSeconds: 3600 }, held.revision);
    house.clock.advance(60);
    await visitor.press('next', adele);
    assert.equal(house.host.arrivals.length, 1);
    await house.close();
  });
});
