import { type Navigation, references } from '../entity.ts';
import { complexType } from '../property.ts';
import { identityApiConnector } from './identity-api-connector.ts';

/**
 * Which API connectors a flow calls. As a value it is always empty: its members are references, read and set at an address
 * of their own (Graph contract a.2, e row 25).
 */
export const userFlowApiConnectorConfiguration = complexType(
  'userFlowApiConnectorConfiguration',
  {},
  'https://learn.microsoft.com/graph/api/resources/userflowapiconnectorconfiguration',
);

const connector = (options: Pick<Navigation, 'versions'>): Navigation =>
  references(() => identityApiConnector, { many: false, ...options });

/** When a flow calls a connector, as navigations of the flow. */
export const apiConnectorPositions = {
  /** Another provider has proved the person, who has no account yet. */
  'apiConnectorConfiguration/postFederationSignup': connector({ versions: ['v1.0', 'beta'] }),
  /** The attributes are entered, the account is not created yet. */
  'apiConnectorConfiguration/postAttributeCollection': connector({ versions: ['v1.0', 'beta'] }),
  /** Before tokens are issued. In the published typings only (Graph contract e row 26). */
  'apiConnectorConfiguration/preTokenIssuance': connector({ versions: ['beta'] }),
} as const;
