import { randomBytes } from 'node:crypto';
import type { Directory } from '../directory/index.ts';
import { type Caller, type EpochSeconds, isFault, isoDateTime } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type AuthenticatorCodes, createCodes } from './authenticator-codes.ts';
import { type AuthenticatorShelf, createShelf, type FoundMethod } from './authenticator-shelf.ts';
import { faults } from './faults.ts';
import { recoveryDigest } from './recovery-codes.ts';

/** A WebAuthn credential (§4); binary values in base64url. */
export interface Passkey {
  readonly credentialId: string;
  /** What the passkey says whose it is: random, one for all passkeys of a person (§14.6.1). */
  readonly userHandle: string;
  /** COSE (RFC 9052 §7). */
  readonly publicKey: string;
  /** 0: the passkey does not count. */
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly aaguid: string | null;
  readonly isBackupEligible: boolean;
  readonly isBackedUp: boolean;
  /** Whoever made it had proved two factors, or made the account with it. Else it is worth the password that let it be made, and no more. */
  readonly isVouchedFor: boolean;
  readonly displayName: string | null;
}

/** What is to be kept: a number in E.164, an address, the secret of time-based codes, a passkey, a list of recovery codes. */
export type NewAuthenticator =
  | { readonly kind: 'email' | 'phone' | 'totp'; readonly content: string }
  | { readonly kind: 'passkey'; readonly content: Passkey }
  | { readonly kind: 'recoveryCode'; readonly content: readonly string[] };

/** What can prove a person besides a password. */
export type AuthenticatorKind = NewAuthenticator['kind'];

/** What is kept, without secrets. */
export type Authenticator = {
  readonly id: string;
  readonly userId: string;
  readonly createdDateTime: string;
  readonly lastUsedDateTime: string | null;
} & (
  | { readonly kind: 'email' | 'phone'; readonly content: string }
  | { readonly kind: 'totp' }
  | { readonly kind: 'passkey'; readonly content: Passkey }
  /** `left`: codes not used yet. */
  | { readonly kind: 'recoveryCode'; readonly left: number }
);

/** What proves the people of one tenant besides their passwords. Times are handed in, so that one request has one time. */
export interface Authenticators extends AuthenticatorCodes {
  /** Oldest first. */
  of(userId: string): Promise<readonly Authenticator[]>;
  /**
   * A number or address that is there already stays as it is; a new list of recovery codes replaces the one before. `caller` is the
   * server. Throws `identity.tooManyMethods`, `identity.unknownOwner`, `identity.methodExists` for a passkey that anybody has.
   */
  add(caller: Caller, userId: string, next: NewAuthenticator): Promise<void>;
  /** False when there was none. */
  remove(caller: Caller, id: string): Promise<boolean>;
  /** Notes that it has proved its owner. */
  used(id: string, at: EpochSeconds): Promise<void>;
  /** Whose passkey it is; undefined when nobody's. */
  passkey(credentialId: string): Promise<(Authenticator & { readonly kind: 'passkey' }) | undefined>;
  /**
   * After a right signature. False when the passkey's own count has not grown, so that it may have been copied (WebAuthn §7.2 step 22);
   * of two simultaneous uses with one count the second is.
   */
  usePasskey(
    id: string,
    seen: { readonly signCount: number; readonly isBackedUp: boolean },
    at: EpochSeconds,
  ): Promise<boolean>;
}

const type = entities.authenticationMethod;

function present({ entity }: FoundMethod): Authenticator {
  const { id, userId, kind, createdDateTime, lastUsedDateTime, phoneNumber, emailAddress } = entity;
  const common = { id, userId, createdDateTime, lastUsedDateTime };
  switch (kind) {
    case 'email':
      return { ...common, kind, content: emailAddress ?? '' };
    case 'phone':
      return { ...common, kind, content: phoneNumber ?? '' };
    case 'passkey':
      return { ...common, kind, content: passkeyOf(entity) };
    case 'recoveryCode':
      return { ...common, kind, left: entity.recoveryCodes.length };
    default:
      return { ...common, kind };
  }
}

const passkeyOf = ({ credentialId, publicKey, signCount, ...rest }: FoundMethod['entity']): Passkey => ({
  credentialId: credentialId ?? '',
  userHandle: rest.userHandle ?? '',
  publicKey: publicKey ?? '',
  signCount: signCount ?? 0,
  transports: rest.transports,
  aaguid: rest.aaguid,
  isBackupEligible: rest.isBackupEligible ?? false,
  isBackedUp: rest.isBackedUp ?? false,
  isVouchedFor: rest.isVouchedFor ?? false,
  displayName: rest.displayName,
});

/** What is stored of it. */
function draftOf(next: NewAuthenticator): Readonly<Record<string, unknown>> {
  switch (next.kind) {
    case 'email':
      return { emailAddress: next.content };
    case 'phone':
      return { phoneNumber: next.content };
    case 'totp':
      return { secret: next.content };
    case 'passkey':
      return { ...next.content };
    case 'recoveryCode': {
      const secret = randomBytes(32).toString('base64url');
      return { secret, recoveryCodes: next.content.map((code) => recoveryDigest(secret, code)) };
    }
    default:
      return next satisfies never;
  }
}

type Values = Readonly<Record<string, unknown>>;
type Adding = Pick<Authenticators, 'add'>;

/** A list of recovery codes that is there already is written over. */
function createAdding(directory: Directory, shelf: AuthenticatorShelf): Adding {
  async function replaceCodes(caller: Caller, userId: string, draft: Values): Promise<void> {
    const found = (await shelf.list(userId)).find(({ entity }) => entity.kind === 'recoveryCode');
    if (found) await directory.update(caller, { type, id: found.entity.id }, draft);
  }

  return {
    async add(caller, userId, next) {
      const { kind } = next;
      const draft = draftOf(next);
      try {
        await directory.create(caller, type, { ...draft, userId, kind });
      } catch (error) {
        if (isFault(error, 'store.exists')) throw faults.methodExists({}, error);
        if (!isFault(error, 'identity.methodExists')) throw error;
        if (kind === 'recoveryCode') await replaceCodes(caller, userId, draft);
      }
    },
  };
}

export function createAuthenticators(services: {
  readonly directory: Directory;
  readonly ephemeral: Ephemeral;
}): Authenticators {
  const { directory, ephemeral } = services;
  const shelf = createShelf(directory);

  return {
    ...createCodes(shelf, ephemeral),
    ...createAdding(directory, shelf),
    of: async (userId) => (await shelf.list(userId)).map(present),
    async remove(caller, id) {
      try {
        await directory.remove(caller, { type, id });
        return true;
      } catch (error) {
        if (isFault(error, 'directory.notFound')) return false;
        throw error;
      }
    },
    async used(id, at) {
      const found = await directory.get({ type, id });
      if (found) await shelf.noteUse(found, at);
    },
    async passkey(credentialId) {
      const filter = { op: 'eq', path: ['credentialId'], value: credentialId } as const;
      const { items } = await directory.find({ type, filter, limit: 1 });
      const [found] = items.map(present);
      // The store compares without regard to case.
      return found?.kind === 'passkey' && found.content.credentialId === credentialId ? found : undefined;
    },
    async usePasskey(id, { signCount, isBackedUp }, at) {
      const found = await directory.get({ type, id });
      if (!found) return false;
      const before = passkeyOf(found.entity);
      const counts = signCount > 0 || before.signCount > 0;
      if (counts && signCount <= before.signCount) return false;
      const patch = { signCount, isBackedUp, lastUsedDateTime: isoDateTime(at) };
      if (counts) return shelf.swap(found, patch);
      if (isBackedUp === before.isBackedUp) await shelf.noteUse(found, at);
      else await shelf.swap(found, patch);
      return true;
    },
  };
}
