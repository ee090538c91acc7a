import type { Clock, Observe } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createFailedSignIns } from './failed-sign-ins.ts';
import { entryOf, type SignInEvent, type SignInTarget } from './sign-in-entry.ts';
import { createSignInQueue } from './sign-in-queue.ts';

/** One tenant's part of the log. */
export interface SignIns {
  /** Never waits and never fails: a sign-in does not depend on its log. */
  record(event: SignInEvent): void;
}

/**
 * The sign-in log of all tenants. When the process is killed, what was recorded less than a flush ago is lost, and the number of failures
 * that were only counted.
 */
export interface SignInLog {
  of(target: SignInTarget): SignIns;
  /** Writes what is waiting, and what was only counted until now. */
  flush(): Promise<void>;
  /** Forgets what is waiting, because its tenants are gone. */
  clear(): void;
}

export interface SignInLogServices {
  readonly clock: Clock;
  readonly observe: Observe;
  /** How long an entry waits for others to be written with. */
  readonly flushMilliseconds?: number;
}

/** Entries in one transaction. Few, since requests wait while SQLite writes them: about ten milliseconds. */
const batch = 100;

export function createSignInLog({ clock, observe, flushMilliseconds = 1000 }: SignInLogServices): SignInLog {
  const queue = createSignInQueue();
  const failures = createFailedSignIns({ clock, observe, write: queue.addFailure });
  let armed = false;
  let writing: Promise<void> = Promise.resolve();
  /** A write that has not begun takes whatever is waiting when it does. */
  let queued = false;

  function arm(): void {
    if (!armed) setTimeout(tick, flushMilliseconds).unref();
    armed = true;
  }

  function tick(): void {
    armed = false;
    failures.end();
    if (!queue.isEmpty()) void writeNext();
    if (failures.waits()) arm();
  }

  /** One after the other, so that entries stay in their order. */
  function writeNext(): Promise<void> {
    if (!queued) writing = writing.then(write);
    queued = true;
    return writing;
  }

  async function write(): Promise<void> {
    queued = false;
    const { entries: taken, dropped } = queue.take();
    if (dropped > 0) observe({ kind: 'warning', message: `${dropped} sign-ins were not logged: too many at once.` });
    for (const [target, found] of taken) {
      for (let at = 0; at < found.length; at += batch) {
        const entries = found.slice(at, at + batch);
        await target.append(entities.signIn, entries).catch((error: unknown) => {
          observe({ kind: 'warning', message: `${entries.length} sign-ins were not logged.`, error });
        });
      }
    }
  }

  return {
    of: (target) => ({
      record(event) {
        if (event.failure) failures.record(target, { ...event, failure: event.failure });
        else queue.addSuccess(target, () => entryOf(event, clock.now()));
        arm();
      },
    }),
    flush() {
      failures.end('all');
      return writeNext();
    },
    clear() {
      queue.take();
      failures.clear();
    },
  };
}
