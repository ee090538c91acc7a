import { randomInt } from 'node:crypto';
import { type Clock, digest, type EpochSeconds, newSecret } from '../../kernel/index.ts';
import type { Ephemeral, Held } from '../../store/index.ts';
import { type Authority, belongsTo } from '../authority.ts';
import { lifetimes } from '../lifetimes.ts';
import type { SignIn } from '../records.ts';
import type { Ticket } from '../ticket.ts';

/** What a device has asked for, and what became of it. */
export interface DeviceRequest {
  readonly appId: string;
  readonly ticket: Ticket;
  readonly expires: EpochSeconds;
  /** By the digest of what the person enters. */
  readonly userCode: string;
  readonly answer?: { readonly kind: 'approved'; readonly signIn: SignIn } | { readonly kind: 'denied' };
}

export interface HeldRequest {
  readonly id: string;
  readonly request: DeviceRequest;
  readonly revision: number;
}

/** Letters that are hard to confuse and make no words (RFC 8628 §6.1): 20⁸ codes, a dozen tries. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;

/** Seconds between two questions of a device. */
export const pollSeconds = 5;

/** As people type it: in any case, with or without the line in the middle. */
export const userCodeOf = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .slice(0, 64);

/** As it is shown. */
export const spelled = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

const kind = 'oidc.DeviceCode';

const heldRequest = (held: Held | undefined): HeldRequest | undefined =>
  held && { id: held.id, request: held.payload as DeviceRequest, revision: held.revision };

/** Requests of devices, kept by digests of both of their codes (RFC 8628). */
export function createDeviceCodes({ ephemeral, clock }: { readonly ephemeral: Ephemeral; readonly clock: Clock }) {
  /** Kept on after its end, so that a device is told why it gets nothing. */
  async function keep(id: string, request: DeviceRequest, revision: number): Promise<void> {
    const ttlSeconds = Math.max(request.expires - clock.now(), 1) + lifetimes.deviceCode;
    const record = { id, payload: request, ttlSeconds, indexes: { userCode: request.userCode } };
    await ephemeral.put(kind, record, revision);
  }

  return {
    async begin(appId: string, ticket: Ticket): Promise<{ readonly deviceCode: string; readonly userCode: string }> {
      const deviceCode = newSecret();
      const userCode = Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
      const expires = clock.now() + lifetimes.deviceCode;
      await keep(digest(deviceCode), { appId, ticket, expires, userCode: digest(userCode) }, 0);
      return { deviceCode, userCode };
    },
    byDeviceCode: async (code: string): Promise<HeldRequest | undefined> =>
      heldRequest(await ephemeral.get(kind, digest(code))),
    byId: async (id: string): Promise<HeldRequest | undefined> => heldRequest(await ephemeral.get(kind, id)),
    /** Only one that somebody can still answer, where it was made. */
    async byUserCode(typed: string, authority: Authority): Promise<HeldRequest | undefined> {
      const found = heldRequest(await ephemeral.findBy(kind, 'userCode', digest(userCodeOf(typed))));
      const open = found && !found.request.answer && clock.now() < found.request.expires;
      return open && belongsTo(found.request.ticket, authority) ? found : undefined;
    },
    /** Once: of two answers the second is `store.stale`. */
    answer: (held: HeldRequest, answer: NonNullable<DeviceRequest['answer']>): Promise<void> =>
      keep(held.id, { ...held.request, answer }, held.revision),
    /** Hands an answered request to exactly one of many. */
    take: async ({ id }: HeldRequest): Promise<HeldRequest | undefined> => heldRequest(await ephemeral.take(kind, id)),
    /** True for a device that asks again too soon; each question starts the wait anew only when the last is over. */
    async isTooSoon({ id }: HeldRequest): Promise<boolean> {
      // A second less than we say: what is sent in time may take different times to come.
      return (await ephemeral.increment('attempts', digest(`device poll ${id}`), pollSeconds - 1)) > 1;
    },
  };
}
