import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  claimsAfter,
  comeBack,
  flowWith,
  type GivenProvider,
  graph,
  leave,
  refusedWith,
  through,
} from '../support/federation.ts';
import { type OidcKind, oidcKinds, withKey } from '../support/foreign-provider/kinds.ts';
import { type ForeignProviderServer, startForeignProvider } from '../support/foreign-provider/provider.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

const providers = '/beta/identity/identityProviders';

/** Element ids of buttons where they are no ids of providers (b2c contract e.4). */
const buttons: Readonly<Record<string, string>> = { Apple: 'AppleManagedExchange', Microsoft: 'MicrosoftAccountExchange' };

/** Each kind as it is documented, through Graph, the flow and the callback of a running server; what holds for all is in `federation.test.ts`. */
describe('kinds of providers that speak OpenID Connect', () => {
  const servers = new Map<OidcKind, ForeignProviderServer>();
  let usher: Usher;

  /** The provider that knows this server by its keys reads them where they are published. */
  async function accepts(asked: Parameters<ReturnType<typeof withKey>>[0]): Promise<boolean> {
    const answer = await fetch(`${usher.url}/${seeded.tenant}/discovery/v2.0/keys`);
    const { keys } = (await answer.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
    const [jwk] = keys;
    assert.ok(jwk && keys.length === 1);
    return withKey(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }))(asked);
  }

  before(async () => {
    for (const kind of oidcKinds) {
      const isByKey = kind.name.includes('keys of this server');
      servers.set(kind, await startForeignProvider({ ...kind.provider, ...(isByKey ? { accepts } : {}) }));
    }
    const args = [...servers].flatMap(([{ standsFor }, { origin }]) =>
      standsFor ? ['--provider-origin', `${standsFor}=${origin}`] : [],
    );
    usher = await startUsher({ args });
  });
  after(async () => {
    await usher?.stop();
    for (const server of servers.values()) await server.close();
  });

  /** Configured through Graph, with a flow that offers it. */
  async function give(kind: OidcKind): Promise<GivenProvider & { readonly flow: string }> {
    const server = servers.get(kind);
    assert.ok(server);
    server.person = kind.claims;
    const draft = { '@odata.type': `#microsoft.graph.${kind.type.name}`, ...kind.draft(server) };
    const id = String((await graph(usher, 'POST', providers, draft))['id']);
    assert.equal(kind.id ?? id, id);
    return {
      server,
      id,
      button: buttons[kind.standsFor ?? ''] ?? `${id}Exchange`,
      flow: await flowWith(usher, [{ id }]),
    };
  }

  for (const kind of oidcKinds) {
    test(`${kind.name}: people sign up and in, and nobody comes in by what is not trusted`, async () => {
      const given = await give(kind);
      const { server, flow, id, button } = given;

      const subjects: unknown[] = [];
      for (const visitor of [newVisitor(usher), newVisitor(usher)]) {
        const { attempt, shown } = await through(usher, visitor, flow, given);
        subjects.push((await claimsAfter(usher, flow, attempt, shown))['sub']);
        server.rotateKeys();
      }
      assert.ok(subjects[0]);
      assert.equal(subjects[1], subjects[0]);
      const { issuer, issuerAssignedId, claims } = kind.person(server);
      const user = await graph(usher, 'GET', `/v1.0/users/${subjects[0]}?$select=displayName,identities,otherMails`);
      const identities = user['identities'] as readonly { readonly signInType: string }[];
      const federated = identities.filter(({ signInType }) => signInType === 'federated');
      assert.deepEqual(federated, [{ signInType: 'federated', issuer, issuerAssignedId }]);
      assert.equal(user['displayName'], claims['displayName'] ?? 'unknown');
      assert.deepEqual(user['otherMails'], [claims['email']]);

      for (const mischief of ['cancel', 'error', 'wrongNonce', 'otherIssuer', 'forged'] as const) {
        server.mischief = mischief;
        assert.match(
          refusedWith((await through(usher, newVisitor(usher), flow, given)).shown),
          /AADB2C90273/,
          mischief,
        );
      }
      server.mischief = undefined;

      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, button);
      const way = await server.signIn(away.href);
      await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${flow}/userFlowIdentityProviders/${id}/$ref`);
      await graph(usher, 'DELETE', `${providers}/${id}`);
      assert.match(refusedWith(await comeBack(visitor, way, server.origin)), /AADB2C90273/);
    });
  }
});
