import type { Outside } from '../../connectors/index.ts';
import { type Clock, createLru, type EpochSeconds, type Observe } from '../../kernel/index.ts';
import { type ClientKey, keysOfSet } from './key-set.ts';

/** Key sets that clients publish. */
export interface RemoteKeys {
  /** The set at an address. When no key of the one at hand is `wanted`, it is read again, since clients change their keys. */
  find(url: string, wanted: (key: ClientKey) => boolean): Promise<readonly ClientKey[]>;
}

interface Kept {
  readonly keys: readonly ClientKey[];
  readonly at: EpochSeconds;
}

/** Seconds a set is believed for, and seconds before it is asked for again whoever wants what. */
const [believed, patience] = [300, 30];

/** Of the largest key set, and of the wait for it; a client that signs in waits for it too. */
const limits = { bytes: 65_536, milliseconds: 3_000 } as const;

const capacity = 200;

export function createRemoteKeys(services: {
  readonly outside: Outside;
  readonly clock: Clock;
  readonly observe: Observe;
}): RemoteKeys {
  const { outside, clock, observe } = services;
  const kept = createLru<Promise<Kept>>(capacity);

  async function read(url: string): Promise<Kept> {
    const answer = await outside.send({ target: 'keys', method: 'GET', url, ...limits });
    const good = answer.kind === 'answered' && answer.status === 200;
    const keys = good ? keysOfSet(answer.body.toString('utf8')) : [];
    if (keys.length === 0) {
      const reason = answer.kind === 'failed' ? answer.reason : `status ${answer.status}`;
      observe({ kind: 'warning', message: `A client's key set could not be read: ${reason}.` });
    }
    return { keys, at: clock.now() };
  }

  function fetchNow(url: string): Promise<Kept> {
    const reading = read(url);
    kept.set(url, reading);
    return reading;
  }

  return {
    async find(url, wanted) {
      const reading = kept.get(url) ?? fetchNow(url);
      const { keys, at } = await reading;
      const age = clock.now() - at;
      if (age < patience || (age < believed && keys.some(wanted))) return keys;
      // Of many who find it too old at the same moment one reads it again.
      const current = kept.get(url);
      return (await (current && current !== reading ? current : fetchNow(url))).keys;
    },
  };
}
