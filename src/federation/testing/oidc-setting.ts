import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { keys, type OidcKind } from '../../../test/support/foreign-provider/kinds.ts';
import { type ForeignProviderServer, startForeignProvider } from '../../../test/support/foreign-provider/provider.ts';
import type { CallbackAnswer, Departure, ForeignOutcome, ForeignProvider } from '../provider.ts';
import { admin, type House, openHouse } from './house.ts';

export const departure: Departure = {
  callback: 'https://login.example/contoso.onmicrosoft.com/oauth2/authresp',
  state: 'a-state-that-nobody-guesses',
  locales: ['de-CH', 'en'],
};

/** Of providers whose id the server chooses. */
export const ownId = 'Contoso-OIDC-1';

export interface Trip {
  readonly answer: CallbackAnswer;
  readonly way: Parameters<ForeignProvider['receive']>[1];
}

export interface Setting {
  readonly house: House;
  readonly provider: ForeignProvider;
  readonly local: ForeignProviderServer;
  /** Goes there, is signed in, and comes back. */
  go(more?: Partial<Departure>): Promise<Trip>;
  /** All of it. */
  signIn(more?: Partial<Departure>): Promise<ForeignOutcome>;
}

/** A tenant with a provider of that kind, which listens on this machine. `draft`: otherwise configured. */
export async function settle(t: TestContext, kind: OidcKind, draft: object = {}): Promise<Setting> {
  const local = await startForeignProvider({ ...kind.provider, now: () => house.clock.now() });
  local.person = kind.claims;
  const signingKey = async () => ({ kid: 'server-key', privateKey: keys.server.privateKey });
  const house = await openHouse((name) => (name === kind.standsFor ? local.origin : undefined), { signingKey });
  t.after(async () => {
    await local.close();
    await house.close();
  });
  const { entity } = await house.directory.create(admin, kind.type, {
    id: kind.id ?? ownId,
    ...kind.draft(local),
    ...draft,
  });
  const provider = await house.federation.find(String(entity.id).toUpperCase());
  assert.ok(provider);
  const go: Setting['go'] = async (more) => {
    const way = { ...departure, ...more };
    const departed = await provider.depart(way);
    assert.ok(departed, JSON.stringify(house.observations));
    const { url, params } = await local.signIn(departed.url);
    assert.equal(url, way.callback);
    return { answer: { params }, way: { ...way, kept: departed.kept } };
  };
  return {
    house,
    provider,
    local,
    go,
    async signIn(more) {
      const { answer, way } = await go(more);
      return provider.receive(answer, way);
    },
  };
}
