import { type ForeignProviderServer, startForeignProvider } from '../../../test/support/foreign-provider/provider.ts';
import { entities } from '../../model/index.ts';
import { createFlow, type House, seed, type Visitor } from './harness.ts';

/** A provider that a tenant has been given, and the button that leads there. */
export interface Foreign {
  readonly server: ForeignProviderServer;
  readonly id: string;
  readonly button: string;
  /** Presses the button and signs in there; resolves to what the browser is sent back with. */
  visit(visitor: Visitor): Promise<Readonly<Record<string, string>>>;
  /** Goes there and back again. */
  signIn(visitor: Visitor): Promise<void>;
}

type Draft = Readonly<Record<string, unknown>>;

/** Gives the tenant a provider of its own choice that really listens; whoever goes there is `server.person`. */
export async function addForeign(house: House, draft: Draft = {}): Promise<Foreign> {
  const server = await startForeignProvider({ now: () => house.clock.now() });
  const { entity } = await house.directory.create(seed, entities.openIdConnectIdentityProvider, {
    displayName: 'Elsewhere',
    clientId: 'usher',
    clientSecret: 'secret of the client',
    metadataUrl: server.metadataUrl,
    scope: 'openid profile email',
    responseType: 'code',
    responseMode: 'query',
    claimsMapping: {
      userId: 'sub',
      displayName: 'name',
      givenName: 'given_name',
      surname: 'family_name',
      email: 'email',
    },
    ...draft,
  });
  const button = `${entity.id}Exchange`;
  const away = async (visitor: Visitor) => (await server.signIn(visitor.url)).params;
  return {
    server,
    id: entity.id,
    button,
    async visit(visitor) {
      await visitor.press(button);
      return away(visitor);
    },
    async signIn(visitor) {
      if (visitor.move.kind === 'show') await visitor.press(button);
      await house.flows.bringBack({ params: await away(visitor) });
      await visitor.look();
    },
  };
}

/** A flow with these providers, and no accounts of this tenant unless the draft names some. */
export const offerForeign = (house: House, id: string, draft: Draft, ...providers: readonly Foreign[]): Promise<void> =>
  createFlow(
    house,
    id,
    { authenticationMethods: '0', ...draft },
    providers.map((one) => one.id),
  );
