import { createLru } from './lru.ts';

/** So much in so many seconds: that much at once when nothing was taken before, and evenly ever after. */
export interface Rate {
  readonly amount: number;
  readonly seconds: number;
}

/** What is taken from the bucket of a key. Keys are short and told apart by whoever makes them: what people typed goes through `digest` first. */
export interface Draw {
  readonly key: string;
  readonly rate: Rate;
  /** 1 when absent. */
  readonly cost?: number;
}

/** Token buckets in the memory of this process. */
export interface Budget {
  /** Takes from all of them and answers 0; where one holds too little, from none: then the seconds until all hold enough. */
  draw(draws: readonly Draw[]): number;
  /** Puts back what was taken and turned out not to count. */
  giveBack(draws: readonly Draw[]): void;
}

interface Bucket {
  readonly tokens: number;
  /** Seconds, of the same clock as the budget's. */
  readonly at: number;
}

/** Buckets kept, about 3 MB of them; one more forgets the one used longest ago, which has filled up again by then unless somebody has this many keys. */
const mostBuckets = 20_000;

const monotonic = (): number => performance.now() / 1_000;

/** `now` gives seconds that never go back. */
export function createBudget(now: () => number = monotonic, capacity = mostBuckets): Budget {
  const buckets = createLru<Bucket>(capacity);

  function levelOf({ key, rate: { amount, seconds } }: Draw, at: number): number {
    const bucket = buckets.get(key);
    return bucket ? Math.min(amount, bucket.tokens + ((at - bucket.at) * amount) / seconds) : amount;
  }

  return {
    draw(draws) {
      const at = now();
      const wanted = draws.map((draw) => ({ ...draw, cost: draw.cost ?? 1, level: levelOf(draw, at) }));
      const waits = wanted.map(({ cost, level, rate }) => ((cost - level) * rate.seconds) / rate.amount);
      const longest = Math.max(0, ...waits);
      if (longest > 0) return longest;
      for (const { key, level, cost } of wanted) buckets.set(key, { tokens: level - cost, at });
      return 0;
    },
    giveBack(draws) {
      const at = now();
      for (const draw of draws) {
        const { key, rate, cost = 1 } = draw;
        buckets.set(key, { tokens: Math.min(rate.amount, levelOf(draw, at) + cost), at });
      }
    },
  };
}
