import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustableClock } from '../../kernel/index.ts';
import { createOutbox } from './outbox.ts';

const letter = { to: 'Ada@example.com', subject: 'Your code', text: 'It is 123456', html: '<p>It is 123456</p>' };

async function filled() {
  const outbox = createOutbox(adjustableClock());
  await outbox.send({ ...letter, purpose: 'signUp.emailCode', code: '123456', flowId: 'B2C_1_susi' });
  await outbox.texter.send({
    to: '+4915112345678',
    text: 'Your code is 654321',
    purpose: 'phone.code',
    code: '654321',
  });
  return outbox;
}

test('outbox: letters and text messages stand in one list, the newest first', async () => {
  const [text, mail] = (await filled()).messages();
  assert.deepEqual([mail?.channel, mail?.subject, mail?.flowId], ['email', 'Your code', 'B2C_1_susi']);
  assert.deepEqual([text?.channel, text?.subject, text?.html, text?.code], ['sms', '', '', '654321']);
});

test('outbox: a message is found by its address in any case, or its number in any spelling', async () => {
  const outbox = await filled();
  assert.deepEqual(
    outbox.messages('ADA@EXAMPLE.COM').map(({ channel }) => channel),
    ['email'],
  );
  for (const number of ['+4915112345678', ' 4915112345678', '+49 151 1234-5678']) {
    assert.deepEqual(
      outbox.messages(number).map(({ channel }) => channel),
      ['sms'],
      number,
    );
  }
  assert.deepEqual(outbox.messages('+4915112345679'), []);
  assert.deepEqual(outbox.messages(''), []);
});

test('outbox: keeps the newest thousand', async () => {
  const outbox = createOutbox(adjustableClock());
  for (let n = 0; n < 1001; n += 1) await outbox.texter.send({ to: '+15550100', text: `${n}`, purpose: 'phone.code' });
  assert.equal(outbox.messages().length, 1000);
  assert.equal(outbox.messages()[0]?.text, '1000');
  outbox.clear();
  assert.deepEqual(outbox.messages(), []);
});

test('outbox: what also leaves the machine is sent first, and kept only when it was', async () => {
  const sent: string[] = [];
  const send = async ({ to }: { readonly to: string }) => {
    if (to.startsWith('nobody')) throw new Error('refused');
    sent.push(to);
  };
  const outbox = createOutbox(adjustableClock(), { mailer: { send } });
  await outbox.send({ ...letter, purpose: 'signUp.emailCode' });
  await assert.rejects(outbox.send({ ...letter, to: 'nobody@example.com', purpose: 'signUp.emailCode' }), /refused/);
  await outbox.texter.send({ to: '+15550100', text: 'x', purpose: 'phone.code' });
  assert.deepEqual(sent, ['Ada@example.com']);
  assert.deepEqual(
    outbox.messages().map(({ to }) => to),
    ['+15550100', 'Ada@example.com'],
  );
  assert.deepEqual(outbox.leaving, ['email']);
});
