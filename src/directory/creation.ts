import { type Caller, newId } from '../kernel/index.ts';
import {
  complete,
  demandId,
  type EntityOf,
  type EntityType,
  isA,
  type Place,
  type Ref,
  validate,
} from '../model/index.ts';
import { type Row, type StoreTransaction, storeFaults } from '../store/index.ts';
import type { CreateOptions } from './directory.ts';
import { faults } from './faults.ts';
import { idsByNavigation, type PlannedLink, planLinks, setLinks } from './links.ts';
import { type NamedNavigation, navigationOf } from './navigation.ts';
import { concreteType, entityOf } from './present.ts';
import { isTrusted, type Room } from './room.ts';
import { dropMasks, dropWriteOnly, sealSecrets } from './secrets.ts';
import { storeAround } from './storing.ts';

type Values = Readonly<Record<string, unknown>>;

/** Entities and links in one create. */
const maxParts = 1000;

/** One entity ready to be inserted, with all that comes with it. */
export interface Planned {
  readonly ref: Ref;
  /** Complete, secrets sealed. */
  readonly values: Values;
  /** What the rules check: complete, secrets masked. */
  readonly next: EntityOf<EntityType>;
  /** Names of the properties the draft has given. */
  readonly named: readonly string[];
  readonly links: readonly PlannedLink[];
  readonly contained: readonly Planned[];
}

/**
 * Everything that happens before the transaction: validation, preparation, sealing; outermost entity first. `at` is the id
 * where the address says it.
 */
export async function planCreation(
  room: Room,
  caller: Caller,
  type: EntityType,
  draft: Values,
  options: CreateOptions,
  at?: string,
): Promise<Planned> {
  if (countParts(options) > maxParts) throw faults.tooManyParts({ limit: maxParts });
  const within = options.within && (await placeOf(room, type, options.within));
  return plan(room, caller, type, draft, options, within, at);
}

async function plan(
  room: Room,
  caller: Caller,
  type: EntityType,
  draft: Values,
  options: Omit<CreateOptions, 'within'>,
  within: Place | undefined,
  at?: string,
): Promise<Planned> {
  const given =
    at === undefined ? validate(type, draft, 'create', { trusted: isTrusted(caller) }) : { ...draft, id: at };
  const valid = dropMasks(type, given, 'create');
  const links = planLinks(type, options.links ?? {});
  const prepared = await room.rules.prepare(valid, {
    caller,
    clock: room.clock,
    tenant: room.tenant,
    verb: 'create',
    type,
    links: idsByNavigation(links),
    reader: room.reader,
    ...(within ? { within } : {}),
  });
  const { id: chosen = newId(), ...rest } = prepared;
  const id = demandId(type, chosen);
  const values = complete(type, dropWriteOnly(type, rest));
  const ref: Ref = { type, id, ...(within ? { within } : {}) };
  return {
    ref,
    values: sealSecrets(room.box, room.tenant.id, type, id, values),
    next: entityOf(type, id, values),
    named: Object.keys(valid).filter((name) => name !== 'id'),
    links,
    contained: await planContained(room, caller, ref, options.contained ?? {}),
  };
}

async function planContained(
  room: Room,
  caller: Caller,
  parent: Ref,
  contained: NonNullable<CreateOptions['contained']>,
): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const [name, items] of Object.entries(contained)) {
    const navigation = navigationOf(parent.type, name, 'contains');
    for (const { draft, type = navigation.target(), ...options } of items) {
      demandFit(navigation, type);
      planned.push(await plan(room, caller, type, draft, options, { parent, navigation: navigation.name }));
    }
  }
  return planned;
}

/** In one transaction: check, insert, link, then the same for what is contained. Throws `store.exists`. */
export function createPlanned(room: Room, caller: Caller, planned: Planned): Promise<Row> {
  return room.write(caller, async (transaction, note) => {
    const { ref, named, links, contained } = planned;
    if (await room.builtIns.get(ref, transaction)) throw storeFaults.exists({ property: 'id' });
    await storeAround(room, caller, transaction, ref.within);
    const row = await insertPlanned(room, caller, transaction, planned);
    const navigations = [
      ...links.map(({ navigation }) => navigation.name),
      ...contained.flatMap(({ ref: { within } }) => (within ? [within.navigation] : [])),
    ];
    await note({ deed: 'created', type: ref.type, row, properties: [...new Set([...named, ...navigations])] });
    return row;
  });
}

/** What is contained in a new entity takes the place of a built-in one of its id. */
async function insertPlanned(
  room: Room,
  caller: Caller,
  transaction: StoreTransaction,
  { ref, values, next, links, contained }: Planned,
): Promise<Row> {
  const { within } = ref;
  const reader = room.merged(transaction);
  const context = { caller, tenant: room.tenant, verb: 'create', reader } as const;
  await room.rules.check(ref.type, next, { ...context, ...(within ? { within } : {}) });
  const row = await transaction.insert({ ref, values }, caller);
  await setLinks(room, caller, transaction, ref, links);
  for (const one of contained) await insertPlanned(room, caller, transaction, one);
  return row;
}

/** The place with the parent's type and id as stored. Throws `directory.notFound` and `directory.wrongPlace`. */
async function placeOf(room: Room, type: EntityType, { parent, navigation: name }: Place): Promise<Place> {
  const row = await room.reader.get(parent);
  if (!row) throw faults.notFound({ id: parent.id });
  const parentType = concreteType(parent.type, row.type);
  const navigation = navigationOf(parentType, name, 'contains');
  demandFit(navigation, type);
  const stored: Ref = { type: parentType, id: row.id, ...(row.within ? { within: row.within } : {}) };
  return { parent: stored, navigation: navigation.name };
}

function demandFit(navigation: NamedNavigation, type: EntityType): void {
  const expected = navigation.target();
  if (isA(type, expected)) return;
  throw faults.wrongPlace({ navigation: navigation.name, expected: expected.name, type: type.name });
}

function countParts({ links = {}, contained = {} }: Omit<CreateOptions, 'within'>): number {
  const linked = Object.values(links).reduce((sum, ids) => sum + ids.length, 0);
  const inside = Object.values(contained).flat();
  return inside.reduce((sum, item) => sum + countParts(item), 1 + linked);
}
