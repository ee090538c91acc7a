import { entity } from '../entity.ts';
import { boolean, collection, complex, complexType, dateTimeOffset, guid, string } from '../property.ts';
import { tenantSettings } from './tenant-settings.ts';

/** Plans are what Microsoft sells; the members belong to the published shape and hold nothing. */
const assignedPlan = complexType(
  'assignedPlan',
  {
    assignedDateTime: dateTimeOffset({ nullable: true }),
    capabilityStatus: string({ nullable: true }),
    service: string({ nullable: true }),
    servicePlanId: guid({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/assignedplan',
);

const provisionedPlan = complexType(
  'provisionedPlan',
  {
    capabilityStatus: string({ nullable: true }),
    provisioningStatus: string({ nullable: true }),
    service: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/provisionedplan',
);

const address = { maxLength: 320, pattern: /^[^\s@]+@[^\s@]+$/ } as const;

const privacyProfile = complexType(
  'privacyProfile',
  {
    contactEmail: string({ nullable: true, ...address }),
    statementUrl: string({ nullable: true, maxLength: 2048 }),
  },
  'https://learn.microsoft.com/graph/api/resources/privacyprofile',
);

const verifiedDomain = complexType(
  'verifiedDomain',
  {
    capabilities: string({ nullable: true }),
    isDefault: boolean({ nullable: true }),
    isInitial: boolean({ nullable: true }),
    name: string({ nullable: true }),
    type: string({ nullable: true }),
  },
  'https://learn.microsoft.com/graph/api/resources/verifieddomain',
);

const mails = () => collection(string(address));

/** The tenant itself: one entity, whose id is the tenant's (Graph contract a.12). */
export const organization = entity('organization', {
  set: { path: 'organization', methods: ['list', 'get', 'update'] },
  properties: {
    assignedPlans: collection(complex(assignedPlan), { access: 'server' }),
    businessPhones: collection(string(), { access: 'server' }),
    city: string({ nullable: true, access: 'server' }),
    country: string({ nullable: true, access: 'server' }),
    countryLetterCode: string({ nullable: true, access: 'server' }),
    createdDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    deletedDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    /** Settable here, since there is no other way to rename a tenant. */
    displayName: string({ nullable: true, maxLength: 256 }),
    isMultipleDataLocationsForServicesEnabled: boolean({ nullable: true, access: 'server' }),
    marketingNotificationEmails: mails(),
    onPremisesLastSyncDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    onPremisesSyncEnabled: boolean({ nullable: true, access: 'server' }),
    postalCode: string({ nullable: true, access: 'server' }),
    preferredLanguage: string({ nullable: true, access: 'server' }),
    privacyProfile: complex(privacyProfile, { nullable: true }),
    provisionedPlans: collection(complex(provisionedPlan), { access: 'server' }),
    securityComplianceNotificationMails: mails(),
    securityComplianceNotificationPhones: collection(string({ maxLength: 64 })),
    state: string({ nullable: true, access: 'server' }),
    street: string({ nullable: true, access: 'server' }),
    technicalNotificationMails: mails(),
    tenantType: string({ nullable: true, access: 'server' }),
    verifiedDomains: collection(complex(verifiedDomain), { access: 'server' }),
    settings: complex(tenantSettings, { default: {}, onSelect: true, origin: 'own' }),
  },
  permissions: {
    read: [
      'User.Read',
      'Organization.Read.All',
      'Organization.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
      'User.Read.All',
    ],
    write: ['Organization.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/organization',
});
