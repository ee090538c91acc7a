import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type Observe, system } from '../../kernel/index.ts';
import { quoted, sql } from '../sql/fragment.ts';
import { type ChangeColumns, changeColumns, forgottenStatement, toChange } from '../sql/log.ts';
import { type Change, missedChanges } from '../store.ts';
import { clientOptions } from './client-options.ts';
import type { Numbers } from './numbers.ts';
import type { Pools } from './pools.ts';
import type { Primary } from './primary.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Notices are only hints; however many are lost, changes are seen after this long, and within a second with reading and telling of them. */
const pollMilliseconds = 500;
const readAtOnce = 500;
/** A connection that is silent for longer is given up, so that what others changed is not waited for as long as an answer to a request. */
const silenceMilliseconds = 3_000;
/** One notice serves all commits of this span. */
const hintMilliseconds = 20;
/** How often the server is asked whether it is still there, and still the primary. */
const beatMilliseconds = 1_000;
/** Every so many beats the others are asked too: one of them may have been made the primary while this one goes on by itself. */
const beatsToLook = 5;

export interface FollowParts {
  readonly pools: Pools;
  readonly primary: Primary;
  readonly numbers: Numbers;
  /** This process, as the change log names it. */
  readonly process: string;
  readonly observe: Observe;
}

const channelOf = ({ schema }: Settings): string => `usher_${schema}`;

/**
 * The changes of other processes behind `from`, or from now on, in the order of their numbers, until `signal` aborts. A position in the log is
 * kept here and moves only over what is settled, so nothing is missed while a connection is lost or a notice does not come. Whoever was away for
 * longer than the log reaches back is told that changes were missed; so is everybody when another server has become the primary, which may never
 * have heard of the last changes where it was no synchronous standby.
 */
export async function* follow(
  parts: FollowParts,
  from: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const bell = ring(parts, signal);
  let place: Place = { position: from, era: parts.primary.era };
  let failing = false;
  try {
    while (!signal.aborted) {
      try {
        const { changes, next, more } = await readBehind(parts, place);
        yield* changes;
        [place, failing] = [next, false];
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

/** How far the log has been read, and under which primary. */
interface Place {
  readonly position: number | undefined;
  readonly era: number;
}

async function readBehind({ pools, numbers, process, primary }: FollowParts, from: Place) {
  return pools.with('reader', async (session) => {
    session.expectWithin(silenceMilliseconds);
    const { era } = primary;
    const settled = await numbers.settled(session);
    if (era !== from.era) return { changes: [missedBefore(settled)], next: { position: settled, era }, more: false };
    const position = from.position ?? settled;
    if (settled <= position) return { changes: [], next: { position, era }, more: false };
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
    return { changes, next: { position: last?.sequence ?? settled, era }, more: last !== undefined };
  });
}

const missedBefore = (sequence: number): Change => ({
  ...{ sequence, tenantId: '', type: missedChanges, key: '', verb: 'deleted', properties: [] },
  ...{ by: system('change log'), at: 0 },
});

/** Resolves `next` when another process tells of a commit, and at the latest when it is time to look. */
function ring({ primary, observe }: FollowParts, signal: AbortSignal) {
  const closing = new AbortController();
  const over = AbortSignal.any([signal, closing.signal]);
  let wake: () => void = () => undefined;
  let rung = false;
  const heard = () => {
    rung = true;
    wake();
  };
  over.addEventListener('abort', heard, { once: true });
  listen(primary, over, heard).catch((error: unknown) =>
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

/**
 * Listens on a connection of its own, and takes another when that is lost, until `over` aborts. Whether the server is still there and still the
 * primary is asked on it too, so that a process which asks nothing else, or waits for an answer that never comes, learns within seconds.
 */
async function listen(primary: Primary, over: AbortSignal, heard: () => void): Promise<void> {
  while (!over.aborted) {
    const client = new pg.Client(clientOptions(primary.settings, primary.place));
    const losing = new AbortController();
    const lose = () => losing.abort();
    client.on('error', lose).on('end', lose);
    // Taken off again below: an outage of a day is tens of thousands of connections.
    over.addEventListener('abort', lose);
    client.on('notification', heard);
    // The poll goes on meanwhile; an outage is told by it.
    const isConnected = await client.connect().then(
      () => true,
      () => false,
    );
    const isSilent = isConnected && !(await watch(client, primary, losing.signal, heard));
    over.removeEventListener('abort', lose);
    void client.end().catch(() => undefined);
    if (over.aborted) return;
    // Where no server is the primary, one that gives no answer or the wrong one is of no use to anybody.
    await primary.look().catch(() => isSilent && primary.mistrust());
    await wait(pollMilliseconds, undefined, { signal: over, ref: false }).catch(() => undefined);
    client.connection.stream.destroy();
  }
}

/** Resolves to true when the connection is lost, to false when the server gives no answer, or is not the primary any more. */
async function watch(client: pg.Client, primary: Primary, lost: AbortSignal, heard: () => void): Promise<boolean> {
  const hear = `LISTEN ${quoted(channelOf(primary.settings))}`;
  const { era } = primary;
  for (let beat = 1; primary.era === era; beat += 1) {
    const admitted = primary.admit(client, hear).then(() => true);
    const isPrimary = await unlessAborted(admitted, lost).catch(() => false);
    if (lost.aborted || !isPrimary) return lost.aborted;
    // What was told before somebody listened.
    if (beat === 1) heard();
    if (primary.isOneOfSeveral && beat % beatsToLook === 0) await primary.look().catch(() => undefined);
    await wait(beatMilliseconds, undefined, { ref: false, signal: lost }).catch(() => undefined);
  }
  return true;
}

/** Tells the other processes that something was committed; not each time, since a notice is only a hint. */
export interface Notifier {
  /** Soon, once for all that is committed until then. */
  notify(): void;
  /** At once what is still to be told; resolves when it is, or cannot be. */
  flush(): Promise<void>;
}

export function createNotifier({ pools, primary }: Pick<FollowParts, 'pools' | 'primary'>): Notifier {
  let planned: NodeJS.Timeout | undefined;
  let telling: Promise<unknown> = Promise.resolve();
  const tell = async (session: Session) => session.run(sql('SELECT pg_notify(?, ?)', channelOf(primary.settings), ''));

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
