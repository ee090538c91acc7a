import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callbackOf, claimsAfter, flowWith, graph, leave } from '../support/federation.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../support/visitor.ts';

const providers = '/beta/identity/identityProviders';

describe('the accounts of one server sign in at another', () => {
  /** Has the accounts. */
  let far: Usher;
  let near: Usher;

  before(async () => {
    far = await startUsher();
    near = await startUsher({ args: ['--outside-ca', far.caFile] });
    const keys = await (await fetch(`${near.url}/${seeded.tenant}/discovery/v2.0/keys`)).text();
    await graph(far, 'PATCH', `/v1.0/applications(appId='${seeded.web}')`, {
      web: { redirectUris: [near.url + callbackOf()] },
      settings: { jwks: keys },
    });
  });
  after(async () => {
    await near?.stop();
    await far?.stop();
  });

  const issuer = (): string => `${far.url}/${seeded.tenantId}/v2.0/`;
  const metadata = (): string =>
    `${far.url}/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`.toLowerCase();

  /** Signs in there as a person does, and comes back with whatever the far server says. */
  async function signInThere(visitor: Visitor, away: URL, password: string): Promise<Visit> {
    const there = newVisitor(far);
    const shown = await there.open(away);
    const done = await there.submit(shown, 'next', { email: seeded.user, password });
    assert.ok(done.left, done.html.slice(0, 2000));
    return visitor.open(done.left);
  }

  const ways: readonly (readonly [string, () => object])[] = [
    [
      'a secret',
      () => ({
        '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider',
        metadataUrl: metadata(),
        clientSecret: seeded.secret,
        responseMode: 'query',
        claimsMapping: { userId: 'oid', displayName: 'name', email: 'emails' },
      }),
    ],
    [
      'a key',
      () => ({
        '@odata.type': '#microsoft.graph.oidcIdentityProvider',
        issuer: issuer(),
        wellKnownEndpoint: metadata(),
        clientAuthentication: { '@odata.type': '#microsoft.graph.oidcPrivateJwtKeyClientAuthentication' },
        inboundClaimMapping: { email: 'emails' },
      }),
    ],
  ];

  for (const [name, parts] of ways) {
    test(`by ${name}`, async () => {
      const shared = { displayName: 'Far', clientId: seeded.web, responseType: 'code', scope: 'openid' };
      const { id } = await graph(near, 'POST', providers, { ...shared, ...parts() });
      const flow = await flowWith(near, [{ id: String(id) }]);
      const visitor = newVisitor(near);
      const { attempt, away } = await leave(near, visitor, flow, `${id}Exchange`);
      assert.equal(away.origin, far.url);
      const arrived = await signInThere(visitor, away, seeded.password);
      const { sub } = await claimsAfter(near, flow, attempt, arrived);
      const account = await graph(near, 'GET', `/v1.0/users/${sub}?$select=displayName,identities`);
      const [theirs] = (
        await graph(
          far,
          'GET',
          `/v1.0/users?$filter=identities/any(c:c/issuerAssignedId eq '${seeded.user}' and c/issuer eq '${seeded.tenant}')&$select=id,displayName`,
        )
      )['value'] as readonly { readonly id: string; readonly displayName: string }[];
      assert.equal(account['displayName'], theirs?.displayName);
      const identities = account['identities'] as readonly { readonly signInType: string }[];
      assert.deepEqual(
        identities.filter(({ signInType }) => signInType === 'federated'),
        [{ signInType: 'federated', issuer: issuer(), issuerAssignedId: theirs?.id }],
      );
      await graph(near, 'DELETE', `/v1.0/users/${sub}`);
    });
  }
});
