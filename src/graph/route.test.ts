import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { parseRequest } from './request.ts';
import { route } from './route.ts';
import { exchangeOf } from './testing/harness.ts';

const kindOf = (method: string, path: string): string => {
  try {
    return route(parseRequest(exchangeOf(method, path))).kind;
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return `${error.code} ${String(error.data['segment'] ?? error.data['allow'] ?? '')}`.trim();
  }
};

const flow = '/beta/identity/b2cUserFlows/B2C_1_x';
const table: readonly (readonly [string, string, string])[] = [
  ['GET', '/beta', 'service'],
  ['POST', '/beta', 'graph.methodNotAllowed GET'],
  ['GET', '/v1.0/$metadata', 'metadata'],
  ['GET', '/v1.0/$batch', 'graph.unknownSegment $batch'],
  ['GET', '/beta/identity', 'identity'],
  ['GET', '/beta/IDENTITY/', 'identity'],
  ['GET', '/beta/identity/nothing', 'graph.unknownSegment nothing'],
  ['GET', "/beta/identity('x')", "graph.unknownSegment identity('x')"],
  ['GET', '/beta/nothing', 'graph.unknownSegment nothing'],
  ['GET', '/beta/usher.signingKey', 'graph.unknownSegment usher.signingKey'],
  ['GET', '/beta/identity/b2cUserFlows', 'list'],
  ['GET', '/beta/Identity/B2CUSERFLOWS', 'list'],
  ['GET', '/v1.0/identity/b2cUserFlows', 'graph.unknownSegment b2cUserFlows'],
  ['GET', "/v1.0/identity/b2cUserFlows('x')/languages", 'graph.unknownSegment b2cUserFlows'],
  ['POST', '/beta/identity/b2cUserFlows', 'create'],
  ['DELETE', '/beta/identity/b2cUserFlows', 'graph.methodNotAllowed GET, POST'],
  ['GET', '/beta/identity/b2cUserFlows/$count', 'count'],
  ['GET', '/beta/identity/b2cUserFlows/$ref', 'graph.methodNotAllowed'],
  ['GET', '/beta/identity/b2cUserFlows/$value', 'graph.unknownSegment $value'],
  ['GET', flow, 'get'],
  ['GET', "/beta/identity/b2cUserFlows('B2C_1_x')", 'get'],
  ['GET', "/beta/identity/b2cUserFlows('B2C_1_x)", 'graph.badUrl'],
  ['GET', '/beta/identity/b2cUserFlows()', 'graph.badUrl'],
  ['PATCH', flow, 'update'],
  ['DELETE', flow, 'delete'],
  ['PUT', flow, 'graph.methodNotAllowed GET, PATCH, DELETE'],
  ['HEAD', flow, 'graph.methodNotAllowed GET, PATCH, DELETE'],
  ['GET', `${flow}/nothing`, 'graph.unknownSegment nothing'],
  ['GET', `${flow}/userFlowTypeVersion`, 'property'],
  ['GET', `${flow}/userFlowTypeVersion/$value`, 'property'],
  ['PATCH', `${flow}/userFlowTypeVersion`, 'graph.methodNotAllowed GET'],
  ['GET', `${flow}/tokenClaimsConfiguration/isIssuerEntityUserFlow`, 'property'],
  ['GET', `${flow}/tokenClaimsConfiguration/$value`, 'graph.unknownSegment $value'],
  ['GET', `${flow}/tokenClaimsConfiguration/x`, 'graph.unknownSegment x'],
  ['GET', `${flow}/userFlowIdentityProviders`, 'list'],
  ['POST', `${flow}/userFlowIdentityProviders`, 'graph.methodNotAllowed GET'],
  ['GET', `${flow}/userFlowIdentityProviders/$count`, 'count'],
  ['GET', `${flow}/userFlowIdentityProviders/$ref`, 'listLinks'],
  ['POST', `${flow}/userflowIdentityProviders/$ref`, 'link'],
  ['PATCH', `${flow}/userFlowIdentityProviders/$ref/`, 'link'],
  ['PUT', `${flow}/identityProviders/$ref`, 'link'],
  ['DELETE', `${flow}/identityProviders/$ref`, 'graph.methodNotAllowed GET, POST, PATCH, PUT'],
  ['DELETE', `${flow}/identityProviders/Google-OAUTH/$ref`, 'unlink'],
  ['DELETE', `${flow}/identityProviders('Google-OAUTH')/$ref`, 'unlink'],
  ['GET', `${flow}/identityProviders/Google-OAUTH`, 'get'],
  ['DELETE', `${flow}/identityProviders/Google-OAUTH`, 'graph.methodNotAllowed GET'],
  ['GET', `${flow}/userAttributeAssignments`, 'list'],
  ['POST', `${flow}/userAttributeAssignments`, 'create'],
  ['GET', `${flow}/userAttributeAssignments/City`, 'get'],
  ['PATCH', `${flow}/userAttributeAssignments('City')`, 'update'],
  ['GET', `${flow}/userAttributeAssignments/City/userAttribute`, 'get'],
  ['PUT', `${flow}/userAttributeAssignments/City/userAttribute/$ref`, 'graph.methodNotAllowed GET'],
  ['GET', `${flow}/userAttributeAssignments/City/userAttribute/$ref`, 'getLink'],
  ['DELETE', `${flow}/userAttributeAssignments/City/userAttribute`, 'graph.methodNotAllowed GET'],
  ['GET', '/v1.0/identity/identityProviders/availableProviderTypes', 'invoke'],
  ['GET', '/v1.0/identity/identityProviders/AVAILABLEPROVIDERTYPES()', 'invoke'],
  ['POST', '/v1.0/identity/identityProviders/availableProviderTypes', 'graph.methodNotAllowed GET'],
  ['GET', '/v1.0/users/adele@contoso.example', 'get'],
  ['GET', '/v1.0/users/x/displayName', 'property'],
  ['GET', '/v1.0/users/x/passwordHash', 'graph.unknownSegment passwordHash'],
  ['GET', '/v1.0/users/x/passwordProfile', 'graph.unknownSegment passwordProfile'],
  ['GET', '/v1.0/users/x/passwordProfile/password', 'graph.unknownSegment passwordProfile'],
  ['GET', '/v1.0/users/x/constructor', 'graph.unknownSegment constructor'],
  ['GET', "/v1.0/applications(appId='11111111-1111-4111-8111-111111111111')", 'get'],
  ['GET', "/v1.0/applications(displayName='x')", 'graph.badUrl'],
  ['GET', "/v1.0/users(passwordHash='x')", 'graph.badUrl'],
  ['GET', "/v1.0/users(userPrincipalName='adele@contoso.example')", 'get'],
];

for (const [method, path, kind] of table)
  test(`${method} ${path}: ${kind}`, () => assert.equal(kindOf(method, path), kind));
