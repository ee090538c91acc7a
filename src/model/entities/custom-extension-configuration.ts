import { collection, complex, complexType, int32, string, variant } from '../property.ts';

const page = (name: string): string => `https://learn.microsoft.com/graph/api/resources/${name}`;

const customExtensionEndpointConfiguration = complexType(
  'customExtensionEndpointConfiguration',
  {},
  { abstract: true, source: page('customextensionendpointconfiguration') },
);

const httpRequestEndpoint = complexType(
  'httpRequestEndpoint',
  { targetUrl: string({ required: true, maxLength: 2048 }) },
  { base: customExtensionEndpointConfiguration, source: page('httprequestendpoint') },
);

const customExtensionAuthenticationConfiguration = complexType(
  'customExtensionAuthenticationConfiguration',
  {},
  { abstract: true, source: page('customextensionauthenticationconfiguration') },
);

/** A bearer token for the application that stands for the API. */
const azureAdTokenAuthentication = complexType(
  'azureAdTokenAuthentication',
  /** `api://{fully qualified domain name}/{appid}`; what is wrong with it is told by `validateAuthenticationConfiguration`. */
  { resourceId: string({ required: true, maxLength: 512 }) },
  { base: customExtensionAuthenticationConfiguration, source: page('azureadtokenauthentication') },
);

const azureAdPopTokenAuthentication = complexType(
  'azureAdPopTokenAuthentication',
  {},
  { base: customExtensionAuthenticationConfiguration, source: page('azureadpoptokenauthentication') },
);

const customExtensionClientConfiguration = complexType(
  'customExtensionClientConfiguration',
  {
    /** Milliseconds; null is the default of the service. */
    timeoutInMilliseconds: int32({ nullable: true, min: 200, max: 2000, default: 1000 }),
    maximumRetries: int32({ nullable: true, min: 0, max: 1 }),
  },
  page('customextensionclientconfiguration'),
);

/** Has no members: it is accepted and says nothing (Graph contract e row 88). */
const customExtensionBehaviorOnError = complexType(
  'customExtensionBehaviorOnError',
  {},
  { abstract: true, source: page('customextensionbehavioronerror') },
);

const customExtensionOverwriteConfiguration = complexType(
  'customExtensionOverwriteConfiguration',
  {
    behaviorOnError: complex(customExtensionBehaviorOnError, { nullable: true }),
    clientConfiguration: complex(customExtensionClientConfiguration, { nullable: true }),
  },
  page('customextensionoverwriteconfiguration'),
);

const genericError = complexType(
  'genericError',
  { code: string({ nullable: true }), message: string({ nullable: true }) },
  page('genericerror'),
);

const authenticationConfigurationValidation = complexType(
  'authenticationConfigurationValidation',
  { errors: collection(complex(genericError)), warnings: collection(complex(genericError)) },
  page('authenticationconfigurationvalidation'),
);

/** Where an extension is called. */
export const endpointConfiguration = variant(customExtensionEndpointConfiguration, [httpRequestEndpoint], {
  nullable: true,
});

/** How the call proves where it comes from. */
export const authenticationConfiguration = variant(
  customExtensionAuthenticationConfiguration,
  [azureAdTokenAuthentication, azureAdPopTokenAuthentication],
  { required: true },
);

export const clientConfiguration = complex(customExtensionClientConfiguration, { nullable: true });
export const behaviorOnError = complex(customExtensionBehaviorOnError, { nullable: true });

/** What one listener does otherwise than the extension it calls. */
export const overwriteConfiguration = complex(customExtensionOverwriteConfiguration, { nullable: true });

/** What is wrong with the endpoint and the authentication of an extension. */
export const validationResult = complex(authenticationConfigurationValidation);
