import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { authorize } from '../support/sign-in.ts';
import { startMailServer } from '../support/smtp.ts';
import { startUsher } from '../support/usher.ts';
import { newVisitor, textOf } from '../support/visitor.ts';

const program = fileURLToPath(new URL('../../bin/usher.mjs', import.meta.url));

test('with a mail server in the settings, codes are really mailed and shown in the outbox; one that is refused is told as not sent', async (t) => {
  const server = await startMailServer(t, {
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _, done) => done(address.startsWith('nobody') ? new Error(`no ${address} here`) : null),
  });
  const url = `smtp://127.0.0.1:${server.port}?tls=off`;
  const usher = await startUsher({ args: ['--smtp-url', url, '--mail-from', 'Usher <no-reply@usher.example>'] });
  t.after(() => usher.stop());
  const visitor = newVisitor(usher);
  const form = await visitor.submit(await visitor.open(authorize(usher).url), 'createAccount');
  const refused = await visitor.submit(form, 'email_ver_but_send', { email: 'nobody@example.com' });
  assert.match(refused.html, /role="alert"/);
  assert.deepEqual(await usher.outbox('nobody@example.com'), []);
  assert.match(usher.log(), /A letter could not be handed over: 550/);
  assert.doesNotMatch(usher.log(), /nobody/);
  const sent = await visitor.submit(refused, 'email_ver_but_send', { email: 'ada@example.com' });
  assert.doesNotMatch(sent.html, /role="alert"/);
  const code = await usher.code('ada@example.com');
  const [letter, ...none] = server.received;
  assert.deepEqual([letter?.to, none], [['ada@example.com'], []]);
  assert.match(letter?.source ?? '', new RegExp(code));
  assert.match(letter?.source ?? '', /^From: Usher on behalf of Contoso <no-reply@usher\.example>\r$/m);
  const page = await visitor.open('/dev/outbox/');
  assert.match(textOf(page.html), /Mails are really sent/);
});

test('settings of messages that cannot be used end the start with 78, and show no secret', () => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--smtp-url', 'smtp://user:hunter2@mail.example.com'], /--mail-from/],
    [['--smtp-url', 'smtp://user:hunter2@mail.example.com?tls=off', '--mail-from', 'a@b.example'], /--smtp-url/],
    [['--sms-url', 'https://sms.example.com'], /--sms-body/],
    [['--sms-url', 'https://sms.example.com', '--sms-body', 'key=hunter2&to={to}'], /--sms-body/],
  ];
  for (const [flags, said] of wrong) {
    const { status, stderr } = spawnSync(process.execPath, [program, 'dev', '--memory', '--port', '0', ...flags], {
      encoding: 'utf8',
    });
    assert.equal(status, 78, stderr);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /hunter2/);
  }
});

test('the settings of messages are printed without their secrets', () => {
  const environment = {
    USHER_SMTP_URL: 'smtps://user:hunter2@mail.example.com',
    USHER_SMS_URL: 'https://sms.example.com/send?key=hunter2',
    USHER_SMS_HEADERS: 'Authorization: hunter2',
    USHER_SMS_BODY: 'key=hunter2',
  };
  const env = { PATH: process.env['PATH'], ...environment };
  const { stdout } = spawnSync(process.execPath, [program, 'config', 'print'], { encoding: 'utf8', env });
  assert.match(stdout, /smtp-url +smtps:\/\/user:\*{6}@mail\.example\.com +env/);
  assert.match(stdout, /sms-url +https:\/\/sms\.example\.com\/send\?\*{6} +env/);
  assert.doesNotMatch(stdout, /hunter2/);
});
