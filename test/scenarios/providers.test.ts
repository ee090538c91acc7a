import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { authorize } from '../support/sign-in.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit } from '../support/visitor.ts';

const flows = '/beta/identity/b2cUserFlows';
const local = 'EmailPassword-OAUTH';

for (const engine of engines) {
  describe(engine.name, () => {
    let usher: Usher;
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    const graph = async (method: string, path: string, body?: unknown): Promise<void> => {
      const response = await usher.graph(method, path, body);
      assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.text()}`);
    };
    const create = (id: string, rest: object) =>
      graph('POST', flows, { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3, ...rest });
    const open = (flow: string): Promise<Visit> => newVisitor(usher).open(authorize(usher, {}, flow).url);

    test('a flow made for Google alone leads there alone, until local accounts are linked; without either it has no way to sign in', async () => {
      const google = { identityProviderType: 'Google', displayName: 'Google', clientId: 'id', clientSecret: 'secret' };
      const typed = { '@odata.type': '#microsoft.graph.socialIdentityProvider', ...google };
      await graph('POST', '/beta/identity/identityProviders', typed);
      await create('google', { identityProviders: [{ id: 'Google-OAUTH' }] });
      const alone = await open('B2C_1_google');
      assert.match(alone.html, /value="GoogleExchange"/);
      assert.doesNotMatch(alone.html, /type="password"/);

      const links = `${flows}/B2C_1_google/userFlowIdentityProviders`;
      const target = `${usher.url}/beta/identity/identityProviders/${local}`;
      await graph('POST', `${links}/$ref`, { '@odata.id': target });
      const both = await open('B2C_1_google');
      assert.match(both.html, /type="password"/);
      assert.match(both.html, /value="GoogleExchange"/);
      await graph('DELETE', `${links}/${local}/$ref`);
      await graph('DELETE', `${links}/Google-OAUTH/$ref`);
      const refused = await open('B2C_1_google');
      assert.equal(refused.left, undefined);
      assert.match(textOf(refused.html), /AADB2C90051: No suitable claims providers were found\./);
    });

    test('a flow made without naming providers signs people in with e-mail and password', async () => {
      await create('plain', {});
      assert.match((await open('B2C_1_plain')).html, /type="password"/);
    });
  });
}
