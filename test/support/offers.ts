import { inventory, type Offer, pathText } from '../../src/graph/index.ts';

/** What is offered, in both versions of the API. */
export const offers: readonly Offer[] = (['v1.0', 'beta'] as const).flatMap((version) => inventory(version));

const operationOf = ({ httpMethod, path }: Offer): string => `${httpMethod} ${pathText(path)}`;

/** The same, but of what both versions have, the same room behind two doors, by turns the one and the other; both in `npm run test:long`. */
export const byTurns: ReadonlySet<Offer> = chosen();

function chosen(): ReadonlySet<Offer> {
  if (process.env['TEST_LONG'] === '1') return new Set(offers);
  const doors = [...Map.groupBy(offers, operationOf).values()];
  return new Set(doors.flatMap((versions, turn) => versions.at(turn % versions.length) ?? []));
}
