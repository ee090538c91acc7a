import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accounts, claimsAfter, comeBack, flowWith, graph, leave, refusedWith } from '../support/federation.ts';
import { type OidcKind, oidcKinds } from '../support/foreign-provider/kinds.ts';
import { type ForeignProviderServer, startForeignProvider } from '../support/foreign-provider/provider.ts';
import { authorize } from '../support/sign-in.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

/** Not the one that knows a server by its keys, which are other ones in each server. */
const kinds = oidcKinds.filter(({ name }) => !/by the keys of this server$/.test(name));

/** What Apple sends with the first answer about a person, and never again. */
const user = JSON.stringify({ name: { firstName: 'Robin', lastName: 'Doe' } });

describe('kinds of OpenID Connect providers as they are documented', () => {
  const servers = new Map<OidcKind, ForeignProviderServer>();
  let usher: Usher;

  before(async () => {
    for (const kind of kinds) {
      const server = await startForeignProvider(kind.provider);
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

  /** As Graph writes it. */
  const bodyOf = ({ type, draft }: OidcKind, server: ForeignProviderServer): object => {
    const { clientAuthentication, ...rest } = draft(server) as { readonly clientAuthentication?: object };
    const typed = (name: string) => ({ '@odata.type': `#microsoft.graph.${name}` });
    return {
      ...typed(type.name),
      ...rest,
      ...(clientAuthentication
        ? { clientAuthentication: { ...clientAuthentication, ...typed('oidcClientSecretAuthentication') } }
        : {}),
    };
  };

  for (const kind of kinds) {
    test(`${kind.name}: sign-up, sign-in, turning back, and an issuer that has changed`, async () => {
      const server = servers.get(kind);
      assert.ok(server);
      const { id } = await graph(usher, 'POST', '/beta/identity/identityProviders', bodyOf(kind, server));
      const flow = await flowWith(usher, [{ id: String(id) }]);
      const page = await newVisitor(usher).open(authorize(usher, {}, flow).url);
      const button = /name="action" value="(\w[\w-]*Exchange)"/.exec(page.html)?.[1];
      assert.ok(button, page.html.slice(0, 2000));
      const go = async () => {
        const visitor = newVisitor(usher);
        const { attempt, away } = await leave(usher, visitor, flow, button);
        const shown = await comeBack(visitor, await server.signIn(away.href), server.origin);
        return { attempt, shown };
      };

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
      const again = await go();
      const renewed = await claimsAfter(usher, flow, again.attempt, again.shown);
      assert.deepEqual([renewed['oid'], renewed['newUser']], [found[0]?.id, undefined]);

      for (const mischief of ['cancel', 'otherIssuer'] as const) {
        server.mischief = mischief;
        assert.match(refusedWith((await go()).shown), /^AADB2C90273/);
      }
      server.mischief = undefined;
    });
  }
});
