import type { Directory } from '../directory/index.ts';
import { isoDateTime } from '../kernel/index.ts';
import type { Draft, entities } from '../model/index.ts';
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

/** An entry of `auditLogs/signIns`, before it has an id. */
export type SignInEntry = Draft<typeof entities.signIn>;

/** The log of an open tenant. */
export type SignInTarget = Pick<Directory, 'append' | 'tenant'>;

const maxText = 512;

/** Some of it was typed by strangers: what no engine stores would cost the entries around it too. */
const text = (value: string | null | undefined): string | null =>
  value
    ?.slice(0, maxText)
    .replaceAll(/\p{Cc}/gu, ' ')
    .toWellFormed() ?? null;

/** "The service has encountered an internal error" stands for what has no number of its own. */
const internalError = 90085;

const numberOf = (code: string): number => Number(/^AAD(?:B2C|STS)(\d{1,9})$/.exec(code)?.[1] ?? internalError);

/** The entry of what happened at `now`, in seconds since 1970. */
export function entryOf({ failure, user, resource, ...event }: SignInEvent, now: number): SignInEntry {
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

/** Entries like `first` that were not written one by one, as one that bears the time and the id of the last of them. */
export function repeatOf(
  first: SignInEntry,
  { count, at, correlationId }: { readonly count: number; readonly at: number; readonly correlationId: string },
): SignInEntry {
  const status = { errorCode: null, failureReason: null, additionalDetails: null, ...first.status };
  const said = [status.additionalDetails, ...(count > 1 ? [`${count} more of the same within a minute`] : [])];
  const additionalDetails = said.filter((one) => typeof one === 'string').join('. ') || null;
  return { ...first, createdDateTime: isoDateTime(at), correlationId, status: { ...status, additionalDetails } };
}

/** What stands for `count` failures of all kinds that have no entry. */
export const unlistedEntry = (count: number, at: number, failureReason: string): SignInEntry => ({
  createdDateTime: isoDateTime(at),
  status: { errorCode: internalError, failureReason, additionalDetails: `${count} more were not listed` },
});
