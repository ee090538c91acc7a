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
const connectors = `${flow}/apiConnectorConfiguration`;
const listener = '/beta/identity/events/onSignupStart/x';
const eventsFlow = '/v1.0/identity/authenticationEventsFlows/x';
const selfService = `${eventsFlow}/microsoft.graph.externalUsersSelfServiceSignUpEventsFlow`;
const attributes = `${selfService}/onAttributeCollection/microsoft.graph.onAttributeCollectionExternalUsersSelfServiceSignUp/attributes`;
const included = `${eventsFlow}/conditions/applications/includeApplications`;
const page = `${flow}/languages/de/overridesPages/selfasserted`;
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
  // Operations
  ['GET', `${flow}/userAttributeAssignments/getOrder`, 'invoke'],
  ['GET', `${flow}/userAttributeAssignments/getorder()`, 'invoke'],
  ['GET', `${flow}/userAttributeAssignments/microsoft.graph.getOrder()`, 'invoke'],
  ['GET', `${flow}/userAttributeAssignments/getOrder(x=1)`, 'graph.badUrl'],
  ['GET', `${flow}/userAttributeAssignments/getOrder/x`, 'graph.unknownSegment x'],
  ['POST', `${flow}/userAttributeAssignments/getOrder`, 'graph.methodNotAllowed GET'],
  ['POST', `${flow}/userAttributeAssignments/setOrder`, 'invoke'],
  ['GET', `${flow}/userAttributeAssignments/setOrder`, 'graph.methodNotAllowed POST'],
  ['POST', '/v1.0/identity/apiConnectors/x/uploadClientCertificate', 'invoke'],
  ['POST', '/v1.0/identity/apiConnectors/uploadClientCertificate', 'graph.methodNotAllowed GET, PATCH, DELETE'],
  ['POST', "/v1.0/identity/apiConnectors('x')/microsoft.graph.uploadClientCertificate", 'invoke'],
  // References inside a value
  ['GET', connectors, 'property'],
  ['PUT', connectors, 'graph.methodNotAllowed GET'],
  ['GET', `${connectors}/postFederationSignup`, 'get'],
  ['GET', `${connectors}/microsoft.graph.userFlowApiConnectorConfiguration/postFederationSignup`, 'get'],
  ['GET', `${connectors}/microsoft.graph.other/postFederationSignup`, 'graph.unknownSegment microsoft.graph.other'],
  ['PUT', `${connectors}/POSTFEDERATIONSIGNUP/$ref`, 'setLink'],
  ['POST', `${connectors}/postAttributeCollection/$ref`, 'setLink'],
  ['GET', `${connectors}/postAttributeCollection/$ref`, 'getLink'],
  ['DELETE', `${connectors}/preTokenIssuance/$ref`, 'clearLink'],
  [
    'PUT',
    '/v1.0/identity/b2xUserFlows/x/apiConnectorConfiguration/preTokenIssuance/$ref',
    'graph.unknownSegment preTokenIssuance',
  ],
  // Casts
  ['GET', '/beta/identity/identityProviders/microsoft.graph.socialIdentityProvider', 'list'],
  ['GET', '/beta/identity/identityProviders/graph.socialIdentityProvider/$count', 'count'],
  ['GET', "/beta/identity/identityProviders/microsoft.graph.socialIdentityProvider('x')", 'get'],
  ['GET', '/beta/identity/identityProviders/microsoft.graph.user', 'graph.unknownSegment microsoft.graph.user'],
  ['GET', '/beta/identity/identityProviders/x/microsoft.graph.none', 'graph.unknownSegment microsoft.graph.none'],
  ['GET', '/beta/users/adele.vance@contoso.example', 'get'],
  ['PUT', `${listener}/microsoft.graph.invokeUserFlowListener/userFlow/$ref`, 'setLink'],
  ['PUT', `${listener}/Microsoft.Cpim.Api.DataModels.invokeUserFlowAction/userFlow/$ref`, 'setLink'],
  ['GET', `${listener}/userFlow`, 'get'],
  ['GET', attributes, 'list'],
  ['POST', `${attributes}/$ref`, 'link'],
  ['DELETE', `${attributes}/city/$ref`, 'unlink'],
  ['DELETE', `${attributes}/$ref?@odata.id=https://x/v1.0/identity/userFlowAttributes/city`, 'unlink'],
  ['DELETE', `${attributes}/$ref?%40id=city`, 'unlink'],
  ['DELETE', `${attributes}/$ref?@odata.id=https://x/v1.0/users/city`, 'graph.badReference'],
  ['DELETE', `${attributes}/$ref`, 'graph.methodNotAllowed GET, POST, PATCH, PUT'],
  ['GET', `${eventsFlow}/onAttributeCollection/attributes`, 'list'],
  // Items with a key
  ['GET', included, 'items'],
  ['POST', included, 'addItem'],
  ['DELETE', included, 'graph.methodNotAllowed GET, POST'],
  ['GET', `${included}/a`, 'item'],
  ['DELETE', `${included}('a')`, 'removeItem'],
  ['PATCH', `${included}/a`, 'graph.methodNotAllowed GET, DELETE'],
  ['GET', `${included}/a/appId`, 'graph.unknownSegment appId'],
  // Streams
  ['GET', `${page}/$value`, 'stream'],
  ['PUT', `${page}/$value`, 'setStream'],
  ['DELETE', `${page}/$value`, 'clearStream'],
  ['PUT', page, 'graph.methodNotAllowed GET'],
  ['DELETE', `${flow}/languages/de/overridesPages/$value`, 'graph.methodNotAllowed'],
  ['PUT', `${flow}/languages/de/defaultPages/x/$value`, 'graph.methodNotAllowed GET'],
  ['GET', `${flow}/$value`, 'graph.unknownSegment $value'],
  // Singletons, aliases, PUT
  ['GET', '/beta/identity/events', 'get'],
  ['PATCH', '/beta/identity/events', 'graph.methodNotAllowed GET'],
  ['GET', "/beta/identity/events('x')", 'graph.badUrl'],
  ['GET', '/v1.0/identity/events', 'graph.unknownSegment events'],
  ['GET', '/beta/policies/authenticationEventsPolicy', 'get'],
  ['GET', '/beta/policies', 'graph.unknownSegment policies'],
  ['GET', '/beta/identity/events/onSignUpStart', 'list'],
  ['PUT', listener, 'put'],
  ['PUT', '/beta/identity/events/onSignupStart', 'graph.methodNotAllowed GET, POST'],
  ['PUT', `${flow}/languages/de`, 'put'],
  ['PUT', '/v1.0/identity/b2xUserFlows/x/languages/de', 'graph.methodNotAllowed GET'],
  // The draft's address of a listener's flow
  ['POST', '/beta/invokeUserFlowListener/userFlow/$ref', 'setLink'],
  ['PUT', '/beta/invokeUserFlowAction/userFlow/$ref?listenerId=x', 'setLink'],
  ['GET', '/beta/invokeUserFlowAction/userFlow', 'get'],
  ['DELETE', '/beta/invokeUserFlowAction/userFlow/x/$ref', 'unlink'],
  ['GET', '/beta/invokeUserFlowAction', 'graph.unknownSegment invokeUserFlowAction'],
  ['POST', '/v1.0/invokeUserFlowListener/userFlow/$ref', 'graph.unknownSegment invokeUserFlowListener'],
];

for (const [method, path, kind] of table)
  test(`${method} ${path}: ${kind}`, () => assert.equal(kindOf(method, path), kind));
