import { type EntityType, entities } from '../model/index.ts';

/** What a write did to an entity. */
export type Deed = 'created' | 'updated' | 'deleted';

/** How the audit log calls writes to a type. */
export interface Activity {
  readonly activityDisplayName: string;
  readonly category: string;
  readonly loggedByService: string;
}

interface Subject {
  /** What the entity is called in the name of an activity. */
  readonly noun: string;
  readonly category: string;
  readonly service: 'Core Directory' | 'B2C';
  readonly targetType: string;
  /** Where they differ from those of the service. */
  readonly verbs?: Partial<Record<Deed, string>>;
  /** Names of their own for updates that write one of these properties. */
  readonly special?: Readonly<Record<string, string>>;
}

const verbsOf: Readonly<Record<Subject['service'], Readonly<Record<Deed, string>>>> = {
  'Core Directory': { created: 'Add', updated: 'Update', deleted: 'Delete' },
  B2C: { created: 'Create', updated: 'Update', deleted: 'Delete' },
};

const core = (noun: string, category: string, targetType: string, rest: Partial<Subject> = {}): Subject => ({
  noun,
  category,
  targetType,
  service: 'Core Directory',
  ...rest,
});

const b2c = (noun: string, category = 'ResourceManagement'): Subject => ({
  noun,
  category,
  targetType: 'Policy',
  service: 'B2C',
});

/** Derived types have that of their base. https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities */
const subjects: ReadonlyMap<EntityType, Subject> = new Map<EntityType, Subject>([
  [
    entities.user,
    core('user', 'UserManagement', 'User', {
      special: {
        passwordProfile: 'Reset user password',
        signInSessionsValidFromDateTime: 'Update StsRefreshTokenValidFrom Timestamp',
      },
    }),
  ],
  [entities.authenticationMethod, core('authentication method', 'UserManagement', 'User')],
  [entities.application, core('application', 'ApplicationManagement', 'Application')],
  [
    entities.servicePrincipal,
    core('service principal', 'ApplicationManagement', 'ServicePrincipal', {
      verbs: { deleted: 'Remove' },
    }),
  ],
  [
    entities.organization,
    core('Company Information', 'DirectoryManagement', 'Directory', { verbs: { updated: 'Set' } }),
  ],
  [entities.b2cAuthenticationMethodsPolicy, core('policy', 'PolicyManagement', 'Policy')],
  [entities.identityUserFlow, b2c('user flow')],
  [entities.identityUserFlowAttribute, b2c('user attribute')],
  [entities.identityProviderBase, b2c('identity provider')],
  [entities.openIdConnectIdentityProvider, b2c('custom identity provider')],
  [entities.builtInIdentityProvider, b2c('local identity provider')],
  [entities.identityApiConnector, b2c('Api connector')],
  [entities.authenticationEventListener, b2c('authenticationEventListener', 'PolicyManagement')],
  [entities.authenticationEventsFlow, b2c('authenticationEventsFlow', 'PolicyManagement')],
  [entities.customAuthenticationExtension, b2c('customAuthenticationExtension', 'PolicyManagement')],
  [entities.authenticationEventsPolicy, b2c('authenticationEventsPolicy', 'PolicyManagement')],
  [entities.signingKey, b2c('policy key', 'KeyManagement')],
]);

/** The name of a type as words: `trustFrameworkKeySet` is a trust framework key set. */
const wordsOf = (name: string): string =>
  name
    .replace(/^usher\./, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

function subjectOf(type: EntityType): Subject {
  for (let one: EntityType | undefined = type; one; one = one.base) {
    const subject = subjects.get(one);
    if (subject) return subject;
  }
  return core(wordsOf(type.name), 'DirectoryManagement', 'Other');
}

/** What a type is called as the target of an activity. */
export const targetTypeOf = (type: EntityType): string => subjectOf(type).targetType;

/** `properties`: names of what was written; some updates are called after one of them. */
export function activityOf(type: EntityType, deed: Deed, properties: readonly string[]): Activity {
  const { noun, category, service, verbs, special = {} } = subjectOf(type);
  const named = deed === 'updated' ? properties.find((name) => Object.hasOwn(special, name)) : undefined;
  const plain = `${verbs?.[deed] ?? verbsOf[service][deed]} ${noun}`;
  return { activityDisplayName: special[named ?? ''] ?? plain, category, loggedByService: service };
}
