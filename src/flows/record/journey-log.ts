import type { Directory } from '../../directory/index.ts';
import type { Clock, EpochSeconds, Observe } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import type { Ephemeral } from '../../store/index.ts';
import type { Journey } from '../journey.ts';
import type { Recorder } from '../recorder.ts';
import { entryOf, type JourneyEntry, type Outcome } from './journey-entry.ts';

/** What the log needs of one tenant. */
export interface JourneyTarget {
  readonly directory: Pick<Directory, 'append' | 'tenant'>;
  readonly ephemeral: Ephemeral;
  /** Seconds from the start to the end of a journey. */
  readonly lifetimeSeconds: number;
}

/**
 * The records of journeys of all tenants, written off the hot path. One that ended is written within a second; one that nobody
 * went on with, when its time is over, by the process that was the last to touch it. When the process is killed, what ended
 * less than a flush ago is lost, and the abandoned ones it was watching.
 */
export interface JourneyLog {
  of(target: JourneyTarget): Recorder;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  /** Forgets what is waiting and watched, because its tenants are gone. */
  clear(): void;
}

export interface JourneyLogServices {
  readonly clock: Clock;
  readonly observe: Observe;
  /** How long an entry waits for others to be written with. */
  readonly flushMilliseconds?: number;
}

/** Entries waiting, and journeys watched, at most; what is over is not recorded. */
const capacity = 5000;
/** Entries in one transaction. */
const batch = 50;
/** So long before its end it is looked at whether another process has gone on with it. */
const marginSeconds = 60;

interface Watched {
  readonly target: JourneyTarget;
  readonly journey: Journey;
  readonly revision: number;
  readonly until: EpochSeconds;
  /** Nobody else had touched it shortly before its end. */
  readonly isOurs: boolean;
}

export function createJourneyLog({ clock, observe, flushMilliseconds = 1000 }: JourneyLogServices): JourneyLog {
  let waiting: (readonly [target: JourneyTarget, entry: JourneyEntry])[] = [];
  let watched = new Map<string, Watched>();
  let dropped = 0;
  let armed = false;
  let writing: Promise<void> = Promise.resolve();

  function arm(): void {
    if (!armed) setTimeout(tick, flushMilliseconds).unref();
    armed = true;
  }

  function tick(): void {
    armed = false;
    void flush();
    if (watched.size > 0) arm();
  }

  function keep(target: JourneyTarget, journey: Journey, outcome: Outcome): void {
    if (waiting.length >= capacity) dropped += 1;
    else waiting.push([target, entryOf(journey, outcome, clock.now())]);
    arm();
  }

  function watch(target: JourneyTarget, journey: Journey, revision: number): void {
    watched.delete(journey.id);
    if (watched.size >= capacity) watched.delete(watched.keys().next().value ?? '');
    const until = journey.started + target.lifetimeSeconds;
    watched.set(journey.id, { target, journey, revision, until, isOurs: false });
    arm();
  }

  /** Another process that touched it later watches it too. */
  async function lookAfter(id: string, one: Watched): Promise<void> {
    const now = clock.now();
    if (now >= one.until) {
      watched.delete(id);
      keep(one.target, one.journey, 'abandoned');
    } else if (!one.isOurs && now >= one.until - marginSeconds) {
      const held = await one.target.ephemeral.get('journey', id);
      if (watched.get(id) !== one) return;
      if (held?.revision === one.revision) watched.set(id, { ...one, isOurs: true });
      else watched.delete(id);
    }
  }

  async function write(): Promise<void> {
    for (const [id, one] of [...watched]) if (clock.now() >= one.until - marginSeconds) await lookAfter(id, one);
    const taken = waiting;
    waiting = [];
    if (dropped > 0) observe({ kind: 'warning', message: `${dropped} journeys were not recorded: too many at once.` });
    dropped = 0;
    for (const [target, entries] of Map.groupBy(taken, ([target]) => target)) {
      for (let at = 0; at < entries.length; at += batch) {
        const some = entries.slice(at, at + batch).map(([, entry]) => entry);
        await target.directory.append(entities.journey, some).catch((error: unknown) => {
          observe({ kind: 'warning', message: `${some.length} journeys were not recorded.`, error });
        });
      }
    }
  }

  /** One after the other, so that entries stay in their order. */
  function flush(): Promise<void> {
    writing = writing.then(write).catch((error: unknown) => {
      observe({ kind: 'warning', message: 'Journeys were not recorded.', error });
    });
    return writing;
  }

  return {
    of: (target) => ({
      rests: (journey, revision) => watch(target, journey, revision),
      ended(journey) {
        watched.delete(journey.id);
        keep(target, journey, journey.ending?.kind === 'arrive' ? 'arrived' : 'refused');
      },
      failed: (journey) => keep(target, journey, 'failed'),
    }),
    flush,
    clear() {
      waiting = [];
      watched = new Map();
    },
  };
}
