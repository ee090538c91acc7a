import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutbox, type Onward } from '../connectors/index.ts';
import { createDirectory, createSecretBox } from '../directory/index.ts';
import type { Exchange, Reply } from '../http/index.ts';
import { adjustableClock, newId, type Observation, system } from '../kernel/index.ts';
import { allTypes, entities } from '../model/index.ts';
import { openDatabase } from '../store/index.ts';
import { workbenchFace } from './face.ts';

const origin = 'https://localhost:8443';
const hostile = '<img src=x onerror=alert(1)>';

interface Asking {
  readonly headers?: Exchange['headers'];
  readonly body?: string;
}

/** A tenant with one application and one user flow on a memory store. */
async function setUp(
  options: {
    readonly redirectUri?: string;
    readonly failing?: boolean;
    readonly obstacles?: boolean;
    readonly onward?: Onward;
  } = {},
) {
  const clock = adjustableClock({ now: () => 1_795_255_200 });
  const observed: Observation[] = [];
  const database = await openDatabase('memory:', { clock, observe: () => undefined, types: allTypes() });
  const tenant = await database.tenants.create({
    id: '5d0a7c3e-6a0f-4a53-9a53-0d6b7d3c1f10',
    domains: ['fabrikam.example'],
    displayName: `Fabrikam ${hostile}`,
  });
  const box = createSecretBox(Buffer.alloc(32, 1));
  const store = database.tenant(tenant.id);
  const directory = createDirectory({ tenant, store, behaviours: [], clock, observe: () => undefined, box });
  const seed = system('test');
  const spa = { redirectUris: [options.redirectUri ?? `${origin}/try/`] };
  await directory.create(seed, entities.application, { appId: newId(), displayName: `Shop ${hostile}`, spa });
  await directory.create(seed, entities.b2cIdentityUserFlow, {
    id: 'B2C_1_join',
    userFlowType: 'signUpOrSignIn',
    userFlowTypeVersion: 3,
  });
  await directory.create(seed, entities.b2cIdentityUserFlow, {
    id: 'B2C_1_edit',
    userFlowType: 'profileUpdate',
    userFlowTypeVersion: 3,
  });
  const outbox = createOutbox(clock, options.onward);
  let resets = 0;
  const face = workbenchFace({
    tenants: () => (options.failing ? Promise.reject(new TypeError('secret detail')) : database.tenants.list()),
    directoryOf: async () => directory,
    obstacleTo: async (_, id) =>
      options.obstacles || id !== 'B2C_1_join' ? `Flow ${id} stands still ${hostile}` : undefined,
    outbox,
    clock,
    reset: async () => {
      resets += 1;
    },
    observe: (observation) => observed.push(observation),
  });
  async function ask(method: string, path: string, { headers = {}, body = '' }: Asking = {}) {
    const url = new URL(path, origin);
    assert.ok(face.answers(url), path);
    const reply = (await face.handle({
      method,
      url,
      headers,
      correlationId: 'c',
      body: async () => Buffer.from(body),
    } as Exchange)) as Reply;
    return { ...reply, text: String(reply.body ?? '') };
  }
  const mail = (to: string, code: string) =>
    outbox.send({ to, subject: `Code ${hostile}`, text: `It is ${code}`, html: '', purpose: 'test', code });
  const text = (to: string, code: string) =>
    outbox.texter.send({ to, text: `It is ${code} ${hostile}`, purpose: 'test', code });
  return { face, ask, mail, text, clock, observed, resets: () => resets, close: () => database.close() };
}

const json = { 'content-type': 'application/json' };

test('the outbox answers what was mailed, newest first, and to one address when asked', async (t) => {
  const { ask, mail, close } = await setUp();
  t.after(close);
  await mail('a@b.example', '111111');
  await mail('c@d.example', '222222');
  const all = JSON.parse((await ask('GET', '/dev/outbox')).text);
  assert.deepEqual(
    all.map(({ code }: { code: string }) => code),
    ['222222', '111111'],
  );
  const [one, ...none] = JSON.parse((await ask('GET', '/dev/outbox?email=A%40b.example')).text);
  assert.deepEqual(none, []);
  assert.deepEqual(Object.keys(one).sort(), [
    'channel',
    'code',
    'correlationId',
    'flowId',
    'html',
    'id',
    'sentDateTime',
    'subject',
    'text',
    'to',
  ]);
  assert.equal((await ask('GET', '/dev/outbox?email=a&email=b')).status, 400);
});

test('the outbox finds text messages by the number, and shows them whole', async (t) => {
  const { ask, mail, text, close } = await setUp();
  t.after(close);
  await mail('a@b.example', '111111');
  await text('+4915112345678', '333333');
  for (const number of ['%2B4915112345678', '+4915112345678', '4915112345678']) {
    const [one, ...none] = JSON.parse((await ask('GET', `/dev/outbox?email=${number}`)).text);
    assert.deepEqual([one.channel, one.to, one.subject, one.code, none], ['sms', '+4915112345678', '', '333333', []]);
  }
  const page = (await ask('GET', '/dev/outbox/')).text;
  assert.match(page, /<h2>Text message<\/h2>.*data-copy="333333".*<p class="said">It is 333333 &lt;img/s);
  assert.match(page, /Nothing leaves this machine/);
});

test('the outbox says which messages are really sent', async (t) => {
  const sent = { send: async () => undefined };
  for (const [onward, said] of [
    [{ mailer: sent }, 'Mails are really sent; text messages are kept'],
    [{ texter: sent }, 'Text messages are really sent; mails are kept'],
    [{ mailer: sent, texter: sent }, 'Mails and text messages are really sent'],
  ] as const) {
    const { ask, close } = await setUp({ onward });
    t.after(close);
    assert.match((await ask('GET', '/dev/outbox/')).text, new RegExp(said));
  }
});

test('the pages show what people need and turn nothing into markup', async (t) => {
  const { ask, mail, close } = await setUp();
  t.after(close);
  await mail(`"${hostile}"@b.example`, hostile);
  const tryPage = await ask('GET', '/try/');
  assert.match(tryPage.text, /data-authority="\/fabrikam\.example"/);
  assert.match(tryPage.text, /<option value="B2C_1_join">B2C_1_join \(sign up or sign in\)<\/option>/);
  assert.match(tryPage.text, /data-scope="openid offline_access [0-9a-f-]{36}"/);
  assert.doesNotMatch(tryPage.text, /adele@contoso/);
  const outboxPage = await ask('GET', '/dev/outbox/');
  assert.match(outboxPage.text, /class="code"/);
  for (const { text, headers } of [tryPage, outboxPage]) {
    assert.doesNotMatch(text, /<img/);
    assert.match(String(headers?.['content-security-policy']), /connect-src 'self'/);
  }
});

test('a flow that does not run is shown with the reason and cannot be chosen', async (t) => {
  const { ask, close } = await setUp();
  t.after(close);
  const { text } = await ask('GET', '/try/');
  assert.match(
    text,
    /<option value="B2C_1_join">[^<]*<\/option><optgroup label="Cannot run here" disabled><option value="B2C_1_edit">[^<]*<\/option><\/optgroup><\/select>/,
  );
  assert.match(text, /Cannot run here: 1 of 2.*Flow B2C_1_edit stands still &lt;img/s);
});

test('a tenant none of whose flows runs has nothing to choose from, and says why', async (t) => {
  const { ask, close } = await setUp({ obstacles: true });
  t.after(close);
  const { text } = await ask('GET', '/try/');
  assert.doesNotMatch(text, /<form|<select/);
  assert.match(
    text,
    /None of the user flows of this tenant can run here.*Flow B2C_1_edit stands still.*Flow B2C_1_join stands still/s,
  );
});

test('without an application that may return here, the page says what to add', async (t) => {
  const { ask, close } = await setUp({ redirectUri: 'http://localhost:3000/' });
  t.after(close);
  const { text } = await ask('GET', '/try/');
  assert.match(text, /https:\/\/localhost:8443\/try\/<\/code>/);
  assert.doesNotMatch(text, /<form/);
});

test('the clock moves by whole seconds, and by nothing else', async (t) => {
  const { ask, clock, close } = await setUp();
  t.after(close);
  const before = clock.now();
  const moved = await ask('POST', '/dev/clock', { headers: json, body: '{"advanceSeconds":600}' });
  assert.equal(moved.status, 200);
  assert.deepEqual(JSON.parse(moved.text), { now: '2026-11-21T10:10:00Z' });
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"advanceSeconds":"5"}',
    '{"advanceSeconds":1.5}',
    '{"advanceSeconds":1e300}',
  ]) {
    assert.equal((await ask('POST', '/dev/clock', { headers: json, body })).status, 400, body);
  }
  assert.equal((await ask('POST', '/dev/clock', { body: '{"advanceSeconds":5}' })).status, 415);
  assert.equal(
    (await ask('POST', '/dev/clock', { headers: json, body: `{"advanceSeconds":${' '.repeat(5000)}5}` })).status,
    413,
  );
  assert.equal(clock.now(), before + 600);
});

test('reset is asked for by POST alone and answers 204', async (t) => {
  const { ask, resets, close } = await setUp();
  t.after(close);
  assert.equal((await ask('GET', '/dev/reset')).status, 405);
  assert.equal(resets(), 0);
  assert.equal((await ask('POST', '/dev/reset')).status, 204);
  assert.equal(resets(), 1);
});

test('pages of other origins reach none of the tools', async (t) => {
  const { ask, clock, resets, close } = await setUp();
  t.after(close);
  const before = clock.now();
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ]) {
    for (const [method, path] of [
      ['GET', '/dev/outbox'],
      ['GET', '/dev/outbox/'],
      ['POST', '/dev/clock'],
      ['POST', '/dev/reset'],
    ] as const) {
      const { status, text } = await ask(method, path, {
        headers: { ...json, ...headers },
        body: '{"advanceSeconds":5}',
      });
      assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.equal(JSON.parse(text).error.code, 'workbench.foreign');
    }
  }
  assert.equal(clock.now(), before);
  assert.equal(resets(), 0);
  const own = { ...json, origin, 'sec-fetch-site': 'same-origin' };
  assert.equal((await ask('POST', '/dev/clock', { headers: own, body: '{"advanceSeconds":5}' })).status, 200);
});

test('the root leads to the workbench; what is not a tool is not found', async (t) => {
  const { ask, face, close } = await setUp();
  t.after(close);
  for (const path of ['/', '/try']) assert.equal((await ask('GET', path)).headers?.['location'], '/try/');
  for (const path of ['/dev/', '/dev/faults', '/try/secret.js', '/dev/constructor'])
    assert.equal((await ask('GET', path)).status, 404, path);
  assert.equal(face.answers(new URL('/tryout', origin)), false);
  assert.equal(face.answers(new URL('/contoso.onmicrosoft.com/try/', origin)), false);
});

test('an unexpected failure is observed in full and answered without its text', async (t) => {
  const { ask, observed, close } = await setUp({ failing: true });
  t.after(close);
  const { status, text } = await ask('GET', '/try/');
  assert.equal(status, 500);
  assert.doesNotMatch(text, /secret detail/);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['http.failed'],
  );
});
