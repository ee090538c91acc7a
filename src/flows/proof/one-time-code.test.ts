import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId, newSecret } from '../../kernel/index.ts';
import type { StepContext } from '../step.ts';
import { b2cCodes } from '../testing/codes.ts';
import { englishWords } from '../testing/english.ts';
import { codeFor, contextFor, english, type House, openHouse, otherThan, sender } from '../testing/harness.ts';
import { addressLimits, senderLimits } from './code-rules.ts';
import type { Destination } from './destination.ts';
import { type Checking, checkCode, sendCode } from './one-time-code.ts';

describe('one-time code', () => {
  let house: House;
  let counter = 0;
  const fresh = () => {
    counter += 1;
    return `Person${counter}@contoso.example`;
  };
  /** What a step is given, in a journey of its own. */
  const context = (): StepContext => ({
    ...contextFor(house, {}, { id: newId(), client: { appId: newId(), displayName: 'Tasks' } }),
    browserKey: newSecret(),
    words: { ...englishWords, text: (id, values) => `${english[id]} ${JSON.stringify(values)}` },
  });
  const to = (address: string): Destination => ({ channel: 'email', purpose: 'addressVerification', address });
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  test('is six digits that differ from letter to letter', async () => {
    const codes = new Set<string>();
    for (let letter = 0; letter < 20; letter += 1) {
      const email = fresh();
      assert.deepEqual(await sendCode(context(), to(email)), { kind: 'sent' });
      assert.match(codeFor(house, email), /^\d{6}$/);
      codes.add(codeFor(house, email));
    }
    assert.ok(codes.size > 15, `${codes.size} of 20 codes are different`);
  });

  test('is accepted once, in any case of the address', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    assert.equal(await checkCode(one, to(email.toUpperCase()), codeFor(house, email)), 'proved');
    assert.equal(await checkCode(one, to(email), codeFor(house, email)), 'expired');
  });

  test('is good for one journey, one purpose and one browser', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    const code = codeFor(house, email);
    assert.equal(await checkCode(context(), to(email), code), 'expired');
    assert.equal(await checkCode(one, { ...to(email), purpose: 'passwordReset' }, code), 'expired');
    assert.equal(await checkCode({ ...one, browserKey: newSecret() }, to(email), code), 'wrong');
    assert.equal(await checkCode(one, to(email), code), 'proved');
  });

  test('is void once a newer one was sent', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    const old = codeFor(house, email);
    house.clock.advance(b2cCodes.resendSeconds);
    await sendCode(one, to(email));
    const current = codeFor(house, email);
    if (old !== current) assert.equal(await checkCode(one, to(email), old), 'wrong');
    assert.equal(await checkCode(one, to(email), current), 'proved');
  });

  test('lives for ten minutes', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    house.clock.advance(b2cCodes.lifetimeSeconds - 1);
    assert.equal(await checkCode(one, to(email), otherThan(codeFor(house, email))), 'wrong');
    house.clock.advance(1);
    assert.equal(await checkCode(one, to(email), codeFor(house, email)), 'expired');
  });

  test('of twenty simultaneous wrong tries five are looked at, and the code is closed', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    const wrong = otherThan(codeFor(house, email));
    const tries = await Promise.all(Array.from({ length: 20 }, () => checkCode(one, to(email), wrong)));
    const count = (kind: Checking) => tries.filter((one) => one === kind).length;
    assert.equal(count('wrong'), b2cCodes.triesPerCode - 1);
    assert.equal(count('spent'), 20 - b2cCodes.triesPerCode + 1);
    assert.equal(await checkCode(one, to(email), codeFor(house, email)), 'spent');
  });

  test('of twenty simultaneous right tries one wins', async () => {
    const [one, email] = [context(), fresh()];
    await sendCode(one, to(email));
    const code = codeFor(house, email);
    const tries = await Promise.all(Array.from({ length: 20 }, () => checkCode(one, to(email), code)));
    assert.equal(tries.filter((kind) => kind === 'proved').length, 1);
  });

  test('of twenty simultaneous requests for a letter one is sent', async () => {
    const [one, email] = [context(), fresh()];
    const sent = await Promise.all(Array.from({ length: 20 }, () => sendCode(one, to(email))));
    assert.equal(sent.filter(({ kind }) => kind === 'sent').length, 1);
    assert.equal(sent.filter(({ kind }) => kind === 'tooSoon').length, 19);
    assert.equal(house.outbox.messages(email).length, 1);
  });

  test('is sent ten times in a journey, whatever the addresses', async () => {
    const one = context();
    for (let letter = 0; letter < b2cCodes.codesPerJourney; letter += 1) {
      assert.deepEqual(await sendCode(one, to(fresh())), { kind: 'sent' });
    }
    const email = fresh();
    assert.deepEqual(await sendCode(one, to(email)), { kind: 'tooMany' });
    assert.equal(house.outbox.messages(email).length, 0);
    assert.deepEqual(await sendCode(context(), to(email)), { kind: 'sent' }, 'another journey is not concerned');
  });

  test('is sent to one address and guessed for it a limited number of times, whatever the journeys', async () => {
    const email = fresh();
    const outcomes: string[] = [];
    for (let letter = 0; letter < addressLimits.codes; letter += 1) {
      const one = context();
      assert.deepEqual(await sendCode(one, to(email)), { kind: 'sent' });
      const wrong = otherThan(codeFor(house, email));
      for (let tries = 1; tries < b2cCodes.triesPerCode; tries += 1) {
        outcomes.push(await checkCode(one, to(email), wrong));
      }
    }
    assert.equal(outcomes.filter((kind) => kind === 'wrong').length, addressLimits.tries);
    assert.equal(outcomes.at(-1), 'tooMany');
    assert.deepEqual(await sendCode(context(), to(email)), { kind: 'tooMany' });
    house.clock.advance(addressLimits.windowSeconds);
    assert.deepEqual(await sendCode(context(), to(email)), { kind: 'sent' });
  });

  test('is sent by text message only so often for one sender, whatever the journeys and numbers', async () => {
    const from = (address: string): StepContext => {
      const one = context();
      return { ...one, journey: { ...one.journey, sender: { ...sender, address } } };
    };
    let number = 4_915_100_000_000;
    const sendFrom = async (address: string, channel: Destination['channel'] = 'sms') => {
      number += 1;
      const reached = channel === 'sms' ? `+${number}` : `n${number}@contoso.example`;
      return (await sendCode(from(address), { channel, purpose: 'oneTimePasscode', address: reached })).kind;
    };
    for (let text = 0; text < senderLimits.texts; text += 1) {
      assert.equal(await sendFrom(`2001:db8::${text.toString(16)}`), 'sent');
    }
    assert.equal(await sendFrom('2001:db8::ffff:1'), 'tooMany');
    assert.equal(await sendFrom('2001:db8:0:1::1'), 'sent', 'another network');
    assert.equal(await sendFrom('2001:db8::1', 'email'), 'sent', 'letters cost nothing');
    house.clock.advance(senderLimits.windowSeconds);
    assert.equal(await sendFrom('2001:db8::1'), 'sent');
  });

  test('is not in the store in clear, nor as a digest that needs no key', async () => {
    const seen: unknown[] = [];
    const [plain, email] = [context(), fresh()];
    const ephemeral: StepContext['ephemeral'] = {
      ...plain.ephemeral,
      put: (kind, record, ifRevision) => {
        seen.push(record);
        return plain.ephemeral.put(kind, record, ifRevision);
      },
    };
    const one: StepContext = { ...plain, ephemeral };
    await sendCode(one, to(email));
    assert.equal(seen.length, 1);
    const stored = JSON.stringify(seen);
    assert.doesNotMatch(stored, new RegExp(codeFor(house, email)));
    assert.doesNotMatch(stored, new RegExp(one.browserKey));
    assert.doesNotMatch(stored, /person\d+@/i);
  });

  test('comes in a letter in which names are text', async () => {
    const email = fresh();
    await sendCode(context(), to(email));
    const [letter] = house.outbox.messages(email);
    assert.match(letter?.text ?? '', /Contoso <b>&/);
    assert.match(letter?.html ?? '', /Contoso &lt;b&gt;&amp;/);
    assert.doesNotMatch(letter?.html ?? '', /<b>/);
    assert.match(letter?.html ?? '', new RegExp(letter?.code ?? 'none'));
    assert.doesNotMatch(letter?.subject ?? '', /[\r\n]/);
    assert.equal(letter?.flowId, 'B2C_1_susi');
  });
});
