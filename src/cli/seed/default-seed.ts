import { graphAppId, graphPermissions } from '../../model/index.ts';
import type { Seed } from './load-seed.ts';

/** What scripts of our users rely on; product.md fixes the values. */
export const contoso = {
  tenantId: '775527ff-9a37-4307-8b3d-cc311f58d925',
  domain: 'contoso.onmicrosoft.com',
  flow: 'B2C_1_susi',
  user: 'adele@contoso.example',
  administrator: 'admin@contoso.example',
  password: 'Usher-dev-1',
  secret: 'usher-dev-secret',
  spa: '11111111-1111-4111-8111-111111111111',
  webApp: '22222222-2222-4222-8222-222222222222',
  api: '33333333-3333-4333-8333-333333333333',
  daemon: '44444444-4444-4444-8444-444444444444',
  native: '55555555-5555-4555-8555-555555555555',
} as const;

const scopes = {
  'tasks.read': '6f1ba2f8-3f5c-4d0c-9a67-1f0a5b0c1d01',
  'tasks.write': '6f1ba2f8-3f5c-4d0c-9a67-1f0a5b0c1d02',
} as const;

const tasksAccess = {
  resourceAppId: contoso.api,
  resourceAccess: Object.values(scopes).map((id) => ({ id, type: 'Scope' })),
};

const applications = [
  {
    id: '11111111-1111-4111-9111-111111111111',
    appId: contoso.spa,
    displayName: 'Single-page app',
    spa: { redirectUris: ['http://localhost:3000/', 'http://localhost:5173/'] },
    requiredResourceAccess: [tasksAccess],
  },
  {
    id: '22222222-2222-4222-9222-222222222222',
    appId: contoso.webApp,
    displayName: 'Web app',
    web: { redirectUris: ['http://localhost:3001/cb'] },
    passwordCredentials: [{ displayName: 'Development', secretText: contoso.secret }],
    requiredResourceAccess: [tasksAccess],
  },
  {
    id: '33333333-3333-4333-9333-333333333333',
    appId: contoso.api,
    displayName: 'Tasks API',
    identifierUris: [`https://${contoso.domain}/tasks-api`],
    api: {
      oauth2PermissionScopes: Object.entries(scopes).map(([value, id]) => ({
        id,
        value,
        type: 'User',
        adminConsentDisplayName: value === 'tasks.read' ? 'Read tasks' : 'Write tasks',
      })),
    },
  },
  {
    id: '44444444-4444-4444-9444-444444444444',
    appId: contoso.daemon,
    displayName: 'Daemon for Graph',
    passwordCredentials: [{ displayName: 'Development', secretText: contoso.secret }],
    requiredResourceAccess: [
      {
        resourceAppId: graphAppId,
        resourceAccess: Object.values(graphPermissions).map((id) => ({ id, type: 'Role' })),
      },
    ],
  },
  {
    id: '55555555-5555-4555-9555-555555555555',
    appId: contoso.native,
    displayName: 'Native app',
    publicClient: { redirectUris: ['http://localhost'] },
    // Both are what a resource owner flow asks of an application (b2c contract c.6).
    isFallbackPublicClient: true,
    web: { implicitGrantSettings: { enableAccessTokenIssuance: true } },
    requiredResourceAccess: [tasksAccess],
  },
];

const collected = (id: string, displayName: string, isOptional: boolean) => ({
  userAttribute: { id },
  displayName,
  isOptional,
  requiresVerification: id === 'email',
  userInputType: id === 'email' ? 'emailBox' : 'textBox',
});

const names = [
  collected('displayName', 'Display Name', false),
  collected('givenName', 'Given Name', true),
  collected('surname', 'Surname', true),
];
const newAccount = [collected('email', 'Email Address', false), ...names];
const localAccounts = { userFlowIdentityProviders: [{ id: 'EmailPassword-OAUTH' }] };

const flow = (name: string, userFlowType: string, parts: Readonly<Record<string, unknown>> = {}) => ({
  id: name,
  userFlowType,
  userFlowTypeVersion: 3,
  ...parts,
});

/** One of each type. */
const b2cUserFlows = [
  flow(contoso.flow, 'signUpOrSignIn', { ...localAccounts, userAttributeAssignments: newAccount }),
  flow('B2C_1_signup', 'signUp', { ...localAccounts, userAttributeAssignments: newAccount }),
  flow('B2C_1_signin', 'signIn', localAccounts),
  flow('B2C_1_edit', 'profileUpdate', { ...localAccounts, userAttributeAssignments: names }),
  flow('B2C_1_reset', 'passwordReset', localAccounts),
  flow('B2C_1_ropc', 'resourceOwner', localAccounts),
];

const b2xUserFlows = [
  {
    ...flow('B2X_1_guests', 'signUpOrSignIn'),
    userFlowTypeVersion: 1,
    userFlowIdentityProviders: [{ id: 'EmailOtpSignup-OAUTH' }],
    userAttributeAssignments: names,
  },
];

const person = (id: string, mail: string, displayName: string, givenName: string, surname: string) => ({
  id,
  displayName,
  givenName,
  surname,
  mail,
  identities: [{ signInType: 'emailAddress', issuer: contoso.domain, issuerAssignedId: mail }],
  passwordProfile: { password: contoso.password, forceChangePasswordNextSignIn: false },
});

/** The tenant that development mode starts with. */
export const defaultSeed: Seed = {
  origin: 'of this program',
  content: {
    tenant: { id: contoso.tenantId, displayName: 'Contoso', domains: [contoso.domain] },
    applications,
    b2cUserFlows,
    b2xUserFlows,
    users: [
      person('a0000000-0000-4000-8000-000000000001', contoso.user, 'Adele Vance', 'Adele', 'Vance'),
      person('a0000000-0000-4000-8000-000000000002', contoso.administrator, 'Contoso Admin', 'Contoso', 'Admin'),
    ],
  },
};
