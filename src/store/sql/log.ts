import type { Caller } from '../../kernel/index.ts';
import type { Change } from '../store.ts';

/** A row of the change log. */
export interface ChangeColumns {
  readonly sequence: number;
  readonly tenant: string;
  readonly type: string;
  readonly key: string;
  readonly root_type: string | null;
  readonly root_key: string | null;
  readonly verb: Change['verb'];
  readonly properties: string;
  readonly caller: string;
  readonly at: number;
}

export const changeColumns = 'sequence, tenant, type, key, root_type, root_key, verb, properties, caller, at';

export function toChange(found: ChangeColumns): Change {
  const { sequence, tenant, type, key, root_type: rootType, root_key: rootKey, verb, at } = found;
  return {
    sequence,
    tenantId: tenant,
    type,
    key,
    ...(rootType === null || rootKey === null ? {} : { root: { type: rootType, key: rootKey } }),
    verb,
    properties: JSON.parse(found.properties) as readonly string[],
    by: JSON.parse(found.caller) as Caller,
    at,
  };
}
