import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventory, pathText } from './inventory.ts';

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
