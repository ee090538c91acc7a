import type { Draft, EntityOf, entities } from '../model/index.ts';
import { choice } from './choice.ts';

type User = EntityOf<typeof entities.user>;
type UserDraft = Draft<typeof entities.user>;

/** Texts and no enumerations in the metadata of Graph. https://learn.microsoft.com/graph/api/resources/user#legal-age-group-property-definitions */
const choices = {
  ageGroup: ['minor', 'notAdult', 'adult'],
  consentProvidedForMinor: ['granted', 'denied', 'notRequired'],
} as const;

/**
 * The age of a person and the consent to it, as Graph writes them. An age group that an administrator sets takes the place of the
 * date that the person has said; null lets a user flow ask again. Throws `identity.badChoice`.
 */
export function checkedAge(draft: UserDraft): UserDraft {
  const replaced = draft.ageGroup !== undefined && draft.dateOfBirth === undefined;
  const next: UserDraft = { ...draft, ...(replaced ? { dateOfBirth: null } : {}) };
  for (const property of ['ageGroup', 'consentProvidedForMinor'] as const) {
    const given = draft[property];
    if (typeof given === 'string') next[property] = choice<string>(property, given, choices[property]);
  }
  return next;
}

/** What applications are told, which follows from the two. Without consent the value is the one that is reserved for that. */
export function legalAgeGroup({
  ageGroup,
  consentProvidedForMinor: consent,
}: Pick<User, 'ageGroup' | 'consentProvidedForMinor'>): string | null {
  if (ageGroup !== 'minor') return ageGroup;
  if (consent === 'granted') return 'minorWithParentalConsent';
  return consent === 'notRequired' ? 'minorNoParentalConsentRequired' : 'minorWithOutParentalConsent';
}
