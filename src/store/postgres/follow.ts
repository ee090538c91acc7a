import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type Observe, system } from '../../kernel/index.ts';
import { quoted, sql } from '../sql/fragment.ts';
import { type ChangeColumns, changeColumns, forgottenStatement, toChange } from '../sql/log.ts';
import { type Change, missedChanges } from '../store.ts';
import type { Numbers } from './numbers.ts';
import { clientOptions, type Pools } from './pools.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** Notices are only hints; however many are lost, changes are seen after this long, and within a second with reading and telling of them. */
const pollMilliseconds = 500;
const readAtOnce = 500;
/** One notice serves all commits of this span. */
const hintMilliseconds = 20;

export interface FollowParts {
  readonly pools: Pools;
  readonly settings: Settings;
  readonly numbers: Numbers;
  /** This process, as the change log names it. */
  readonly process: string;
  readonly observe: Observe;
}

const channelOf = ({ schema }: Settings): string => `usher_${schema}`;

/**
 * The changes of other processes behind `from`, or from now on, in the order of their numbers, until `signal` aborts. A position in the log is
 * kept here and moves only over what is settled, so nothing is missed while a connection is lost or a notice does not come. Whoever was away for
 * longer than the log reaches back is told that changes were missed.
 */
export async function* follow(
  parts: FollowParts,
  from: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const bell = ring(parts, signal);
  let position = from;
  let failing = false;
  try {
    while (!signal.aborted) {
      try {
        const { changes, next, more } = await readBehind(parts, position);
        yield* changes;
        [position, failing] = [next, false];
        if (more) continue;
      } catch (error) {
        // Told once, not every second of an outage.
        if (!failing && !signal.aborted) {
          parts.observe({
            kind: 'warning',
            message: 'Changes of other processes cannot be read at the moment.',
            error,
          });
        }
        failing = true;
      }
      await bell.next();
    }
  } finally {
    bell.close();
  }
}

async function readBehind({ pools, numbers, process }: FollowParts, from: number | undefined) {
  return pools.with('reader', async (session) => {
    const settled = await numbers.settled(session);
    const position = from ?? settled;
    if (settled <= position) return { changes: [], next: position, more: false };
    const found = await session.all<ChangeColumns>(
      sql(
        `SELECT ${changeColumns} FROM change WHERE sequence > ? AND sequence <= ? AND process <> ?
         ORDER BY sequence LIMIT ${readAtOnce}`,
        ...[position, settled, process],
      ),
    );
    // Asked after the changes were read: they may be removed in between.
    const forgotten = (await session.all<{ value: number }>(forgottenStatement))[0]?.value ?? 0;
    const missed = position < forgotten ? [missedBefore(forgotten)] : [];
    const last = found.length === readAtOnce ? found.at(-1) : undefined;
    const changes = [...missed, ...found.map(toChange)];
    return { changes, next: last?.sequence ?? settled, more: last !== undefined };
  });
}

const missedBefore = (sequence: number): Change => ({
  ...{ sequence, tenantId: '', type: missedChanges, key: '', verb: 'deleted', properties: [] },
  ...{ by: system('change log'), at: 0 },
});

/** Resolves `next` when another process tells of a commit, and at the latest when it is time to look. */
function ring({ settings, observe }: FollowParts, signal: AbortSignal) {
  const closing = new AbortController();
  const over = AbortSignal.any([signal, closing.signal]);
  let wake: () => void = () => undefined;
  let rung = false;
  const heard = () => {
    rung = true;
    wake();
  };
  over.addEventListener('abort', heard, { once: true });
  listen(settings, over, heard).catch((error: unknown) =>
    observe({ kind: 'warning', message: 'Nobody listens for notices any more.', error }),
  );
  return {
    async next(): Promise<void> {
      if (over.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMilliseconds).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (rung) wake();
      });
      rung = false;
    },
    close: () => closing.abort(),
  };
}

/** Listens on a connection of its own, and takes another when that is lost, until `over` aborts. */
async function listen(settings: Settings, over: AbortSignal, heard: () => void): Promise<void> {
  while (!over.aborted) {
    const client = new pg.Client(clientOptions(settings));
    const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
    client.once('error', () => lose());
    client.once('end', () => lose());
    // Taken off again below: an outage of a day is tens of thousands of connections.
    const end = () => lose();
    over.addEventListener('abort', end);
    client.on('notification', heard);
    try {
      await client.connect();
      await client.query(`LISTEN ${quoted(channelOf(settings))}`);
      // What was told before somebody listened.
      heard();
      await lost;
    } catch {
      // The poll goes on meanwhile; an outage is told by it.
    }
    over.removeEventListener('abort', end);
    client.on('error', () => undefined);
    await client.end().catch(() => undefined);
    await wait(pollMilliseconds, undefined, { signal: over, ref: false }).catch(() => undefined);
  }
}

/** Tells the other processes that something was committed; not each time, since a notice is only a hint. */
export interface Notifier {
  /** Soon, once for all that is committed until then. */
  notify(): void;
  /** At once what is still to be told; resolves when it is, or cannot be. */
  flush(): Promise<void>;
}

export function createNotifier({ pools, settings }: Pick<FollowParts, 'pools' | 'settings'>): Notifier {
  let planned: NodeJS.Timeout | undefined;
  let telling: Promise<unknown> = Promise.resolve();
  const tell = async (session: Session) => session.run(sql('SELECT pg_notify(?, ?)', channelOf(settings), ''));

  async function flush(): Promise<void> {
    if (planned) {
      clearTimeout(planned);
      planned = undefined;
      // Without it the others find the change when they look.
      telling = Promise.allSettled([telling, pools.with('writer', tell)]);
    }
    await telling;
  }

  return {
    notify() {
      planned ??= setTimeout(() => void flush(), hintMilliseconds).unref();
    },
    flush,
  };
}
