import type { Arrival, Host, Refusal } from '../flows/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type ErrorCode, refusal as fault } from './dialect/errors.ts';

/** The codes by which applications know why a person came back without signing in (b2c contract b.6). */
const refusals: Readonly<Record<Refusal, ErrorCode>> = {
  forgotPassword: 'AADB2C90118',
  cancelled: 'AADB2C90091',
  tooManyAttempts: 'AADB2C90157',
  accountDisabled: 'AADB2C90111',
  blocked: 'AADB2C90037',
  minor: 'AADB2C90037',
};

interface Interaction {
  readonly returnTo: string;
}

/**
 * Hands the result of a journey to the authorization request it was started for. `hostRef` is the digest of the id of
 * oidc-provider's interaction, under which it is stored: whoever reads it can end the journey and no more. The browser goes
 * on with the id itself, in a cookie. Throws 90046 when it has expired.
 */
export function createHost({ ephemeral, clock }: { ephemeral: Ephemeral; clock: Clock }): Host {
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
    arrive: (hostRef, { userId, authTime, amr, newUser }: Arrival) =>
      // Not remembered beyond the browser's session: keeping people signed in is a setting of its own.
      finish(hostRef, { login: { accountId: userId, ts: authTime, amr: [...amr], remember: false }, newUser }),
    refuse: (hostRef, refusal) => finish(hostRef, { error: 'access_denied', error_description: refusals[refusal] }),
  };
}
