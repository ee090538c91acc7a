import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allTypes, derivedFrom, sets, typeByName } from './catalogue.ts';
import * as entities from './entities/index.ts';

test('every published spelling of a type name leads to the type', () => {
  for (const name of [
    '#microsoft.graph.b2cIdentityUserFlow',
    'microsoft.graph.b2cIdentityUserFlow',
    'graph.B2CIdentityUserFlow',
    '#Microsoft.Cpim.Api.DataModels.b2cIdentityUserFlow',
    'Microsoft.Cpim.Api.DataModels.b2cIdentityUserFlow',
    'b2cidentityuserflow',
  ]) {
    assert.equal(typeByName(name), entities.b2cIdentityUserFlow, name);
  }
  assert.equal(typeByName('#Microsoft.Graph.CustomUserFlowAttribute'), entities.identityCustomUserFlowAttribute);
  assert.equal(typeByName('usher.signingKey'), entities.signingKey);
});

test('a name of nothing leads to nothing', () => {
  for (const name of ['', '#', 'microsoft.graph.', 'constructor', '##microsoft.graph.user', 'other.user']) {
    assert.equal(typeByName(name), undefined, name);
  }
});

test('derived types are found at every depth, the base itself not', () => {
  const names = derivedFrom(entities.identityProviderBase).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), [
    'appleManagedIdentityProvider',
    'builtInIdentityProvider',
    'oidcIdentityProvider',
    'openIdConnectIdentityProvider',
    'samlOrWsFedExternalDomainFederation',
    'samlOrWsFedProvider',
    'socialIdentityProvider',
  ]);
  assert.deepEqual(derivedFrom(entities.user), []);
});

test('every type is listed once, and only those with an address of their own as sets', () => {
  const names = allTypes().map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('usher.signingKey'));
  const paths = sets().map(({ set }) => set.path);
  assert.equal(new Set(paths).size, paths.length);
  assert.ok(paths.includes('identity/b2cUserFlows'));
  assert.ok(!sets().some(({ name }) => name === 'usher.signingKey'), 'keys have no address');
});
