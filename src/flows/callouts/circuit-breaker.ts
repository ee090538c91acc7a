import { type Clock, createLru, type EpochSeconds, type Lru, networkOf } from '../../kernel/index.ts';

/** Keeps people from waiting for a server that does not answer anybody. One for each process. */
export interface CircuitBreaker {
  /** False: it failed so often that nobody, or nobody from this address, is sent there now. After a rest one is sent to try it. */
  admits(key: string, address: string): boolean;
  /** What the one who was sent there says. */
  told(key: string, isAlive: boolean, address: string): void;
}

/**
 * Failures one after another before a server is given a rest, and how long it lasts. Everybody is kept from it only when people of several
 * networks have met failures: what one stranger sends may be what it fails at.
 */
export const restRules = { failures: 5, networks: 3, seconds: 30 } as const;

/** Servers that fail at the same time, and those of them that fail for a network; more are asked again and again. */
const mostServers = 1_000;

interface Failing {
  readonly failures: number;
  readonly restsUntil: EpochSeconds;
}

interface FailingForAll extends Failing {
  /** Where failures were met, as many as are asked for. */
  readonly networks: readonly string[];
}

export function createCircuitBreaker(clock: Pick<Clock, 'now'>): CircuitBreaker {
  const forAll = createLru<FailingForAll>(mostServers);
  const forSome = createLru<Failing>(mostServers);
  const afterRest = (): EpochSeconds => clock.now() + restRules.seconds;

  function mayTry<T extends Failing>(failing: Lru<T>, key: string): boolean {
    const known = failing.get(key);
    if (!known || known.failures < restRules.failures) return true;
    if (clock.now() < known.restsUntil) return false;
    // Whoever asks while the trial is under way waits for the next one.
    failing.set(key, { ...known, restsUntil: afterRest() });
    return true;
  }

  return {
    admits(key, address) {
      const isDownForAll = forAll.get(key)?.networks.length === restRules.networks;
      return isDownForAll ? mayTry(forAll, key) : mayTry(forSome, `${networkOf(address)} ${key}`);
    },
    told(key, isAlive, address) {
      const network = networkOf(address);
      const own = `${network} ${key}`;
      if (isAlive) {
        forAll.delete(key);
        forSome.delete(own);
        return;
      }
      const { failures = 0, networks = [] } = forAll.get(key) ?? {};
      forAll.set(key, {
        failures: failures + 1,
        restsUntil: afterRest(),
        networks: [...new Set([...networks, network])].slice(0, restRules.networks),
      });
      forSome.set(own, { failures: (forSome.get(own)?.failures ?? 0) + 1, restsUntil: afterRest() });
    },
  };
}
