import { type Clock, digest, type Observe } from '../kernel/index.ts';
import { fold } from '../model/index.ts';
import {
  entryOf,
  repeatOf,
  type SignInEntry,
  type SignInEvent,
  type SignInTarget,
  unlistedEntry,
} from './sign-in-entry.ts';
import { createSpans } from './spans.ts';

/** Of a tenant's failures within an hour this many have an entry, in each process; about 8 MB of SQLite. */
export const mostFailures = 3600;
const hourSeconds = 3600;
/** Failures that differ only in their time, within this, are one entry after the first. */
const repeatSeconds = 60;
/** Kinds of failure that are waited for, and tenants that are counted for; the oldest is told early when there are more. */
const capacity = { kinds: 5000, tenants: 10_000 } as const;

type Failed = SignInEvent & Required<Pick<SignInEvent, 'failure'>>;

/** Failures of the same person, with the same application, for the same reason, from the same address. */
interface Kind {
  readonly target: SignInTarget;
  readonly first: SignInEntry;
  repeated?: { readonly count: number; readonly at: number; readonly correlationId: string };
}

/** What became of the failures of one tenant. */
interface Hour {
  readonly target: SignInTarget;
  listed: number;
  unlisted: number;
}

/** Decides which failures have an entry of their own: anybody may cause them, as many as he likes. */
export interface FailedSignIns {
  record(target: SignInTarget, event: Failed): void;
  /** Tells what was counted while its time is over; `all`: whatever was counted so far. */
  end(all?: 'all'): void;
  /** Something was counted that is not told yet, or may be. */
  waits(): boolean;
  clear(): void;
}

export interface FailedSignInsServices {
  readonly clock: Clock;
  readonly observe: Observe;
  /** False: there is no room for it now. */
  readonly write: (target: SignInTarget, entry: SignInEntry) => boolean;
}

/** Whoever it was is in it as a digest, as what is typed may be long. */
const kindOf = ({ tenant }: SignInTarget, { appId, failure, flowId, interactive, user, ipAddress }: Failed): string =>
  digest(
    JSON.stringify([
      tenant.id,
      appId,
      failure.code,
      flowId,
      interactive,
      user?.id ?? null,
      fold(user?.userPrincipalName ?? ''),
      ipAddress,
    ]),
  );

export function createFailedSignIns({ clock, observe, write }: FailedSignInsServices): FailedSignIns {
  let unlisted = 0;

  /** By tenant id. */
  const hours = createSpans<Hour>({ clock, seconds: hourSeconds, capacity: capacity.tenants, ended: endHour });
  const kinds = createSpans<Kind>({ clock, seconds: repeatSeconds, capacity: capacity.kinds, ended: endKind });

  function endHour({ target, unlisted: count }: Hour): boolean {
    if (count === 0) return false;
    unlisted -= count;
    const reason = `More than ${mostFailures} sign-ins failed within an hour.`;
    observe({ kind: 'warning', message: `${count} failed sign-ins of tenant ${target.tenant.id} were not logged.` });
    write(target, unlistedEntry(count, clock.now(), reason));
    return false;
  }

  /** Whoever is refused again and again has one entry a minute. */
  function endKind(kind: Kind): boolean {
    const { target, first, repeated } = kind;
    if (!repeated) return false;
    delete kind.repeated;
    return list(target, () => repeatOf(first, repeated), repeated.count) !== undefined;
  }

  /** The entry if it is written; else the failures it stands for are counted. */
  function list(target: SignInTarget, entry: () => SignInEntry, count: number): SignInEntry | undefined {
    const { id } = target.tenant;
    const hour = hours.get(id) ?? hours.open(id, { target, listed: 0, unlisted: 0 });
    const listed = hour.listed < mostFailures ? entry() : undefined;
    if (listed && write(target, listed)) {
      hour.listed += 1;
      return listed;
    }
    hour.unlisted += count;
    unlisted += count;
    return undefined;
  }

  return {
    record(target, event) {
      const name = kindOf(target, event);
      const known = kinds.get(name);
      if (known) {
        const { correlationId } = event;
        known.repeated = { count: (known.repeated?.count ?? 0) + 1, at: clock.now(), correlationId };
        return;
      }
      const first = list(target, () => entryOf(event, clock.now()), 1);
      if (first) kinds.open(name, { target, first });
    },
    end(all) {
      kinds.end(all);
      hours.end(all);
    },
    waits: () => kinds.size > 0 || unlisted > 0,
    clear() {
      kinds.clear();
      hours.clear();
      unlisted = 0;
    },
  };
}
