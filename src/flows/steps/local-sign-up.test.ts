import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { offers, type Screen } from '../screen.ts';
import { b2cCodes } from '../testing/codes.ts';
import {
  addAttribute,
  assign,
  codeFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  otherThan,
  proofMessagesOf,
  type Visitor,
} from '../testing/harness.ts';

const id = 'localaccountsignup';
const stateOf = ({ verification }: Screen) => verification?.state;

describe('sign-up page', () => {
  let house: House;
  let counter = 0;
  const fresh = () => {
    counter += 1;
    return `person${counter}@contoso.example`;
  };
  const atSignUp = async (flowId?: string): Promise<Visitor> => {
    const visitor = await house.begin(flowId);
    await visitor.press('createAccount');
    return visitor;
  };
  before(async () => {
    house = await openHouse();
    const shoe = await addAttribute(house, 'Shoe size', 'int64');
    await assign(house, 'displayName', { isOptional: false, displayName: 'Display Name' });
    await assign(house, 'email', { isOptional: false, requiresVerification: true, userInputType: 'emailBox' });
    await assign(house, shoe, { displayName: 'Your shoe size' });
    await assign(house, 'City', { displayName: 'Where you live' });
  });
  after(() => house.close());

  test('shows one page: address, two passwords, then the attributes in the order of their assignment', async () => {
    const { screen } = await atSignUp();
    assert.equal(screen.id, id);
    assert.deepEqual(
      screen.fields.map(({ name, input, required, label }) => [name, input, required, label]),
      [
        ['email', 'email', true, { id: 'attribute.email' }],
        ['newPassword', 'password', true, { id: `${id}.newPassword` }],
        ['reenterPassword', 'password', true, { id: `${id}.reenterPassword` }],
        ['displayName', 'text', true, { id: 'attribute.displayName' }],
        ['extension_Shoesize', 'number', false, { literal: 'Your shoe size' }],
        ['city', 'text', false, { literal: 'Where you live' }],
      ],
    );
    assert.deepEqual(
      screen.actions.map(({ name }) => name),
      ['continue', 'cancel'],
    );
    assert.deepEqual(fieldOf(screen, 'newPassword')?.help, [
      { id: 'password.length', values: { minimum: 8, maximum: 64 } },
      { id: 'password.tooFewClasses', values: { required: 3 } },
    ]);
  });

  test('address, code, password and attributes make an account that can sign in', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email });
    assert.equal(stateOf(visitor.screen), 'sent');
    assert.equal(fieldOf(visitor.screen, 'email')?.readOnly, true);
    const code = codeFor(house, email);
    assert.match(code, /^\d{6}$/);
    await visitor.press('email_ver_but_verify', { email_ver_input: `${code.slice(0, 3)} ${code.slice(3)}` });
    assert.equal(stateOf(visitor.screen), 'verified');
    await visitor.press('continue', {
      email,
      ...newPasswords,
      displayName: ' Ada ',
      extension_Shoesize: '42',
      city: 'Turin',
    });
    const user = await house.identity.findBySignInName(email);
    assert.ok(user);
    const values = Object.entries(user);
    assert.equal(user.displayName, 'Ada');
    assert.equal(user.city, 'Turin');
    assert.equal(values.find(([name]) => /^extension_[0-9a-f]{32}_Shoesize$/.test(name))?.[1], 42);
    assert.deepEqual(house.host.arrivals.at(-1), {
      userId: user.id,
      newUser: true,
      amr: ['pwd'],
      authTime: house.clock.now(),
      flowId: 'B2C_1_susi',
      keepSignedIn: false,
    });
    const back = await house.begin();
    await back.press('next', { email, password: newPasswords.newPassword });
    assert.equal(house.host.arrivals.at(-1)?.userId, user.id);
    assert.equal(house.host.arrivals.at(-1)?.newUser, false);
  });

  test('an address in look-alike letters is mailed in the form in which it is compared', async () => {
    const plain = fresh().replace('@', '-kate@');
    const visitor = await atSignUp();
    // U+212A KELVIN SIGN: canonically equal to K, but a mailbox of its own to a mail server that takes it.
    await visitor.press('email_ver_but_send', { email: plain.replace('kate', '\u212Aate') });
    const written = plain.replace('kate', 'Kate');
    await visitor.press('email_ver_but_verify', { email_ver_input: codeFor(house, written) });
    await visitor.press('continue', { email: plain, ...newPasswords, displayName: 'Kate' });
    const user = await house.identity.findBySignInName(plain);
    assert.equal(user?.identities[0]?.issuerAssignedId, written, 'the account is named as the proved address was');
  });

  test('"create" with the code in its field proves the address as well', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email });
    const values = { email, email_ver_input: codeFor(house, email), ...newPasswords, displayName: 'Ada' };
    await visitor.press('continue', values);
    assert.match(visitor.url, /arrived=/);
  });

  test('without a proof nothing else is looked at', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    for (const state of ['initial', 'sent']) {
      await visitor.press('continue', { email, ...newPasswords, displayName: 'Ada' });
      assert.equal(stateOf(visitor.screen), state);
      assert.deepEqual(messagesOf(visitor.screen), [`${id}.UserMessageIfClaimNotVerified`]);
      assert.deepEqual(errorsOf(visitor.screen), {});
      await visitor.press('email_ver_but_send', { email });
    }
    assert.equal(await house.identity.findBySignInName(email), undefined);
  });

  test('another address in the field loses the proof, whatever the page allowed', async () => {
    const [own, foreign] = [fresh(), fresh()];
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email: own });
    await visitor.press('email_ver_but_verify', { email: own, email_ver_input: codeFor(house, own) });
    await visitor.press('continue', { email: foreign, ...newPasswords, displayName: 'Eve' });
    assert.equal(stateOf(visitor.screen), 'initial');
    assert.deepEqual(messagesOf(visitor.screen), [`${id}.UserMessageIfClaimNotVerified`]);
    await visitor.press('continue', { email: own, ...newPasswords, displayName: 'Eve' });
    assert.equal(stateOf(visitor.screen), 'initial', 'going back does not bring it back');
    assert.equal(await house.identity.findBySignInName(foreign), undefined);
    assert.equal(await house.identity.findBySignInName(own), undefined);
  });

  test('the code of one address does not prove another', async () => {
    const [own, foreign] = [fresh(), fresh()];
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email: own });
    const code = codeFor(house, own);
    await visitor.press('email_ver_but_edit', { email: own });
    assert.equal(stateOf(visitor.screen), 'initial');
    assert.equal(fieldOf(visitor.screen, 'email')?.readOnly, undefined);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, own);
    await visitor.press('email_ver_but_send', { email: foreign });
    await visitor.press('email_ver_but_verify', {
      email: foreign,
      email_ver_input: code === codeFor(house, foreign) ? otherThan(code) : code,
    });
    assert.deepEqual(proofMessagesOf(visitor.screen), [`${id}.ver_fail_retry`]);
  });

  test('says what is wrong with a code', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email });
    const code = codeFor(house, email);
    const attempt = async (typed: string) => {
      await visitor.press('email_ver_but_verify', { email, email_ver_input: typed });
      return proofMessagesOf(visitor.screen);
    };
    assert.deepEqual(await attempt('  '), [`${id}.ver_code_required`]);
    for (let tries = 1; tries < b2cCodes.triesPerCode; tries += 1) {
      assert.deepEqual(await attempt(otherThan(code)), [`${id}.ver_fail_retry`]);
    }
    assert.deepEqual(await attempt(otherThan(code)), [`${id}.ver_fail_no_retry`]);
    assert.deepEqual(await attempt(code), [`${id}.ver_fail_no_retry`], 'not even the right one, after five wrong ones');
    house.clock.advance(30);
    await visitor.press('email_ver_but_resend', { email });
    house.clock.advance(600);
    assert.deepEqual(await attempt(codeFor(house, email)), [`${id}.ver_fail_code_expired`]);
    await visitor.press('email_ver_but_resend', { email });
    assert.deepEqual(await attempt(codeFor(house, email)), [`${id}.ver_success_msg`]);
    assert.equal(stateOf(visitor.screen), 'verified');
  });

  test('a new code too soon says how long to wait, and the code before stays good', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email });
    house.clock.advance(10);
    await visitor.press('email_ver_but_resend', { email });
    assert.deepEqual(visitor.screen.verification?.messages[0]?.text, {
      id: `${id}.ver_resend_wait`,
      values: { time: { amount: 20, unit: 'second' } },
    });
    assert.equal(house.outbox.messages(email).length, 1);
    await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
    assert.equal(stateOf(visitor.screen), 'verified');
  });

  test('an address without its shape gets no letter', async () => {
    const visitor = await atSignUp();
    for (const email of ['', 'ada', 'ada@', 'ada@host', 'a b@contoso.example', 'a@contoso.example\nBcc: b@c.de']) {
      await visitor.press('email_ver_but_send', { email });
      assert.equal(stateOf(visitor.screen), 'initial', email);
      assert.equal(Object.keys(errorsOf(visitor.screen)).join(), 'email');
      assert.equal(house.outbox.messages(email.trim()).length, 0);
    }
    const long = `${'a'.repeat(60)}@${'b'.repeat(30)}.example.org`;
    await visitor.press('email_ver_but_send', { email: long });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['field.notAnEmail'] }, 'no sign-in name is that long');
  });

  test('all that was typed comes back, but no password and no code', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    const typed = { displayName: 'Ada', extension_Shoesize: 'large', city: 'Turin' };
    await visitor.press('email_ver_but_send', { email, ...newPasswords, ...typed });
    // A page that asks for the proof alone sends nothing else.
    await visitor.press('email_ver_but_verify', { email_ver_input: codeFor(house, email) });
    await visitor.press('continue', { email, newPassword: 'Secret-one-1', reenterPassword: 'Secret-two-2' });
    const values = Object.fromEntries(visitor.screen.fields.map(({ name, value }) => [name, value]));
    assert.deepEqual(values, { email, newPassword: undefined, reenterPassword: undefined, ...typed });
    const held = JSON.stringify(await house.ephemeral.get('journey', visitor.journeyId));
    assert.doesNotMatch(held, new RegExp(`Secret-|Correct-horse|${codeFor(house, email)}`));
  });

  test('says what is missing and what is wrong, beside the field and above', async () => {
    const email = fresh();
    const visitor = await atSignUp();
    await visitor.press('email_ver_but_send', { email });
    await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
    await visitor.press('continue', { email });
    assert.deepEqual(messagesOf(visitor.screen), [`${id}.error_requiredFieldMissing`]);
    assert.deepEqual(errorsOf(visitor.screen), {
      newPassword: ['field.required'],
      reenterPassword: ['field.required'],
      displayName: ['field.required'],
    });
    await visitor.press('continue', {
      email,
      newPassword: 'short',
      reenterPassword: 'shorter',
      displayName: '<b>',
      extension_Shoesize: '4.5',
    });
    assert.deepEqual(messagesOf(visitor.screen), [`${id}.error_fieldIncorrect`, `${id}.error_passwordEntryMismatch`]);
    assert.deepEqual(errorsOf(visitor.screen), {
      newPassword: ['password.tooShort', 'password.tooFewClasses'],
      reenterPassword: ['field.passwordsDiffer'],
      displayName: ['field.notAllowedCharacters'],
      extension_Shoesize: ['field.notANumber'],
    });
    assert.equal(stateOf(visitor.screen), 'verified', 'the proof is not lost by it');
  });

  test('a taken address behaves like a free one until it is proved', async () => {
    const [taken, free] = ['adele@contoso.example', fresh()];
    const seen = await Promise.all(
      [taken, free].map(async (email) => {
        const visitor = await atSignUp();
        const screens: string[] = [];
        const note = () => screens.push(JSON.stringify(visitor.screen).replaceAll(email, 'EMAIL'));
        await visitor.press('continue', { email, ...newPasswords, displayName: 'Ada' });
        note();
        await visitor.press('email_ver_but_send', { email });
        note();
        await visitor.press('email_ver_but_verify', { email, email_ver_input: otherThan(codeFor(house, email)) });
        note();
        const [letter] = house.outbox.messages(email);
        const text = letter?.text.replace(codeFor(house, email), 'CODE').replaceAll(email, 'EMAIL');
        screens.push(`${letter?.subject} ${text}`);
        return { screens, visitor };
      }),
    );
    assert.deepEqual(seen[0]?.screens, seen[1]?.screens);
    const visitor = seen[0]?.visitor;
    assert.ok(visitor);
    await visitor.press('email_ver_but_verify', { email: taken, email_ver_input: codeFor(house, taken) });
    await visitor.press('continue', { email: taken, ...newPasswords, displayName: 'Eve' });
    assert.deepEqual(messagesOf(visitor.screen), [`${id}.UserMessageIfClaimsPrincipalAlreadyExists`]);
    assert.ok(offers(visitor.screen, 'email_ver_but_edit'), 'another address can be tried');
  });

  test('"cancel" ends the journey', async () => {
    const visitor = await atSignUp();
    await visitor.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.match(visitor.url, /refused=/);
  });

  test('two journeys that prove one address make one account; the other is told and can only go back', async () => {
    const email = fresh();
    const visitors = [await atSignUp(), await atSignUp()];
    for (const visitor of visitors) {
      await visitor.press('email_ver_but_send', { email });
      await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
    }
    await Promise.all(visitors.map((one) => one.press('continue', { email, ...newPasswords, displayName: 'Ada' })));
    const [winner, loser] = visitors.toSorted((a) => (a.move.kind === 'go' ? -1 : 1));
    assert.match(winner?.url ?? '', /arrived=/);
    assert.deepEqual(loser && messagesOf(loser.screen), [`${id}.UserMessageIfClaimsPrincipalAlreadyExists`]);
    await loser?.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
  });

  test('a flow whose address needs no proof asks for none', async () => {
    const email = fresh();
    await createFlow(house, 'trusting');
    const unverified = { isOptional: false, requiresVerification: false, userInputType: 'emailBox' };
    await assign(house, 'email', { ...unverified, displayName: 'Work address' }, 'B2C_1_trusting');
    const visitor = await atSignUp('B2C_1_trusting');
    assert.equal(visitor.screen.verification, undefined);
    assert.deepEqual(fieldOf(visitor.screen, 'email')?.label, { literal: 'Work address' });
    await visitor.press('email_ver_but_send', { email });
    assert.deepEqual(messagesOf(visitor.screen), ['error.screenChanged'], 'and offers none');
    await visitor.press('continue', { email: 'ada', ...newPasswords });
    assert.deepEqual(errorsOf(visitor.screen), { email: ['field.notAnEmail'] });
    await visitor.press('continue', { email, ...newPasswords });
    assert.match(visitor.url, /arrived=/);
    assert.equal(house.outbox.messages(email).length, 0);
  });
});

test('a letter that cannot be sent is said, and can be tried again at once', async () => {
  let broken = true;
  const sent: string[] = [];
  const mailer = {
    async send({ code = '' }: { readonly code?: string }) {
      if (broken) throw new RangeError('the mail server is down');
      sent.push(code);
    },
  };
  const house = await openHouse({ mailer });
  const email = 'ada@contoso.example';
  const visitor = await house.begin();
  await visitor.press('createAccount');
  await visitor.press('email_ver_but_send', { email });
  assert.equal(stateOf(visitor.screen), 'initial');
  assert.deepEqual(proofMessagesOf(visitor.screen), [`${id}.ver_fail_server`]);
  assert.equal(house.observed.filter(({ kind }) => kind === 'warning').length, 1);
  broken = false;
  await visitor.press('email_ver_but_send', { email });
  await visitor.press('email_ver_but_verify', { email, email_ver_input: sent[0] ?? '' });
  assert.equal(stateOf(visitor.screen), 'verified');
  await house.close();
});
