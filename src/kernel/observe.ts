/**
 * Everything the server says about itself. Logs, metrics and the journey record are views of this union.
 * Never carries a secret, a password, a code, a token or a personal value.
 */
export type Observation =
  | { readonly kind: 'server.listening'; readonly url: string }
  | { readonly kind: 'server.stopping'; readonly signal: string }
  | { readonly kind: 'server.certificateRenewed' }
  /** A worker process that nobody had asked to end; another takes its place. */
  | { readonly kind: 'server.workerLost'; readonly code: number | null; readonly signal: string | null }
  | {
      readonly kind: 'http.answered';
      readonly method: string;
      /** The path as a template, e.g. `/{tenant}/{flow}/oauth2/v2.0/token`: what stands in its place may be an id, a name or a ticket. */
      readonly route: string;
      readonly status: number;
      readonly milliseconds: number;
      readonly correlationId: string;
    }
  | { readonly kind: 'http.failed'; readonly route: string; readonly correlationId: string; readonly error: unknown }
  | {
      readonly kind: 'directory.changed';
      readonly tenantId: string;
      readonly type: string;
      readonly key: string;
      readonly verb: string;
      readonly by: string;
    }
  | {
      readonly kind: 'journey.moved';
      readonly tenantId: string;
      readonly journeyId: string;
      readonly flowId: string;
      readonly step: string;
      readonly outcome: string;
      readonly milliseconds: number;
      readonly correlationId: string;
    }
  | {
      readonly kind: 'token.issued';
      readonly tenantId: string;
      readonly flowId: string | undefined;
      readonly appId: string;
      readonly grant: string;
    }
  | { readonly kind: 'journey.began' | 'journey.arrived'; readonly tenantId: string; readonly flowId: string }
  /** `refusal`: why, of a closed list. */
  | {
      readonly kind: 'journey.refused';
      readonly tenantId: string;
      readonly flowId: string;
      readonly refusal: string;
    }
  /** A request for tokens was refused; `grant`: one that exists, or `other`; `code` as the application was told. */
  | { readonly kind: 'token.refused'; readonly tenantId: string; readonly grant: string; readonly code: string }
  | { readonly kind: 'account.locked'; readonly tenantId: string }
  /** `waited` in line and `worked`, both in milliseconds. */
  | { readonly kind: 'hash.computed'; readonly waited: number; readonly worked: number }
  /** Too many waited already. */
  | { readonly kind: 'hash.refused' }
  /** A server at an address that an administrator of a tenant has chosen. `outcome`: `answered`, or why nobody did. */
  | {
      readonly kind: 'outside.called';
      readonly target: OutsideTarget;
      readonly outcome: string;
      /** Absent: nobody answered. */
      readonly status?: number;
      readonly milliseconds: number;
    }
  /** A letter or text message handed to its server, or not taken. */
  | {
      readonly kind: 'message.handed';
      readonly channel: 'mail' | 'text';
      readonly outcome: 'taken' | 'failed';
      readonly milliseconds: number;
    }
  /** `operation`: `read`, `write`, `ephemeral.take` … `outcome`: `ok`, or the fault's code. */
  | {
      readonly kind: 'store.asked';
      readonly operation: string;
      readonly outcome: string;
      readonly milliseconds: number;
    }
  /** An application that took part in a session that has ended; `attempts` of telling it so. */
  | {
      readonly kind: 'logout.told';
      readonly tenantId: string;
      readonly appId: string;
      readonly outcome: 'accepted' | 'refused' | 'unreachable';
      readonly attempts: number;
    }
  /** `attempts`: of this delivery so far. */
  | {
      readonly kind: 'webhook.called';
      readonly tenantId: string;
      readonly webhookId: string;
      readonly event: string;
      readonly outcome: 'taken' | 'refused' | 'givenUp' | 'dropped';
      readonly attempts: number;
    }
  | { readonly kind: 'mail.sent' | 'text.sent'; readonly to: 'redacted'; readonly purpose: string }
  | { readonly kind: 'store.migrated'; readonly engine: string; readonly from: number; readonly to: number }
  | { readonly kind: 'warning'; readonly message: string; readonly error?: unknown };

/** Who is called outside, by what for. */
export type OutsideTarget =
  | 'connector'
  | 'extension'
  | 'provider'
  | 'document'
  | 'keys'
  | 'logout'
  | 'webhook'
  | 'template'
  | 'other';

export type Observe = (observation: Observation) => void;

export const silent: Observe = () => undefined;
