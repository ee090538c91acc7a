import type { Directory, Versioned } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';

const {
  authenticationEventsFlow,
  b2xIdentityUserFlow,
  externalUsersSelfServiceSignUpEventsFlow: eventsFlow,
  identityProviderBase,
} = entities;

type Reader = Pick<Directory, 'get' | 'linked'>;

/** A flow by which newcomers get an account at the tenant, of either generation of the API. */
export type GuestFlow =
  | { readonly kind: 'b2x'; readonly found: Versioned<typeof b2xIdentityUserFlow> }
  | { readonly kind: 'events'; readonly found: Versioned<typeof eventsFlow> };

/** By its id, as it is now. */
export async function guestFlowOf(directory: Reader, flowId: string): Promise<GuestFlow | undefined> {
  const b2x = await directory.get({ type: b2xIdentityUserFlow, id: flowId });
  if (b2x) return { kind: 'b2x', found: b2x };
  const events = await directory.get({ type: authenticationEventsFlow, id: flowId });
  return events?.type.name === eventsFlow.name
    ? { kind: 'events', found: events as Versioned<typeof eventsFlow> }
    : undefined;
}

const navigations: Readonly<Record<GuestFlow['kind'], string>> = {
  b2x: 'userFlowIdentityProviders',
  events: 'onAuthenticationMethodLoadStart/identityProviders',
};

/** True while the flow is there and lets people come from a provider who have no account yet. */
export async function offersNewcomers(directory: Reader, flowId: string, providerId: string): Promise<boolean> {
  const flow = await guestFlowOf(directory, flowId);
  return flow !== undefined && (await providersOf(directory, flow)).some(({ entity }) => entity.id === providerId);
}

/** The identity providers that are linked to it now. */
export async function providersOf(
  directory: Reader,
  { kind, found: { type, entity } }: GuestFlow,
): Promise<readonly Versioned<typeof identityProviderBase>[]> {
  const [linked = []] = await directory.linked([{ type, id: entity.id }], navigations[kind]);
  return linked as readonly Versioned<typeof identityProviderBase>[];
}
