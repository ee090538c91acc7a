import { fold } from '../model/index.ts';
import { faults } from './faults.ts';

/** Which of the words a text is, without regard to case: those that Graph declares as texts and no enumerations. Throws `identity.badChoice`. */
export function choice<T extends string>(property: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((one) => fold(one) === fold(value));
  if (known === undefined) throw faults.badChoice({ property, value, allowed: allowed.join(', ') });
  return known;
}
