/** One message to one address. `text` and `html` say the same. */
export interface Letter {
  readonly to: string;
  /** In whose name it comes, as a person reads it: the tenant's. */
  readonly sender?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What it is for, e.g. `signUp.emailCode`; safe to log. */
  readonly purpose: string;
  /** The one-time code in it, so that an outbox can show it apart from the words. */
  readonly code?: string;
  readonly flowId?: string;
  readonly correlationId?: string;
}

/** Hands one letter over or throws; retrying is the caller's decision. */
export interface Mailer {
  send(letter: Letter): Promise<void>;
}
