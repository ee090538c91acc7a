/** How much of a unit, said as the language says it: `1 minute`, `2 minutes`, `二分`. */
export interface Amount {
  readonly amount: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
}

/** What takes the place of `{name}` in a text. A number is written with the digits and separators of the language. */
export type Value = string | number | Amount;

const largerUnits = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A length of time in the largest unit that leaves no rest, e.g. 600 seconds as 10 minutes. */
export function lengthOf(seconds: number): Amount {
  const [unit, size] = largerUnits.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1];
  return { amount: seconds / size, unit };
}
