import { contains, entity, functionOn, references } from '../entity.ts';
import { boolean, complex, flags, string } from '../property.ts';
import {
  b2cAuthenticationMethods,
  userFlowMultifactorAuthenticationConfiguration,
  userFlowPasswordConfiguration,
  userFlowSingleSignOnSessionConfiguration,
  userFlowTokenClaimsConfiguration,
  userFlowTokenLifetimeConfiguration,
} from './b2c-user-flow-configurations.ts';
import { identityProvider } from './identity-provider.ts';
import { identityProviderBase } from './identity-provider-base.ts';
import { identityUserFlow } from './identity-user-flow.ts';
import { identityUserFlowAttribute } from './identity-user-flow-attribute.ts';
import { identityUserFlowAttributeAssignment } from './identity-user-flow-attribute-assignment.ts';
import { apiConnectorPositions, userFlowApiConnectorConfiguration } from './user-flow-api-connector-configuration.ts';
import { userFlowExplanation } from './user-flow-explanation.ts';
import { userFlowLanguageConfiguration } from './user-flow-language-configuration.ts';
import { userFlowPageLayout } from './user-flow-page-layout.ts';
import { userFlowSettings } from './user-flow-settings.ts';

/** BCP 47 shape (RFC 5646 §2.1): letters and digits in groups of at most eight. */
const languageTag = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i;

/** Drafted by Microsoft, who returns two of them to this day and the others never. */
const drafted = { origin: 'drafted' } as const;
/** Returned only on `$select`: what the shipped service does not return, so that no strict client is surprised. */
const hidden = { ...drafted, onSelect: true } as const;
const hiddenValue = { ...hidden, default: {} } as const;

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
    authenticationMethods: flags(b2cAuthenticationMethods, { ...drafted, default: 'emailWithPassword' }),
    tokenClaimsConfiguration: complex(userFlowTokenClaimsConfiguration, { ...drafted, default: {} }),
    tokenLifetimeConfiguration: complex(userFlowTokenLifetimeConfiguration, hiddenValue),
    singleSignOnSessionConfiguration: complex(userFlowSingleSignOnSessionConfiguration, hiddenValue),
    multifactorAuthenticationConfiguration: complex(userFlowMultifactorAuthenticationConfiguration, hiddenValue),
    /** The rules of `settings/conditionalAccess` are asked after the person is proved. */
    isConditionalAccessEnforced: boolean({ ...hidden, default: false }),
    /** Script of custom pages may run. */
    isJavaScriptEnabled: boolean({ ...hidden, default: false }),
    passwordComplexityConfiguration: complex(userFlowPasswordConfiguration, hiddenValue),
    settings: complex(userFlowSettings, { ...hiddenValue, origin: 'own' }),
    /** The default language it was created with, which is enabled from the beginning. */
    firstLanguageTag: string({ nullable: true, access: 'internal' }),
  },
  navigations: {
    userFlowIdentityProviders: references(() => identityProviderBase),
    identityProviders: references(() => identityProvider, {
      aliasOf: 'userFlowIdentityProviders',
      deprecated: { since: '2021-05-01' },
    }),
    userAttributeAssignments: contains(() => identityUserFlowAttributeAssignment),
    languages: contains(() => userFlowLanguageConfiguration, { methods: ['list', 'get', 'put', 'delete'] }),
    ...apiConnectorPositions,
    /** What tokens tell about a person; none: everything that is known. */
    applicationClaims: references(() => identityUserFlowAttribute, { ...drafted, versions: ['beta'] }),
    pageLayouts: contains(() => userFlowPageLayout, {
      ...drafted,
      versions: ['beta'],
      methods: ['list', 'get', 'update'],
    }),
  },
  operations: {
    /** What a sign-in by this flow does, step by step. */
    explain: functionOn('entity', { returns: complex(userFlowExplanation), versions: ['beta'] }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/b2cidentityuserflow?view=graph-rest-beta',
});
