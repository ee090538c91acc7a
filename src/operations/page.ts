/** What a page of the management listener answers. */
export interface ManagementReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What one process of a server knows of itself. */
export interface Vitals {
  /** True once it was asked to stop: it answers what is under way and what still comes, but nobody should send it more. */
  draining(): boolean;
  /** Rejects when the database does not answer. */
  askDatabase(): Promise<unknown>;
}

/**
 * One path of the management listener. A server may be several processes, of which one listens: each tells its part, which travels as JSON,
 * and of all parts the answer is made.
 */
export interface ManagementPage {
  readonly path: string;
  tell(vitals: Vitals): Promise<unknown>;
  /** `told`: of every process that has answered in time. */
  answer(told: readonly unknown[]): ManagementReply;
}

/** A page whose `tell` and `answer` agree on what is told. */
export const managementPage = <T>(page: {
  readonly path: string;
  tell(vitals: Vitals): Promise<T>;
  answer(told: readonly T[]): ManagementReply;
}): ManagementPage => ({ ...page, answer: (told) => page.answer(told as readonly T[]) });
