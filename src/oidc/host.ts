import type { CloseJourney, Host } from '../flows/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Ephemeral, EphemeralWrite } from '../store/index.ts';
import { refusal as fault } from './dialect/errors.ts';
import { type JourneyResult, refused } from './journey-result.ts';
import type { Keys } from './keys.ts';
import { foreignOf } from './provenance.ts';
import { wholeSeconds } from './session-checks.ts';
import type { Sessions } from './sessions.ts';

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
 * reads it can end the journey and no more, since the browser goes on with what it is the digest of. Throws 90046 when it has expired, or
 * something else has become of it or of the journey meanwhile.
 */
export function createHost({ ephemeral, clock, identity, sessions, keys }: HostServices): Host {
  async function finish(id: string, result: JourneyResult, close: CloseJourney = () => []): Promise<string> {
    const held = await ephemeral.get('oidc.Interaction', id);
    if (!held) throw fault('AADB2C90046');
    const interaction = held.payload as Interaction;
    const ttlSeconds = Math.max(held.expires - clock.now(), 1);
    const record = { id, payload: { ...interaction, result }, ttlSeconds };
    const keeping: EphemeralWrite = { act: 'put', kind: 'oidc.Interaction', record, was: held.revision };
    // The browser alone is told, to fetch it; the application is when what is made of it is kept.
    if (!(await ephemeral.together([keeping, ...close(interaction.returnTo)], 'seen'))) throw fault('AADB2C90046');
    return interaction.returnTo;
  }

  return {
    async arrive(hostRef, { userId, authTime, amr, newUser, keepSignedIn, tokenClaims = {}, foreign }, close) {
      const result = {
        login: { accountId: userId, ts: authTime, amr: [...amr] },
        newUser,
        keepSignedIn,
        tokenClaims,
        ...(foreign ? { foreign: foreignOf(foreign, await keys.ring()) } : {}),
      };
      return finish(hostRef, result, close);
    },
    refuse: (hostRef, refusal, detail, close) => finish(hostRef, { refused: refused(refusal, detail) }, close),
    async stands({ sid, userId, authTime }) {
      if (sid !== undefined && (await sessions.hasEnded(sid))) return false;
      const user = await identity.find(userId);
      // Who is gone is for the steps to say.
      return !user || authTime >= wholeSeconds(user.signInSessionsValidFromDateTime);
    },
  };
}
