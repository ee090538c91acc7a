import * as models from '@microsoft/msgraph-beta-sdk/models/index.js';
import {
  action,
  at,
  called,
  collection,
  content,
  derived,
  entity,
  type Factory,
  folder,
  model,
  type Page,
  plain,
  reference,
  references,
  type Writer,
} from './fluent.ts';

type Node = NonNullable<Parameters<typeof models.createEntityFromDiscriminatorValue>[0]>;

/** Lists that the models have no type of their own for, as the generator writes them beside the path: those of functions. */
const listed =
  <T extends object>(read: Parameters<Node['getCollectionOfObjectValues']>[0]): Factory =>
  () =>
  (target: models.BaseDeltaFunctionResponse & { value?: unknown } = {}) => ({
    ...models.deserializeIntoBaseDeltaFunctionResponse(target),
    value: (node: Node) => {
      target.value = node.getCollectionOfObjectValues<T>(read);
    },
  });

const flowB2c = model(
  models.createB2cIdentityUserFlowFromDiscriminatorValue,
  models.createB2cIdentityUserFlowCollectionResponseFromDiscriminatorValue,
  models.serializeB2cIdentityUserFlow,
);
const flowB2x = model(
  models.createB2xIdentityUserFlowFromDiscriminatorValue,
  models.createB2xIdentityUserFlowCollectionResponseFromDiscriminatorValue,
  models.serializeB2xIdentityUserFlow,
);
const flow = model(
  models.createIdentityUserFlowFromDiscriminatorValue,
  models.createIdentityUserFlowCollectionResponseFromDiscriminatorValue,
  models.serializeIdentityUserFlow,
);
const provider = model(
  models.createIdentityProviderBaseFromDiscriminatorValue,
  models.createIdentityProviderBaseCollectionResponseFromDiscriminatorValue,
  derived(models.serializeIdentityProviderBase, {
    appleManagedIdentityProvider: models.serializeAppleManagedIdentityProvider,
    oidcIdentityProvider: models.serializeOidcIdentityProvider,
    openIdConnectIdentityProvider: models.serializeOpenIdConnectIdentityProvider,
    socialIdentityProvider: models.serializeSocialIdentityProvider,
  }),
);
const deprecatedProvider = model(
  models.createIdentityProviderFromDiscriminatorValue,
  models.createIdentityProviderCollectionResponseFromDiscriminatorValue,
  derived(models.serializeIdentityProvider, { openIdConnectProvider: models.serializeOpenIdConnectProvider }),
);
const attribute = model(
  models.createIdentityUserFlowAttributeFromDiscriminatorValue,
  models.createIdentityUserFlowAttributeCollectionResponseFromDiscriminatorValue,
  models.serializeIdentityUserFlowAttribute,
);
const assignment = model(
  models.createIdentityUserFlowAttributeAssignmentFromDiscriminatorValue,
  models.createIdentityUserFlowAttributeAssignmentCollectionResponseFromDiscriminatorValue,
  models.serializeIdentityUserFlowAttributeAssignment,
);
const language = model(
  models.createUserFlowLanguageConfigurationFromDiscriminatorValue,
  models.createUserFlowLanguageConfigurationCollectionResponseFromDiscriminatorValue,
  models.serializeUserFlowLanguageConfiguration,
);
const page = model(
  models.createUserFlowLanguagePageFromDiscriminatorValue,
  models.createUserFlowLanguagePageCollectionResponseFromDiscriminatorValue,
  models.serializeUserFlowLanguagePage,
);
const connector = model(
  models.createIdentityApiConnectorFromDiscriminatorValue,
  models.createIdentityApiConnectorCollectionResponseFromDiscriminatorValue,
  models.serializeIdentityApiConnector,
);
const configuration = model(
  models.createUserFlowApiConnectorConfigurationFromDiscriminatorValue,
  models.createUserFlowApiConnectorConfigurationFromDiscriminatorValue,
  models.serializeUserFlowApiConnectorConfiguration,
);
const listener = model(
  models.createAuthenticationEventListenerFromDiscriminatorValue,
  models.createAuthenticationEventListenerCollectionResponseFromDiscriminatorValue,
  derived(models.serializeAuthenticationEventListener, {
    onTokenIssuanceStartListener: models.serializeOnTokenIssuanceStartListener,
  }),
);
const eventsFlow = model(
  models.createAuthenticationEventsFlowFromDiscriminatorValue,
  models.createAuthenticationEventsFlowCollectionResponseFromDiscriminatorValue,
  derived(models.serializeAuthenticationEventsFlow, {
    externalUsersSelfServiceSignUpEventsFlow: models.serializeExternalUsersSelfServiceSignUpEventsFlow,
  }),
);
const conditionApplication = model(
  models.createAuthenticationConditionApplicationFromDiscriminatorValue,
  models.createAuthenticationConditionApplicationCollectionResponseFromDiscriminatorValue,
  models.serializeAuthenticationConditionApplication,
);
const extension = model(
  models.createCustomAuthenticationExtensionFromDiscriminatorValue,
  models.createCustomAuthenticationExtensionCollectionResponseFromDiscriminatorValue,
  derived(models.serializeCustomAuthenticationExtension, {
    onTokenIssuanceStartCustomExtension: models.serializeOnTokenIssuanceStartCustomExtension,
  }),
);
const eventsPolicy = model(
  models.createAuthenticationEventsPolicyFromDiscriminatorValue,
  models.createAuthenticationEventsPolicyFromDiscriminatorValue,
  models.serializeAuthenticationEventsPolicy,
);
const signUpListener = model(
  models.createAuthenticationListenerFromDiscriminatorValue,
  listed(models.createAuthenticationListenerFromDiscriminatorValue),
  derived(models.serializeAuthenticationListener, { invokeUserFlowListener: models.serializeInvokeUserFlowListener }),
);
const methodsPolicy = model(
  models.createB2cAuthenticationMethodsPolicyFromDiscriminatorValue,
  models.createB2cAuthenticationMethodsPolicyFromDiscriminatorValue,
  models.serializeB2cAuthenticationMethodsPolicy,
);
const user = model(
  models.createUserFromDiscriminatorValue,
  models.createUserCollectionResponseFromDiscriminatorValue,
  models.serializeUser,
);
const invitation = model(
  models.createInvitationFromDiscriminatorValue,
  models.createInvitationCollectionResponseFromDiscriminatorValue,
  models.serializeInvitation,
);
const application = model(
  models.createApplicationFromDiscriminatorValue,
  models.createApplicationCollectionResponseFromDiscriminatorValue,
  models.serializeApplication,
);
const servicePrincipal = model(
  models.createServicePrincipalFromDiscriminatorValue,
  models.createServicePrincipalCollectionResponseFromDiscriminatorValue,
  models.serializeServicePrincipal,
);
const extensionProperty = model(
  models.createExtensionPropertyFromDiscriminatorValue,
  models.createExtensionPropertyCollectionResponseFromDiscriminatorValue,
  models.serializeExtensionProperty,
);
const organization = model(
  models.createOrganizationFromDiscriminatorValue,
  models.createOrganizationCollectionResponseFromDiscriminatorValue,
  models.serializeOrganization,
);
const directoryAudit = model(
  models.createDirectoryAuditFromDiscriminatorValue,
  models.createDirectoryAuditCollectionResponseFromDiscriminatorValue,
  models.serializeDirectoryAudit,
);
const signIn = model(
  models.createSignInFromDiscriminatorValue,
  models.createSignInCollectionResponseFromDiscriminatorValue,
  models.serializeSignIn,
);

const writeOrder = (writer: Writer, body?: { newAssignmentOrder?: models.AssignmentOrder } | null) =>
  writer.writeObjectValue('newAssignmentOrder', body?.newAssignmentOrder, models.serializeAssignmentOrder);

const assignments = collection(
  assignment,
  {},
  {
    getOrder: at('getOrder()', called<models.AssignmentOrder>(models.createAssignmentOrderFromDiscriminatorValue)),
    setOrder: action(writeOrder),
  },
);

const languages = collection(
  language,
  {
    defaultPages: collection(page, { content }, {}),
    overridesPages: collection(page, { content }, {}),
  },
  {},
);

const belowFlow = {
  apiConnectorConfiguration: entity(configuration, {
    postFederationSignup: reference(connector),
    postAttributeCollection: reference(connector),
    preTokenIssuance: reference(connector),
  }),
  languages,
  userAttributeAssignments: assignments,
  userFlowIdentityProviders: references(provider),
  identityProviders: references(deprecatedProvider),
};

const writeCertificate = (writer: Writer, body?: { pkcs12Value?: string; password?: string } | null) => {
  writer.writeStringValue('pkcs12Value', body?.pkcs12Value);
  writer.writeStringValue('password', body?.password);
};

const writeCredential = (writer: Writer, body?: { passwordCredential?: models.PasswordCredential } | null) =>
  writer.writeObjectValue('passwordCredential', body?.passwordCredential, models.serializePasswordCredential);

const writeKeyId = (writer: Writer, body?: { keyId?: string } | null) => writer.writeStringValue('keyId', body?.keyId);

const passwords = {
  addPassword: action<{ passwordCredential?: models.PasswordCredential }, models.PasswordCredential>(
    writeCredential,
    models.createPasswordCredentialFromDiscriminatorValue,
  ),
  removePassword: action(writeKeyId),
};

const conditions = folder({
  applications: folder({
    includeApplications: plain(conditionApplication),
  }),
});

/** Casts and functions stand in paths as the generator writes them. */
const eventsFlows = collection(
  eventsFlow,
  {
    conditions,
    graphExternalUsersSelfServiceSignUpEventsFlow: at(
      'graph.externalUsersSelfServiceSignUpEventsFlow',
      entity(eventsFlow, {
        onAttributeCollection: folder({
          cast: at(
            'graph.onAttributeCollectionExternalUsersSelfServiceSignUp',
            folder({ attributes: references(attribute) }),
          ),
        }),
        onAuthenticationMethodLoadStart: folder({
          cast: at(
            'graph.onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp',
            folder({ identityProviders: references(provider) }),
          ),
        }),
      }),
    ),
  },
  {},
);

export const paths = {
  identity: folder({
    b2cUserFlows: collection(flowB2c, belowFlow, {}),
    b2xUserFlows: collection(flowB2x, belowFlow, {}),
    userFlows: plain(flow),
    userFlowAttributes: plain(attribute),
    identityProviders: collection(
      provider,
      {},
      {
        availableProviderTypes: at(
          'availableProviderTypes()',
          called<models.StringCollectionResponse>(models.createStringCollectionResponseFromDiscriminatorValue),
        ),
      },
    ),
    apiConnectors: collection(
      connector,
      { uploadClientCertificate: action(writeCertificate, models.createIdentityApiConnectorFromDiscriminatorValue) },
      {},
    ),
    authenticationEventListeners: collection(listener, { conditions }, {}),
    authenticationEventsFlows: eventsFlows,
    customAuthenticationExtensions: plain(extension),
    events: entity(eventsPolicy, { onSignupStart: plain(signUpListener) }),
  }),
  identityProviders: plain(deprecatedProvider),
  users: collection(
    user,
    {},
    { delta: at('delta()', called<Page<models.User>>(listed(models.createUserFromDiscriminatorValue))) },
  ),
  invitations: plain(invitation),
  applications: collection(application, { ...passwords, extensionProperties: plain(extensionProperty) }, {}),
  servicePrincipals: collection(servicePrincipal, passwords, {}),
  organization: plain(organization),
  auditLogs: folder({ directoryAudits: plain(directoryAudit), signIns: plain(signIn) }),
  policies: folder({ b2cAuthenticationMethodsPolicy: entity(methodsPolicy) }),
};
