/** On whose authority a read or a write happens; recorded with every change. */
export type Caller =
  | { readonly kind: 'system'; readonly reason: string; readonly onBehalfOf?: Caller }
  | ({ readonly kind: 'app'; readonly appId: string; readonly roles: readonly string[] } & Correlated)
  | ({
      readonly kind: 'user';
      readonly userId: string;
      readonly appId: string;
      readonly scopes: readonly string[];
    } & Correlated);

interface Correlated {
  /** UUID of the request, so that the audit log and the client's own log can be put side by side. */
  readonly correlationId?: string;
}

/** The server itself, with the reason it acts; `reason` is what the audit trail shows. */
export const system = (reason: string): Caller => ({ kind: 'system', reason });

/** The server doing what somebody asked for, with rights of its own: the audit trail names who asked. */
export const systemFor = (caller: Caller, reason: string): Caller =>
  caller.kind === 'system' ? caller : { kind: 'system', reason, onBehalfOf: caller };
