import type { Directory, Versioned } from '../directory/index.ts';
import { entities } from '../model/index.ts';

/** Whose identity this is, in letters of any case: the pair is unique without regard to it, so that one account at most is to be looked at. */
export async function identified(
  directory: Directory,
  issuer: string,
  issuerAssignedId: string,
): Promise<Versioned<typeof entities.user> | undefined> {
  const where = {
    op: 'and',
    terms: [
      { op: 'eq', path: ['issuer'], value: issuer },
      { op: 'eq', path: ['issuerAssignedId'], value: issuerAssignedId },
    ],
  } as const;
  const filter = { op: 'any', path: ['identities'], where } as const;
  return (await directory.find({ type: entities.user, filter, limit: 1 })).items[0];
}
