import { contains, entity, references } from '../entity.ts';
import { complex } from '../property.ts';
import { identityProvider } from './identity-provider.ts';
import { identityProviderBase } from './identity-provider-base.ts';
import { identityUserFlow } from './identity-user-flow.ts';
import { identityUserFlowAttributeAssignment } from './identity-user-flow-attribute-assignment.ts';
import { apiConnectorPositions, userFlowApiConnectorConfiguration } from './user-flow-api-connector-configuration.ts';
import { userFlowLanguageConfiguration } from './user-flow-language-configuration.ts';

/** How guests sign up for applications of a workforce tenant. Nothing of it can be updated but its parts (Graph contract b.2). */
export const b2xIdentityUserFlow = entity('b2xIdentityUserFlow', {
  base: identityUserFlow,
  set: { path: 'identity/b2xUserFlows', methods: ['list', 'get', 'create', 'delete'] },
  properties: {
    apiConnectorConfiguration: complex(userFlowApiConnectorConfiguration, {
      nullable: true,
      access: 'create',
      default: {},
    }),
  },
  navigations: {
    userFlowIdentityProviders: references(() => identityProviderBase),
    identityProviders: references(() => identityProvider, { aliasOf: 'userFlowIdentityProviders' }),
    userAttributeAssignments: contains(() => identityUserFlowAttributeAssignment),
    /** The built-in ones, all enabled (Graph contract a.2, c.3). */
    languages: contains(() => userFlowLanguageConfiguration, { methods: ['list', 'get'] }),
    ...apiConnectorPositions,
  },
  source: 'https://learn.microsoft.com/graph/api/resources/b2xidentityuserflow',
});
