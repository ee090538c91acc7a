import type { EpochSeconds } from '../kernel/index.ts';
import { lifetimes } from './lifetimes.ts';

/** What there is to know of a key to say what it is for at a moment. */
export interface KeyTimes {
  readonly id: string;
  /** Of each key of a tenant one more than of the one before it. */
  readonly generation: number;
  /** Signs from then on. */
  readonly active: EpochSeconds;
  /** From then on what it has signed is worth nothing. */
  readonly withdrawn: EpochSeconds | undefined;
  /** It never signs again, though what it has signed is good. */
  readonly isStopped: boolean;
}

/**
 * `next`: published, and will sign. `signing`. `published`: tokens that it has signed are in use. `kept`: no token of it is good any more; ID
 * tokens still say who signs out (`id_token_hint`). `withdrawn`: nothing it has signed is believed. `over`: nobody needs it.
 */
export type KeyState = 'next' | 'signing' | 'published' | 'kept' | 'withdrawn' | 'over';

/**
 * Seconds from publishing a key to signing with it: as long as the slowest client keeps its copy of the key set. Most libraries read the set
 * again when they meet an unknown key, or within 10 minutes to 12 hours; those that do neither keep it for a day.
 */
export const publishedBefore = 86_400;

/** Seconds. Every server knows a change after one, so that even one that cannot wait is known before it counts. */
export const knownEverywhere = 5;

/** Seconds by which the clocks of servers and applications may differ, and more. */
const clockMargin = 3_600;
/** From the last token a key has signed: for as long one of them can be good. */
const publishedAfter = lifetimes.longestToken + clockMargin;
/** From the last token a key has signed: for as long an ID token can belong to a session. */
const keptAfter = lifetimes.longestKeptSession + clockMargin;

export interface Timeline<K extends KeyTimes> {
  /** In the order in which the keys sign. */
  readonly states: ReadonlyMap<K, KeyState>;
  /** Undefined: there is none that may. */
  readonly signing: K | undefined;
  /** When one of the states changes next; infinite: never by itself. */
  readonly until: EpochSeconds;
}

/** The moments at which a key comes to the next state of its life. */
interface Life {
  readonly active: EpochSeconds;
  /** When the key after it began, or will. */
  readonly replaced: EpochSeconds;
  readonly unpublished: EpochSeconds;
  readonly over: EpochSeconds;
}

const byActivation = (a: KeyTimes, b: KeyTimes): number =>
  a.active - b.active || a.generation - b.generation || a.id.localeCompare(b.id);

function lifeOf({ active, withdrawn }: KeyTimes, after: KeyTimes | undefined): Life {
  const replaced = after?.active ?? Number.POSITIVE_INFINITY;
  return withdrawn === undefined
    ? { active, replaced, unpublished: replaced + publishedAfter, over: replaced + keptAfter }
    : { active, replaced, unpublished: withdrawn, over: withdrawn + keptAfter };
}

function stateOf(key: KeyTimes, life: Life, now: EpochSeconds): KeyState {
  if (now >= life.over) return 'over';
  if (now >= life.unpublished) return key.withdrawn === undefined ? 'kept' : 'withdrawn';
  if (now >= life.replaced || key.isStopped) return 'published';
  return now >= life.active ? 'signing' : 'next';
}

/** What each key is for at a moment. The clock alone decides, so servers need not agree on anything else. */
export function timelineOf<K extends KeyTimes>(keys: readonly K[], now: EpochSeconds): Timeline<K> {
  const sorted = [...keys].sort(byActivation);
  const states = new Map<K, KeyState>();
  const moments: EpochSeconds[] = [];
  for (const [at, key] of sorted.entries()) {
    // What was withdrawn before it began replaces none.
    const after = sorted
      .slice(at + 1)
      .find(({ active, withdrawn }) => active < (withdrawn ?? Number.POSITIVE_INFINITY));
    const life = lifeOf(key, after);
    states.set(key, stateOf(key, life, now));
    moments.push(...Object.values(life));
  }
  const signing = sorted.find((key) => states.get(key) === 'signing');
  return { states, signing, until: Math.min(...moments.filter((moment) => moment > now), Number.POSITIVE_INFINITY) };
}
