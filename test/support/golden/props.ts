import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { seeded } from '../usher.ts';
import type { Body } from './example.ts';
import { leastOf } from './least.ts';
import { createPkcs12 } from './pkcs12.ts';

const social: Readonly<Record<string, string>> = {
  'msa-oidc': 'Microsoft',
  amazon: 'Amazon',
  facebook: 'Facebook',
  github: 'GitHub',
  google: 'Google',
  linkedin: 'LinkedIn',
  qq: 'QQ',
  twitter: 'Twitter',
  wechat: 'WeChat',
  weibo: 'Weibo',
};

/** A key as Apple gives it out: PKCS #8 of a P-256 key, Base64. */
const appleKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'der' })
  .toString('base64');

const pkcs12Password = 'secret';

/** A certificate with its key, as the upload of a connector takes it. */
const pkcs12Value = createPkcs12(pkcs12Password, 2);
const older = createPkcs12(pkcs12Password, 3);

export const newerCertificate = (): Body => ({
  pkcs12Value: createPkcs12(pkcs12Password, 1),
  password: pkcs12Password,
});

/** Values of a page that stand for real ones: masks, shortened Base64, words in place of a password. */
export function filled(body: Body): Body {
  const text = JSON.stringify(body, (name, value) => {
    if (name === 'certificateData' && value === '******') return appleKey;
    if (name === 'pkcs12Value') return pkcs12Value;
    if (name === 'password') return body.pkcs12Value || isCertificate(body) ? pkcs12Password : realPassword(value);
    return value;
  });
  return JSON.parse(text);
}

const isCertificate = ({ authenticationConfiguration }: Body): boolean =>
  /pkcs12/i.test(authenticationConfiguration?.['@odata.type'] ?? '');

const realPassword = (value: Body): Body => (value === 'password-value' ? seeded.password : value);

/** What creates the provider of an id. */
export function providerBody(id: string, values: Body): Body {
  const lower = id.toLowerCase();
  const { displayName = values.name ?? id, clientId = randomUUID() } = values;
  if (lower.startsWith('apple-managed')) {
    const { developerId = 'qazx.1234', serviceId = 'com.contoso.app', keyId = '4294967296' } = values;
    const type = '#microsoft.graph.appleManagedIdentityProvider';
    return { '@odata.type': type, displayName, developerId, serviceId, keyId, certificateData: appleKey };
  }
  const kind = social[lower] ?? social[lower.replace(/-oauth$/, '')];
  const named = { displayName, clientId, clientSecret: 'a secret' };
  if (kind) return { '@odata.type': '#microsoft.graph.socialIdentityProvider', ...named, identityProviderType: kind };
  return { '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider', ...named, ...openIdConnect(values) };
}

const openIdConnect = ({ claimsMapping, domainHint, metadataUrl, responseMode, scope }: Body): Body => ({
  claimsMapping: claimsMapping ?? { userId: 'sub', displayName: 'name' },
  domainHint: domainHint ?? 'contoso',
  metadataUrl: metadataUrl ?? 'https://login.contoso.example/.well-known/openid-configuration',
  responseMode: responseMode ?? 'form_post',
  responseType: 'code',
  scope: scope ?? 'openid',
});

const type = (name: string): Body => ({ '@odata.type': `#microsoft.graph.${name}` });

const extension = {
  ...type('onTokenIssuanceStartCustomExtension'),
  displayName: 'Claims',
  endpointConfiguration: { ...type('httpRequestEndpoint'), targetUrl: 'https://api.contoso.example/claims' },
  authenticationConfiguration: {
    ...type('azureAdTokenAuthentication'),
    resourceId: `api://api.contoso.example/${seeded.api}`,
  },
};

const eventsFlow = {
  ...type('externalUsersSelfServiceSignUpEventsFlow'),
  onInteractiveAuthFlowStart: {
    ...type('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp'),
    isSignUpAllowed: true,
  },
  onAuthenticationMethodLoadStart: {
    ...type('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp'),
    identityProviders: [{ id: 'EmailPassword-OAUTH' }],
  },
  onAttributeCollection: {
    ...type('onAttributeCollectionExternalUsersSelfServiceSignUp'),
    attributes: [{ id: 'email' }, { id: 'displayName' }],
    attributeCollectionPage: {
      views: [
        {
          inputs: [
            {
              attribute: 'email',
              label: 'Email Address',
              inputType: 'text',
              hidden: true,
              editable: false,
              writeToDirectory: true,
              required: true,
            },
          ],
        },
      ],
    },
  },
};

/** The least that creates an entity of a set, with a name of its own each time. */
export function requiredOf(set: string): Body {
  const name = `Golden ${randomUUID().slice(0, 8)}`;
  switch (set) {
    case 'identity/apiConnectors':
      return {
        displayName: name,
        targetUrl: 'https://api.contoso.example/check',
        authenticationConfiguration: { ...type('basicAuthentication'), username: 'u', password: 'p' },
      };
    case 'identity/events/onSignupStart':
      return {
        ...type('invokeUserFlowListener'),
        priority: 101,
        sourceFilter: { includeApplications: [seeded.spa] },
        userFlow: { id: 'B2X_1_guests' },
      };
    case 'identity/authenticationEventsFlows':
      return { ...eventsFlow, displayName: name };
    case 'identity/authenticationEventListeners':
      return { ...type('onTokenIssuanceStartListener'), conditions: { applications: { includeApplications: [] } } };
    case 'identity/customAuthenticationExtensions':
      return { ...extension, displayName: name };
    case 'directory/federationConfigurations':
      return {
        displayName: name,
        issuerUri: `urn:${name.replace(' ', ':')}`,
        passiveSignInUri: 'https://idp.contoso.example/sso',
        metadataExchangeUri: 'https://idp.contoso.example/metadata',
        preferredAuthenticationProtocol: 'saml',
      };
    case 'users':
      return {
        displayName: name,
        identities: [{ signInType: 'userName', issuer: seeded.tenant, issuerAssignedId: name.replace(' ', '.') }],
        passwordProfile: { password: seeded.password, forceChangePasswordNextSignIn: false },
        passwordPolicies: 'DisablePasswordExpiration',
      };
    case 'usher/authenticationMethods':
      return { kind: 'phone', phoneNumber: '+31201234567' };
    case 'usher/webhooks':
      // Where nobody listens, so that every try is over at once.
      return { displayName: name, targetUrl: 'http://127.0.0.1:9/hook', events: ['userCreated'] };
    default:
      return leastOf(set, name);
  }
}

/** What of an entity that a page shows can be sent to make it so; the rest is the server's, or of the cloud. */
const settable: Readonly<Record<string, readonly string[]>> = {
  users: [
    'businessPhones',
    'displayName',
    'givenName',
    'identities',
    'jobTitle',
    'mail',
    'mailNickname',
    'mobilePhone',
    'officeLocation',
    'otherMails',
    'postalCode',
    'preferredLanguage',
    'surname',
  ],
  applications: ['displayName', 'identifierUris', 'signInAudience', 'web', 'publicClient'],
};

/** The state of an entity as a page shows it, as far as a client can bring it about. */
export function stateOf(set: string, shown: Body): Body {
  // The answer form of a connector's credentials cannot be sent.
  if (set === 'identity/apiConnectors') return { ...shown, authenticationConfiguration: credentialsOf(shown) };
  const names = settable[set];
  return names ? Object.fromEntries(Object.entries(shown).filter(([name]) => names.includes(name))) : shown;
}

const credentialsOf = ({ authenticationConfiguration: shown }: Body): Body =>
  /clientCertificate/i.test(shown?.['@odata.type'] ?? '')
    ? { ...type('pkcs12Certificate'), pkcs12Value: older, password: pkcs12Password }
    : { ...requiredOf('identity/apiConnectors').authenticationConfiguration, username: shown?.username ?? 'u' };

/** One text of a page that is to replace the server's own. */
export const override = {
  ElementType: 'UxElement',
  ElementId: null,
  StringId: 'alert_message',
  Override: true,
  Value: 'Are you sure that you want to cancel your selection?',
};
