import { createChangeCache, type Directory, type Versioned } from '../../directory/index.ts';
import { type EntityType, entities, everyItem, fold, type Ref } from '../../model/index.ts';
import type { Conditions } from './conditions.ts';
import type { Contender, Destination } from './contender.ts';

const {
  authenticationEventListener,
  authenticationEventsFlow,
  authenticationListener,
  b2xIdentityUserFlow,
  onInteractiveAuthFlowStartListener,
} = entities;

export type Reader = Pick<Directory, 'find' | 'linked'>;

/** For which applications conditions of the second generation are. */
export function applicationsOf(conditions: Conditions | undefined): Contender['applications'] {
  const applications = conditions?.applications;
  if (applications?.includeAllApplications) return 'all';
  return (applications?.includeApplications ?? []).map(({ appId }) => fold(appId));
}

async function firstGeneration(directory: Reader): Promise<readonly Contender[]> {
  const found = await everyItem((query) => directory.find(query), { type: authenticationListener });
  const sources = found.map(({ type, entity: { id } }): Ref => ({ type, id }));
  const flows = await linkedByType(directory, sources, 'userFlow');
  return found.map(({ type, entity: { id, priority, sourceFilter } }) => {
    const flow = flows.get(id)?.[0]?.entity.id;
    return {
      id,
      type: type.name,
      displayName: null,
      generation: 'first',
      priority,
      applications: sourceFilter.includeApplications.map(fold),
      leadsTo: flow === undefined ? { kind: 'none' } : { kind: 'flow', id: flow },
      isOfOtherEvent: false,
    };
  });
}

/** What links of these entities lead to, by their ids. A navigation belongs to one concrete type; the others have none of it. */
export async function linkedByType(
  directory: Pick<Directory, 'linked'>,
  sources: readonly Ref[],
  navigation: string,
): Promise<ReadonlyMap<string, readonly Versioned<EntityType>[]>> {
  const all = new Map<string, readonly Versioned<EntityType>[]>();
  for (const type of new Set(sources.map((source) => source.type))) {
    if (!(navigation in type.navigations)) continue;
    const ofType = sources.filter((source) => source.type === type);
    for (const [at, targets] of (await directory.linked(ofType, navigation)).entries()) {
      const source = ofType[at];
      if (source) all.set(source.id, targets);
    }
  }
  return all;
}

/** Events flows bring conditions of their own; a listener for the start of a sign-in may lead to one as well. */
async function secondGeneration(directory: Reader): Promise<readonly Contender[]> {
  const [flows, listeners] = await Promise.all([
    everyItem((query) => directory.find(query), { type: authenticationEventsFlow }),
    everyItem((query) => directory.find(query), { type: authenticationEventListener }),
  ]);
  const known = new Map(flows.map(({ entity: { id } }) => [fold(id), id]));
  const destinationOf = (named: string | null): Destination => {
    if (named === null) return { kind: 'none' };
    const id = known.get(fold(named));
    return id === undefined ? { kind: 'gone', id: named } : { kind: 'flow', id };
  };
  const common = ({ type, entity }: (typeof flows)[number] | (typeof listeners)[number]) => ({
    id: entity.id,
    type: type.name,
    displayName: entity.displayName,
    generation: 'second' as const,
    priority: entity.priority,
    applications: applicationsOf(entity.conditions),
  });
  return [
    ...flows.map(
      (flow): Contender => ({
        ...common(flow),
        leadsTo: { kind: 'flow', id: flow.entity.id },
        isOfOtherEvent: false,
      }),
    ),
    ...listeners.map(
      (listener): Contender => ({
        ...common(listener),
        leadsTo: destinationOf(listener.entity.authenticationEventsFlowId),
        isOfOtherEvent: listener.type.name !== onInteractiveAuthFlowStartListener.name,
      }),
    ),
  ];
}

/** All there are in the tenant now. */
export async function readContenders(directory: Reader): Promise<readonly Contender[]> {
  return (await Promise.all([secondGeneration(directory), firstGeneration(directory)])).flat();
}

/** The same, kept until one of them, or a flow that one may lead to, changes. */
export function createContenders(directory: Directory): () => Promise<readonly Contender[]> {
  const cache = createChangeCache<readonly Contender[]>(directory, {
    types: [authenticationEventListener, authenticationEventsFlow, authenticationListener, b2xIdentityUserFlow],
    load: () => readContenders(directory),
    capacity: 1,
  });
  return async () => (await cache.get('all')) ?? [];
}
