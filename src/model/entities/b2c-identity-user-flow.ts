import { contains, entity, references } from '../entity.ts';
import { boolean, complex, complexType, string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';
import { identityUserFlow } from './identity-user-flow.ts';
import { identityUserFlowAttributeAssignment } from './identity-user-flow-attribute-assignment.ts';

/** Seen in example responses only (Graph contract a.2, e row 24). */
const tokenClaimsConfiguration = complexType('tokenClaimsConfiguration', {
  /** True: the issuer names tenant and flow (`/tfp/…`), so that strict discovery passes. */
  isIssuerEntityUserFlow: boolean({ default: false }),
});

/**
 * Which API connectors a flow calls. As a value it is always empty: its members are references, read and set at an address
 * of their own (Graph contract a.2).
 */
const userFlowApiConnectorConfiguration = complexType(
  'userFlowApiConnectorConfiguration',
  {},
  'https://learn.microsoft.com/graph/api/resources/userflowapiconnectorconfiguration',
);

/** BCP 47 shape (RFC 5646 §2.1): letters and digits in groups of at most eight. */
const languageTag = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

export const b2cIdentityUserFlow = entity('b2cIdentityUserFlow', {
  base: identityUserFlow,
  set: { path: 'identity/b2cUserFlows', versions: ['beta'] },
  properties: {
    isLanguageCustomizationEnabled: boolean({ default: false }),
    defaultLanguageTag: string({ nullable: true, maxLength: 35, pattern: languageTag, default: 'en' }),
    apiConnectorConfiguration: complex(userFlowApiConnectorConfiguration, {
      nullable: true,
      access: 'create',
      default: {},
    }),
    authenticationMethods: string({ access: 'server', default: 'emailWithPassword' }),
    tokenClaimsConfiguration: complex(tokenClaimsConfiguration, { default: { isIssuerEntityUserFlow: false } }),
  },
  navigations: {
    userFlowIdentityProviders: references(() => identityProviderBase),
    identityProviders: references(() => identityProviderBase, {
      aliasOf: 'userFlowIdentityProviders',
      deprecated: { since: '2021-05-01', versions: ['beta'] },
    }),
    userAttributeAssignments: contains(() => identityUserFlowAttributeAssignment),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/b2cidentityuserflow?view=graph-rest-beta',
});
