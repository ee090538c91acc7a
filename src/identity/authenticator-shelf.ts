import type { Directory, Versioned } from '../directory/index.ts';
import { type EpochSeconds, isFault, isoDateTime, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { maximumMethods, ofUser } from './authenticator-rules.ts';

const type = entities.authenticationMethod;

export type FoundMethod = Versioned<typeof type>;
type Values = Readonly<Record<string, unknown>>;

/** Where authentication methods are kept, as stored. */
export interface AuthenticatorShelf {
  /** Oldest first. */
  list(userId: string): Promise<readonly FoundMethod[]>;
  secretOf(id: string): Promise<string>;
  /** Writes only if nobody else has since; false when somebody has, or when it is gone. */
  swap(found: FoundMethod, patch: Values): Promise<boolean>;
  /** Once a day at most; who was faster has noted the same. */
  noteUse(found: FoundMethod, at: EpochSeconds): Promise<void>;
}

const server = system('authentication method');

const order = ({ entity: { createdDateTime, id } }: FoundMethod): string => `${createdDateTime} ${id}`;
const dayOf = (dateTime: string | null): string => (dateTime ?? '').slice(0, 10);

export function createShelf(directory: Directory): AuthenticatorShelf {
  async function swap({ entity: { id }, etag }: FoundMethod, patch: Values): Promise<boolean> {
    try {
      await directory.update(server, { type, id }, patch, etag);
      return true;
    } catch (error) {
      if (isFault(error, 'store.stale') || isFault(error, 'directory.notFound')) return false;
      throw error;
    }
  }

  return {
    swap,
    async list(userId) {
      const { items } = await directory.find({ type, filter: ofUser(userId), limit: maximumMethods });
      return [...items].sort((a, b) => order(a).localeCompare(order(b)));
    },
    secretOf: async (id) => (await directory.reveal({ type, id }))['secret'] ?? '',
    async noteUse(found, at) {
      const now = isoDateTime(at);
      if (dayOf(found.entity.lastUsedDateTime) !== dayOf(now)) await swap(found, { lastUsedDateTime: now });
    },
  };
}
