import type { Directory } from '../../directory/index.ts';
import { bootstrapTenant } from '../../identity/index.ts';
import { Fault, isFault, isUuid, newId, suggestion, system } from '../../kernel/index.ts';
import type { Seeding } from '../../server.ts';
import type { Tenant, Tenants } from '../../store/index.ts';
import { isDomainName } from '../domain-name.ts';
import { faults } from '../faults.ts';
import { isObject, toCreation } from './creation.ts';
import { type Json, kinds } from './kinds.ts';

/** A seed and where it was read from, for messages. */
export interface Seed {
  /** A path, or "of this program". */
  readonly origin: string;
  readonly content: unknown;
}

/** What a seed may use of the running server. */
export type SeedAccess = Pick<Seeding, 'database' | 'directoryOf'>;

const caller = system('seed');
const members = ['tenant', 'tenants', ...Object.keys(kinds)];
const tenantMembers = ['id', 'displayName', 'domains'];

function demandMembers(item: Json, known: readonly string[], origin: string, place: string): void {
  for (const name of Object.keys(item)) {
    if (known.includes(name)) continue;
    throw faults.badSeed({
      origin,
      place: `${place}${name}`,
      reason: `there is no such member.${suggestion(name, known)}`,
    });
  }
}

/** The tenant as the seed describes it. Throws `cli.badSeed`. */
function parseTenant(value: unknown, origin: string, place: string): Omit<Tenant, 'created'> {
  const wrong = (member: string, reason: string) => faults.badSeed({ origin, place: `${place}${member}`, reason });
  if (!isObject(value)) throw wrong('', 'an object is expected');
  demandMembers(value, tenantMembers, origin, `${place}.`);
  const { id = newId(), domains, displayName } = value;
  if (typeof id !== 'string' || !isUuid(id)) throw wrong('.id', 'a UUID is expected');
  const names = Array.isArray(domains) ? domains.map((name) => String(name).toLowerCase()) : [];
  const [first] = names;
  if (first === undefined || !names.every(isDomainName)) {
    throw wrong('.domains', 'a list of domain names is expected');
  }
  if (displayName !== undefined && typeof displayName !== 'string') throw wrong('.displayName', 'a text is expected');
  return { id: id.toLowerCase(), domains: names, displayName: displayName ?? first };
}

async function ensureTenant(tenants: Tenants, wanted: Omit<Tenant, 'created'>): Promise<Tenant> {
  const find = async () => (await tenants.find(wanted.id)) ?? (await tenants.find(wanted.domains[0] ?? ''));
  const known = await find();
  if (known) return known;
  try {
    return await tenants.create(wanted);
  } catch (cause) {
    // Another server that started on the same database was faster.
    const made = isFault(cause, 'store.exists') ? await find() : undefined;
    if (!made) throw cause;
    return made;
  }
}

/** The one the rest of the seed belongs to: named by it, or the only one there is. */
async function tenantFor(content: Json, origin: string, { database }: SeedAccess): Promise<Tenant> {
  if (content['tenant'] !== undefined) {
    return ensureTenant(database.tenants, parseTenant(content['tenant'], origin, 'tenant'));
  }
  const [first, second] = await database.tenants.list();
  if (first && !second) return first;
  throw faults.badSeed({ origin, place: 'tenant', reason: 'the seed must name the tenant it is for' });
}

async function create(
  directory: Directory,
  member: string,
  item: unknown,
  index: number,
  origin: string,
): Promise<void> {
  const kind = kinds[member];
  const spot = { origin, place: `${member}[${index}]` };
  if (!kind || !isObject(item)) throw faults.badSeed({ ...spot, reason: 'an object is expected' });
  if (!kind.known.some((name) => item[name] !== undefined)) {
    throw faults.badSeed({ ...spot, reason: `one of ${kind.known.join(', ')} is needed to know it again` });
  }
  if (await kind.exists(directory, item)) return;
  const { type, draft, options } = await toCreation(directory, kind.type, item, spot);
  try {
    await directory.create(caller, type, draft, options);
  } catch (cause) {
    // Another server that started on the same database was faster.
    if (await kind.exists(directory, item)) return;
    if (cause instanceof Fault && cause.status < 500) throw faults.badSeed({ ...spot, reason: cause.message }, cause);
    throw cause;
  }
}

const listIn = (content: Json, member: string, origin: string): readonly unknown[] => {
  const items = content[member] ?? [];
  if (!Array.isArray(items)) throw faults.badSeed({ origin, place: member, reason: 'a list is expected' });
  return items;
};

/**
 * Creates what the seed describes and the tenant lacks, through the directory and under its rules. What exists is left as
 * it is, so applying a seed again writes nothing and reverts nobody's change. Throws `cli.badSeed` with file and place.
 */
export async function applySeed({ origin, content }: Seed, access: SeedAccess): Promise<void> {
  if (!isObject(content)) throw faults.badSeed({ origin, place: '', reason: 'an object is expected' });
  demandMembers(content, members, origin, '');
  for (const [index, value] of listIn(content, 'tenants', origin).entries()) {
    const { id } = await ensureTenant(access.database.tenants, parseTenant(value, origin, `tenants[${index}]`));
    await bootstrapTenant(await access.directoryOf(id));
  }
  const lists = Object.keys(kinds).filter((member) => content[member] !== undefined);
  if (content['tenant'] === undefined && lists.length === 0) return;
  const { id } = await tenantFor(content, origin, access);
  const directory = await access.directoryOf(id);
  await bootstrapTenant(directory);
  for (const member of lists) {
    for (const [index, item] of listIn(content, member, origin).entries()) {
      await create(directory, member, item, index, origin);
    }
  }
}
