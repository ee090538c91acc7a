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

export const b2cIdentityUserFlow = entity('b2cIdentityUserFlow', {
  base: identityUserFlow,
  set: { path: 'identity/b2cUserFlows', versions: ['beta'] },
  properties: {
    isLanguageCustomizationEnabled: boolean({ default: false }),
    defaultLanguageTag: string({ nullable: true, maxLength: 35, default: 'en' }),
    authenticationMethods: string({ access: 'server', default: 'emailWithPassword' }),
    tokenClaimsConfiguration: complex(tokenClaimsConfiguration, { default: { isIssuerEntityUserFlow: false } }),
  },
  navigations: {
    userFlowIdentityProviders: references(() => identityProviderBase),
    identityProviders: references(() => identityProviderBase, { aliasOf: 'userFlowIdentityProviders' }),
    userAttributeAssignments: contains(() => identityUserFlowAttributeAssignment),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/b2cidentityuserflow?view=graph-rest-beta',
});
