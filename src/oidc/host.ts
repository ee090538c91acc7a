import { type Arrival, type Host, type Refusal, type RefusalDetail, refusalCodes } from '../flows/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Clock, EpochSeconds, Fault } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type ErrorCode, refusal as fault } from './dialect/errors.ts';
import type { Keys } from './keys.ts';
import { type Foreign, foreignOf } from './provenance.ts';
import { wholeSeconds } from './session-checks.ts';
import type { Sessions } from './sessions.ts';
import type { Payload } from './token-form.ts';

/** The codes by which applications know why a person came back without signing in (b2c contract b.6). */
const refusals: Readonly<Record<Refusal, ErrorCode>> = refusalCodes;

/** Why a person comes back without signing in; what is said of nothing in particular is `none`. */
const refused = (refusal: Refusal, detail: RefusalDetail = 'none') => ({
  code: refusals[refusal],
  values: [detail].flat(),
});

/** As `refused`, to be thrown. */
export const refusalFault = (refusal: Refusal, detail?: RefusalDetail): Fault => resultFault(refused(refusal, detail));

/** What the application is told in place of an answer. */
export const resultFault = ({ code, values }: NonNullable<JourneyResult['refused']>): Fault => fault(code, ...values);

/** What a journey came to, as it waits for the browser. */
export interface JourneyResult {
  readonly login?: { readonly accountId: string; readonly ts: EpochSeconds; readonly amr: readonly string[] };
  readonly newUser?: boolean;
  readonly keepSignedIn?: boolean;
  readonly tokenClaims?: Payload;
  readonly foreign?: Foreign;
  /** Nobody signed in. */
  readonly refused?: { readonly code: ErrorCode; readonly values: readonly string[] };
}

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
 * Hands the result of a journey to the authorization request it was started for. `hostRef` is the id under which that waits: whoever
 * reads it can end the journey and no more, since the browser goes on with what it is the digest of. Throws 90046 when it has expired.
 */
export function createHost({ ephemeral, clock, identity, sessions, keys }: HostServices): Host {
  async function finish(id: string, result: JourneyResult): Promise<string> {
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
      return finish(hostRef, {
        login: { accountId: userId, ts: authTime, amr: [...amr] },
        newUser,
        keepSignedIn,
        tokenClaims,
        ...(foreign ? { foreign: foreignOf(foreign, await keys.ring()) } : {}),
      });
    },
    refuse: (hostRef, refusal, detail) => finish(hostRef, { refused: refused(refusal, detail) }),
    async stands({ sid, userId, authTime }) {
      if (sid !== undefined && (await sessions.hasEnded(sid))) return false;
      const user = await identity.find(userId);
      // Who is gone is for the steps to say.
      return !user || authTime >= wholeSeconds(user.signInSessionsValidFromDateTime);
    },
  };
}
