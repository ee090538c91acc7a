import { type EntityOf, type EntityType, isA, type Ref } from '../model/index.ts';
import type { Behaviour, CheckContext, OperationCall, PrepareContext } from './behaviour.ts';

type Draft = Readonly<Record<string, unknown>>;

/** The behaviours that concern a type: those of its bases first, its own last. */
export interface Rules {
  prepares(type: EntityType): boolean;
  prepare(draft: Draft, context: PrepareContext): Promise<Draft>;
  relink(draft: Draft, context: PrepareContext): Promise<Readonly<Record<string, readonly string[]>>>;
  check(type: EntityType, next: EntityOf<EntityType>, context: CheckContext): Promise<void>;
  checkRemove(type: EntityType, current: EntityOf<EntityType>, context: Omit<CheckContext, 'verb'>): Promise<void>;
  removedWith(
    type: EntityType,
    current: EntityOf<EntityType>,
    context: Omit<CheckContext, 'verb'>,
  ): Promise<readonly Ref[]>;
  /** The behaviours that have built-in entities of the type, or of a type derived from it. */
  withBuiltIns(type: EntityType): readonly Behaviour[];
  /** What fills in the values of the type that follow from other entities. */
  derivation(type: EntityType): Behaviour['derive'];
  /** Whether it may have to do with one of these members; then it has to see the whole of the entities. */
  derives(type: EntityType, names: readonly string[]): boolean;
  /** What takes the place of a plain creation of the type. */
  creation(type: EntityType): Behaviour['create'];
  /** The operation of the most derived type that has one of this name. */
  operation(type: EntityType, name: string): ((call: OperationCall) => Promise<unknown>) | undefined;
}

export function createRules(behaviours: readonly Behaviour[]): Rules {
  const byType = new Map<string, readonly Behaviour[]>();
  const of = (type: EntityType): readonly Behaviour[] => {
    const known = byType.get(type.name) ?? concerning(behaviours, type);
    byType.set(type.name, known);
    return known;
  };
  const builtIns = new Map<string, readonly Behaviour[]>();
  return {
    withBuiltIns(type) {
      const known = builtIns.get(type.name) ?? withBuiltIns(behaviours, type);
      builtIns.set(type.name, known);
      return known;
    },
    prepares: (type) => of(type).some(({ prepare }) => prepare !== undefined),
    async prepare(draft, context) {
      let next: Draft = draft;
      // In order: a derived type's behaviour sees what its base's has made.
      for (const rule of of(context.type)) next = (await rule.prepare?.(next, context)) ?? next;
      return next;
    },
    async relink(draft, context) {
      const links: Record<string, readonly string[]> = {};
      for (const rule of of(context.type)) Object.assign(links, await rule.relink?.(draft, context));
      return links;
    },
    async check(type, next, context) {
      for (const rule of of(type)) {
        if (context.verb === 'create') await demandRoom(rule, context);
        await rule.check?.(next, context);
      }
    },
    async checkRemove(type, current, context) {
      for (const rule of of(type)) await rule.checkRemove?.(current, context);
    },
    async removedWith(type, current, context) {
      const refs: Ref[] = [];
      for (const rule of of(type)) refs.push(...((await rule.removedWith?.(current, context)) ?? []));
      return refs;
    },
    derivation: (type) => of(type).findLast(({ derive }) => derive)?.derive,
    derives(type, names) {
      const rule = of(type).findLast(({ derive }) => derive);
      if (!rule) return false;
      const { derived } = rule;
      if (!derived) return true;
      return names.some((name) => derived.includes(name) || (name !== 'id' && !Object.hasOwn(type.properties, name)));
    },
    creation: (type) => of(type).findLast(({ create }) => create)?.create,
    operation: (type, name) => of(type).findLast(({ operations }) => operations?.[name])?.operations?.[name],
  };
}

async function demandRoom({ type, atMost }: Behaviour, { reader, within }: CheckContext): Promise<void> {
  if (!atMost) return;
  const { count = 0 } = await reader.find({ type, ...(within ? { within: [within] } : {}), limit: 1, count: true });
  if (count >= atMost.maximum) throw atMost.full({ maximum: atMost.maximum });
}

const concerning = (behaviours: readonly Behaviour[], type: EntityType): readonly Behaviour[] =>
  behaviours.filter((rule) => isA(type, rule.type)).toSorted((a, b) => depth(a.type) - depth(b.type));

const withBuiltIns = (behaviours: readonly Behaviour[], type: EntityType): readonly Behaviour[] =>
  behaviours.filter((rule) => rule.builtIn && (isA(rule.type, type) || isA(type, rule.type)));

const depth = (type: EntityType): number => (type.base ? 1 + depth(type.base) : 0);
