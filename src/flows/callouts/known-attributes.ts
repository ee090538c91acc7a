import type { Directory } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';
import type { KnownAttribute } from './answer-claims.ts';

/** Attributes a tenant can have, and more. */
const limit = 999;

/** What an API may be told of, and answer with: the attributes of the tenant. */
export async function knownAttributes(directory: Pick<Directory, 'find'>): Promise<readonly KnownAttribute[]> {
  const { items } = await directory.find({ type: entities.identityUserFlowAttribute, limit });
  return items.map(({ entity: { id, dataType } }) => ({
    id,
    dataType: dataType === 'unknownFutureValue' ? 'string' : dataType,
  }));
}
