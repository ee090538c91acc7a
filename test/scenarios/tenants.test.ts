import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Engine, engines } from '../support/engines.ts';
import { authorize, codeFor, redirectUri, token } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

const other = { id: 'bbbbbbbb-0000-4000-8000-00000000000b', domain: 'fabrikam.onmicrosoft.com' } as const;
const graphApp = '00000003-0000-0000-c000-000000000000';

/** A tenant that looks like the first one as much as it can: same application ids, same flow, other people. */
const seed = (roles: readonly unknown[]) => ({
  tenant: { id: other.id, domains: [other.domain], displayName: 'Fabrikam' },
  applications: [
    { appId: seeded.spa, displayName: 'Single-page app', spa: { redirectUris: [redirectUri] } },
    {
      appId: seeded.daemon,
      displayName: 'Daemon',
      passwordCredentials: [{ displayName: 'test', secretText: 'another-secret' }],
      requiredResourceAccess: [{ resourceAppId: graphApp, resourceAccess: roles }],
    },
  ],
  b2cUserFlows: [{ id: seeded.flow, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 }],
  users: [
    {
      displayName: 'Fabrizio',
      identities: [{ signInType: 'emailAddress', issuer: other.domain, issuerAssignedId: 'fabrizio@fabrikam.example' }],
      passwordProfile: { password: 'A long pass phrase 42!', forceChangePasswordNextSignIn: false },
      passwordPolicies: 'DisablePasswordExpiration',
    },
  ],
});

let usher: Usher;

/** Starts a server with both tenants; the second one's daemon may do what the first one's may. */
async function startBoth({ options }: Engine): Promise<Usher> {
  const first = await startUsher();
  const daemon = await (await first.graph('GET', `/v1.0/applications(appId='${seeded.daemon}')`)).json();
  await first.stop();
  const [{ resourceAccess }] = (daemon as { requiredResourceAccess: [{ resourceAccess: unknown[] }] })
    .requiredResourceAccess;
  const file = join(temporaryFolder(), 'fabrikam.json');
  writeFileSync(file, JSON.stringify(seed(resourceAccess)));
  return startUsher({ ...options(), args: ['--seed', file] });
}

async function graphTokenOf(tenant: string, secret: string): Promise<Response> {
  return fetch(`${usher.url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: seeded.daemon,
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
}

async function list(path: string, bearer: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const response = await fetch(`${usher.url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
  assert.equal(response.status, 200, await response.clone().text());
  return ((await response.json()) as { value: Readonly<Record<string, unknown>>[] }).value;
}

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startBoth(engine);
    });
    after(() => usher?.stop());

    test('Graph shows each tenant its own and nothing of the other, whatever the ids', async () => {
      const mine = await usher.graphToken();
      const theirs = ((await (await graphTokenOf(other.domain, 'another-secret')).json()) as { access_token: string })
        .access_token;
      for (const path of ['/v1.0/users', '/v1.0/applications', '/v1.0/identity/userFlowAttributes']) {
        const [a, b] = await Promise.all([list(`${path}?$select=id`, mine), list(`${path}?$select=id`, theirs)]);
        if (path !== '/v1.0/identity/userFlowAttributes') {
          const ids = new Set(a.map(({ id }) => id));
          assert.deepEqual(
            b.filter(({ id }) => ids.has(id)),
            [],
            path,
          );
        }
        assert.ok(a.length > 0 && b.length > 0, path);
      }
      const [person] = await list(`/v1.0/users?$filter=displayName eq 'Fabrizio'`, theirs);
      assert.deepEqual(await list(`/v1.0/users?$filter=displayName eq 'Fabrizio'`, mine), []);
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const reply = await usher.graph(
          method,
          `/v1.0/users/${person?.['id']}`,
          method === 'PATCH' ? { city: 'Rome' } : undefined,
        );
        assert.equal(reply.status, 404, method);
      }
    });

    test("one tenant's secret opens nothing in the other, though the client id is the same", async () => {
      assert.equal((await graphTokenOf(other.domain, seeded.secret)).status, 401);
      assert.equal((await graphTokenOf(seeded.tenant, 'another-secret')).status, 401);
    });

    test('a code of one tenant cannot be redeemed at the other', async () => {
      const attempt = authorize(usher);
      const code = await codeFor(newVisitor(usher), attempt);
      const response = await fetch(`${usher.url}/${other.domain}/${seeded.flow}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { origin: new URL(redirectUri).origin },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: seeded.spa,
          code,
          code_verifier: attempt.verifier,
          redirect_uri: redirectUri,
        }),
      });
      assert.equal(response.status, 400);
      const { error } = (await response.json()) as { error: string };
      assert.equal(error, 'invalid_grant');
      const rightful = await token(usher, {
        grant_type: 'authorization_code',
        code,
        code_verifier: attempt.verifier,
        redirect_uri: redirectUri,
      });
      assert.equal(rightful.status, 200, 'a stranger at another tenant must not spend the code');
    });

    test('a session and a journey of one tenant are nothing to the other', async () => {
      const visitor = newVisitor(usher);
      const attempt = authorize(usher);
      await codeFor(visitor, attempt);
      const there = authorize(usher, { scope: 'openid', prompt: 'none' });
      const silent = await visitor.open(there.url.href.replace(seeded.tenant, other.domain));
      assert.equal(silent.left?.searchParams.get('error'), 'interaction_required');

      const shown = await visitor.open(authorize(usher, { prompt: 'login' }).url);
      const moved = await visitor.open(shown.url.href.replace(seeded.tenantId, other.id));
      assert.equal(moved.status, 410);
    });

    test('a person of one tenant cannot sign in at the other', async () => {
      const visitor = newVisitor(usher);
      const shown = await visitor.open(authorize(usher).url);
      const again = await visitor.submit(shown, 'next', {
        email: 'fabrizio@fabrikam.example',
        password: 'A long pass phrase 42!',
      });
      assert.equal(again.left, undefined);
      assert.match(again.html, /error pageLevel/);
    });
  });
}
