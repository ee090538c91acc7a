import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { type Addressed, inventory, lineOf, partText, pathText, protocolInventory } from './inventory.ts';
import { parseRequest } from './request.ts';
import { route } from './route.ts';
import { exchangeOf } from './testing/harness.ts';

const versions = ['v1.0', 'beta'] as const;
const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

const lines = (version: 'v1.0' | 'beta'): readonly string[] =>
  inventory(version).map(({ httpMethod, path, permissions }) => `${httpMethod} ${pathText(path)} ${permissions[0]}`);

test('every way to a resource is told once, with the least permission that opens it', () => {
  const beta = lines('beta');
  for (const line of [
    'GET /identity/b2cUserFlows IdentityUserFlow.Read.All',
    'PATCH /identity/b2cUserFlows/{id} IdentityUserFlow.ReadWrite.All',
    'POST /identity/b2cUserFlows/{id}/userFlowIdentityProviders/$ref IdentityUserFlow.ReadWrite.All',
    'DELETE /identity/b2cUserFlows/{id}/userFlowIdentityProviders/{id}/$ref IdentityUserFlow.ReadWrite.All',
    'GET /identity/b2cUserFlows/{id}/userAttributeAssignments/{id} IdentityUserFlow.Read.All',
    'GET /users/$count User.Read.All',
    'POST /identity/customAuthenticationExtensions/validateAuthenticationConfiguration CustomAuthenticationExtension.Read.All',
    'POST /identity/customAuthenticationExtensions/{id}/validateAuthenticationConfiguration CustomAuthenticationExtension.Read.All',
  ]) {
    assert.ok(beta.includes(line), line);
  }
  assert.equal(new Set(beta).size, beta.length);
});

test('what a version does not have is not told for it, nor is the reach of a derived type with a path of its own', () => {
  assert.ok(!lines('v1.0').some((line) => line.includes('b2cUserFlows')));
  assert.ok(!lines('beta').some((line) => line.includes('/userFlows/{id}/microsoft.graph.b2cIdentityUserFlow')));
});

for (const version of versions) {
  const offers: readonly Addressed[] = [...inventory(version), ...protocolInventory(version)];

  test(`at each address that ${version} tells of, exactly the methods it tells of are allowed`, () => {
    const told = Map.groupBy(offers, ({ path }) => pathText(path));
    for (const [text, [first, ...others]] of told) {
      assert.ok(first);
      // A batch is taken apart before anything is routed.
      if (text === '/$batch') continue;
      const at = first.path.map((part) => partText(part, 'x')).join('');
      const allowed = methods.filter((method) => isRouted(method, `/${version}${at}`));
      const expected = new Set([first, ...others].map(({ httpMethod }) => httpMethod));
      assert.deepEqual(new Set(allowed), expected, text);
    }
  });

  test(`each operation of ${version} is told once, and another way to ask for it names one that is told`, () => {
    const lines = offers.map(lineOf);
    assert.equal(new Set(lines).size, lines.length);
    for (const { usual } of inventory(version)) {
      if (usual !== undefined) assert.ok(lines.includes(usual), usual);
    }
  });
}

function isRouted(method: string, path: string): boolean {
  try {
    route(parseRequest(exchangeOf(method, path)));
    return true;
  } catch (error) {
    assert.ok(error instanceof Fault);
    assert.equal(error.code, 'graph.methodNotAllowed', `${method} ${path}: ${error.message}`);
    return false;
  }
}

test('what earlier pages of the reference have is told with what to use instead', () => {
  const usual = (line: string) => inventory('beta').find((one) => lineOf(one) === line)?.usual;
  const providers = '/identity/b2cUserFlows/{id}/identityProviders/$ref';
  assert.equal(usual(`POST ${providers}`), undefined);
  assert.equal(usual(`PATCH ${providers}`), `POST ${providers}`);
  assert.equal(usual("PATCH /applications(appId='{appId}')"), 'PATCH /applications/{id}');
  assert.equal(usual('GET /policies/authenticationEventsPolicy'), 'GET /identity/events');
  assert.equal(
    usual('DELETE /invokeUserFlowAction/userFlow/{id}/$ref'),
    'DELETE /identity/events/onSignupStart/{id}/microsoft.graph.invokeUserFlowListener/userFlow/$ref',
  );
});
