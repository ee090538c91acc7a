import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, type EpochSeconds, system } from '../kernel/index.ts';
import {
  createKey,
  listKeys,
  type NewKey,
  removeKey,
  type SigningAlgorithm,
  type StoredKey,
  withdrawKey,
} from './keys-stored.ts';
import { type KeyState, knownEverywhere, publishedBefore, timelineOf } from './keys-timeline.ts';

/** What a tenant has chosen about its keys (`usher.tenantSettings`). */
export interface KeySettings {
  readonly signingAlgorithm: SigningAlgorithm;
  /** Days a key signs for; null: until it is rotated. */
  readonly keyRotationDays: number | null;
}

export interface KeyServices {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly settings: () => Promise<KeySettings>;
}

const daySeconds = 86_400;

const newestOf = (keys: readonly StoredKey[]): number => Math.max(0, ...keys.map(({ generation }) => generation));

/** The key that signs last of those that are there: the one after it is made by looking at it. */
const lastOf = (keys: readonly StoredKey[]): StoredKey | undefined =>
  keys
    .filter(({ isStopped, withdrawn }) => !isStopped && withdrawn === undefined)
    .sort((a, b) => a.active - b.active)
    .at(-1);

/** When the next key has to be published. Infinite: not before somebody asks for it. */
export function dueAt(keys: readonly StoredKey[], { signingAlgorithm, keyRotationDays }: KeySettings): EpochSeconds {
  const last = lastOf(keys);
  if (!last || last.algorithm !== signingAlgorithm) return 0;
  if (keyRotationDays === null) return Number.POSITIVE_INFINITY;
  return last.active + keyRotationDays * daySeconds - publishedBefore;
}

/** The key that is missing at a moment: the first one, or the next one in time to be known before it signs. */
function missing(keys: readonly StoredKey[], settings: KeySettings, now: EpochSeconds): NewKey | undefined {
  const order = { algorithm: settings.signingAlgorithm, generation: newestOf(keys) + 1 };
  if (!timelineOf(keys, now).signing) return { ...order, active: now };
  return dueAt(keys, settings) <= now ? { ...order, active: now + publishedBefore } : undefined;
}

/** Makes the key that is missing, and removes those that nobody needs; of all processes that do so at once one makes it. */
export async function tendKeys({ directory, clock, settings }: KeyServices): Promise<readonly StoredKey[]> {
  const keys = await listKeys(directory);
  const now = clock.now();
  const order = missing(keys, await settings(), now);
  const { states } = timelineOf(keys, now);
  // Other secrets are made of the oldest one.
  const over = keys.slice(1).filter((key) => states.get(key) === 'over');
  if (!order && over.length === 0) return keys;
  const by = system('keys that sign tokens');
  if (order) await createKey(directory, clock, by, order);
  for (const { id } of over) await removeKey(directory, by, id);
  return listKeys(directory);
}

export interface Rotated {
  /** The id of the new key. */
  readonly id: string;
  /** When it begins to sign. */
  readonly active: EpochSeconds;
}

/**
 * Publishes a new key, which signs when everybody can know it. `leaked`: as soon as every server does, and from then on nothing is believed
 * that another key has signed. Undefined: another process was faster.
 */
export async function rotateKeys(
  { directory, clock, settings }: KeyServices,
  by: Caller,
  { leaked }: { readonly leaked: boolean },
): Promise<Rotated | undefined> {
  const keys = await listKeys(directory);
  const active = clock.now() + (leaked ? knownEverywhere : publishedBefore);
  const { signingAlgorithm: algorithm } = await settings();
  const id = await createKey(directory, clock, by, { algorithm, generation: newestOf(keys) + 1, active });
  if (id === undefined) return undefined;
  const standing = leaked ? keys.filter(({ withdrawn }) => withdrawn === undefined) : [];
  for (const key of standing) await withdrawKey(directory, by, key.id, active);
  return { id, active };
}

/** One line of `usher keys list`. */
export interface KeyReport {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly state: KeyState;
  readonly created: EpochSeconds;
  readonly active: EpochSeconds;
}

/** Every key of a tenant and what it is for now, in the order in which they sign. */
export async function reportKeys({ directory, clock }: Omit<KeyServices, 'settings'>): Promise<readonly KeyReport[]> {
  const { states } = timelineOf(await listKeys(directory), clock.now());
  return [...states].map(([{ id, algorithm, created, active }, state]) => ({ id, algorithm, created, active, state }));
}
