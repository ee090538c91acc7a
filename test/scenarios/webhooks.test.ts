import assert from 'node:assert/strict';
import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApplicationPermission, graphAppId, graphPermissions } from '../../src/model/index.ts';
import { engines, sideBySide } from '../support/engines.ts';
import { testDatabase } from '../support/postgres.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher, type UsherOptions } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';
import { listen, type Received, type Receiver } from '../support/webhook-receiver.ts';

const webhooks = '/beta/usher/webhooks';
const deliveries = '/beta/usher/webhookDeliveries';

async function answered<T>(response: Response, status: number): Promise<T> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function addWebhook(usher: Usher, targetUrl: string, events: readonly string[]): Promise<string> {
  const draft = { displayName: 'CRM', targetUrl, events };
  return (await answered<{ id: string }>(await usher.graph('POST', webhooks, draft), 201)).id;
}

async function addUser(usher: Usher, name: string): Promise<string> {
  const domain = seeded.tenant;
  const draft = {
    displayName: name,
    accountEnabled: true,
    identities: [{ signInType: 'userName', issuer: domain, issuerAssignedId: name }],
    passwordProfile: { password: seeded.password, forceChangePasswordNextSignIn: false },
  };
  return (await answered<{ id: string }>(await usher.graph('POST', '/v1.0/users', draft), 201)).id;
}

async function tryPassword(usher: Usher, password: string): Promise<void> {
  const visitor = newVisitor(usher);
  await visitor.submit(await visitor.open(authorize(usher).url), 'next', { email: seeded.user, password });
}

/** As a stranger checks it: with what the server publishes, and the rules of RFC 9421 and RFC 9530. */
async function demandGenuine(usher: Usher, targetUrl: string, { headers, body }: Received): Promise<void> {
  const response = await fetch(`${usher.url}/${seeded.tenant}/discovery/v2.0/keys`);
  const { keys } = await answered<{ keys: readonly (JsonWebKey & { kid: string })[] }>(response, 200);
  const input = String(headers['signature-input']);
  const [, parameters = '', list = ''] = /^sig=(\(([^)]*)\);.*)$/.exec(input) ?? [];
  const kid = /;keyid="([^"]+)"/.exec(parameters)?.[1];
  const key = keys.find((one) => one.kid === kid);
  assert.ok(key, `${input} names no published key`);
  const derived: Readonly<Record<string, string>> = { '@method': 'POST', '@target-uri': targetUrl };
  const names = list.split(' ').map((name) => name.slice(1, -1));
  for (const name of ['@method', '@target-uri', 'content-digest', 'webhook-id']) assert.ok(names.includes(name), name);
  const lines = names.map((name) => `"${name}": ${derived[name] ?? headers[name]}`);
  const base = [...lines, `"@signature-params": ${parameters}`].join('\n');
  const signature = Buffer.from(String(headers['signature']).slice('sig=:'.length, -1), 'base64');
  assert.ok(verify('sha256', Buffer.from(base), createPublicKey({ key, format: 'jwk' }), signature), 'not signed so');
  const digest = createHash('sha256').update(body).digest('base64');
  assert.equal(headers['content-digest'], `sha-256=:${digest}:`);
}

/** The delivery as soon as it is as wanted: what a call came to is written after the receiver has answered. */
async function settled(usher: Usher, id: string): Promise<Readonly<Record<string, unknown>>> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await answered<Record<string, unknown>>(await usher.graph('GET', `${deliveries}/${id}`), 200);
    if (found['state'] !== 'pending') return found;
    assert.ok(Date.now() < deadline, JSON.stringify(found));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first call that tells so, now or later. */
async function until(receiver: Receiver, tells: (told: Received['told']) => boolean): Promise<Received> {
  for (let count = 1; ; count += 1) {
    const call = (await receiver.received(count))[count - 1];
    if (call && tells(call.told)) return call;
  }
}

const typesOf = (calls: readonly Received[]): readonly string[] => calls.map(({ told }) => told.type);
const usersOf = (calls: readonly Received[]): readonly unknown[] => calls.map(({ told }) => told.data['userId']);

/** How often the server is killed, and after how many more users. */
const whole = process.env['TEST_FAULTS'] !== undefined;
const kills = whole ? 6 : 2;
const usersBetween = whole ? 15 : 10;

sideBySide('webhooks', (engine) => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher(engine.options());
  });
  after(() => usher?.stop());

  test('samples, and sending again by Graph', async (t) => {
    const receiver = await listen(t);
    const id = await addWebhook(usher, receiver.url, ['userDeleted']);
    const sample = await answered<{ id: string }>(await usher.graph('POST', `${webhooks}/${id}/test`, {}), 200);
    await receiver.received(1);
    await settled(usher, sample.id);
    await answered(await usher.graph('POST', `${deliveries}/${sample.id}/replay`, {}), 200);
    await receiver.received(2);
    await settled(usher, sample.id);
    const since = { since: '2020-01-01T00:00:00Z' };
    const replayed = await answered<{ value: number }>(
      await usher.graph('POST', `${webhooks}/${id}/replay`, since),
      200,
    );
    assert.equal(replayed.value, 1);
    const calls = await receiver.received(3);
    assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1);
    await settled(usher, sample.id);
    for (const filter of [`webhookId eq ${id}`, "state eq 'succeeded'", "event eq 'test'", 'lastStatusCode eq 204']) {
      const response = await usher.graph('GET', `${deliveries}?$filter=${encodeURIComponent(filter)}`);
      const { value } = await answered<{ value: readonly { id: string }[] }>(response, 200);
      assert.deepEqual(
        value.map((one) => one.id),
        [sample.id],
        filter,
      );
    }
    await answered(await usher.graph('PATCH', `${deliveries}/${sample.id}`, { state: 'pending' }), 405);
    await answered(await usher.graph('GET', '/v1.0/usher/webhooks'), 400);
  });

  test('a receiver is told who came, who did not get in and who is locked out, in calls that anybody can check', async (t) => {
    const [people, attempts] = [await listen(t), await listen(t)];
    await addWebhook(usher, people.url, ['userCreated', 'passwordChanged', 'accountLocked']);
    await addWebhook(usher, attempts.url, ['signInSucceeded', 'signInFailed']);
    const userId = await addUser(usher, 'walter');
    const [created] = await people.received(1);
    assert.ok(created);
    assert.deepEqual([created.told.type, created.told.data['userId']], ['userCreated', userId]);
    await demandGenuine(usher, people.url, created);
    assert.doesNotMatch(created.body, /walter|Usher-dev/);
    const delivery = await settled(usher, String(created.headers['webhook-id']));
    assert.deepEqual(
      [delivery['state'], delivery['lastStatusCode'], delivery['payload']],
      ['succeeded', 204, created.body],
    );
    assert.equal(delivery['queue'], undefined);

    for (let count = 0; count < 10; count += 1) await tryPassword(usher, `Wrong-password-${count}`);
    const locked = await until(people, ({ type }) => type === 'accountLocked');
    const person = locked.told.data['userId'];
    const refused = await until(attempts, ({ type, data }) => type === 'signInFailed' && data['userId'] === person);
    await demandGenuine(usher, attempts.url, refused);
    await usher.advance(120);
    await tryPassword(usher, seeded.password);
    await until(attempts, ({ type, data }) => type === 'signInSucceeded' && data['userId'] === person);
  });
});

/** A token of a new application that holds one permission of Graph. */
async function tokenWith(usher: Usher, permission: ApplicationPermission): Promise<string> {
  const access = [{ id: graphPermissions[permission], type: 'Role' }];
  const draft = {
    displayName: permission,
    requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: access }],
  };
  const made = await answered<{ id: string; appId: string }>(
    await usher.graph('POST', '/v1.0/applications', draft),
    201,
  );
  const path = `/v1.0/applications/${made.id}/addPassword`;
  const { secretText } = await answered<{ secretText: string }>(await usher.graph('POST', path, {}), 200);
  const response = await fetch(`${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: made.appId,
      client_secret: secretText,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return (await answered<{ access_token: string }>(response, 200)).access_token;
}

test('webhooks are read and written with their own permissions, and a secret is never shown', async (t) => {
  const usher = await startUsher();
  t.after(() => usher.stop());
  const receiver = await listen(t);
  const [reader, writer, stranger] = await Promise.all(
    (['Usher.Webhook.Read.All', 'Usher.Webhook.ReadWrite.All', 'User.ReadWrite.All'] as const).map((permission) =>
      tokenWith(usher, permission),
    ),
  );
  const bytes = randomBytes(32).toString('base64');
  const draft = {
    displayName: 'CRM',
    targetUrl: receiver.url,
    events: ['userCreated'],
    signingSecret: `whsec_${bytes}`,
  };
  const as = (token: string | undefined, method: string, path: string, body?: unknown) =>
    usher.graph(method, path, body, { authorization: `Bearer ${token}` });
  for (const token of [reader, stranger]) await answered(await as(token, 'POST', webhooks, draft), 403);
  const created = await answered<{ id: string; signingSecret: string }>(await as(writer, 'POST', webhooks, draft), 201);
  assert.equal(created.signingSecret, '******');
  const at = `${webhooks}/${created.id}`;
  const acts = [
    ['PATCH', at, { isEnabled: false }],
    ['DELETE', at, undefined],
    ['POST', `${at}/test`, {}],
    ['POST', `${at}/replay`, { since: '2020-01-01T00:00:00Z' }],
  ] as const;
  for (const token of [reader, stranger]) {
    for (const [method, path, body] of acts) await answered(await as(token, method, path, body), 403);
  }
  const sample = await answered<{ id: string }>(await as(writer, 'POST', `${at}/test`, {}), 200);
  await receiver.received(1);
  await settled(usher, sample.id);
  for (const path of [webhooks, at, deliveries, `${deliveries}/${sample.id}`]) {
    await answered(await as(stranger, 'GET', path), 403);
    assert.ok(!JSON.stringify(await answered(await as(reader, 'GET', path), 200)).includes(bytes), path);
  }
  await answered(await as(reader, 'POST', `${deliveries}/${sample.id}/replay`, {}), 403);
  assert.equal(usher.log().includes(bytes), false);
});

test('a server that stops while a receiver hangs leaves the call to the next one, which asks for nothing', async (t) => {
  const store = { data: temporaryFolder() };
  const usher = await startUsher(store);
  t.after(() => usher.stop('SIGKILL'));
  const receiver = await listen(t);
  receiver.answer(() => undefined);
  await addWebhook(usher, receiver.url, ['userCreated']);
  const userId = await addUser(usher, 'hanna');
  await receiver.received(1);
  assert.equal(await usher.stop(), 0);
  receiver.answer((response) => void response.writeHead(204).end());
  const next = await startUsher(store);
  t.after(() => next.stop());
  const calls = await receiver.received(2);
  assert.deepEqual(usersOf(calls), [userId, userId]);
  const ids = calls.map(({ headers }) => String(headers['webhook-id']));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await settled(next, ids[0] ?? ''))['attempts'], 1);
});

for (const engine of engines.filter(({ name }) => name !== 'memory')) {
  test(`${engine.name}: killed with -9 again and again, the server tells of every user it has acknowledged`, async (t) => {
    const store = engine.options();
    const receiver = await listen(t);
    const acknowledged: string[] = [];
    let usher = await startUsher(store);
    t.after(() => usher.stop('SIGKILL'));
    await addWebhook(usher, receiver.url, ['userCreated']);
    for (let round = 0; round < kills; round += 1) {
      // Some are taken, some refused, some never answered when the process dies.
      receiver.answer((response, count) => {
        if (count % 3 === 0) response.writeHead(500).end();
        else if (count % 3 === 1) response.writeHead(204).end();
      });
      const lanes = [0, 1, 2].map(async (lane) => {
        for (let count = 0; ; count += 1) {
          const draft = { displayName: 'x', userType: 'Guest', mail: `${round}.${lane}.${count}@fabrikam.example` };
          const response = await usher.graph('POST', '/v1.0/users', draft).catch(() => undefined);
          const text = await response?.text().catch(() => undefined);
          if (response?.status !== 201 || !text) return;
          acknowledged.push((JSON.parse(text) as { id: string }).id);
          if (acknowledged.length >= usersBetween * (round + 1)) await usher.stop('SIGKILL');
        }
      });
      await Promise.all(lanes);
      usher = await startUsher(store);
    }
    receiver.answer((response) => void response.writeHead(204).end());
    const missing = () => {
      const told = new Set(usersOf(receiver.calls));
      return acknowledged.filter((id) => !told.has(id));
    };
    const deadline = Date.now() + 60_000;
    while (missing().length > 0) {
      assert.ok(Date.now() < deadline, `${missing().length} of ${acknowledged.length} were told to nobody`);
      // What was claimed when a process died is free after a minute, and so is what was refused.
      await usher.advance(90);
      await addUser(usher, `waker_${randomBytes(4).toString('hex')}`);
    }
    assert.ok(acknowledged.length >= kills * usersBetween);
    assert.deepEqual(new Set(typesOf(receiver.calls)), new Set(['userCreated']));
  });
}

test('two servers on one PostgreSQL tell of each user once', async (t) => {
  const database = await testDatabase();
  const key = randomBytes(32).toString('hex');
  const options = (): UsherOptions => ({
    data: temporaryFolder(),
    database: async () => database.url,
    args: ['--encryption-key', key],
  });
  const servers = [await startUsher(options()), await startUsher(options())];
  t.after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });
  const [one, two] = servers;
  assert.ok(one && two);
  const receiver = await listen(t);
  const id = await addWebhook(one, receiver.url, ['userCreated']);
  // The other server has heard of the webhook when it can say so, and a moment later writes for it.
  await answered(await two.graph('GET', `${webhooks}/${id}`), 200);
  await answered(await two.graph('POST', `${webhooks}/${id}/test`, {}), 200);
  await receiver.received(1);
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, count) => addUser(count % 2 === 0 ? one : two, `person_${count}`)),
  );
  const calls = await receiver.received(made.length + 1);
  const told = usersOf(calls.filter(({ told: { type } }) => type === 'userCreated'));
  assert.deepEqual([...told].sort(), [...made].sort());
});
