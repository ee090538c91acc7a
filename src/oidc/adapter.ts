import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import { type Clock, digest } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { type Call, callOf } from './call.ts';
import { metadataOf } from './client-metadata.ts';
import type { Clients } from './clients.ts';
import { refusal } from './dialect/errors.ts';
import { lifetimes } from './lifetimes.ts';
import type { Grants } from './records.ts';

export interface AdapterServices {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly clients: Clients;
  readonly grants: Grants;
}

/** What oidc-provider never has to keep here: signed access tokens, grants, which administrators give, and sessions (`sessions.ts`). */
const nothing: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

const currentCall = (): Call | undefined => {
  const { ctx } = Provider;
  return ctx && callOf(ctx);
};

const clientAdapter = ({ clients }: AdapterServices): Adapter => ({
  ...nothing,
  async find(id) {
    const call = currentCall();
    const app = call?.app ?? (await clients.find(id));
    return app && metadataOf(app, call);
  },
});

/**
 * An interaction names its own cookie inside, in the address where the browser goes on: there its digest stands instead; the
 * engine puts the name back when the cookie comes with it. What it would remember of the session is nobody's concern.
 */
function withoutCookies(id: string, { jti: _, session: __, returnTo, ...payload }: AdapterPayload): AdapterPayload {
  return { ...payload, ...(returnTo === undefined ? {} : { returnTo: returnTo.replace(id, digest(id)) }) };
}

/**
 * Its name is a bearer value (a cookie): only the digest is stored, so the name is put back when found. The library ends it before it goes
 * on: of several requests that do so at the same moment one may, the others throw 90046.
 */
const interactionAdapter = ({ ephemeral }: AdapterServices): Adapter => ({
  ...nothing,
  async upsert(id, whole, ttlSeconds = lifetimes.interaction) {
    const payload = withoutCookies(id, whole);
    await ephemeral.put('oidc.Interaction', { id: digest(id), payload, ttlSeconds });
  },
  async find(id) {
    const held = await ephemeral.get('oidc.Interaction', digest(id));
    return held && ({ ...(held.payload as AdapterPayload), jti: id } satisfies AdapterPayload);
  },
  async destroy(id) {
    if (!(await ephemeral.take('oidc.Interaction', digest(id)))) throw refusal('AADB2C90046');
  },
});

/** Codes are only written through oidc-provider; the token endpoint's own grants read and use them. */
const codeAdapter = ({ grants, clock }: AdapterServices): Adapter => ({
  ...nothing,
  async upsert(id, { clientId = '', grantId = '', redirectUri, codeChallenge, nonce }) {
    const signIn = currentCall()?.signIn;
    if (!signIn) throw new TypeError('a code is made of a sign-in');
    const issued = clock.now();
    await grants.keep('oidc.AuthorizationCode', id, {
      family: grantId,
      clientId,
      signIn,
      issued,
      expires: issued + (signIn.codeSeconds ?? lifetimes.code),
      ...(redirectUri === undefined ? {} : { redirectUri }),
      ...(codeChallenge === undefined ? {} : { codeChallenge }),
      ...(nonce === undefined ? {} : { nonce }),
    });
  },
});

/** Storage for one model of oidc-provider, by the model's name. */
export function adapterFor(name: string, services: AdapterServices): Adapter {
  switch (name) {
    case 'Client':
      return clientAdapter(services);
    case 'Interaction':
      return interactionAdapter(services);
    case 'AuthorizationCode':
      return codeAdapter(services);
    default:
      return nothing;
  }
}
