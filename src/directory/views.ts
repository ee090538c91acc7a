import type { Caller } from '../kernel/index.ts';
import {
  derivedFrom,
  type EntityOf,
  type EntityType,
  everyPage,
  familyOf,
  fold,
  isA,
  type Page,
  type Query,
  type Ref,
  type View,
  validate,
} from '../model/index.ts';
import type { CreateOptions, Directory, UpdateOptions, Versioned } from './directory.ts';
import { faults } from './faults.ts';
import { pageOf } from './merged-reader.ts';
import { isTrusted } from './room.ts';

type Values = Readonly<Record<string, unknown>>;
type ViewType = EntityType & { readonly view: View };

/**
 * Adds the views to a directory: types under which entities of another type are read and written by other names. A collection of a view is
 * read whole, so views are for small collections.
 */
export function withViews<D extends Directory>(plain: D): D {
  const one = async <E extends EntityType>(ref: Ref<E>): Promise<Seen<E>> => {
    const real = kept(ref);
    const found = await plain.get(real);
    const shown = found && toView(ref.type, found);
    if (!found || !shown) throw faults.notFound({ id: ref.id });
    return { ref: { ...real, type: found.type }, shown };
  };
  const seenAgain = async <E extends EntityType>(ref: Ref<E>): Promise<Versioned<E>> => (await one(ref)).shown;
  return {
    ...plain,
    async get<E extends EntityType>(ref: Ref<E>, only?: readonly string[]) {
      if (!isView(ref.type)) return plain.get(ref, only);
      const found = await plain.get(kept(ref));
      return found && toView(ref.type, found);
    },
    find: async <E extends EntityType>(query: Query<E>) =>
      isView(query.type) ? findIn(plain, query) : plain.find(query),
    reveal: async (ref: Ref) => plain.reveal(isView(ref.type) ? (await one(ref)).ref : ref),
    async create<E extends EntityType>(caller: Caller, type: E, draft: Values, options: CreateOptions = {}) {
      if (!isView(type)) return plain.create(caller, type, draft, options);
      const values = toKept(type, validate(type, draft, 'create', { trusted: isTrusted(caller) }));
      const { entity } = await plain.create(caller, type.view.of(), values, options);
      return seenAgain({ type, id: entity.id });
    },
    async update<E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      patch: Values,
      ifMatch?: string,
      options: UpdateOptions = {},
    ) {
      if (!isView(ref.type)) return plain.update(caller, ref, patch, ifMatch, options);
      const { ref: real, shown } = await one(ref);
      const values = validate(shown.type, patch, 'update', { trusted: isTrusted(caller) });
      await plain.update(caller, real, isView(shown.type) ? toKept(shown.type, values) : values, ifMatch, options);
      return seenAgain(ref);
    },
    remove: async (caller: Caller, ref: Ref, ifMatch?: string) =>
      plain.remove(caller, isView(ref.type) ? (await one(ref)).ref : ref, ifMatch),
  };
}

interface Seen<E extends EntityType> {
  /** Where it is kept. */
  readonly ref: Ref;
  readonly shown: Versioned<E>;
}

const isView = <E extends EntityType>(type: E): type is E & ViewType => type.view !== undefined;

/** Where an entity of the view is kept, whichever derived view it belongs to. */
const kept = ({ type, ...rest }: Ref): Ref => ({ ...rest, type: type.view ? familyOf(type.view.of()) : type });

/** Undefined when the entity is of a type that the view does not show. */
function toView<E extends EntityType>(asked: E, { type: real, etag, entity }: Versioned<EntityType>) {
  const type = [...derivedFrom(asked), asked].filter(isView).find(({ view }) => isA(real, view.of()));
  if (!type) return undefined;
  const { names, fixed = {} } = type.view;
  const values: Values = entity;
  const shown = Object.keys(type.properties).map((name) => [name, fixed[name] ?? values[names[name] ?? name]]);
  const versioned: Versioned<E> = {
    etag,
    type,
    entity: { id: entity.id, ...Object.fromEntries(shown) } as EntityOf<E>,
  };
  return versioned;
}

/** Throws `directory.fixedValue`. */
function toKept({ name: type, view: { names, fixed = {} } }: ViewType, values: Values): Values {
  const real: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const only = fixed[name];
    if (only === undefined) real[names[name] ?? name] = value;
    else if (typeof value !== 'string' || fold(value) !== fold(only)) {
      throw faults.fixedValue({ name, type, value: only, target: name });
    }
  }
  return real;
}

async function findIn<E extends EntityType>(plain: Directory, query: Query<E>): Promise<Page<Versioned<E>>> {
  const found = new Map<string, Versioned<E>>();
  const { type: real } = kept({ type: query.type, id: '' });
  for await (const items of everyPage((one) => plain.find(one), { type: real })) {
    for (const item of items) {
      const shown = toView(query.type, item);
      if (shown) found.set(shown.entity.id, shown);
    }
  }
  const rows = [...found.values()].map(({ type, etag, entity }) => ({
    id: entity.id,
    type: type.name,
    etag,
    values: entity as Values,
  }));
  const page = pageOf(rows, query);
  return { ...page, items: page.items.flatMap(({ id }) => found.get(id) ?? []) };
}
