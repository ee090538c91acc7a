/**
 * Everything the server says about itself. Logs, metrics and the journey record are views of this union.
 * Never carries a secret, a password, a code, a token or a personal value.
 */
export type Observation =
  | { readonly kind: 'server.listening'; readonly url: string }
  | { readonly kind: 'server.stopping'; readonly signal: string }
  | {
      readonly kind: 'http.answered';
      readonly method: string;
      /** The path without its query, which may hold codes and tokens. */
      readonly path: string;
      readonly status: number;
      readonly milliseconds: number;
      readonly correlationId: string;
    }
  | { readonly kind: 'http.failed'; readonly path: string; readonly correlationId: string; readonly error: unknown }
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
      readonly correlationId: string;
    }
  | {
      readonly kind: 'token.issued';
      readonly tenantId: string;
      readonly flowId: string | undefined;
      readonly appId: string;
      readonly grant: string;
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

export type Observe = (observation: Observation) => void;

export const silent: Observe = () => undefined;
