import { createLru, type EpochSeconds } from '../kernel/index.ts';
import { isMembers, type Members, parse } from './oauth2-answer.ts';
import type { FederationServices } from './services.ts';

/** What a provider publishes about itself: its metadata, its keys. */
export interface Documents {
  /**
   * A JSON object at an address. `isAnew`: asked for whatever is kept, unless that was done often a moment ago. `undefined`, told to `observe`: it cannot be had, and there is no copy
   * that is young enough.
   */
  read(url: string, options?: { readonly isAnew: boolean }): Promise<Members | undefined>;
}

interface Kept {
  readonly members: Members | undefined;
  /** When it was last had. */
  readonly confirmed: EpochSeconds;
  readonly freshUntil: EpochSeconds;
}

/** Somebody waits for the page. The largest documents are key sets with certificates. */
const limits = { milliseconds: 5_000, bytes: 256 * 1024 } as const;

/**
 * Seconds that a copy is used without asking: `least` also without a word of the server, `most` so that a key that was withdrawn counts for
 * nothing soon.
 */
const freshFor = { least: 300, most: 3_600 } as const;
/** Seconds that a copy is used while its server cannot be had, counted from when it last could. */
const staleFor = 86_400;
/** Seconds until a server that could not be had is asked again. */
const retryAfter = 10;

/** RFC 9111 §5.2.2.1. */
function freshSeconds(cacheControl = ''): number {
  const seconds = Number(/\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1] ?? 0);
  return Math.min(freshFor.most, Math.max(freshFor.least, seconds));
}

/** Copies asked for anew in that time: whoever may hand in tokens could else have a provider asked for its keys as often as they like. */
const mostAnew = 5;

/** A provider has two; one that moves them must not fill the memory. */
const copies = 4;

/** The documents of one provider. Requests at one moment share one call. */
export function createDocuments({
  outside,
  clock,
  observe,
}: Pick<FederationServices, 'outside' | 'clock' | 'observe'>): Documents {
  const kept = createLru<Kept>(copies);
  let anew = { since: 0, count: 0 };
  const underWay = new Map<string, Promise<Members | undefined>>();

  async function ask(url: string): Promise<Members | undefined> {
    const old = kept.get(url);
    const answer = await outside.send({ target: 'document', method: 'GET', url, ...limits });
    const now = clock.now();
    const value = answer.kind === 'answered' && answer.status === 200 ? parse(answer.body) : undefined;
    if (answer.kind === 'answered' && isMembers(value)) {
      kept.set(url, { members: value, confirmed: now, freshUntil: now + freshSeconds(answer.cacheControl) });
      return value;
    }
    const reason = answer.kind === 'failed' ? answer.reason : `status ${answer.status} or no JSON object`;
    const { host, pathname } = new URL(url);
    const message = `What an identity provider publishes at ${host}${pathname} could not be read: ${reason}.`;
    observe({ kind: 'warning', message });
    const members = old && now < old.confirmed + staleFor ? old.members : undefined;
    kept.set(url, { members, confirmed: old?.confirmed ?? 0, freshUntil: now + retryAfter });
    return members;
  }

  function mayAskAnew(): boolean {
    const now = clock.now();
    if (now >= anew.since + retryAfter) anew = { since: now, count: 0 };
    anew = { ...anew, count: anew.count + 1 };
    return anew.count <= mostAnew;
  }

  return {
    async read(url, { isAnew } = { isAnew: false }) {
      const copy = kept.get(url);
      const isFresh = copy !== undefined && clock.now() < copy.freshUntil;
      if (isFresh && !(isAnew && mayAskAnew())) return copy.members;
      const asking = underWay.get(url) ?? ask(url).finally(() => underWay.delete(url));
      underWay.set(url, asking);
      return asking;
    },
  };
}
