import type { Caller } from '../kernel/index.ts';
import { derivedFrom, type EntityType, type Page, type Query, type Ref } from '../model/index.ts';
import type { DeriveContext } from './behaviour.ts';
import type { CreateOptions, Directory, Narrowing, UpdateOptions, Versioned } from './directory.ts';
import type { Rules } from './rules.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Fills in, wherever a directory shows an entity, the properties whose values follow from other entities (`Behaviour.derive`). Once a read
 * and type; types without such properties cost nothing.
 */
export function withDerived<D extends Directory>(plain: D, rules: Rules, context: DeriveContext): D {
  const fill = async <E extends EntityType>(found: readonly Versioned<E>[]): Promise<readonly Versioned<E>[]> => {
    const full = [...found];
    const types = new Map(found.map(({ type }) => [type.name, type]));
    for (const type of types.values()) {
      const derive = rules.derivation(type);
      if (!derive) continue;
      const places = found.flatMap((one, index) => (one.type.name === type.name ? [{ one, index }] : []));
      const values = await derive(
        places.map(({ one }) => one),
        context,
      );
      for (const [nth, { one, index }] of places.entries()) {
        full[index] = { ...one, entity: { ...one.entity, ...values[nth] } };
      }
    }
    return full;
  };
  const derives = (type: EntityType, only: readonly string[]): boolean =>
    [type, ...derivedFrom(type)].some((one) => rules.derives(one, only));
  const fillOne = async <T extends Versioned<EntityType>>(found: T): Promise<T> => {
    if (!rules.derivation(found.type)) return found;
    const [full] = await fill([found]);
    return full ? { ...found, entity: full.entity } : found;
  };
  return {
    ...plain,
    async get<E extends EntityType>(ref: Ref<E>, only?: readonly string[]) {
      if (only && !derives(ref.type, only)) return plain.get(ref, only);
      const found = await plain.get(ref);
      return found && fillOne(found);
    },
    async find<E extends EntityType>(query: Query<E>): Promise<Page<Versioned<E>>> {
      const { only, ...whole } = query;
      if (only && !derives(query.type, only)) return plain.find(query);
      const page = await plain.find(whole);
      return { ...page, items: await fill(page.items) };
    },
    async linked(sources: readonly Ref[], navigation: string, narrowing?: Narrowing) {
      const found = await plain.linked(sources, navigation, narrowing);
      const types = new Set(found.flatMap((targets) => targets.map(({ type }) => type)));
      if (![...types].some((type) => rules.derivation(type))) return found;
      const distinct = [...new Set(found.flat())];
      const full = await fill(distinct);
      const filled = new Map(distinct.map((one, at) => [one, full[at] ?? one]));
      return found.map((targets) => targets.map((one) => filled.get(one) ?? one));
    },
    create: async <E extends EntityType>(caller: Caller, type: E, draft: Values, options: CreateOptions = {}) =>
      fillOne(await plain.create(caller, type, draft, options)),
    update: async <E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      patch: Values,
      ifMatch?: string,
      options: UpdateOptions = {},
    ) => fillOne(await plain.update(caller, ref, patch, ifMatch, options)),
    put: async <E extends EntityType>(
      caller: Caller,
      ref: Ref<E>,
      draft: Values,
      ifMatch?: string,
      options: UpdateOptions = {},
    ) => fillOne(await plain.put(caller, ref, draft, ifMatch, options)),
  };
}
