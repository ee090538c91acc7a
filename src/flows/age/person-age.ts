import type { Versioned } from '../../directory/index.ts';
import { legalAgeGroup, type User } from '../../identity/index.ts';
import { system } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { StatedAge } from '../facts.ts';
import { faults } from '../faults.ts';
import type { StepContext } from '../step.ts';
import { ageIn } from './age-rules.ts';
import { countryCodeOf } from './countries.ts';

type FoundAccount = Versioned<typeof entities.user>;

/** What the directory and the journey know of the age of the person; a new one has no `account` yet. */
export interface PersonAge {
  readonly account?: FoundAccount;
  /** RFC 3339 full-date. */
  readonly dateOfBirth?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

/** Throws `flows.unproved` unless the journey has established who the person is, or that they are new. */
export async function personAge({ journey, directory }: StepContext): Promise<PersonAge> {
  const { facts, locales } = journey;
  const found = facts.userId === undefined ? undefined : await directory.get({ type: entities.user, id: facts.userId });
  if (!found && (facts.userId !== undefined || facts.intent !== 'signUp')) throw faults.unproved({ step: 'ageGate' });
  const user = found?.entity;
  const written = user ? (user.country ?? '') : String(facts.attributes?.['country'] ?? '');
  const country = countryCodeOf(written, locales);
  const dateOfBirth = user?.dateOfBirth ?? undefined;
  return {
    ...(found ? { account: found } : {}),
    ...(dateOfBirth === undefined ? {} : { dateOfBirth }),
    ...(country === undefined ? {} : { country }),
  };
}

type AgeProperties = Pick<User, 'ageGroup' | 'consentProvidedForMinor'>;

/** The two properties that follow from age and country. What parents have said stays; that none is asked is for the law to say. */
function propertiesOf({ clock }: StepContext, stated: StatedAge, user: User | undefined): AgeProperties {
  const { ageGroup, consentNotRequired } = ageIn(stated.country, stated.dateOfBirth, clock.now());
  const said = user?.consentProvidedForMinor ?? null;
  const byLaw = consentNotRequired ? 'notRequired' : null;
  return { ageGroup, consentProvidedForMinor: said === 'granted' || said === 'denied' ? said : byLaw };
}

/** `legalAgeGroupClassification` of the person; undefined while it is not known. An administrator's word stands where nobody was asked. */
export function classificationOf(
  context: StepContext,
  { account, dateOfBirth, country }: PersonAge,
): string | undefined {
  const user = account?.entity;
  if (dateOfBirth !== undefined && country !== undefined) {
    return legalAgeGroup(propertiesOf(context, { dateOfBirth, country }, user)) ?? undefined;
  }
  return (dateOfBirth === undefined && user && legalAgeGroup(user)) || undefined;
}

/**
 * Writes to the account what was said, and what follows from it today; nothing when all of it stands there already. Throws
 * `store.stale` when somebody else has written to the account since it was read: another date may be known by now, or what parents say.
 */
export async function keepAge(context: StepContext, account: FoundAccount, stated: StatedAge): Promise<void> {
  const { directory, journey } = context;
  const { entity: user, etag } = account;
  const known = countryCodeOf(user.country ?? '', journey.locales) === stated.country;
  const next = {
    ...propertiesOf(context, stated, user),
    dateOfBirth: stated.dateOfBirth,
    // Not written anew for another spelling of the same country.
    country: known ? user.country : stated.country,
  };
  const current: Readonly<Record<string, unknown>> = { ...user };
  if (Object.entries(next).every(([name, value]) => (current[name] ?? null) === value)) return;
  await directory.update(system('age gating'), { type: entities.user, id: user.id }, next, etag);
}
