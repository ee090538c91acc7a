import type { User } from '../identity/index.ts';
import { digest, newSecret } from '../kernel/index.ts';
import type { Ephemeral, EphemeralWrite } from '../store/index.ts';
import { type Authority, belongsTo } from './authority.ts';
import type { Application } from './clients.ts';
import { refusal } from './dialect/errors.ts';
import type { Target } from './dialect/response.ts';
import type { JourneyResult } from './journey-result.ts';
import { lifetimes } from './lifetimes.ts';
import type { Foreign } from './provenance.ts';
import type { Proof } from './session-jars.ts';
import type { BrowserSession } from './sessions.ts';
import type { Ticket } from './ticket.ts';
import type { Payload } from './token-form.ts';

/** An authorization request as the dialect has settled it: what was sent, as far as it still matters. */
export interface AuthorizationRequest {
  readonly appId: string;
  readonly target: Target;
  /** Sorted parts of `response_type`. */
  readonly types: readonly string[];
  readonly prompt?: string;
  readonly nonce?: string;
  /** PKCE, by `S256`. */
  readonly challenge?: string;
  readonly loginHint?: string;
  readonly uiLocales?: string;
  readonly ticket: Ticket;
}

/** Who is at the browser: by a session, as far as the flow may know it, or by the journey that has just ended. */
export interface Person {
  readonly userId: string;
  /** The account as it is now; undefined: there is none any more. */
  readonly user: User | undefined;
  readonly authTime: number;
  readonly amr: readonly string[];
  /** The person asked to stay signed in. */
  readonly kept: boolean;
  readonly foreign?: Foreign;
  /** Absent: they rest on the session in the browser. */
  readonly arrived?: { readonly newUser: boolean; readonly tokenClaims: Payload | undefined };
}

/** An authorization request under way in the browser that brought it. */
export interface Attempt {
  readonly request: AuthorizationRequest;
  readonly authority: Authority;
  readonly app: Application;
  readonly browser: BrowserSession;
  /** Who has signed in there already, as far as the flow may know. */
  readonly proof?: Proof;
  readonly person?: Person;
}

/** What waits for the end of a journey, where its host looks for it. */
interface Interaction {
  readonly returnTo: string;
  readonly request?: AuthorizationRequest;
  readonly result?: JourneyResult;
}

/** The browser keeps the name of what it waits for, a bearer value; addresses and the store know its digest. */
export const resumeCookie = (tenantId: string): string => `x-ms-cpim-resume_${tenantId}`;

/** A place for a request while its journey is walked; `returnTo` is where the browser goes on under its id. */
export interface Waiting {
  readonly secret: string;
  readonly id: string;
  readonly returnTo: string;
  /** What keeps the request there. */
  keeping(request: AuthorizationRequest): EphemeralWrite;
}

/** A place for a request to wait, below an address that its browser will come back to. */
export function newWaiting(address: string): Waiting {
  const secret = newSecret();
  const id = digest(secret);
  const returnTo = `${address}/${id}`;
  return {
    secret,
    id,
    returnTo,
    keeping(request) {
      const payload: Interaction = { returnTo, request };
      return { act: 'put', kind: 'oidc.Interaction', record: { id, payload, ttlSeconds: lifetimes.interaction } };
    },
  };
}

/**
 * The request that waits under an id, once, for the browser that knows its name, at the authority that tokens will name: of several
 * requests that come for it at the same moment one gets it. Throws 90046.
 */
export async function takeWaiting(
  { id, secret }: { readonly id: string; readonly secret: string | undefined },
  authority: Authority,
  ephemeral: Ephemeral,
): Promise<{ readonly request: AuthorizationRequest; readonly result: JourneyResult | undefined }> {
  const own = secret !== undefined && digest(secret) === id;
  const found = own ? ((await ephemeral.get('oidc.Interaction', id))?.payload as Interaction | undefined) : undefined;
  if (!found?.request || !belongsTo(found.request.ticket, authority)) throw refusal('AADB2C90046');
  // As it is now: it may have come to its end since. Who is answered with a code is so after that is kept.
  const answered = found.request.types.includes('code') ? 'seen' : 'kept';
  const taken = (await ephemeral.take('oidc.Interaction', id, answered))?.payload as Interaction | undefined;
  if (!taken?.request) throw refusal('AADB2C90046');
  return { request: taken.request, result: taken.result };
}
