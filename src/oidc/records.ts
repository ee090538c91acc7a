import { type Clock, digest, type EpochSeconds } from '../kernel/index.ts';
import type { Ephemeral, EphemeralKind, EphemeralRecord } from '../store/index.ts';
import { lifetimes } from './lifetimes.ts';
import type { Ticket } from './ticket.ts';

/** What a sign-in established for one application; kept with the code and with every refresh token made from it. */
export interface SignIn extends Ticket {
  readonly userId: string;
  readonly authTime: EpochSeconds;
  /** When the response was authorized; a single-page application's refresh tokens end a day after it. */
  readonly started: EpochSeconds;
  /** True in the first tokens of the sign-up that made the user. */
  readonly newUser: boolean;
  /** Application claims as they were at sign-in: a refresh does not read them again (b2c contract c.5). */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What opens the API of the provider who proved the person, sealed; in the first tokens alone. */
  readonly providerToken?: string;
  /** How the application knows the session; only of those that are told when it ends. */
  readonly sid?: string;
}

/** What stands behind a code or a refresh token. */
export interface Grant {
  /** Shared by a code and all refresh tokens that came from it. */
  readonly family: string;
  readonly clientId: string;
  readonly signIn: SignIn;
  readonly issued: EpochSeconds;
  readonly expires: EpochSeconds;
  /** Codes only. */
  readonly redirectUri?: string;
  readonly codeChallenge?: string;
  readonly nonce?: string;
}

export interface HeldGrant {
  readonly id: string;
  readonly grant: Grant;
  /** When it was used up. */
  readonly usedAt?: EpochSeconds;
}

/** A refresh token before it is kept. */
export interface NewRefreshToken {
  readonly value: string;
  readonly grant: Grant;
}

export type GrantKind = 'oidc.AuthorizationCode' | 'oidc.RefreshToken';

/** Codes and refresh tokens at rest: found by digest only, used once, revoked as a family (product.md choice 5). */
export interface Grants {
  find(kind: GrantKind, value: string): Promise<HeldGrant | undefined>;
  keep(kind: GrantKind, value: string, grant: Grant): Promise<void>;
  /** True for exactly one of many concurrent callers. A refresh token that takes its place is kept in the same commit. */
  use(kind: GrantKind, held: HeldGrant, next?: NewRefreshToken): Promise<boolean>;
  /** Ends every code and refresh token of the family, also one that is being written at this moment. */
  revoke(family: string): Promise<void>;
  isRevoked(family: string): Promise<boolean>;
}

const kinds: readonly EphemeralKind[] = ['oidc.AuthorizationCode', 'oidc.RefreshToken'];

export function createGrants({ ephemeral, clock }: { ephemeral: Ephemeral; clock: Clock }): Grants {
  const recordOf = (value: string, grant: Grant): EphemeralRecord => ({
    id: digest(value),
    payload: grant,
    ttlSeconds: Math.max(grant.expires - clock.now(), 1) + lifetimes.tombstone,
    indexes: { family: grant.family },
  });
  return {
    async find(kind, value) {
      const held = await ephemeral.get(kind, digest(value));
      if (!held) return undefined;
      const { id, payload, consumed } = held;
      return { id, grant: payload as Grant, ...(consumed === undefined ? {} : { usedAt: consumed }) };
    },
    async keep(kind, value, grant) {
      await ephemeral.put(kind, recordOf(value, grant));
    },
    use: (kind, { id }, next) =>
      next
        ? ephemeral.together([
            { act: 'consume', kind, id },
            { act: 'put', kind: 'oidc.RefreshToken', record: recordOf(next.value, next.grant) },
          ])
        : ephemeral.consume(kind, id),
    async revoke(family) {
      // The mark comes first: a refresh token written after the drop is still found to be revoked.
      const mark = {
        id: digest(family),
        payload: { revoked: true },
        ttlSeconds: lifetimes.longestRefreshToken + lifetimes.tombstone,
      };
      await ephemeral.put('oidc.Grant', mark);
      await ephemeral.drop(kinds, 'family', family);
    },
    isRevoked: async (family) => (await ephemeral.get('oidc.Grant', digest(family))) !== undefined,
  };
}
