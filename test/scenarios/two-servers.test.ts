import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { authorize, codeIn, redeem } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher, type UsherOptions } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

interface Password {
  readonly keyId: string;
  readonly secretText: string;
}

describe('two servers on one PostgreSQL database', () => {
  const key = randomBytes(32).toString('hex');
  /** Each has its folder, as on machines of their own; what they share is the key that secrets are stored with. */
  const options = (): UsherOptions => ({
    data: temporaryFolder(),
    database: async () => database.url,
    args: ['--encryption-key', key],
  });
  let database: TestDatabase;
  let servers: readonly [Usher, Usher];
  before(async () => {
    database = await testDatabase();
    // At once, on an empty database: both make its tables and seed it.
    servers = await Promise.all([startUsher(options()), startUsher(options())]);
  });
  after(async () => {
    await Promise.all(servers?.map((server) => server.stop()) ?? []);
    await database.drop();
  });

  const statusOf = async ({ url }: Usher, secret: string) => {
    const response = await fetch(`${url}/${seeded.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: seeded.daemon,
        client_secret: secret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    await response.text();
    return response.status;
  };

  async function eventually(ask: () => Promise<number>, status: number): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = await ask();
      if (found === status) return;
      assert.ok(Date.now() < deadline, `${found}, not ${status}`);
      await wait(20);
    }
  }

  test('what one has written the other reads at once', async () => {
    const [one, two] = servers;
    const created = await one.graph('POST', '/v1.0/applications', { displayName: 'Shared' });
    const { id } = (await created.json()) as { id: string };
    const read = await two.graph('GET', `/v1.0/applications/${id}`);
    assert.equal(((await read.json()) as { displayName: string }).displayName, 'Shared');
    const etag = read.headers.get('etag') ?? '*';
    const changed = await two.graph(
      'PATCH',
      `/v1.0/applications/${id}`,
      { displayName: 'Changed' },
      { 'if-match': etag },
    );
    assert.equal(changed.status, 204);
    const stale = await one.graph(
      'PATCH',
      `/v1.0/applications/${id}`,
      { displayName: 'Lost' },
      { 'if-match': 'W/"0"' },
    );
    assert.equal(stale.status, 412);
  });

  test('a secret that one of them gave is good at the other, and worth nothing there once it is taken away', async () => {
    const [one, two] = servers;
    // What is known of the client is kept in memory from here on.
    assert.equal(await statusOf(two, seeded.secret), 200);
    const path = `/v1.0/applications(appId='${seeded.daemon}')`;
    const added = await one.graph('POST', `${path}/addPassword`, { passwordCredential: { displayName: 'second' } });
    const { keyId, secretText } = (await added.json()) as Password;
    await eventually(() => statusOf(two, secretText), 200);
    assert.equal((await one.graph('POST', `${path}/removePassword`, { keyId })).status, 204);
    await eventually(() => statusOf(two, secretText), 401);
  });

  test('a flow that one of them makes is walked at the other, until it is deleted', async () => {
    const [one, two] = servers;
    const flow = { id: 'shared', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
    const asked = async () => (await newVisitor(two).open(authorize(two, {}, 'B2C_1_shared').url)).status;
    assert.equal(await asked(), 404);
    assert.equal((await one.graph('POST', '/beta/identity/b2cUserFlows', flow)).status, 201);
    await eventually(asked, 200);
    assert.equal((await one.graph('DELETE', '/beta/identity/b2cUserFlows/B2C_1_shared')).status, 204);
    await eventually(asked, 404);
  });

  test('a sign-in that began at a server which is gone ends at the one in its place', async () => {
    const [one] = servers;
    const visitor = newVisitor(one);
    const attempt = authorize(one);
    const shown = await visitor.open(attempt.url);
    assert.equal(shown.status, 200);
    await one.stop('SIGKILL');
    const successor = await startUsher({ ...options(), port: new URL(one.url).port });
    servers = [successor, servers[1]];
    const done = await visitor.submit(shown, 'next', { email: seeded.user, password: seeded.password });
    const { status, answer } = await redeem(successor, attempt, codeIn(done));
    assert.equal(status, 200, JSON.stringify(answer));
  });
});
