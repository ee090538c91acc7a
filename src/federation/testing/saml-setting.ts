import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  type AuthnRequest,
  type LocalSamlProvider,
  makeKey,
  type Saying,
  startSamlProvider,
} from '../../../test/support/saml-provider.ts';
import { entities } from '../../model/index.ts';
import type { Departure, ForeignOutcome, ForeignProvider } from '../provider.ts';
import { admin, type House, openHouse } from './house.ts';

export const type = entities.samlOrWsFedExternalDomainFederation;
export const callback = 'https://login.example/contoso.onmicrosoft.com/oauth2/authresp';
export const entityId = 'https://login.example/contoso.onmicrosoft.com/oauth2/saml/metadata';
export const departure: Departure = { callback, state: 'a-state-that-nobody-guesses', locales: ['en'] };

export const ours = makeKey();
export const others = makeKey();

export type Change = (request: AuthnRequest) => Partial<Saying>;

export interface Setting {
  readonly local: LocalSamlProvider;
  readonly house: House;
  readonly provider: ForeignProvider;
  signIn(change?: Change, more?: Partial<Departure>): Promise<ForeignOutcome>;
}

/** The provider with its usual answers, and the tenant that has it. */
export async function settle(t: TestContext, more: Readonly<Record<string, unknown>> = {}): Promise<Setting> {
  const local = await startSamlProvider(ours);
  const house = await openHouse();
  t.after(async () => {
    await local.close();
    await house.close();
  });
  const { entity } = await house.directory.create(admin, type, {
    displayName: 'Partner',
    issuerUri: local.entityId,
    passiveSignInUri: `${local.origin}/sso?tenant=1`,
    preferredAuthenticationProtocol: 'saml',
    signingCertificate: ours.certificate,
    ...more,
  });
  const provider = await house.federation.find(entity.id);
  assert.ok(provider);
  return {
    local,
    house,
    provider,
    async signIn(change, changed) {
      const way = { ...departure, ...changed };
      const departed = await provider.depart(way);
      assert.ok(departed);
      return provider.receive(await local.visit(departed.url, change), { ...way, kept: departed.kept });
    },
  };
}

export const reasonOf = (outcome: ForeignOutcome): string => {
  assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
  return outcome.kind === 'failed' ? outcome.reason : '';
};
