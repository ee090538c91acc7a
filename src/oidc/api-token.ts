import type { ApiTokens } from '../flows/index.ts';
import { type Clock, createLru, type EpochSeconds } from '../kernel/index.ts';
import { graphAppId } from '../model/index.ts';
import type { Clients } from './clients.ts';
import { signJwt } from './jwt.ts';
import type { Keys } from './keys.ts';

/**
 * The service behind authentication events, as Microsoft Entra ID names it: APIs are told to accept calls of this client alone
 * (https://learn.microsoft.com/entra/identity-platform/custom-extension-overview#protect-your-rest-api).
 */
const eventsService = '99045fe1-7639-4a75-9d4a-577b6ca3810f';

/** Seconds. A token that somebody got hold of is soon worth nothing; one that is nearly over is not sent any more. */
const lifetime = 600;
const margin = 60;

/** Tokens kept at once, one for each application and public origin. */
const capacity = 200;

interface Kept {
  readonly value: string;
  readonly until: EpochSeconds;
}

/** `api://{domain}/{appId}`. */
const appIdIn = (resourceId: string): string | undefined => /^api:\/\/[^/]+\/([0-9a-f-]{36})$/i.exec(resourceId)?.[1];

interface ApiTokenServices {
  readonly tenantId: string;
  readonly keys: Pick<Keys, 'ring'>;
  readonly clients: Pick<Clients, 'find'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly issuerOf: (origin: string) => string;
}

/** Tokens of the tenant's own authority by which the server itself calls APIs: client credentials of nobody else (RFC 6749 §4.4). */
export function createApiTokens({ tenantId, keys, clients, clock, issuerOf }: ApiTokenServices): ApiTokens {
  const kept = createLru<Kept>(capacity);

  async function make(aud: string, iss: string): Promise<Kept> {
    const now = clock.now();
    const { signing } = await keys.ring();
    const claims = {
      aud,
      iss,
      iat: now,
      nbf: now,
      exp: now + lifetime,
      appid: eventsService,
      azp: eventsService,
      azpacr: '2',
      idtyp: 'app',
      oid: eventsService,
      sub: eventsService,
      tid: tenantId,
      ver: '2.0',
    };
    return { value: signJwt(signing, claims), until: now + lifetime - margin };
  }

  return {
    async tokenFor(resourceId, origin) {
      const app = await clients.find(appIdIn(resourceId) ?? '');
      // A token for Graph would open the management API.
      if (!app || app.appId === graphAppId) return { kind: 'none', isDisabled: false };
      if (app.isDisabled === true) return { kind: 'none', isDisabled: true };
      const { kid } = (await keys.ring()).signing;
      const iss = issuerOf(origin);
      const key = `${kid}\n${app.appId}\n${iss}`;
      const known = kept.get(key);
      if (known && clock.now() < known.until) return { kind: 'token', value: known.value };
      const made = await make(app.appId, iss);
      kept.set(key, made);
      return { kind: 'token', value: made.value };
    },
  };
}
