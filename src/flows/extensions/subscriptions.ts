import { createChangeCache, type Directory, type Versioned } from '../../directory/index.ts';
import { type EntityOf, type EntityType, entities, everyItem, fold } from '../../model/index.ts';
import { type Contender, includes } from '../events/contender.ts';
import { applicationsOf, linkedByType, type Reader } from '../events/contenders.ts';
import type { ExtensionEvent } from './event.ts';

type Extension = EntityOf<typeof entities.customAuthenticationExtension>;

/** An extension that is called on an event, and for whom. Plain data. */
export interface Subscription {
  readonly event: ExtensionEvent;
  /** Id of the listener, or of the events flow whose handler it is. */
  readonly listenerId: string;
  readonly priority: number;
  readonly applications: Contender['applications'];
  /** Absent: whichever flow the application is in. */
  readonly flowId?: string;
  /** Undefined: the handler names none. */
  readonly extension: Extension | undefined;
  /** For each try. */
  readonly timeoutMilliseconds: number;
  /** Further tries after the first. */
  readonly maximumRetries: number;
  /** The property that says whose password is still elsewhere; of `passwordSubmit` alone. */
  readonly migrationPropertyId?: string;
}

/** Who is in which flow. */
export interface Whereabouts {
  readonly appId: string;
  readonly flowId: string;
}

/** Which extensions are called for whom. */
export interface Subscriptions {
  /** The one that is called on an event; undefined: nobody listens. */
  at(event: ExtensionEvent, where: Whereabouts): Promise<Subscription | undefined>;
}

/** Graph contract a.9; one retry is what the service does by itself. */
const standard = { timeoutMilliseconds: 1000, maximumRetries: 1 } as const;

const { authenticationEventListener, customAuthenticationExtension, externalUsersSelfServiceSignUpEventsFlow } =
  entities;

const listenerEvents: Readonly<Record<string, ExtensionEvent>> = {
  [entities.onAttributeCollectionStartListener.name]: 'attributeCollectionStart',
  [entities.onAttributeCollectionSubmitListener.name]: 'attributeCollectionSubmit',
  [entities.onTokenIssuanceStartListener.name]: 'tokenIssuanceStart',
  [entities.onEmailOtpSendListener.name]: 'emailOtpSend',
  [entities.onPasswordSubmitListener.name]: 'passwordSubmit',
};

/** What every handler that calls an extension has. */
interface Handler {
  readonly configuration: {
    readonly clientConfiguration: Extension['clientConfiguration'];
  } | null;
  readonly migrationPropertyId?: string;
}

/** What the handler says counts more than what the extension says, member by member. */
function limitsOf({ configuration }: Handler, extension: Extension | undefined) {
  const own = configuration?.clientConfiguration;
  const usual = extension?.clientConfiguration;
  return {
    timeoutMilliseconds: own?.timeoutInMilliseconds ?? usual?.timeoutInMilliseconds ?? standard.timeoutMilliseconds,
    maximumRetries: own?.maximumRetries ?? usual?.maximumRetries ?? standard.maximumRetries,
  };
}

type Holder = Versioned<EntityType>;

/** The extensions that handlers of these entities lead to, by the id of the entity. */
async function extensionsOf(directory: Reader, holders: readonly Holder[], navigation: string) {
  const sources = holders.map(({ type, entity: { id } }) => ({ type, id }));
  const linked = await linkedByType(directory, sources, navigation);
  return new Map([...linked].flatMap(([id, [target]]) => (target ? [[id, target.entity as Extension] as const] : [])));
}

async function fromListeners(directory: Reader): Promise<readonly Subscription[]> {
  const found = await everyItem((query) => directory.find(query), { type: authenticationEventListener });
  const listeners = found.filter(({ type }) => Object.hasOwn(listenerEvents, type.name));
  const extensions = await extensionsOf(directory, listeners, 'handler/customExtension');
  return listeners.flatMap(({ type, entity }): readonly Subscription[] => {
    const event = listenerEvents[type.name];
    const { handler } = entity as unknown as { readonly handler: Handler };
    const extension = extensions.get(entity.id);
    const { migrationPropertyId } = handler;
    if (!event) return [];
    const subscription = {
      event,
      listenerId: entity.id,
      priority: entity.priority,
      applications: applicationsOf(entity.conditions),
      extension,
      ...limitsOf(handler, extension),
      ...(migrationPropertyId === undefined ? {} : { migrationPropertyId }),
    };
    const { authenticationEventsFlowId: flowId } = entity;
    // A listener of a flow is there for whoever is in the flow.
    return flowId === null ? [subscription] : [subscription, { ...subscription, applications: 'all', flowId }];
  });
}

const flowHandlers = [
  ['onAttributeCollectionStart', 'attributeCollectionStart'],
  ['onAttributeCollectionSubmit', 'attributeCollectionSubmit'],
] as const;

async function fromFlows(directory: Reader): Promise<readonly Subscription[]> {
  const flows = await everyItem((query) => directory.find(query), { type: externalUsersSelfServiceSignUpEventsFlow });
  const each = flowHandlers.map(async ([member, event]) => {
    const handled = flows.filter(({ entity }) => entity[member] !== null);
    const extensions = await extensionsOf(directory, handled, `${member}/customExtension`);
    return handled.map(({ entity }): Subscription => {
      const extension = extensions.get(entity.id);
      const handler = entity[member] as unknown as Handler;
      return {
        event,
        listenerId: entity.id,
        priority: entity.priority,
        applications: 'all',
        flowId: entity.id,
        extension,
        ...limitsOf(handler, extension),
      };
    });
  });
  return (await Promise.all(each)).flat();
}

/** A flow's own handler goes before listeners for its application; among those the highest priority counts (Graph contract e row 74). */
function firstFor(
  event: ExtensionEvent,
  { appId, flowId }: Whereabouts,
  all: readonly Subscription[],
): Subscription | undefined {
  const fitting = all.filter(
    (one) =>
      one.event === event && includes(one, appId) && (one.flowId === undefined || fold(one.flowId) === fold(flowId)),
  );
  const closeness = ({ flowId: of }: Subscription): number => (of === undefined ? 0 : 1);
  const [first] = fitting.sort(
    (a, b) => closeness(b) - closeness(a) || b.priority - a.priority || (a.listenerId < b.listenerId ? -1 : 1),
  );
  return first;
}

/** Kept until a listener, a flow or an extension changes. */
export function createSubscriptions(directory: Directory): Subscriptions {
  const cache = createChangeCache<readonly Subscription[]>(directory, {
    types: [authenticationEventListener, externalUsersSelfServiceSignUpEventsFlow, customAuthenticationExtension],
    load: async () => (await Promise.all([fromListeners(directory), fromFlows(directory)])).flat(),
    capacity: 1,
  });
  return { at: async (event, where) => firstFor(event, where, (await cache.get('all')) ?? []) };
}
