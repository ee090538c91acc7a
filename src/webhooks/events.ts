import type { Deed, Written } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import { type EntityType, entities, isA, type property } from '../model/index.ts';

type Values = Readonly<Record<string, unknown>>;

/** What can be told of; `docs/webhooks.md` says when and with which data. */
export type EventName = property.ValueOf<(typeof entities.webhookDelivery)['properties']['event']>;

/** Something that happened, as receivers are told: ids, codes and names of properties, never a name, an address or a secret. */
export interface IdentityEvent {
  readonly event: EventName;
  readonly data: Values;
}

interface Kind {
  /** With the types derived from it. */
  readonly type: EntityType;
  readonly eventsOf: (written: Written, caller: Caller) => readonly IdentityEvent[];
}

/** Names of properties in one event; an open type may have more. */
const mostNames = 100;

/** Written with every new password, and told by `passwordChanged`. */
const ofPassword: readonly string[] = [
  'passwordProfile',
  'lastPasswordChangeDateTime',
  'signInSessionsValidFromDateTime',
];

/** Who did it. The server counts as whoever it acted for. */
function actorOf(caller: Caller): Values {
  if (caller.kind === 'app') return { kind: 'application', appId: caller.appId };
  if (caller.kind === 'user') return { kind: 'user', userId: caller.userId, appId: caller.appId };
  return caller.onBehalfOf ? actorOf(caller.onBehalfOf) : { kind: 'server' };
}

const isPublic = (type: EntityType, name: string): boolean =>
  !Object.hasOwn(type.properties, name) || type.properties[name]?.rules.access !== 'internal';

const publicNames = ({ type, properties }: Written): readonly string[] =>
  properties.filter((name) => isPublic(type, name));

function userEvents(written: Written, caller: Caller): readonly IdentityEvent[] {
  const { deed, row, properties } = written;
  const [userId, by] = [row.id, actorOf(caller)];
  const state = deed === 'created' || properties.includes('externalUserState') ? row.values['externalUserState'] : null;
  const invited: readonly IdentityEvent[] =
    deed !== 'deleted' && state === 'PendingAcceptance' ? [{ event: 'guestInvited', data: { userId, by } }] : [];
  if (deed === 'created') return [{ event: 'userCreated', data: { userId, by } }, ...invited];
  if (deed === 'deleted') return [{ event: 'userDeleted', data: { userId, by } }];
  const isNewPassword = properties.includes('lastPasswordChangeDateTime');
  const changed = publicNames(written).filter((name) => !(isNewPassword && ofPassword.includes(name)));
  return [
    ...(isNewPassword ? [{ event: 'passwordChanged', data: { userId, by } } as const] : []),
    ...(changed.length > 0
      ? [{ event: 'userUpdated', data: { userId, changed: changed.slice(0, mostNames), by } } as const]
      : []),
    ...invited,
    ...(state === 'Accepted' ? [{ event: 'guestAccepted', data: { userId, by } } as const] : []),
  ];
}

function methodEvents({ deed, row }: Written, caller: Caller): readonly IdentityEvent[] {
  const { userId, kind } = row.values;
  const data = { userId, authenticationMethodId: row.id, kind, by: actorOf(caller) };
  if (deed === 'created') return [{ event: 'authenticationMethodAdded', data }];
  return deed === 'deleted' ? [{ event: 'authenticationMethodRemoved', data }] : [];
}

function signInEvents({ row: { id, values } }: Written): readonly IdentityEvent[] {
  const { userId, appId, isInteractive, status } = values;
  const errorCode = (status as Values | null)?.['errorCode'] ?? 0;
  const data = { signInId: id, userId, appId, isInteractive, errorCode };
  return [{ event: errorCode === 0 ? 'signInSucceeded' : 'signInFailed', data }];
}

/** What an entity is called as the subject of a change: the topmost one around it. */
function subjectOf({ type, row: { id, within } }: Written): { readonly type: EntityType; readonly id: string } {
  let [subject, place]: [{ type: EntityType; id: string }, typeof within] = [{ type, id }, within];
  while (place) [subject, place] = [place.parent, place.parent.within];
  return { type: subject.type, id: subject.id };
}

function configurationEvents(written: Written, caller: Caller): readonly IdentityEvent[] {
  // What the server keeps about an entity for itself is nobody's change; a webhook that fails would tell of that to itself.
  if (caller.kind === 'system' && !caller.onBehalfOf) return [];
  const { type, id } = subjectOf(written);
  const inside = written.row.within !== undefined;
  const change: Deed = inside ? 'updated' : written.deed;
  const changed = inside ? [] : publicNames(written).slice(0, mostNames);
  const data = { resource: { type: `#microsoft.graph.${type.name}`, id }, change, changed, by: actorOf(caller) };
  return [{ event: 'configurationChanged', data }];
}

const configuration: readonly EntityType[] = [
  entities.application,
  entities.authenticationEventListener,
  entities.authenticationEventsFlow,
  entities.authenticationEventsPolicy,
  entities.b2cAuthenticationMethodsPolicy,
  entities.builtInIdentityProvider,
  entities.customCalloutExtension,
  entities.identityApiConnector,
  entities.identityProviderBase,
  entities.identityUserFlow,
  entities.identityUserFlowAttribute,
  entities.openIdConnectIdentityProvider,
  entities.organization,
  entities.webhook,
];

const kinds: readonly Kind[] = [
  { type: entities.user, eventsOf: userEvents },
  { type: entities.authenticationMethod, eventsOf: methodEvents },
  { type: entities.signIn, eventsOf: signInEvents },
  ...configuration.map((type): Kind => ({ type, eventsOf: configurationEvents })),
];

/** What a write is told as. */
export function eventsOf(written: Written, caller: Caller): readonly IdentityEvent[] {
  const outermost = subjectOf(written).type;
  const kind = kinds.find(({ type }) => isA(outermost, type));
  return kind?.eventsOf(written, caller) ?? [];
}
