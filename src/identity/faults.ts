import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('identity', {
  busy: { status: 503, message: 'Too many sign-ins at the moment. Try again in a few seconds.' },
  hashFailed: { status: 500, message: 'The password could not be processed.' },
  passwordTooLong: { status: 400, message: 'The password is longer than {maximum} characters.' },
  weakPassword: {
    status: 400,
    message: 'The specified password does not comply with password complexity requirements: {reasons}.',
  },
  taken: { status: 409, message: 'An account with this sign-in name exists already.' },
  unknownAttribute: { status: 400, message: "'{id}' is not an attribute that a sign-up may set." },

  wrongIssuer: {
    status: 400,
    message: 'Issuer should match tenants domainName for non federated identity.',
  },
  badIdentity: { status: 400, message: "The identity '{signInType}' is not valid: {reason}." },
  tooManyIdentities: { status: 400, message: 'A user can have at most {maximum} identities.' },
  missingProperty: { status: 400, message: "Property '{property}' is required to create this kind of user." },
  badUserType: { status: 400, message: "The userType '{userType}' is not known. Use Member or Guest." },
  badInvitedAddress: { status: 400, message: 'The address is not a valid e-mail address.' },
  badRedirectUrl: {
    status: 400,
    message: 'The inviteRedirectUrl must be an absolute http or https URL without credentials.',
  },
  tooManyCopies: { status: 400, message: 'An invitation can be copied to at most {maximum} other address.' },
  resetDenied: { status: 403, message: 'Insufficient privileges to complete the operation.' },
  noMailer: {
    status: 400,
    message: 'This server sends no letters: leave sendInvitationMessage out and pass the inviteRedeemUrl on yourself.',
  },
  badPrincipalName: {
    status: 400,
    message: "The domain of '{property}' is not one of the domain names of this tenant.",
  },
  badDisplayName: { status: 400, message: "The property displayName cannot contain '<' or '>'." },
  badPasswordPolicies: { status: 400, message: "The password policy '{policy}' is not known." },
  tooManyExtensions: { status: 400, message: 'A user can have values for at most {maximum} custom attributes.' },
  unknownExtension: { status: 400, message: "The custom attribute '{property}' does not exist in this tenant." },
  badExtension: { status: 400, message: "The value of '{property}' is not a valid {dataType}." },

  badRedirectUri: { status: 400, message: "The redirect URI '{uri}' is not valid: {reason}." },
  tooManyRedirectUris: { status: 400, message: 'An application can have at most {maximum} redirect URIs.' },
  badIdentifierUri: { status: 400, message: "The identifier URI '{uri}' is not an absolute URI." },
  reservedIdentifierUri: { status: 400, message: "The identifier URI '{uri}' belongs to Microsoft Graph." },
  reservedAppId: { status: 400, message: "The appId '{appId}' is taken by another object." },
  grantNotHeld: {
    status: 403,
    message:
      "You can grant only permissions that you hold yourself, unless you hold 'AppRoleAssignment.ReadWrite.All', and '{permission}' is not among them.",
  },
  identifierUriTaken: {
    status: 400,
    message: 'Another object with the same value for property identifierUris already exists.',
  },
  duplicateMember: { status: 400, message: "'{property}' holds the {member} '{value}' more than once." },
  secretNotAccepted: {
    status: 400,
    message: 'New password credentials must be generated with service actions: use addPassword.',
  },
  credentialChanged: { status: 400, message: "Update to existing credential with KeyId '{keyId}' is not allowed." },
  unknownCredential: { status: 400, message: "No password credential found with keyId '{keyId}'." },
  tooManyCredentials: { status: 400, message: 'An application can have at most {maximum} credentials of a kind.' },
  badPeriod: { status: 400, message: 'The endDateTime of a credential must be later than its startDateTime.' },
  badKeyCredential: { status: 400, message: 'The key credential is not valid: {reason}.' },
  extensionExists: { status: 400, message: "An extension property with the name '{name}' already exists." },
  extensionOfAttribute: {
    status: 400,
    message: "The extension property '{name}' belongs to a user flow attribute: delete the attribute.",
  },
  badExtensionName: {
    status: 400,
    message: "The extension property name '{name}' must begin with a letter and hold only letters, digits and '_'.",
  },
  tooManyDefinitions: { status: 400, message: 'An application can define at most {maximum} extension properties.' },
  badChoice: { status: 400, message: "The value '{value}' of '{property}' is not valid. Use one of: {allowed}." },
  badSetting: { status: 400, message: "The value of '{property}' is not valid: {reason}." },
  badWebUrl: { status: 400, message: "The value of '{property}' must be an http or https URL." },
  reservedApplication: {
    status: 400,
    message: "The application '{displayName}' belongs to the server: it cannot be created, renamed or deleted.",
  },

  noSuchApplication: {
    status: 400,
    message: "The appId '{appId}' of the service principal does not reference a valid application object.",
  },
  reservedServicePrincipal: {
    status: 400,
    message: "The service principal '{displayName}' belongs to the server: it cannot be changed or deleted.",
  },

  builtInProvider: {
    status: 400,
    message: "The identity provider '{id}' is built in: it cannot be created, changed or deleted.",
  },
  unknownProviderType: {
    status: 400,
    message: "'{identityProviderType}' is not a supported identityProviderType. Use one of: {allowed}.",
  },
  unnamedProvider: { status: 400, message: "Property 'displayName' is required for an identity provider." },
  tooManyProviders: { status: 400, message: 'A tenant can have at most {maximum} identity providers.' },
  providerInUse: { status: 400, message: "The identity provider '{id}' is used by '{user}'. Remove it there first." },
  badProviderUrl: { status: 400, message: "The value of '{property}' is not valid: {reason}." },
  badResponseType: { status: 400, message: "The responseType '{responseType}' is not supported. Use {allowed}." },
  badResponseMode: {
    status: 400,
    message: "The responseMode 'query' cannot be used with the responseType 'id_token'. Use 'form_post'.",
  },
  badScope: { status: 400, message: "The scope must be names separated by single spaces, and 'openid' among them." },
  clientSecretRequired: {
    status: 400,
    message: "Property 'clientSecret' is required where the responseType is 'code'.",
  },
  secretForOtherOrigin: {
    status: 400,
    message: "'{property}' leads to another host or port. Send the client secret again with it.",
  },
  badFederation: { status: 400, message: "The value of '{property}' cannot be used: {reason}." },
  tooManyDomains: { status: 400, message: 'An identity provider can speak for at most {maximum} domains.' },
  issuerTaken: { status: 400, message: "The issuer '{issuer}' belongs to the identity provider '{id}'." },
  badAppleKey: {
    status: 400,
    message:
      "The certificateData is not the private key of Apple's .p8 file: PEM, or Base64 of PKCS #8, on curve P-256.",
  },

  tooManyMethods: { status: 400, message: 'A person can have at most {maximum} authentication methods.' },
  unknownOwner: { status: 400, message: "There is no user '{id}'." },
  badMethod: {
    status: 400,
    message:
      "An authentication method that is added for somebody is of kind 'phone' with a phoneNumber, or of kind 'email' with an emailAddress.",
  },
  methodExists: { status: 409, message: 'This person has this authentication method already.' },

  notCustom: { status: 400, message: 'Only custom attributes can be created.' },
  builtInAttribute: {
    status: 400,
    message: "The attribute '{id}' is built in: it cannot be changed or deleted.",
  },
  unsupportedDataType: {
    status: 400,
    message: "The dataType '{dataType}' cannot be used for a custom attribute. Use one of: {allowed}.",
  },
  badAttributeName: {
    status: 400,
    message: "The displayName '{displayName}' must begin with a letter and hold only letters, digits, '_' and spaces.",
  },
  attributeExists: { status: 409, message: "An attribute with the displayName '{displayName}' exists already." },
  attributeInUse: { status: 400, message: "The attribute '{id}' is used by the user flow '{flow}'." },
  noExtensionsApp: {
    status: 500,
    message: 'The application that holds custom attributes (b2c-extensions-app) is missing in this tenant.',
  },
});
