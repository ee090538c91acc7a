import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { codeFor, errorsOf, messagesOf, otherThan, seed, sender } from '../testing/harness.ts';
import { actionsOf, openFactorHouse } from '../testing/second-factors.ts';

const number = '+4915112345678';
const mobile = '+4915187654321';
const { house, person, signIn, kinds, lastArrival, nextMinute } = await openFactorHouse();
after(() => house.close());

describe('a second factor by phone', () => {
  test('is set up at the first sign-in, kept, and asked for at the next one', async () => {
    const { id, email } = await person();
    const visitor = await signIn('phone', email);
    assert.equal(visitor.screen.id, 'phonefactor');
    assert.deepEqual(actionsOf(visitor), ['sendCode', 'cancel']);
    await visitor.press('sendCode', { localNumber: number });
    assert.deepEqual(actionsOf(visitor), ['verifyCode', 'retryCode', 'changeNumber', 'cancel']);
    await visitor.press('verifyCode', { verificationCode: codeFor(house, number) });
    assert.deepEqual([lastArrival()?.userId, lastArrival()?.amr], [id, ['pwd', 'sms', 'mfa']]);
    assert.deepEqual(await kinds(id), ['phone']);

    nextMinute();
    const again = await signIn('phone', email);
    assert.equal(again.screen.fields[0]?.value, '•••• 5678');
    assert.ok(!JSON.stringify(again.screen).includes(number), 'the number is not shown');
    await again.press('sendCode');
    await again.press('verifyCode', { verificationCode: codeFor(house, number) });
    assert.match(again.url, /arrived/);
    assert.deepEqual(await kinds(id), ['phone']);
  });

  test('a wrong number is said beside its field, and what was typed stays', async () => {
    const visitor = await signIn('phone', (await person()).email);
    await visitor.press('sendCode', {});
    assert.deepEqual(errorsOf(visitor.screen), { localNumber: ['phonefactor.requiredField_number'] });
    await visitor.press('sendCode', { localNumber: '+49 12' });
    assert.deepEqual(errorsOf(visitor.screen), { localNumber: ['phonefactor.invalid_number'] });
    assert.equal(visitor.screen.fields[0]?.value, '+49 12');
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('changeNumber');
    assert.equal(visitor.screen.fields[0]?.readOnly, undefined);
  });

  test('three wrong codes end the journey, also when the right one follows at once', async () => {
    const { id, email } = await person();
    const visitor = await signIn('phone', email);
    await visitor.press('sendCode', { localNumber: number });
    const right = codeFor(house, number);
    await visitor.press('verifyCode', { verificationCode: otherThan(right) });
    assert.deepEqual(errorsOf(visitor.screen), { verificationCode: ['phonefactor.error_incorrect_code'] });
    await visitor.press('verifyCode', { verificationCode: '' });
    assert.deepEqual(errorsOf(visitor.screen), { verificationCode: ['phonefactor.requiredField_code'] });
    await visitor.press('verifyCode', { verificationCode: otherThan(right) });
    await visitor.press('verifyCode', { verificationCode: otherThan(right) });
    assert.match(visitor.url, /refused/);
    assert.equal(house.host.refusals.at(-1), 'factorAttempts');
    assert.deepEqual(await kinds(id), []);
  });

  test('a code of another journey, or one that was used, opens nothing', async () => {
    nextMinute();
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    const [one, two] = [await signIn('phone', email), await signIn('phone', email)];
    await one.press('sendCode');
    const code = codeFor(house, mobile);
    await two.press('verifyCode', { verificationCode: code });
    assert.deepEqual(actionsOf(two), ['sendCode', 'cancel']);
    await one.press('verifyCode', { verificationCode: code });
    assert.match(one.url, /arrived/);
    await two.press('sendCode');
    if (codeFor(house, mobile) !== code) {
      await two.press('verifyCode', { verificationCode: code });
      assert.deepEqual(errorsOf(two.screen), { verificationCode: ['phonefactor.error_incorrect_code'] });
    }
  });

  test('asked for again too soon the page says how long to wait, and the first code stays good', async () => {
    nextMinute();
    const visitor = await signIn('phone', (await person()).email);
    await visitor.press('sendCode', { localNumber: number });
    const code = codeFor(house, number);
    await visitor.press('retryCode');
    assert.deepEqual(messagesOf(visitor.screen), ['phonefactor.ver_resend_wait']);
    await visitor.press('verifyCode', { verificationCode: code });
    assert.match(visitor.url, /arrived/);
  });

  test('of several numbers one is chosen by its last digits, and nobody can name another', async () => {
    nextMinute();
    const { id, email } = await person();
    for (const content of [number, mobile]) {
      await house.identity.authenticators.add(seed, id, { kind: 'phone', content });
      house.clock.advance(1);
    }
    const [, second] = await house.identity.authenticators.of(id);
    const visitor = await signIn('phone', email);
    assert.equal(visitor.screen.fields[0]?.input, 'radio');
    assert.equal(visitor.screen.fields[0]?.choices?.length, 2);
    const sent = () => house.outbox.messages(mobile).length;
    const before = sent();
    await visitor.press('sendCode', { number: second?.id ?? '', localNumber: '+15555550100' });
    assert.equal(sent(), before + 1);
    assert.equal(house.outbox.messages('+15555550100').length, 0);
    await visitor.press('verifyCode', { verificationCode: codeFor(house, mobile) });
    assert.match(visitor.url, /arrived/);
  });

  test('simultaneous tries of one page are one try, and the code is spent once', async () => {
    nextMinute();
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    const visitor = await signIn('phone', email);
    await visitor.press('sendCode');
    const arrived = house.host.arrivals.length;
    const { move, journeyId, browserSecret } = visitor;
    const revision = move.kind === 'show' ? move.revision : 0;
    const values = { verificationCode: codeFor(house, mobile) };
    await Promise.all(
      Array.from({ length: 10 }, () =>
        house.flows.answer(journeyId, browserSecret, revision, { action: 'verifyCode', values }, sender),
      ),
    );
    assert.equal(house.host.arrivals.length, arrived + 1);
  });

  test('whoever leaves half-way has nothing kept and is asked again', async () => {
    nextMinute();
    const { id, email } = await person();
    const visitor = await signIn('phone', email);
    await visitor.press('sendCode', { localNumber: number });
    await visitor.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.deepEqual(await kinds(id), []);
    assert.equal((await signIn('phone', email)).screen.fields[0]?.name, 'localNumber');
  });

  test('is not set up by a page from before there was one', async () => {
    nextMinute();
    const { id, email } = await person();
    const stranger = await signIn('phone', email);
    await stranger.press('sendCode', { localNumber: number });
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: mobile });
    await stranger.press('verifyCode', { verificationCode: codeFor(house, number) });
    assert.equal(stranger.screen.fields[0]?.value, '•••• 4321');
    assert.deepEqual(await kinds(id), ['phone']);
  });
});
