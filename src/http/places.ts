import { createGate } from '../kernel/index.ts';

/** One connection's place. */
export interface Place {
  /** It waits for something from its peer: if there is need, somebody else gets its place. Moves to the end of those that wait. */
  waits(): void;
  /** A request of it is under way, so nobody takes its place. */
  works(): void;
  /** Gives the place back; only the first call counts. */
  leave(): void;
}

/** A bounded number of places, in which nobody who only waits keeps others out. */
export interface Places {
  /**
   * A place for somebody of this network, who waits at first. Where its network has its share, whoever of it has waited longest is sent away for
   * it; where all places are taken and its network has none, whoever has waited longest of all. Undefined when everybody works.
   */
  enter(network: string, sendAway: () => void): Place | undefined;
  /** How many are taken. */
  taken(): number;
}

interface Holder {
  readonly network: string;
  readonly sendAway: () => void;
  /** Absent once the place is given back or taken over. */
  giveBack: (() => void) | undefined;
}

/** What the gate gives each network, and the longest waiting one in exchange for a new one. */
export function createPlaces(count: number): Places {
  const gate = createGate(count);
  const waiting = new Set<Holder>();
  const waitingOf = new Map<string, Set<Holder>>();
  let taken = 0;

  function forget(holder: Holder): void {
    waiting.delete(holder);
    const own = waitingOf.get(holder.network);
    own?.delete(holder);
    if (own?.size === 0) waitingOf.delete(holder.network);
  }

  function remember(holder: Holder): void {
    forget(holder);
    waiting.add(holder);
    const own = waitingOf.get(holder.network) ?? new Set();
    waitingOf.set(holder.network, own.add(holder));
  }

  function leave(holder: Holder): void {
    const { giveBack } = holder;
    if (!giveBack) return;
    holder.giveBack = undefined;
    forget(holder);
    taken -= 1;
    giveBack();
  }

  /** The place of whoever of the network has waited longest, whose number stays the same by that. */
  function takeOver(network: string): (() => void) | undefined {
    const [longest] = waitingOf.get(network) ?? [];
    if (!longest) return undefined;
    const { giveBack } = longest;
    longest.giveBack = undefined;
    forget(longest);
    taken -= 1;
    longest.sendAway();
    return giveBack;
  }

  /** For a network without any place, when all are taken. */
  function makeRoom(network: string): (() => void) | undefined {
    const [longest] = waiting;
    if (!longest || taken < count) return undefined;
    leave(longest);
    longest.sendAway();
    return gate.enter(network);
  }

  return {
    enter(network, sendAway) {
      const giveBack = gate.enter(network) ?? takeOver(network) ?? makeRoom(network);
      if (!giveBack) return undefined;
      const holder: Holder = { network, sendAway, giveBack };
      taken += 1;
      remember(holder);
      return {
        waits: () => holder.giveBack && remember(holder),
        works: () => forget(holder),
        leave: () => leave(holder),
      };
    },
    taken: () => taken,
  };
}
