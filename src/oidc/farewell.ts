import { digest, newSecret } from '../kernel/index.ts';
import type { TenantContext } from './context.ts';
import { lifetimes } from './lifetimes.ts';
import type { Proof } from './session-jars.ts';

type Context = Pick<TenantContext, 'tenant' | 'store' | 'signOutUrlOf'>;

/** Where providers send people back after signing out, without parameters: it is to be registered there (docs/federation.md). */
const returnAddress = (origin: string, { tenant }: Context): string =>
  `${origin}/${tenant.domains[0] ?? tenant.id}/oauth2/v2.0/logout`.toLowerCase();

/**
 * Who was proved by a provider is signed out there too, as far as it has a place for it (b2c contract b.7, OpenID Connect RP-Initiated
 * Logout §2): its session would sign them in again without asking. `location` is where they go once they are back. `undefined`: nobody is
 * sent anywhere.
 */
export async function farewellAt(
  ended: readonly Pick<Proof, 'foreign'>[],
  origin: string,
  location: string | undefined,
  context: Context,
): Promise<string | undefined> {
  const provider = ended.find(({ foreign }) => foreign)?.foreign?.provider;
  const found = provider && (await context.signOutUrlOf?.(provider, returnAddress(origin, context)));
  if (!found) return undefined;
  const url = new URL(found);
  if (location === undefined) return url.href;
  const state = newSecret();
  const payload = { location };
  await context.store.ephemeral.put('oidc.Farewell', {
    id: digest(state),
    payload,
    ttlSeconds: lifetimes.interaction,
  });
  url.searchParams.set('state', state);
  return url.href;
}

/** Where somebody wanted to go who is back from there; once. */
export async function afterFarewell(state: string | undefined, { store }: Context): Promise<string | undefined> {
  const held = state === undefined ? undefined : await store.ephemeral.take('oidc.Farewell', digest(state));
  return (held?.payload as { readonly location?: string } | undefined)?.location;
}
