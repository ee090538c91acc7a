import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Observation } from '../kernel/index.ts';
import { defineFaults } from '../kernel/index.ts';
import type { Face } from './face.ts';
import { createListener, type Listener } from './listener.ts';
import { loopbackOrigins } from './origin.ts';
import { createStencil } from './stencil.ts';
import { testTls } from './testing/tls.ts';

const words = defineFaults('test', { teapot: { status: 418, message: 'No coffee here.' } });
const long = 'a page of words '.repeat(200);
const stencil = createStencil([long, long]);

/** When a face was entered, and when it may go on. */
const moments = new EventEmitter();

const echo: Face = {
  name: 'echo',
  answers: (url) => url.pathname === '/echo',
  async handle(exchange) {
    moments.emit('echo');
    return { status: 200, body: await exchange.body() };
  },
};
const pages: Face = {
  name: 'pages',
  answers: (url) => url.pathname.startsWith('/pages/') || url.pathname === '//evil.example/x',
  async handle({ url, correlationId, remoteAddress }) {
    switch (url.pathname) {
      case '/pages/long':
        return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: long };
      case '/pages/stencil':
        return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, ...stencil.filled('token') };
      case '/pages/cookies':
        return { status: 303, headers: { location: '/', 'set-cookie': ['a=1', 'b=2'] } };
      case '/pages/teapot':
        throw words.teapot();
      case '/pages/broken':
        throw new TypeError('secret detail');
      case '/pages/huge':
        moments.emit('huge');
        return { status: 200, body: 'x'.repeat(64 * 1024 * 1024) };
      case '/pages/slow':
        moments.emit('slow');
        await once(moments, 'release');
        return { status: 200, body: 'late' };
      default:
        return { status: 200, body: JSON.stringify({ url: url.href, correlationId, remoteAddress }) };
    }
  },
};

const raw: Face = {
  name: 'raw',
  answers: (url) => url.pathname.startsWith('/raw/'),
  decodesPaths: true,
  handle: async ({ url, body }) => ({ status: 200, body: `${url.pathname} ${await body()}` }),
};

const seen: Observation[] = [];
let listener: Listener;
let port: number;

function create(timeouts: Parameters<typeof createListener>[0]['timeouts'] = {}, port?: () => number): Listener {
  return createListener({
    faces: [echo, pages, raw],
    tls: testTls,
    origins: () => [...loopbackOrigins(port?.() ?? 0), 'https://login.contoso.example'],
    bodyLimitBytes: 1000,
    observe: (observation) => seen.push(observation),
    notFound: () => ({ status: 404, body: 'nothing' }),
    timeouts,
  });
}

before(async () => {
  listener = create({}, () => port);
  ({ port } = await listener.listen('127.0.0.1', 0));
});
after(() => listener.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

async function ask(
  path: string,
  options: RequestOptions & { body?: string | Buffer; chunked?: boolean } = {},
): Promise<Answer> {
  const { body, chunked, ...rest } = options;
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    rejectUnauthorized: false,
    setHost: false,
    ...rest,
    headers: { host: `localhost:${port}`, ...rest.headers },
  });
  if (body !== undefined && chunked) {
    sent.write(body);
    sent.end();
  } else sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() };
}

/** Sends bytes as they are and gives all that comes back until the server closes. */
async function talk(text: string, to: number = port): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: to, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer;
}

test('a request gets the URL with the origin it was made to', async () => {
  assert.deepEqual(JSON.parse((await ask('/pages/where?a=b')).text).url, `https://localhost:${port}/pages/where?a=b`);
  const other = await ask('/pages/where', { headers: { host: 'LOGIN.contoso.example:443' } });
  assert.equal(JSON.parse(other.text).url, 'https://login.contoso.example/pages/where');
});

test('a host that is not allowed is answered 421, whatever the forwarded headers say', async () => {
  for (const host of [
    'evil.example',
    `localhost:${port + 1}`,
    `x@localhost:${port}`,
    `localhost:${port}@evil.example`,
    '',
  ]) {
    const answer = await ask('/pages/where', { headers: { host, 'x-forwarded-host': `localhost:${port}` } });
    assert.equal(answer.status, 421, host);
  }
});

test('a path with two slashes does not change the host', async () => {
  const answer = await ask('//evil.example/x');
  assert.equal(JSON.parse(answer.text).url, `https://localhost:${port}//evil.example/x`);
});

test('two hosts, an absolute target, no host and garbage are answered 400', async () => {
  const host = `Host: localhost:${port}\r\n`;
  for (const head of [
    `GET / HTTP/1.1\r\n${host}Host: evil.example\r\nConnection: close\r\n\r\n`,
    `GET https://evil.example/ HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'hello\r\n\r\n',
    `POST /echo HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ]) {
    assert.match(await talk(head), /^HTTP\/1\.1 400 /, head);
  }
});

test('headers beyond the limit are answered 431', async () => {
  const answer = await talk(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 431 /);
});

test('a body is read once and given whole', async () => {
  assert.equal((await ask('/echo', { method: 'POST', body: 'ä'.repeat(500) })).text, 'ä'.repeat(500));
  assert.equal(
    (await ask('/echo', { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } })).text,
    '{"a":',
  );
});

test('a body announced beyond the limit is answered 413 before it is sent', async () => {
  const answer = await talk(`POST /echo HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 1001\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.match(answer, /connection: close/i);
});

test('a chunked body that grows beyond the limit is answered 413', async () => {
  const answer = await ask('/echo', { method: 'POST', chunked: true, body: 'x'.repeat(1001) });
  assert.equal(answer.status, 413);
  assert.match(answer.text, /larger than 1000 bytes/);
});

test('text of a kilobyte is compressed as the client accepts', async () => {
  const brotli = await ask('/pages/long', { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(brotli.bytes).toString(), long);
  const gzip = await ask('/pages/long', { headers: { 'accept-encoding': 'gzip, br;q=0' } });
  assert.equal(gunzipSync(gzip.bytes).toString(), long);
  const plain = await ask('/pages/long');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.headers['vary'], 'Accept-Encoding');
  assert.equal(plain.text, long);
});

test('a stencil is sent as text, and compressed as the client accepts', async () => {
  const text = `${long}token${long}`;
  const gzip = await ask('/pages/stencil', { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(gzip.bytes).toString(), text);
  const brotli = await ask('/pages/stencil', { headers: { 'accept-encoding': 'gzip;q=0, br' } });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(brotli.bytes).toString(), text);
  const plain = await ask('/pages/stencil');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.text, text);
  const head = await ask('/pages/stencil', { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
  assert.equal(head.headers['content-length'], String(gzip.bytes.length));
  assert.equal(head.text, '');
});

test('HEAD gives the headers of GET and no content', async () => {
  const answer = await ask('/pages/long', { method: 'HEAD' });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-length'], String(long.length));
  assert.equal(answer.text, '');
});

test('several cookies are several headers', async () => {
  const answer = await ask('/pages/cookies');
  assert.equal(answer.status, 303);
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
});

test('an answer without content names no content type', async () => {
  for (const method of ['GET', 'POST', 'HEAD']) {
    const { headers } = await ask('/pages/cookies', { method });
    assert.equal(headers['content-type'], undefined, method);
    assert.equal(headers['content-length'], '0', method);
  }
});

test('loopback names get no strict transport security, public names do', async () => {
  assert.equal((await ask('/pages/x')).headers['strict-transport-security'], undefined);
  const remote = await ask('/pages/x', { headers: { host: 'login.contoso.example' } });
  assert.equal(remote.headers['strict-transport-security'], 'max-age=31536000');
});

test('the correlation id is the caller’s when it is a UUID, else new', async () => {
  const id = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
  assert.equal(
    JSON.parse((await ask('/pages/x', { headers: { 'client-request-id': id } })).text).correlationId,
    id.toLowerCase(),
  );
  const other = JSON.parse((await ask('/pages/x', { headers: { 'client-request-id': 'x' } })).text).correlationId;
  assert.match(other, /^[0-9a-f-]{36}$/);
});

test('a fault is told, a defect is not, and both can be found by the correlation id', async () => {
  const id = 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
  const fault = await ask('/pages/teapot', { headers: { 'client-request-id': id } });
  assert.deepEqual([fault.status, fault.text], [418, `No coffee here.\nCorrelation ID: ${id}\n`]);
  const defect = await ask('/pages/broken?code=secret', { headers: { 'client-request-id': id } });
  assert.equal(defect.status, 500);
  assert.doesNotMatch(defect.text, /secret detail|TypeError/);
  const failed = seen.find((one) => one.kind === 'http.failed');
  assert.deepEqual([failed?.correlationId, failed?.route], [id, '/{pages}']);
  const answered = seen.filter((one) => one.kind === 'http.answered' && one.correlationId === id);
  assert.deepEqual(
    answered.map((one) => one.kind === 'http.answered' && one.status),
    [418, 500],
  );
});

test('what no face answers is left to notFound', async () => {
  assert.equal((await ask('/nowhere')).status, 404);
  assert.equal((await ask('/nowhere', { method: 'PATCH' })).status, 404);
});

// Shorter than the listener's own limits, which would let it pass as well.
test('a client that dawdles over headers or body is cut off', { timeout: 9_000 }, async () => {
  let own = 0;
  const impatient = create({ headers: 300, request: 600 }, () => own);
  ({ port: own } = await impatient.listen('127.0.0.1', 0));
  const answers = await Promise.all([
    talk(`GET / HTTP/1.1\r\nHost: localhost:${own}\r\n`, own),
    talk(`POST /echo HTTP/1.1\r\nHost: localhost:${own}\r\nContent-Length: 10\r\n\r\nabc`, own),
  ]);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 40[08] /);
  await impatient.close();
});

test('a client that takes nothing of its answer is cut off', { timeout: 9_000 }, async () => {
  let port = 0;
  const impatient = create({ stalled: 300 }, () => port);
  ({ port } = await impatient.listen('localhost', 0));
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const begun = once(moments, 'huge');
  socket.pause();
  socket.write(`GET /pages/huge HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  await begun;
  // Would wait for the answer to be read.
  await impatient.close();
  socket.destroy();
});

test('closing lets a slow reader have the whole of its answer', { timeout: 20_000 }, async () => {
  let own = 0;
  const closing = create({}, () => own);
  ({ port: own } = await closing.listen('localhost', 0));
  const asked = request({ port: own, host: 'localhost', path: '/pages/huge', rejectUnauthorized: false, agent: false });
  asked.end();
  const [answer] = await once(asked, 'response');
  const closed = closing.close();
  let bytes = 0;
  for await (const chunk of answer) bytes += chunk.length;
  assert.equal(bytes, 64 * 1024 * 1024);
  await closed;
});

test('closing answers what is under way, refuses what comes after, and does not wait for idle connections', async () => {
  let own = 0;
  const closing = create({}, () => own);
  ({ port: own } = await closing.listen('127.0.0.1', 0));
  const idle = connect({ host: '127.0.0.1', port: own, rejectUnauthorized: false });
  await once(idle, 'secureConnect');
  const entered = once(moments, 'slow');
  const late = ask('/pages/slow', { port: own, headers: { host: `localhost:${own}` } });
  await entered;
  const idleClosed = once(idle.resume(), 'close');
  const closed = closing.close();
  await assert.rejects(ask('/pages/x', { port: own }), { code: 'ECONNREFUSED' });
  await idleClosed;
  moments.emit('release');
  assert.equal((await late).text, 'late');
  await closed;
});

test('closing gives up on a request that never ends', async () => {
  let own = 0;
  const closing = create({ drain: 200 }, () => own);
  ({ port: own } = await closing.listen('127.0.0.1', 0));
  const entered = once(moments, 'echo');
  const stuck = talk(`POST /echo HTTP/1.1\r\nHost: localhost:${own}\r\nContent-Length: 10\r\n\r\nabc`, own);
  await entered;
  await closing.close();
  assert.equal(await stuck, '');
});

test('a port in use is told by Node’s own error', async () => {
  await assert.rejects(create().listen('127.0.0.1', port), { code: 'EADDRINUSE' });
});

test('a path with a broken escape sequence is answered 400 in plain words', async () => {
  const answer = await ask('/pages/%zz');
  assert.equal(answer.status, 400);
  assert.match(answer.text, /^The request is not well formed: .*\nCorrelation ID: [0-9a-f-]{36}\n$/);
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(answer.headers['content-length'], String(answer.bytes.length));
  assert.ok(answer.bytes.length < 200);
});

test('a face that decodes paths by itself gets a broken one as it is, with its body', async () => {
  const answer = await ask('/raw/%zz?%zz', { method: 'POST', body: 'text' });
  assert.deepEqual([answer.status, answer.text], [200, '/raw/%zz text']);
  assert.equal((await ask('/nothing/%zz')).status, 400);
});
