import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callbackOf, claimsAfter, graph, leave } from '../support/federation.ts';
import { codeIn } from '../support/sign-in.ts';
import { documented } from '../support/social-providers/documented.ts';
import { client, type LocalProvider, startOAuth2Provider } from '../support/social-providers/server.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

const flows = '/beta/identity/b2cUserFlows';
const providers = '/beta/identity/identityProviders';

describe('social providers', () => {
  const locals = new Map<string, LocalProvider>();
  let usher: Usher;

  before(async () => {
    for (const { type, provider } of documented) locals.set(type, await startOAuth2Provider(provider));
    const args = [...locals].flatMap(([type, { origin }]) => ['--provider-origin', `${type}=${origin}`]);
    usher = await startUsher({ args });
  });
  after(async () => {
    await usher?.stop();
    for (const local of locals.values()) await local.close();
  });

  const usersOf = async (issuer: string, issuerAssignedId: string) => {
    const identity = `c/issuer eq '${issuer}' and c/issuerAssignedId eq '${issuerAssignedId}'`;
    const query = `$filter=identities/any(c:${identity})&$select=id,displayName,identities,otherMails`;
    return (await graph(usher, 'GET', `/v1.0/users?${query}`))['value'] as readonly Record<string, unknown>[];
  };

  /** What the provider sends the browser back with. */
  async function comeBack(visitor: Visitor, params: Readonly<Record<string, string>>): Promise<Visit> {
    return visitor.open(`${callbackOf()}?${new URLSearchParams(params)}`);
  }

  for (const { type, person, provider: described } of documented) {
    const flow = `B2C_1_${type}`;
    const id = `${type}-OAUTH`;
    const local = (): LocalProvider => {
      const found = locals.get(type);
      assert.ok(found);
      return found;
    };

    test(`${type}: somebody signs up, and signs in again as the same person`, async () => {
      const { id: clientId, secret: clientSecret } = client;
      const draft = { identityProviderType: type, displayName: type, clientId, clientSecret };
      await graph(usher, 'POST', providers, { '@odata.type': '#microsoft.graph.socialIdentityProvider', ...draft });
      const kind = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
      await graph(usher, 'POST', flows, { id: type, ...kind, identityProviders: [{ id }] });

      const subjects: unknown[] = [];
      for (const visitor of [newVisitor(usher), newVisitor(usher)]) {
        const { attempt, away } = await leave(usher, visitor, flow, `${type}Exchange`);
        assert.equal(away.origin, local().origin);
        const arrived = await comeBack(visitor, (await local().visit(away.href)).params);
        subjects.push((await claimsAfter(usher, flow, attempt, arrived))['sub']);
      }
      const users = await usersOf(person.issuer, person.issuerAssignedId);
      assert.deepEqual(subjects, [users[0]?.['id'], users[0]?.['id']]);
      assert.equal(users.length, 1);
      assert.equal(users[0]?.['displayName'], person.claims['displayName']);
    });

    test(`${type}: whoever turns back there, or meets trouble, goes on to nobody's account`, async () => {
      for (const fate of ['turns back', 'meets trouble'] as const) {
        const visitor = newVisitor(usher);
        const { away } = await leave(usher, visitor, flow, `${type}Exchange`);
        local().person = fate;
        const shown = await comeBack(visitor, (await local().visit(away.href)).params);
        local().person = 'agrees';
        const told = shown.left?.searchParams.get('error_description') ?? textOf(shown.html);
        assert.match(told, /AADB2C90273/);
        assert.equal(shown.left?.searchParams.get('code') ?? null, null);
      }
    });

    test(`${type}: an answer opens nothing in another browser, and nothing twice`, async () => {
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, `${type}Exchange`);
      const { params } = await local().visit(away.href);
      const thief = await comeBack(newVisitor(usher), params);
      assert.equal(thief.left, undefined);
      assert.ok(thief.status >= 400, String(thief.status));
      const { state: _, ...others } = params;
      assert.ok((await comeBack(visitor, { ...others, state: 'made-up' })).status >= 400);
      codeIn(await comeBack(visitor, params));
      const again = await comeBack(visitor, params);
      assert.equal(again.left?.searchParams.get('code') ?? null, null);
      assert.ok(local().asked.filter((path) => path === described.tokenPath).length > 0);
    });

    test(`${type}: once the flow no longer offers it, nobody comes in by it`, async () => {
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, `${type}Exchange`);
      const { params } = await local().visit(away.href);
      await graph(usher, 'DELETE', `${flows}/${flow}/userFlowIdentityProviders/${id}/$ref`);
      await graph(usher, 'DELETE', `${providers}/${id}`);
      const shown = await comeBack(visitor, params);
      assert.equal(shown.left?.searchParams.get('code') ?? null, null, shown.left?.href);
    });
  }
});
