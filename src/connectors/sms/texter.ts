/** One text message to one telephone. */
export interface TextMessage {
  /** E.164, e.g. `+4915112345678` (ITU-T E.164 §6). */
  readonly to: string;
  readonly text: string;
  /** What it is for, e.g. `phone.code`; safe to log. */
  readonly purpose: string;
  /** The one-time code in it, so that an outbox can show it apart from the words. */
  readonly code?: string;
  readonly flowId?: string;
  readonly correlationId?: string;
}

/** Hands one text message over or throws; retrying is the caller's decision. */
export interface Texter {
  send(message: TextMessage): Promise<void>;
}
