import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { startMailServer, startSocketServer } from '../../../test/support/smtp.ts';
import { Fault } from '../../kernel/index.ts';
import type { Letter } from './mailer.ts';
import { createSmtpMailer, type SmtpSettings } from './smtp.ts';

const letter: Letter = {
  to: 'ada@example.com',
  sender: 'Contoso',
  subject: 'Your code',
  text: 'It is 123456',
  html: '<p>It is 123456</p>',
  purpose: 'signUp.emailCode',
};

function mailerTo(t: TestContext, url: string, settings: Partial<SmtpSettings> = {}) {
  const mailer = createSmtpMailer({ url, from: 'no-reply@usher.example', ...settings });
  t.after(() => mailer.close());
  return mailer;
}

/** What the letter was refused with, as a log would show it. */
async function refusal(sending: Promise<void>): Promise<{ message: string; logged: string }> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'connectors.mailNotSent', inspect(error));
    return { message: error.message, logged: inspect(error, { depth: 9, showHidden: true }) };
  }
  return assert.fail('the letter was sent');
}

/** Header fields of a message, unfolded, by lower-case name. */
function headersOf(source: string): ReadonlyMap<string, readonly string[]> {
  const [head = ''] = source.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  return Map.groupBy(
    lines.map((line) => line.trim()),
    (line) => line.slice(0, line.indexOf(':')).toLowerCase(),
  );
}

test('smtp: a letter goes out encrypted, in the name of the tenant, marked as written by a machine', async (t) => {
  const server = await startMailServer(t);
  await mailerTo(t, `smtp://localhost:${server.port}`).send(letter);
  const [received] = server.received;
  assert.ok(received?.encrypted);
  assert.deepEqual([received.from, received.to], ['no-reply@usher.example', ['ada@example.com']]);
  const headers = headersOf(received.source);
  assert.deepEqual(headers.get('from'), ['From: Contoso <no-reply@usher.example>']);
  assert.deepEqual(headers.get('to'), ['To: ada@example.com']);
  assert.deepEqual(headers.get('subject'), ['Subject: Your code']);
  assert.deepEqual(headers.get('auto-submitted'), ['Auto-Submitted: auto-generated']);
  assert.ok(!headers.has('x-mailer'), 'the version of the library is nobody’s business');
  assert.match(received.source, /text\/plain[\s\S]*It is 123456[\s\S]*text\/html[\s\S]*<p>It is 123456<\/p>/);
});

test('smtp: a name of our own is told as sending on behalf of the tenant', async (t) => {
  const server = await startMailServer(t);
  const url = `smtp://localhost:${server.port}`;
  await mailerTo(t, url, { from: 'Usher <no-reply@usher.example>' }).send(letter);
  await mailerTo(t, url, { from: '"Usher" <no-reply@usher.example>' }).send({ ...letter, sender: '' });
  const froms = server.received.map(({ source }) => headersOf(source).get('from')?.[0]);
  assert.deepEqual(froms, [
    'From: Usher on behalf of Contoso <no-reply@usher.example>',
    'From: Usher <no-reply@usher.example>',
  ]);
});

test('smtp: connections are kept and used again', async (t) => {
  const server = await startMailServer(t);
  const mailer = mailerTo(t, `smtp://localhost:${server.port}`);
  for (let sent = 0; sent < 3; sent += 1) await mailer.send(letter);
  assert.equal(server.connections, 1);
  await Promise.all(Array.from({ length: 20 }, () => mailer.send(letter)));
  assert.ok(server.connections <= 5, `${server.connections} connections`);
  assert.equal(server.received.length, 23);
});

test('smtp: the password opens the mail server, and a wrong one is told without telling it', async (t) => {
  const server = await startMailServer(t, {
    authOptional: false,
    onAuth: ({ username, password }, _, done) => {
      if (username === 'us@er' && password === 'p/a:ss%') done(null, { user: 'usher' });
      else done(new Error(`no such password: ${password}`));
    },
  });
  await mailerTo(t, `smtp://us%40er:p%2Fa%3Ass%25@localhost:${server.port}`).send(letter);
  assert.equal(server.received.length, 1);
  const { message, logged } = await refusal(
    mailerTo(t, `smtp://user:hunter2hunter@localhost:${server.port}`).send(letter),
  );
  assert.match(message, /535/);
  assert.doesNotMatch(logged, /hunter2|ada@|aHVudGVy/);
  const { message: unasked } = await refusal(mailerTo(t, `smtp://localhost:${server.port}`).send(letter));
  assert.match(unasked, /530/);
});

test('smtp: nothing is sent to a server without TLS, nor to one whose certificate is not trusted', async (t) => {
  const plain = await startMailServer(t, { disabledCommands: ['STARTTLS'] });
  await refusal(mailerTo(t, `smtp://localhost:${plain.port}`).send(letter));
  const stranger = await startMailServer(t, { untrusted: true });
  const { message } = await refusal(mailerTo(t, `smtp://localhost:${stranger.port}`).send(letter));
  assert.match(message, /certificate/);
  const direct = await startMailServer(t, { secure: true, untrusted: true });
  await refusal(mailerTo(t, `smtps://localhost:${direct.port}`).send(letter));
  assert.deepEqual([plain.received, stranger.received, direct.received], [[], [], []]);
});

test('smtp: a certificate for another name is refused', async (t) => {
  const server = await startMailServer(t);
  const { message } = await refusal(mailerTo(t, `smtp://127.0.0.1:${server.port}`).send(letter));
  assert.match(message, /certificate|altnames/i);
  assert.deepEqual(server.received, []);
});

test('smtp: TLS from the first byte, and none at all for a catcher of mails', async (t) => {
  const direct = await startMailServer(t, { secure: true });
  await mailerTo(t, `smtps://localhost:${direct.port}`).send(letter);
  assert.equal(direct.received[0]?.encrypted, true);
  const catcher = await startMailServer(t, { disabledCommands: ['STARTTLS', 'AUTH'] });
  await mailerTo(t, `smtp://127.0.0.1:${catcher.port}?tls=off`).send(letter);
  assert.equal(catcher.received[0]?.encrypted, false);
});

test('smtp: a refused recipient is told by numbers, without the address, and the next letter still goes', async (t) => {
  const server = await startMailServer(t, {
    onRcptTo({ address }, _, done) {
      const words = Object.assign(new Error(`5.1.1 <${address}>: no such user`), { responseCode: 550 });
      done(address.startsWith('nobody') ? words : null);
    },
  });
  const mailer = mailerTo(t, `smtp://localhost:${server.port}`);
  const { message, logged } = await refusal(mailer.send({ ...letter, to: 'nobody@example.com' }));
  assert.match(message, /550/);
  assert.doesNotMatch(logged, /nobody|example\.com|123456/);
  await mailer.send(letter);
  assert.equal(server.received.length, 1);
});

test('smtp: a server that is not there, hangs or drops the line fails within the time', async (t) => {
  const dropping = await startSocketServer(t, (socket) => socket.destroy());
  const silent = await startSocketServer(t, () => undefined);
  const stuck = await startMailServer(t, { onData: (stream) => void stream.resume() });
  const bounded = { timeoutMilliseconds: 300 };
  const before = performance.now();
  await refusal(mailerTo(t, `smtp://127.0.0.1:${dropping}?tls=off`, bounded).send(letter));
  await refusal(mailerTo(t, 'smtp://127.0.0.1:1?tls=off', bounded).send(letter));
  assert.match(
    (await refusal(mailerTo(t, `smtp://127.0.0.1:${silent}?tls=off`, bounded).send(letter))).message,
    /0\.3 seconds|ETIMEDOUT/,
  );
  assert.match(
    (await refusal(mailerTo(t, `smtp://localhost:${stuck.port}`, bounded).send(letter))).message,
    /0\.3 seconds|ETIMEDOUT/,
  );
  assert.ok(performance.now() - before < 3000);
});

/** Speaks as much SMTP as a letter needs, in the clear; `onLetter` is called before the letter is acknowledged. */
function takeLetters(socket: Socket, onLetter: () => void): void {
  let body: string | undefined;
  socket.write('220 localhost\r\n');
  socket.on('data', (chunk) => {
    if (body === undefined) {
      if (chunk.toString().startsWith('DATA')) body = '';
      socket.write(body === '' ? '354 go\r\n' : '250 ok\r\n');
      return;
    }
    body += chunk.toString();
    if (!body.endsWith('\r\n.\r\n')) return;
    body = undefined;
    onLetter();
    if (!socket.destroyed) socket.write('250 ok\r\n');
  });
}

test('smtp: a connection that the server has closed meanwhile costs no letter', async (t) => {
  const sockets: Socket[] = [];
  let letters = 0;
  const port = await startSocketServer(t, (socket) => {
    sockets.push(socket);
    takeLetters(socket, () => {
      letters += 1;
    });
  });
  const mailer = mailerTo(t, `smtp://127.0.0.1:${port}?tls=off`);
  for (let sent = 0; sent < 4; sent += 1) {
    await mailer.send(letter);
    for (const socket of sockets) socket.destroy();
  }
  assert.deepEqual([letters, sockets.length], [4, 4]);
});

test('smtp: a line that drops when the whole letter was sent does not send it twice', async (t) => {
  let letters = 0;
  const port = await startSocketServer(t, (socket) =>
    takeLetters(socket, () => {
      letters += 1;
      socket.destroy();
    }),
  );
  await refusal(mailerTo(t, `smtp://127.0.0.1:${port}?tls=off`).send(letter));
  assert.equal(letters, 1);
});

test('smtp: of more letters than may wait the last are refused at once', async (t) => {
  const silent = await startSocketServer(t, () => undefined);
  const mailer = mailerTo(t, `smtp://127.0.0.1:${silent}?tls=off`, { timeoutMilliseconds: 500 });
  const all = await Promise.all(Array.from({ length: 210 }, () => refusal(mailer.send(letter))));
  assert.equal(all.filter(({ message }) => message.includes('200 others')).length, 10);
});

test('smtp: nothing in a letter becomes a header, a recipient or a command', async (t) => {
  const server = await startMailServer(t);
  const mailer = mailerTo(t, `smtp://localhost:${server.port}`);
  const breaks = ['\r\n', '\n', '\r', '\u2028', '\0', '\v', '\u0085'];
  for (const one of breaks) {
    const hostile = `x${one}Bcc: eve@example.com${one}${one}<b>`;
    await mailer.send({
      ...letter,
      sender: hostile,
      subject: hostile,
      text: `${hostile}\r\n.\r\nMAIL FROM:<eve@example.com>`,
    });
  }
  await mailer.send({ ...letter, sender: '"Eve" <eve@example.com>, Ada' });
  await mailer.send({ ...letter, sender: 'Ünïcode — 会社' });
  assert.equal(server.received.length, breaks.length + 2);
  for (const { to, from, source } of server.received) {
    assert.deepEqual([from, to], ['no-reply@usher.example', ['ada@example.com']]);
    const headers = headersOf(source);
    assert.ok(!headers.has('bcc') && !headers.has('cc'), source);
    assert.equal(headers.get('from')?.length, 1);
    assert.match(headers.get('from')?.[0] ?? '', / <no-reply@usher\.example>$/);
    assert.match(source.split('\r\n\r\n')[0] ?? '', /content-type/i);
  }
});

test('smtp: an address that could be read as more than one is refused', async (t) => {
  const server = await startMailServer(t);
  const mailer = mailerTo(t, `smtp://localhost:${server.port}`);
  const hostile = [
    'ada@example.com, eve@example.com',
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    'ada@example.com SIZE=1',
    '"a b"@example.com',
    'ada@[127.0.0.1]',
    'eve@example.com@contoso.example',
    'ada',
    '@example.com',
    '',
    `${'a'.repeat(250)}@example.com`,
  ];
  for (const to of hostile) await refusal(mailer.send({ ...letter, to }));
  assert.deepEqual([server.received, server.connections], [[], 0]);
});

test('smtp: a setting that cannot be meant is refused at the start, and its password is not shown', () => {
  const urls = [
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com?tls=maybe',
    'smtps://mail.example.com?tls=off',
    'smtp://user@mail.example.com',
    'smtp://user:hunter2%@mail.example.com',
    'smtp://user:hunter2@mail.example.com?tls=off',
    'smtp://mail.example.com#x',
  ];
  for (const url of urls) {
    const check = (error: unknown) =>
      error instanceof Fault && error.code === 'connectors.badSetting' && !inspect(error).includes('hunter2');
    assert.throws(() => createSmtpMailer({ url, from: 'a@b.example' }), check, url);
  }
  for (const from of [undefined, '', 'usher', 'a@b, c@d', 'Usher <a@b> x', 'a@b\r\nBcc: c@d']) {
    assert.throws(() => createSmtpMailer({ url: 'smtps://mail.example.com', from }), /--mail-from/, String(from));
  }
});
