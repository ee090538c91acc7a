import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type EntityType, entities, type Filter } from '../../model/index.ts';
import { refusal } from '../testing/refusal.ts';
import { readFilter } from './filter.ts';

const of = (type: EntityType, text: string): Filter => readFilter(text, type, 'beta', 1_795_255_200);

describe('$filter of what may be millions', () => {
  const day = '2026-01-01T00:00:00Z';
  /** By the resource pages, which say of each property what it supports. */
  const supported: readonly (readonly [EntityType, readonly string[]])[] = [
    [
      entities.user,
      [
        ...['displayName', 'givenName', 'mail', 'userPrincipalName', 'mailNickname', 'jobTitle', 'city'].flatMap(
          (name) => [
            `${name} eq 'a'`,
            `${name} ne 'a'`,
            `not (${name} eq 'a')`,
            `${name} ge 'a'`,
            `${name} le 'a'`,
            `${name} in ('a','b')`,
            `startswith(${name},'a')`,
          ],
        ),
        "endswith(mail,'a')",
        "endsWith(userPrincipalName,'a')",
        'accountEnabled eq false',
        `createdDateTime ge ${day}`,
        "userType eq 'Guest'",
        "businessPhones/any(p:p eq 'a')",
        "otherMails/any(m:startswith(m,'a'))",
        "identities/any(c:c/issuerAssignedId eq 'a' and c/issuer eq 'b')",
        "identities/any(c:c/issuerAssignedId eq 'a' and c/issuer eq 'b' and c/signInType eq 'c')",
        "extension_d09380e2b4c6429a203fb816a04a7ad0_Tier eq 'gold'",
      ],
    ],
    [
      entities.application,
      [
        "displayName in ('a','b')",
        "startswith(description,'a')",
        "appId eq 'a13d0fc1-04ab-4ede-b215-63de0174cbb4'",
        `createdDateTime le ${day}`,
        "disabledByMicrosoftStatus ne 'a'",
        "identifierUris/any(u:u eq 'a')",
        "identifierUris/any(u:startswith(u,'a'))",
        "startswith(publisherDomain,'a')",
        "requiredResourceAccess/any(r:r/resourceAppId eq 'a')",
        "signInAudience eq 'AzureADMyOrg'",
        "tags/any(t:t ge 'a')",
      ],
    ],
    [
      entities.servicePrincipal,
      [
        'accountEnabled in (true,false)',
        "alternativeNames/any(n:n eq 'a')",
        'appRoleAssignmentRequired eq true',
        "description ge 'a'",
        "not startswith(displayName,'a')",
        "servicePrincipalType eq 'Application'",
        "tags/any(t:t eq 'a')",
      ],
    ],
    [
      entities.signIn,
      [
        ...['userDisplayName', 'userPrincipalName', 'appDisplayName', 'ipAddress'].flatMap((name) => [
          `${name} eq 'a'`,
          `startswith(${name},'a')`,
        ]),
        ...['appId', 'userId', 'correlationId', 'clientAppUsed', 'resourceId', 'resourceDisplayName', 'id'].map(
          (name) => `${name} eq 'a'`,
        ),
        ...['deviceDetail/browser', 'deviceDetail/operatingSystem', 'location/city', 'location/countryOrRegion'].map(
          (name) => `startswith(${name},'a')`,
        ),
        `createdDateTime ge ${day} and createdDateTime le ${day}`,
        "conditionalAccessStatus eq 'notApplied'",
        'status/errorCode eq 0',
      ],
    ],
    [
      entities.directoryAudit,
      [
        `activityDateTime ge ${day}`,
        "startswith(activityDisplayName,'Add')",
        "category eq 'UserManagement'",
        "loggedByService eq 'B2C'",
        "result eq 'success'",
        "initiatedBy/user/id eq 'a'",
        "initiatedBy/user/userPrincipalName eq 'a'",
        "initiatedBy/app/displayName eq 'a'",
        "targetResources/any(t:t/id eq 'a')",
        "targetResources/any(t:startswith(t/displayName,'a'))",
      ],
    ],
  ];
  for (const [type, filters] of supported) {
    test(`finds ${type.name} by every property that its page calls filterable`, () => {
      for (const text of filters) assert.doesNotThrow(() => of(type, text), text);
    });
  }

  test('asks only an index, and says in the words of the service where there is none', () => {
    for (const text of [
      "id ge '398164b1-5196-49dd-ada2-364b49f99b27'",
      "startswith(id,'a')",
      "passwordPolicies eq 'x'",
      "legalAgeGroupClassification eq 'x'",
      'identities/$count eq 0',
      'otherMails/$count ne 0',
    ]) {
      const { code, message } = refusal(() => of(entities.user, text));
      assert.equal(code, 'graph.notIndexed', text);
      assert.equal(message, 'The request uses a filter property that is not indexed');
    }
    for (const text of [
      "contains(displayName,'d')",
      "endswith(displayName,'d')",
      'displayName eq mail',
      'length(displayName) gt 3',
      "startswith('abc',displayName)",
      'accountEnabled gt true',
      'identities/any()',
      "identities/all(i:i/issuer eq 'x')",
      "identities/any(i:i/issuer eq 'x')",
      "identities/any(i:i/issuer eq 'x' or i/issuerAssignedId eq 'y')",
      "identities/any(i:i/issuer eq 'x' and i/issuerAssignedId ne 'y')",
      "otherMails/any(m:m ne 'x')",
      "otherMails/any(m:not (m eq 'x'))",
      "isof('microsoft.graph.user')",
    ]) {
      assert.equal(refusal(() => of(entities.user, text)).code, 'graph.unsupportedFilter', text);
    }
  });

  test('refuses properties of other types that have none', () => {
    const refused: readonly (readonly [EntityType, string, string])[] = [
      [entities.application, "notes eq 'a'", 'graph.notIndexed'],
      [entities.application, "web/homePageUrl eq 'a'", 'graph.notIndexed'],
      [entities.application, "contains(displayName,'a')", 'graph.unsupportedFilter'],
      [
        entities.application,
        "requiredResourceAccess/any(r:r/resourceAccess/any(a:a/type eq 'Role'))",
        'graph.unsupportedFilter',
      ],
      [entities.application, "appRoles/any(r:r/value eq 'a')", 'graph.notIndexed'],
      [entities.servicePrincipal, "homepage eq 'a'", 'graph.notIndexed'],
      [entities.signIn, "status/failureReason eq 'a'", 'graph.notIndexed'],
      [entities.directoryAudit, "additionalDetails/any(d:d/key eq 'a')", 'graph.notIndexed'],
      [entities.directoryAudit, 'targetResources/$count gt 1', 'graph.notIndexed'],
    ];
    for (const [type, text, code] of refused) assert.equal(refusal(() => of(type, text)).code, code, text);
  });
});
