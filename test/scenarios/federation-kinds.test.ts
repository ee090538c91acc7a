import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  accounts,
  claimsAfter,
  comeBack,
  flowWith,
  graph,
  leave,
  refusedWith,
  through,
} from '../support/federation.ts';
import { type OidcKind, oidcKinds, withKey } from '../support/foreign-provider/kinds.ts';
import { type Asked, type ForeignProviderServer, startForeignProvider } from '../support/foreign-provider/provider.ts';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

const providers = '/beta/identity/identityProviders';

/** What Apple sends with the first answer about a person, and never again. */
const user = JSON.stringify({ name: { firstName: 'Robin', lastName: 'Doe' } });

describe('kinds of OpenID Connect providers as they are documented', () => {
  const servers = new Map<OidcKind, ForeignProviderServer>();
  let usher: Usher;

  /** A provider that knows this server by its keys reads them where they are published. */
  async function knowsUsher(asked: Asked): Promise<boolean> {
    const answer = await fetch(`${usher.url}/${seeded.tenant}/discovery/v2.0/keys`);
    const { keys } = (await answer.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
    const [jwk] = keys;
    assert.ok(jwk && keys.length === 1);
    return withKey(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }))(asked);
  }

  before(async () => {
    for (const kind of oidcKinds) {
      const accepts = kind.name.endsWith('by the keys of this server') ? { accepts: knowsUsher } : {};
      const server = await startForeignProvider({ ...kind.provider, ...accepts });
      server.person = kind.claims;
      servers.set(kind, server);
    }
    const origins = [...servers].flatMap(([{ standsFor }, { origin }]) =>
      standsFor === undefined ? [] : ['--provider-origin', `${standsFor}=${origin}`],
    );
    usher = await startUsher({ args: origins });
  });
  after(async () => {
    await usher?.stop();
    for (const server of servers.values()) await server.close();
  });

  for (const kind of oidcKinds) {
    test(`${kind.name}: sign-up, sign-in with other keys, what is not trusted, and a provider that is taken away`, async () => {
      const server = servers.get(kind);
      assert.ok(server);
      const draft = { '@odata.type': `#microsoft.graph.${kind.type.name}`, ...kind.draft(server) };
      const { id } = await graph(usher, 'POST', providers, draft);
      const flow = await flowWith(usher, [{ id: String(id) }]);
      const page = await newVisitor(usher).open(authorize(usher, {}, flow).url);
      const button = /name="action" value="(\w[\w-]*Exchange)"/.exec(page.html)?.[1];
      assert.ok(button, page.html.slice(0, 2000));
      const go = () => through(usher, newVisitor(usher), flow, { server, id: String(id), button });

      server.extra = kind.name === 'Apple' ? { user } : {};
      const expected = kind.person(server);
      const first = await go();
      const told = await claimsAfter(usher, flow, first.attempt, first.shown);
      const { issuer, issuerAssignedId } = expected;
      const found = (await accounts(usher)).filter(({ identities }) =>
        identities.some((one) => one.issuer === issuer && one.issuerAssignedId === issuerAssignedId),
      );
      assert.equal(found.length, 1);
      assert.deepEqual(
        [told['oid'], told['newUser'], told['idp'], told['name'], told['emails']],
        [found[0]?.id, true, issuer, expected.claims['displayName'], [expected.claims['email']]],
      );

      server.extra = {};
      server.rotateKeys();
      const again = await go();
      const renewed = await claimsAfter(usher, flow, again.attempt, again.shown);
      assert.deepEqual([renewed['oid'], renewed['newUser']], [found[0]?.id, undefined]);

      for (const mischief of ['cancel', 'error', 'otherIssuer', 'wrongNonce', 'forged'] as const) {
        server.mischief = mischief;
        assert.match(refusedWith((await go()).shown), /^AADB2C90273/, mischief);
      }
      server.mischief = undefined;

      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, button);
      const way = await server.signIn(away.href);
      await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${flow}/userFlowIdentityProviders/${id}/$ref`);
      await graph(usher, 'DELETE', `${providers}/${id}`);
      assert.match(refusedWith(await comeBack(visitor, way, server.origin)), /^AADB2C90273/);
    });
  }
});
