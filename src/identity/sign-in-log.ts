import type { Directory } from '../directory/index.ts';
import { type Clock, isoDateTime, type Observe } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import { deviceIn } from './device.ts';
import type { User } from './user.ts';

/** How a sign-in of a person or an application came out. */
export interface SignInEvent {
  /** A person was there; else a token was renewed, a session taken up again, or an application asked for itself. */
  readonly interactive: boolean;
  readonly appId: string;
  readonly appDisplayName: string | null;
  /** As far as it is known who it was; without an id: the name that was typed belongs to nobody. */
  readonly user?: { readonly id: string | null } & Partial<Pick<User, 'displayName' | 'userPrincipalName'>>;
  /** Absent: it succeeded. `code`: `AADB2C90118`. */
  readonly failure?: { readonly code: string; readonly reason: string };
  readonly flowId?: string;
  readonly resource?: { readonly id: string; readonly displayName: string | null };
  readonly ipAddress: string;
  readonly userAgent?: string;
  readonly correlationId: string;
}

/** One tenant's part of the log. */
export interface SignIns {
  /** Never waits and never fails: a sign-in does not depend on its log. */
  record(event: SignInEvent): void;
}

/** The sign-in log of all tenants. What was recorded less than a flush ago is lost when the process is killed. */
export interface SignInLog {
  of(directory: Target): SignIns;
  /** Writes what is waiting. */
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

/** Entries waiting at most, of all tenants and of one: more are counted and dropped, so that no flood fills the memory or is others' loss. */
const capacity = { all: 10_000, each: 5000 } as const;
/** Entries in one transaction. Few, since requests wait while SQLite writes them: about ten milliseconds. */
const batch = 100;
const maxText = 512;

type Entry = Draft<typeof entities.signIn>;
/** One for each open tenant. */
type Target = Pick<Directory, 'append'>;

export function createSignInLog({ clock, observe, flushMilliseconds = 1000 }: SignInLogServices): SignInLog {
  let waiting = new Map<Target, Entry[]>();
  let count = 0;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    [waiting, count, dropped] = [new Map(), 0, 0];
  }

  async function write(): Promise<void> {
    const [taken, lost] = [waiting, dropped];
    forget();
    if (lost > 0) observe({ kind: 'warning', message: `${lost} sign-ins were not logged: too many at once.` });
    for (const [directory, found] of taken) {
      for (let at = 0; at < found.length; at += batch) {
        const entries = found.slice(at, at + batch);
        await directory.append(entities.signIn, entries).catch((error: unknown) => {
          observe({ kind: 'warning', message: `${entries.length} sign-ins were not logged.`, error });
        });
      }
    }
  }

  const log: SignInLog = {
    of: (directory) => ({
      record(event) {
        const own = waiting.get(directory) ?? [];
        if (count >= capacity.all || own.length >= capacity.each) {
          dropped += 1;
          return;
        }
        own.push(entryOf(event, clock.now()));
        waiting.set(directory, own);
        count += 1;
        timer ??= setTimeout(() => void log.flush(), flushMilliseconds).unref();
      },
    }),
    flush() {
      // One after the other, so that entries stay in their order.
      writing = writing.then(write);
      return writing;
    },
    clear: forget,
  };
  return log;
}

/** Some of it was typed by strangers: what no engine stores would cost the entries around it too. */
const text = (value: string | null | undefined): string | null =>
  value
    ?.slice(0, maxText)
    .replaceAll(/\p{Cc}/gu, ' ')
    .toWellFormed() ?? null;

function entryOf({ failure, user, resource, ...event }: SignInEvent, now: number): Entry {
  const device = deviceIn(event.userAgent);
  return {
    createdDateTime: isoDateTime(now),
    userDisplayName: text(user?.displayName),
    userPrincipalName: text(user?.userPrincipalName),
    userId: user?.id ?? null,
    appId: event.appId,
    appDisplayName: text(event.appDisplayName),
    ipAddress: event.ipAddress,
    clientAppUsed: event.interactive || device.browser ? 'Browser' : 'Mobile Apps and Desktop clients',
    correlationId: event.correlationId,
    isInteractive: event.interactive,
    resourceDisplayName: text(resource?.displayName),
    resourceId: resource?.id ?? null,
    status: {
      errorCode: failure ? numberOf(failure.code) : 0,
      failureReason: text(failure?.reason),
      additionalDetails: event.flowId === undefined ? null : `User flow: ${event.flowId}`,
    },
    deviceDetail: {
      ...device,
      deviceId: '',
      displayName: null,
      isCompliant: null,
      isManaged: null,
      trustType: null,
    },
  };
}

/** "The service has encountered an internal error" stands for what has no number of its own. */
const internalError = 90085;

const numberOf = (code: string): number => Number(/^AAD(?:B2C|STS)(\d{1,9})$/.exec(code)?.[1] ?? internalError);
