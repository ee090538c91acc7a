import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant } from './testing/harness.ts';

const house = await openTenant();
const { directory } = house;
after(() => house.close());

const { application } = entities;
const create = async (draft: Readonly<Record<string, unknown>>) =>
  (await directory.create(app, application, { displayName: 'Display name', ...draft })).entity;
const id = '00000000-0000-4000-8000-000000000001';

test('a new application has every member that Graph answers with', async () => {
  const { id: _, appId: __, ...made } = await create({});
  // As documented (Graph example `application-post-applications#1`), and what the product adds to it.
  const documented = {
    deletedDateTime: null,
    isFallbackPublicClient: null,
    applicationTemplateId: null,
    identifierUris: [],
    displayName: 'Display name',
    isDeviceOnlyAuthSupported: null,
    groupMembershipClaims: null,
    optionalClaims: null,
    addIns: [],
    publisherDomain: 'contoso.onmicrosoft.com',
    signInAudience: 'AzureADandPersonalMicrosoftAccount',
    tags: [],
    tokenEncryptionKeyId: null,
    api: {
      requestedAccessTokenVersion: 2,
      acceptMappedClaims: null,
      knownClientApplications: [],
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    publicClient: { redirectUris: [] },
    info: {
      termsOfServiceUrl: null,
      supportUrl: null,
      privacyStatementUrl: null,
      marketingUrl: null,
      logoUrl: null,
    },
    keyCredentials: [],
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
    passwordCredentials: [],
    requiredResourceAccess: [],
    uniqueName: null,
    disabledByMicrosoftStatus: null,
  };
  for (const [name, value] of Object.entries(documented)) {
    assert.deepEqual(made[name as keyof typeof made], value, name);
  }
  const { redirectUriSettings, ...web } = made.web;
  assert.deepEqual(redirectUriSettings, []);
  assert.deepEqual(web, {
    redirectUris: [],
    homePageUrl: null,
    logoutUrl: null,
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
  });
});

test('what clients send besides is kept as it was sent', async () => {
  const draft = {
    notes: 'about it',
    tags: ['a', 'b'],
    groupMembershipClaims: 'SecurityGroup',
    optionalClaims: {
      idToken: [{ name: 'auth_time', essential: true, source: null, additionalProperties: [] }],
      accessToken: [],
      saml2Token: [],
    },
    addIns: [{ id, type: 'FileHandler', properties: [{ key: 'version', value: '2' }] }],
    info: { ...(await create({})).info, supportUrl: 'https://contoso.example/help', logoUrl: undefined },
    parentalControlSettings: { countriesBlockedForMinors: ['DE'], legalAgeGroupRule: 'Allow' },
  };
  const made = await create(draft);
  assert.deepEqual({ ...made, info: { ...made.info, logoUrl: undefined } }, { ...made, ...draft });
});

test('a choice that is none, and an address that runs, are refused', async () => {
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ signInAudience: 'Everybody' }, 'identity.badChoice'],
    [{ appRoles: [{ id, value: 'r', allowedMemberTypes: ['Robot'] }] }, 'identity.badChoice'],
    [{ api: { oauth2PermissionScopes: [{ id, value: 's', type: 'Owner' }] } }, 'identity.badChoice'],
    [{ requiredResourceAccess: [{ resourceAppId: id, resourceAccess: [{ id, type: 'Any' }] }] }, 'identity.badChoice'],
    [{ info: { supportUrl: 'javascript:alert(1)' } }, 'identity.badWebUrl'],
    [{ info: { termsOfServiceUrl: '/terms' } }, 'identity.badWebUrl'],
    [{ web: { homePageUrl: 'https:evil' } }, 'identity.badWebUrl'],
    [{ optionalClaims: { idToken: [{ essential: true }] } }, 'model.requiredProperty'],
    [{ info: { logoUrl: 'https://contoso.example/logo' } }, 'model.readOnlyProperty'],
    [{ publisherDomain: 'contoso.example' }, 'model.readOnlyProperty'],
  ];
  for (const [draft, code] of wrong) {
    await assert.rejects(create(draft), { code, status: 400 }, JSON.stringify(draft));
  }
  assert.equal((await create({ signInAudience: 'azureadmyorg' })).signInAudience, 'AzureADMyOrg');
});
