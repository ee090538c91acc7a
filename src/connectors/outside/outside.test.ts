import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Observation, readAllowance, type Trace, untraced } from '../../kernel/index.ts';
import { createOutside } from './outside.ts';
import { isPublicAddress } from './public-address.ts';

const limits = { target: 'connector', milliseconds: 5_000, bytes: 1_000 } as const;
const open = createOutside({ allowLoopback: true });
const closed = createOutside({ allowLoopback: false });

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

const reasonOf = async (answer: ReturnType<typeof open.send>): Promise<string> => {
  const settled = await answer;
  assert.equal(settled.kind, 'failed');
  return settled.kind === 'failed' ? settled.reason : '';
};

test('a form is sent and the answer read', async (t) => {
  const base = await listen(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader('content-type', 'text/plain');
    response.end(`${request.method} ${request.url} ${request.headers['x-own']} ${Buffer.concat(chunks).toString()}`);
  });
  const headers = { 'x-own': 'one' };
  const answer = await open.send({ method: 'POST', url: `${base}/in?x=1`, headers, body: 'a=ü', ...limits });
  assert.deepEqual(answer, {
    kind: 'answered',
    status: 200,
    contentType: 'text/plain',
    body: Buffer.from('POST /in?x=1 one a=ü'),
  });
});

test('what a copy is kept by comes with the answer, and why there is none with a failure', async (t) => {
  const base = await listen(t, (_, response) =>
    response.writeHead(200, { etag: '"1"', 'cache-control': 'max-age=9' }).end(),
  );
  const { kind, ...rest } = await open.send({ method: 'GET', url: base, ...limits });
  assert.deepEqual(rest, {
    status: 200,
    contentType: '',
    etag: '"1"',
    cacheControl: 'max-age=9',
    body: Buffer.alloc(0),
  });
  const causeOf = async (url: string) => {
    const answer = await closed.send({ method: 'GET', url, ...limits });
    return answer.kind === 'failed' && answer.cause;
  };
  assert.equal(await causeOf('https://10.0.0.1/'), 'forbidden');
  assert.equal(await causeOf('https://localhost/'), 'forbidden');
  assert.equal(await causeOf('https://nowhere.invalid/'), 'unknownHost');
});

test('a redirect is an answer and is not followed', async (t) => {
  let asked = 0;
  const base = await listen(t, (_, response) => {
    asked += 1;
    response.writeHead(302, { location: '/again' }).end();
  });
  const answer = await open.send({ method: 'GET', url: base, ...limits });
  assert.deepEqual([answer.kind === 'answered' && answer.status, asked], [302, 1]);
});

test('an answer that is too long or too late is none', async (t) => {
  const base = await listen(t, (request, response) => {
    if (request.url === '/long') response.end('x'.repeat(2_000));
    else response.write('x');
  });
  assert.match(await reasonOf(open.send({ method: 'GET', url: `${base}/long`, ...limits })), /longer than 1000 bytes/);
  const slow = open.send({ target: 'connector', method: 'GET', url: `${base}/slow`, bytes: 10, milliseconds: 100 });
  assert.match(await reasonOf(slow), /no answer in 100 ms/);
});

test('a call that is given up is over at once', async (t) => {
  const given = new AbortController();
  const base = await listen(t, () => given.abort());
  const answer = open.send({ method: 'GET', url: base, ...limits, signal: given.signal });
  assert.doesNotMatch(await reasonOf(answer), /no answer in/);
});

test('nobody is called inside: not by address, not by a name that leads there, not over plain HTTP', async (t) => {
  let asked = 0;
  const base = await listen(t, (_, response) => {
    asked += 1;
    response.end();
  });
  const { port } = new URL(base);
  for (const host of ['127.0.0.1', '[::1]', 'localhost', '10.0.0.1', '169.254.169.254', '[::ffff:127.0.0.1]']) {
    for (const scheme of ['http', 'https']) {
      await reasonOf(closed.send({ method: 'GET', url: `${scheme}://${host}:${port}/`, ...limits }));
    }
  }
  // Another spelling of a loopback address; URL parsers know them all.
  await reasonOf(closed.send({ method: 'GET', url: `https://2130706433:${port}/`, ...limits }));
  assert.match(await reasonOf(closed.send({ method: 'GET', url: `https://localhost:${port}/`, ...limits })), /public/);
  assert.match(await reasonOf(open.send({ method: 'GET', url: `https://192.168.0.1:${port}/`, ...limits })), /public/);
  assert.equal(asked, 0);
});

test('what the operator allows may be called inside, and nothing beside it', async (t) => {
  const base = await listen(t, (_, response) => response.end('in'));
  const { port } = new URL(base);
  const kindOf = async (allowance: string, url: string) => {
    const allowances = [readAllowance(allowance) ?? assert.fail(allowance)];
    const answer = await createOutside({ allowLoopback: false, allowances }).send({ method: 'GET', url, ...limits });
    return answer.kind === 'failed' ? answer.cause : answer.kind;
  };
  assert.equal(await kindOf(`localhost:${port}`, base), 'answered');
  assert.equal(await kindOf('localhost', base), 'answered');
  assert.equal(await kindOf('127.0.0.0/8', base), 'answered');
  assert.equal(await kindOf('127.0.0.0/8', `http://127.0.0.1:${port}`), 'answered');
  assert.equal(await kindOf(`localhost:${port}`, `http://127.0.0.1:${port}`), 'forbidden', 'another name');
  assert.equal(await kindOf('localhost:1', base), 'forbidden', 'another port');
  assert.equal(await kindOf('10.0.0.0/8', base), 'forbidden', 'another network');
  assert.equal(await kindOf('10.0.0.0/8', 'http://10.0.0.1/'), 'forbidden', 'over plain HTTP');
  assert.equal(await kindOf('10.0.0.0/8', 'https://169.254.169.254/'), 'forbidden');
});

test('a connection is kept for requests of one purpose, and closed where none is named', async (t) => {
  const ports: (number | undefined)[] = [];
  const base = await listen(t, (request, response) => {
    ports.push(request.socket.remotePort);
    response.end();
  });
  const send = (purpose?: string) =>
    open.send({ method: 'GET', url: base, ...limits, ...(purpose === undefined ? {} : { purpose }) });
  for (const purpose of ['one', 'one', 'other', 'one', undefined, undefined]) await send(purpose);
  const [first, second, third, fourth, fifth, sixth] = ports;
  assert.deepEqual([second, fourth], [first, first]);
  assert.equal(new Set([first, third, fifth, sixth]).size, 4);
});

test('a certificate or key that TLS cannot use is a failure, not a crash', async () => {
  const credentials = { cert: 'no certificate', key: 'no key' };
  await reasonOf(open.send({ method: 'GET', url: 'https://localhost:1/', ...limits, credentials }));
});

test('a server that is not there, and an address that is none, are failures', async () => {
  await reasonOf(open.send({ method: 'GET', url: 'http://localhost:1/', ...limits }));
  await reasonOf(open.send({ method: 'GET', url: 'file:///etc/passwd', ...limits }));
});

test('public addresses are told from all others', () => {
  for (const address of ['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1', '2a00:1450:4001::1']) {
    assert.ok(isPublicAddress(address), address);
  }
  const others = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.8.8.8',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'localhost',
    '',
  ];
  for (const address of others) assert.ok(!isPublicAddress(address), address);
});

test('a name is looked up once for a connection, and what it means is what is called', async (t) => {
  let asked = 0;
  const base = await listen(t, (_, response) => {
    asked += 1;
    response.end();
  });
  const inside = { address: '10.0.0.1', family: 4 };
  const own = { address: '127.0.0.1', family: 4 };
  const meanings = [[own], [inside], [own, inside], [inside, own], [own]];
  let looked = 0;
  const outside = createOutside({
    allowLoopback: true,
    resolve: (_, __, callback) => callback(null, meanings[looked++] ?? []),
  });
  const url = base.replace('localhost', 'rebinding.example').replace('http:', 'https:');
  const came = [];
  for (const _ of meanings) {
    const answer = await outside.send({ method: 'GET', url, ...limits });
    came.push(answer.kind === 'failed' ? answer.cause : answer.kind);
  }
  // The listener speaks no TLS, so a call that is let through ends as unreachable, at the machine itself.
  assert.deepEqual(came, ['unreachable', 'forbidden', 'forbidden', 'forbidden', 'unreachable']);
  assert.deepEqual([looked, asked], [meanings.length, 0]);
});

test('only an API of the tenant may continue the trace, and every call is told without its address', async (t) => {
  const heard: (string | undefined)[] = [];
  const base = await listen(t, (request, response) => {
    heard.push(request.headers['traceparent'] as string | undefined);
    response.writeHead(204).end();
  });
  const [observed, facts]: [Observation[], unknown[]] = [[], []];
  const trace: Trace = {
    ...untraced,
    span(start, run) {
      facts.push(start);
      return run({ tell: (more) => void facts.push(more), failed: (code) => void facts.push(code) });
    },
    onward: () => ({ traceparent: 'one' }),
  };
  const outside = createOutside({ allowLoopback: true, observe: (one) => void observed.push(one), trace });
  const targets = ['connector', 'extension', 'provider', 'document', 'keys', 'logout', 'webhook', 'template'] as const;
  for (const target of targets) {
    await outside.send({ method: 'GET', url: `${base}/secret?key=secret`, ...limits, target });
  }
  assert.deepEqual(heard, ['one', 'one', ...targets.slice(2).map(() => undefined)]);
  await outside.send({ method: 'GET', url: 'http://localhost:1/secret', ...limits });
  const told = observed.map((one) => one.kind === 'outside.called' && [one.target, one.outcome, one.status]);
  assert.deepEqual(told, [
    ...targets.map((target) => [target, 'answered', 204]),
    ['connector', 'unreachable', undefined],
  ]);
  assert.doesNotMatch(JSON.stringify([observed, facts]), /secret/);
});
