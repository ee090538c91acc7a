import type { Clock } from '../kernel/index.ts';
import type { Attempt, Person } from './authorization.ts';

/** Whole seconds, since a user made in this second may sign in in it. */
export const wholeSeconds = (dateTime: string | null | undefined): number =>
  dateTime ? Math.floor(Date.parse(dateTime) / 1000) : 0;

/** A session counts only while its account exists, is enabled, and was not told to sign in anew. */
export function isCurrent(person: Pick<Person, 'user' | 'authTime'> | undefined): boolean {
  const { user, authTime = 0 } = person ?? {};
  if (!user || user.accountEnabled === false) return false;
  return authTime >= wholeSeconds(user.signInSessionsValidFromDateTime);
}

/** Older than the application's `max_age` allows (OpenID Connect Core §3.1.2.1). */
export function isTooOld({ request, person }: Attempt, clock: Clock): boolean {
  const { maxAge } = request.ticket;
  if (maxAge === undefined || person?.arrived) return false;
  // Zero is another way to ask for a new sign-in, also within the second.
  return maxAge === 0 || clock.now() - (person?.authTime ?? 0) > maxAge;
}

/** Not whom the application's `id_token_hint` names. */
export function isOtherPerson({ request, person }: Attempt): boolean {
  const { expectedUserId } = request.ticket;
  return !person?.arrived && expectedUserId !== undefined && expectedUserId !== person?.userId;
}
