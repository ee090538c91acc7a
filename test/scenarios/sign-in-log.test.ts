import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sideBySide } from '../support/engines.ts';
import { authorize, codeFor, redeem, refresh } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

interface Entry {
  readonly id: string;
  readonly isInteractive: boolean;
  readonly userId: string | null;
  readonly userPrincipalName: string | null;
  readonly appId: string;
  readonly correlationId: string;
  readonly ipAddress: string;
  readonly resourceDisplayName: string | null;
  readonly status: {
    readonly errorCode: number;
    readonly failureReason: string | null;
    readonly additionalDetails: string | null;
  };
}

/** Newest first. */
async function entries(usher: Usher, query: string, version = 'v1.0'): Promise<readonly Entry[]> {
  const response = await usher.graph('GET', `/${version}/auditLogs/signIns${query}`);
  const body = (await response.json()) as { readonly value?: readonly Entry[] };
  assert.equal(response.status, 200, JSON.stringify(body));
  return body.value ?? [];
}

/** The log is written behind the requests: asks until the entries are there. */
async function written(usher: Usher, query: string, count: number): Promise<readonly Entry[]> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await entries(usher, query);
    if (found.length >= count) return found;
    assert.ok(Date.now() < deadline, `${found.length} of ${count} entries for ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const filter = (text: string) => `?$filter=${encodeURIComponent(text)}`;

async function tryPassword(usher: Usher, email: string, password: string) {
  const visitor = newVisitor(usher);
  return visitor.submit(await visitor.open(authorize(usher).url), 'next', { email, password });
}

/** What is recorded is written once a second, and each test waits for it. */
sideBySide('what happened at sign-ins is kept', (engine) => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher(engine.options());
  });
  after(() => usher?.stop());

  test('a sign-in through the pages is read in both versions, with its person, application and API', async () => {
    const attempt = authorize(usher);
    const code = await codeFor(newVisitor(usher), attempt);
    const { answer } = await redeem(usher, attempt, code);
    await refresh(usher, String(answer.refresh_token));
    const [renewed, arrived, ...more] = await written(usher, filter(`appId eq '${seeded.spa}'`), 2);
    assert.equal(more.length, 0);
    assert.deepEqual([renewed?.isInteractive, arrived?.isInteractive], [false, true]);
    assert.equal(arrived?.status.errorCode, 0);
    assert.equal(arrived?.resourceDisplayName, renewed?.resourceDisplayName);
    assert.match(arrived?.ipAddress ?? '', /127\.0\.0\.1|::1/);
    const users = await usher.graph('GET', `/v1.0/users/${arrived?.userId}`);
    const { userPrincipalName } = (await users.json()) as { userPrincipalName: string };
    assert.equal(arrived?.userPrincipalName, userPrincipalName);
    const beta = await usher.graph('GET', `/beta/auditLogs/signIns/${arrived?.id}`);
    assert.equal(((await beta.json()) as Entry).correlationId, arrived?.correlationId);
  });

  test('an administrator sees why a try failed, which its page does not say', async () => {
    const wrong = await tryPassword(usher, seeded.user, 'Wrong-password-1');
    const unknown = await tryPassword(usher, 'nobody@contoso.example', 'Wrong-password-1');
    const seen = (html: string) =>
      html.replaceAll(/(?:adele|nobody)@contoso\.example|name="csrf" value="[^"]*"|journey\/[^"]*/g, '');
    assert.equal(seen(wrong.html), seen(unknown.html));
    const [first] = await written(usher, filter('status/errorCode eq 90054'), 1);
    assert.equal(typeof first?.userId, 'string');
    const [second] = await written(usher, filter('status/errorCode eq 90053'), 1);
    assert.equal(second?.userId, null);
    assert.equal(second?.userPrincipalName, 'nobody@contoso.example');
  });

  test('a name that no engine could store keeps no other entry from being written', async () => {
    await tryPassword(usher, 'odd\u0000\ud83d@contoso.example', 'Wrong-password-1');
    await tryPassword(usher, 'even@contoso.example', 'Wrong-password-1');
    await written(usher, filter("userPrincipalName eq 'even@contoso.example'"), 1);
    const [odd] = await written(usher, filter("startswith(userPrincipalName,'odd')"), 1);
    assert.match(odd?.userPrincipalName ?? '', /^odd .*@contoso\.example$/);
  });

  test('an application that asks for itself is there too', async () => {
    const [own] = await written(usher, filter(`appId eq '${seeded.daemon}' and isInteractive eq false`), 1);
    assert.equal(own?.userId, null);
    assert.equal(own?.resourceDisplayName, 'Microsoft Graph');
  });

  test('a flood of refusals that anybody can cause is two entries a minute', async () => {
    const refused = async () => {
      const response = await fetch(`${usher.url}/${seeded.tenant}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: seeded.daemon,
          client_secret: 'wrong',
          scope: 'https://graph.microsoft.com/.default',
        }),
      });
      assert.equal(response.status, 401);
    };
    for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 20 }, refused));
    await written(usher, filter('status/errorCode eq 7000215'), 1);
    await usher.advance(60);
    const [counted, ...first] = await written(usher, filter('status/errorCode eq 7000215'), 2);
    assert.equal(first.length, 1);
    assert.equal(counted?.status.additionalDetails, '199 more of the same within a minute');
  });

  test('the log can be read only', async () => {
    const [one] = await entries(usher, '?$top=1');
    for (const method of ['PATCH', 'DELETE']) {
      assert.equal((await usher.graph(method, `/v1.0/auditLogs/signIns/${one?.id}`, {})).status, 405);
    }
    assert.equal((await usher.graph('POST', '/v1.0/auditLogs/signIns', {})).status, 405);
  });
});

test('what was recorded last is written before the server ends', async () => {
  const options = { data: temporaryFolder() };
  let usher = await startUsher(options);
  await tryPassword(usher, 'last@contoso.example', 'Wrong-password-1');
  assert.equal(await usher.stop(), 0);
  usher = await startUsher(options);
  try {
    assert.equal((await entries(usher, filter("userPrincipalName eq 'last@contoso.example'"))).length, 1);
  } finally {
    await usher.stop();
  }
});
