import { type Arrival, type Host, type Refusal, type RefusalDetail, refusalCodes } from '../flows/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type ErrorCode, engineDescription, refusal as fault } from './dialect/errors.ts';
import type { Keys } from './keys.ts';
import { foreignOf } from './provenance.ts';
import { wholeSeconds } from './session-checks.ts';
import type { Sessions } from './sessions.ts';

/** The codes by which applications know why a person came back without signing in (b2c contract b.6). */
const refusals: Readonly<Record<Refusal, ErrorCode>> = refusalCodes;

/** Why a person comes back without signing in, in the form in which the engine carries it. */
export const engineRefusal = (refusal: Refusal, detail?: RefusalDetail) =>
  ({ error: 'access_denied', error_description: engineDescription(refusals[refusal], detail) }) as const;

export interface HostServices {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'find'>;
  readonly sessions: Pick<Sessions, 'hasEnded'>;
  readonly keys: Pick<Keys, 'ring'>;
}

interface Interaction {
  readonly returnTo: string;
}

/**
 * Hands the result of a journey to the authorization request it was started for. `hostRef` is the digest of the id of
 * oidc-provider's interaction, under which it is stored: whoever reads it can end the journey and no more. The browser goes
 * on with the id itself, in a cookie. Throws 90046 when it has expired.
 */
export function createHost({ ephemeral, clock, identity, sessions, keys }: HostServices): Host {
  async function finish(id: string, result: object): Promise<string> {
    const held = await ephemeral.get('oidc.Interaction', id);
    if (!held) throw fault('AADB2C90046');
    const interaction = held.payload as Interaction;
    const ttlSeconds = Math.max(held.expires - clock.now(), 1);
    const payload = { ...interaction, result };
    await ephemeral.put('oidc.Interaction', { id, payload, ttlSeconds }, held.revision);
    return interaction.returnTo;
  }

  return {
    async arrive(hostRef, { userId, authTime, amr, newUser, keepSignedIn, tokenClaims = {}, foreign }: Arrival) {
      // What the engine remembers ends with the request; sessions are kept by `sessions.ts`.
      return finish(hostRef, {
        login: { accountId: userId, ts: authTime, amr: [...amr] },
        newUser,
        keepSignedIn,
        tokenClaims,
        ...(foreign ? { foreign: foreignOf(foreign, await keys.ring()) } : {}),
      });
    },
    refuse: (hostRef, refusal, detail) => finish(hostRef, engineRefusal(refusal, detail)),
    async stands({ sid, userId, authTime }) {
      if (sid !== undefined && (await sessions.hasEnded(sid))) return false;
      const user = await identity.find(userId);
      // Who is gone is for the steps to say.
      return !user || authTime >= wholeSeconds(user.signInSessionsValidFromDateTime);
    },
  };
}
