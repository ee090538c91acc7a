import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { certificateFor } from '../../../test/support/certificate.ts';
import { startSocketServer } from '../../../test/support/smtp.ts';
import { Fault } from '../../kernel/index.ts';
import { createHttpTexter, type HttpTexterSettings } from './http-texter.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An SMS provider on the loopback address with a certificate for `localhost`. */
async function startProvider(t: TestContext, answer: Answer = { status: 201 }) {
  const { certificate: cert, key } = certificateFor('localhost');
  setDefaultCACertificates([cert]);
  const requests: Request[] = [];
  let connections = 0;
  const server = createServer({ cert, key }, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, requests, connections: () => connections };
}

/** Tells of connections that failed, as Node's own client sees them. */
const diagnostics = new EventEmitter();
subscribe('undici:client:connectError', () => diagnostics.emit('connectError'));

const plain = { headers: undefined, from: undefined, success: undefined, body: '{"to":"{to}","text":"{text}"}' };
const texterTo = (url: string, settings: Partial<HttpTexterSettings> = {}) =>
  createHttpTexter({ ...plain, url, ...settings });
const message = { to: '+4915112345678', text: 'Contoso: 123456 is your code & more', purpose: 'phone.code' };

async function refusal(sending: Promise<void>): Promise<{ message: string; logged: string }> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'connectors.textNotSent', inspect(error));
    return { message: error.message, logged: inspect(error, { depth: 9, showHidden: true }) };
  }
  return assert.fail('the message was sent');
}

test('sms: Twilio is a form with basic authentication', async (t) => {
  const provider = await startProvider(t, { status: 201, body: '{"sid":"SM1","status":"queued","error_code":null}' });
  const authorization = `Basic ${Buffer.from('AC1:secret').toString('base64')}`;
  await texterTo(`${provider.url}/2010-04-01/Accounts/AC1/Messages.json`, {
    headers: `Authorization: ${authorization}`,
    body: 'To={to}&From={from}&Body={text}',
    from: '+15005550006',
  }).send(message);
  const [request] = provider.requests;
  assert.deepEqual([request?.method, request?.url], ['POST', '/2010-04-01/Accounts/AC1/Messages.json']);
  assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(request?.headers.authorization, authorization);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
    To: '+4915112345678',
    From: '+15005550006',
    Body: message.text,
  });
});

test('sms: Vonage is JSON with digits, and tells a failure in an answer of 200', async (t) => {
  const settings = {
    headers: 'Authorization: Basic a2V5OnNlY3JldA==',
    body: '{"from":"{from}","to":"{toDigits}","text":"{text}","type":"unicode"}',
    from: 'Contoso',
    success: '/messages/0/status=0',
  };
  const taken = await startProvider(t, { status: 200, body: '{"message-count":"1","messages":[{"status":"0"}]}' });
  await texterTo(`${taken.url}/sms/json`, settings).send(message);
  const [request] = taken.requests;
  assert.equal(request?.headers['content-type'], 'application/json');
  const sent = { from: 'Contoso', to: '4915112345678', text: message.text, type: 'unicode' };
  assert.deepEqual(JSON.parse(request?.body ?? ''), sent);
  const refusing = await startProvider(t, {
    status: 200,
    body: '{"messages":[{"status":"29","error-text":"+4915112345678 is not whitelisted"}]}',
  });
  const { message: told, logged } = await refusal(texterTo(refusing.url, settings).send(message));
  assert.match(told, /answered 200 with '29'/);
  assert.doesNotMatch(logged, /49151|whitelisted|a2V5/);
});

test('sms: MessageBird and Bird are JSON with lists and an access key', async (t) => {
  const provider = await startProvider(t, { status: 202 });
  const headers = 'Authorization: AccessKey live_x\r\nX-Region: eu\n';
  const from = 'Contoso';
  const messageBird = '{"originator":"{from}","recipients":["{toDigits}"],"body":"{text}","datacoding":"auto"}';
  await texterTo(`${provider.url}/messages`, { headers, from, body: messageBird }).send(message);
  const bird = '{"receiver":{"contacts":[{"identifierValue":"{to}"}]},"body":{"type":"text","text":{"text":"{text}"}}}';
  await texterTo(`${provider.url}/workspaces/w/channels/c/messages`, { headers, body: bird }).send(message);
  const [first, second] = provider.requests.map(({ body }) => JSON.parse(body));
  assert.deepEqual(first.recipients, ['4915112345678']);
  assert.deepEqual(second.receiver, { contacts: [{ identifierValue: '+4915112345678' }] });
  assert.deepEqual(second.body.text, { text: message.text });
  assert.equal(provider.requests[0]?.headers.authorization, 'AccessKey live_x');
  assert.equal(provider.requests[0]?.headers['x-region'], 'eu');
});

test('sms: Amazon SNS behind a gateway is a form with a key', async (t) => {
  const provider = await startProvider(t, { status: 200 });
  await texterTo(`${provider.url}/prod/sms?stage=1`, {
    headers: 'X-Api-Key: k\nAccept: text/xml',
    body: 'Action=Publish&Version=2010-03-31&PhoneNumber={to}&Message={text}',
  }).send(message);
  const [request] = provider.requests;
  assert.equal(request?.url, '/prod/sms?stage=1');
  assert.equal(request?.headers.accept, 'text/xml');
  assert.equal(new URLSearchParams(request?.body).get('PhoneNumber'), '+4915112345678');
});

test('sms: no text can change the shape of the request, and none is filled twice', async (t) => {
  const provider = await startProvider(t);
  const hostile = '","to":"+1555"} &To=%2B1555&{to}{from}\r\nX: y\u0000';
  await texterTo(provider.url, { from: '{text}', body: '{"to":"{to}","n":[1,null,{"t":"{from} {text}"}]}' }).send({
    ...message,
    text: hostile,
  });
  await texterTo(provider.url, { body: 'To={to}&Body={text}&Body2=a%26b' }).send({ ...message, text: hostile });
  const [json, form] = provider.requests;
  const filled = { to: message.to, n: [1, null, { t: `{text} ${hostile}` }] };
  assert.deepEqual(JSON.parse(json?.body ?? ''), filled);
  const fields = [
    ['To', message.to],
    ['Body', hostile],
    ['Body2', 'a&b'],
  ];
  assert.deepEqual([...new URLSearchParams(form?.body)], fields);
});

test('sms: connections are kept and used again', async (t) => {
  const provider = await startProvider(t, { status: 200, body: 'ok' });
  const texter = texterTo(provider.url);
  for (let sent = 0; sent < 10; sent += 1) await texter.send(message);
  assert.equal(provider.requests.length, 10);
  assert.ok(provider.connections() <= 2, `${provider.connections()} connections`);
});

test('sms: any status but 2xx is a failure, a redirect too, and no word of the answer is told', async (t) => {
  const other = await startProvider(t, { status: 200 });
  for (const status of [301, 307, 400, 401, 429, 500, 503]) {
    const answer = { status, headers: { location: other.url }, body: 'The number +4915112345678 is wrong, key k1' };
    const provider = await startProvider(t, answer);
    const { message: told, logged } = await refusal(texterTo(provider.url).send(message));
    assert.match(told, new RegExp(`answered ${status}`));
    assert.doesNotMatch(logged, /49151|k1|123456/);
    assert.equal(provider.requests.length, 1);
  }
  assert.deepEqual(other.requests, []);
});

test('sms: an answer of any size is read no further than needed, and one without the value asked for is a failure', async (t) => {
  const endless = await startProvider(t, { status: 200, body: 'x'.repeat(5_000_000) });
  await texterTo(endless.url).send(message);
  await refusal(texterTo(endless.url, { success: '/status=ok' }).send(message));
  const bodies = ['', '{}', '[]', 'null', '{"status":{"ok":true}}', '{"status":"ok', '{"Status":"ok"}'];
  for (const body of bodies) {
    const provider = await startProvider(t, { status: 200, body });
    assert.match(
      (await refusal(texterTo(provider.url, { success: '/status=ok' }).send(message))).message,
      /with nothing where/,
    );
  }
  const secretive = await startProvider(t, { status: 200, body: '{"status":"654321"}' });
  const { message: told } = await refusal(texterTo(secretive.url, { success: '/status=ok' }).send(message));
  assert.match(told, /something else/);
});

test('sms: a pointer with escapes and a value of any kind is found', async (t) => {
  const provider = await startProvider(t, { status: 200, body: '{"a/b":[{"~":true,"":7}]}' });
  await texterTo(provider.url, { success: '/a~1b/0/~0=true' }).send(message);
  await texterTo(provider.url, { success: '/a~1b/0/=7' }).send(message);
  await refusal(texterTo(provider.url, { success: '/a~1b/length=1' }).send(message));
  await refusal(texterTo(provider.url, { success: '/__proto__/x=1' }).send(message));
});

test('sms: a certificate that is not trusted gets no request', async (t) => {
  const provider = await startProvider(t);
  setDefaultCACertificates([]);
  const { message: told } = await refusal(texterTo(provider.url).send(message));
  assert.match(told, /CERT|SIGNATURE|SIGNED/);
  assert.deepEqual(provider.requests, []);
});

test('sms: a provider that takes no connection is tried once more, and then told by its code', async (t) => {
  const closed = createSocketServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const texter = texterTo(`http://127.0.0.1:${port}`);
  assert.match((await refusal(texter.send(message))).message, /ECONNREFUSED/);
  let seen = '';
  const late = createSocketServer((socket) => {
    socket.on('data', (chunk) => {
      seen += chunk.toString();
      if (seen.includes('123456')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  t.after(() => late.close());
  const failing = once(diagnostics, 'connectError');
  const sending = texter.send(message);
  await failing;
  late.listen(port, '127.0.0.1');
  await sending;
  assert.equal(seen.split('POST ').length, 2);
});

test('sms: what may have arrived is not sent again', async (t) => {
  let seen = '';
  const port = await startSocketServer(t, (socket) => {
    socket.on('data', (chunk) => {
      seen += chunk.toString();
      socket.destroy();
    });
  });
  await refusal(texterTo(`http://127.0.0.1:${port}`).send(message));
  assert.equal(seen.split('POST ').length, 2);
});

test('sms: a provider that never answers fails within the time', async (t) => {
  const port = await startSocketServer(t, () => undefined);
  const before = performance.now();
  const texter = texterTo(`http://127.0.0.1:${port}`, { timeoutMilliseconds: 200 });
  assert.match((await refusal(texter.send(message))).message, /longer than 0\.2 seconds/);
  assert.ok(performance.now() - before < 2000);
  const all = await Promise.all(Array.from({ length: 205 }, () => refusal(texter.send(message))));
  assert.equal(all.filter(({ message: told }) => told.includes('200 others')).length, 5);
});

test('sms: a number that is not in the international form gets no request', async (t) => {
  const provider = await startProvider(t);
  const numbers = ['015112345678', '+0151', '+49 151', '+4915112345678,+1555', '', '+1234567890123456'];
  for (const to of numbers) await refusal(texterTo(provider.url).send({ ...message, to }));
  assert.deepEqual(provider.requests, []);
});

test('sms: a setting that cannot be meant is refused at the start, and no secret is shown', () => {
  const url = 'https://sms.example.com';
  const wrong: readonly Partial<HttpTexterSettings>[] = [
    { url: 'http://sms.example.com' },
    { url: 'https://user:hunter2@sms.example.com' },
    { url: 'sms.example.com' },
    { body: undefined },
    { body: '{"to":"{to}","text":"{text}","key":"hunter2"' },
    { body: '{"to":"{to}","key":"hunter2"}' },
    { body: 'text={text}&key=hunter2' },
    { body: 'text={text}&to={to}&code={code}&key=hunter2' },
    { body: 'text={text}&to={to}&from={from}' },
    { headers: 'hunter2' },
    { headers: 'X-Key: hunter2\nHost: other' },
    { headers: 'X-Key: hunter2\nContent-Length: 1' },
    { headers: 'X Key: hunter2' },
    { headers: 'X-Key: hunter2\u0001' },
    { headers: 'X-Key: hunter2\n'.repeat(21) },
    { success: 'status' },
    { success: 'status=0' },
    { success: '/status~2=0' },
    { success: '/status=' },
  ];
  for (const settings of wrong) {
    const check = (error: unknown) =>
      error instanceof Fault && error.code === 'connectors.badSetting' && !inspect(error).includes('hunter2');
    assert.throws(() => texterTo(settings.url ?? url, settings), check, inspect(settings));
  }
});
