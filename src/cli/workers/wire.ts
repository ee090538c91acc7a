/** What a worker tells the process that started it. */
export type FromWorker =
  | { readonly said: 'ready'; readonly url: string; readonly port: number }
  /** The answer to a question; without `value` there was none to give. */
  | { readonly said: 'told'; readonly question: number; readonly value?: unknown };

/** What it is asked: what it tells for a path of the management listener. */
export interface Question {
  readonly question: number;
  readonly path: string;
}

const isObject = (message: unknown): message is Readonly<Record<string, unknown>> =>
  typeof message === 'object' && message !== null;

export const isFromWorker = (message: unknown): message is FromWorker =>
  isObject(message) && (message['said'] === 'ready' || message['said'] === 'told');

export const isQuestion = (message: unknown): message is Question =>
  isObject(message) && typeof message['question'] === 'number' && typeof message['path'] === 'string';
