import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Documented } from '../../../test/support/social-providers/documented.ts';
import { client, type LocalProvider, startOAuth2Provider } from '../../../test/support/social-providers/server.ts';
import { entities } from '../../model/index.ts';
import type { CallbackAnswer, Departure, ForeignOutcome, ForeignProvider } from '../provider.ts';
import { admin, openHouse } from './house.ts';

export const departure: Departure = {
  callback: 'https://login.example/contoso.onmicrosoft.com/oauth2/authresp',
  state: 'a-state-that-nobody-guesses',
  locales: ['en-US'],
};

export interface Setting {
  readonly provider: ForeignProvider;
  readonly local: LocalProvider;
  /** Goes there, does as `local.person` says, and comes back. */
  go(
    more?: Partial<Departure>,
  ): Promise<{ readonly answer: CallbackAnswer; readonly way: Parameters<ForeignProvider['receive']>[1] }>;
  /** All of it. */
  signIn(): Promise<ForeignOutcome>;
}

/** The provider with its documented answers, and the tenant that has it. */
export async function settle(t: TestContext, { type, provider: described }: Documented): Promise<Setting> {
  const local = await startOAuth2Provider(described);
  const house = await openHouse((kind) => (kind === type ? local.origin : undefined));
  t.after(async () => {
    await local.close();
    await house.close();
  });
  const id = `${type}-OAUTH`;
  const draft = { id, identityProviderType: type, displayName: type, clientId: client.id, clientSecret: client.secret };
  await house.directory.create(admin, entities.socialIdentityProvider, draft);
  const provider = await house.federation.find(id.toLowerCase());
  assert.ok(provider);
  assert.equal(provider.id, id);
  const go: Setting['go'] = async (more) => {
    const way = { ...departure, ...more };
    const departed = await provider.depart(way);
    assert.ok(departed);
    return { answer: await local.visit(departed.url), way: { ...way, kept: departed.kept } };
  };
  return {
    provider,
    local,
    go,
    async signIn() {
      const { answer, way } = await go();
      return provider.receive(answer, way);
    },
  };
}
