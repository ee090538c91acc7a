import type { apiConnectorPositions } from '../../model/index.ts';

/** When a flow calls an API connector, as the body of the call says it (b2c contract f.1). */
export type ConnectorStep = 'PostFederationSignup' | 'PostAttributeCollection' | 'PreTokenIssuance';

export const connectorSteps: readonly ConnectorStep[] = [
  'PostFederationSignup',
  'PostAttributeCollection',
  'PreTokenIssuance',
];

/** Flows of guests (B2X) are called for with other bodies than those of Azure AD B2C (b2c contract f.2). */
export type ConnectorAudience = 'b2c' | 'b2x';

/** Ids of the API connectors that a flow calls. */
export type LinkedConnectors = { readonly [S in ConnectorStep]?: string };

/** The navigation of a flow that names the connector of a step. */
export const positionOf: Readonly<Record<ConnectorStep, keyof typeof apiConnectorPositions>> = {
  PostFederationSignup: 'apiConnectorConfiguration/postFederationSignup',
  PostAttributeCollection: 'apiConnectorConfiguration/postAttributeCollection',
  PreTokenIssuance: 'apiConnectorConfiguration/preTokenIssuance',
};

/** Names by which messages for administrators tell the call; the second is B2C's own (b2c contract f.3, "Bad answers"). */
export const exchangeNames: Readonly<Record<ConnectorStep, string>> = {
  PostFederationSignup: 'PostFederationSignupRestful',
  PostAttributeCollection: 'PreUserWriteRestful',
  PreTokenIssuance: 'PreTokenIssuanceRestful',
};
