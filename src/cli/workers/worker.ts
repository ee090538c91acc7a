import { type FromWorker, isQuestion } from './wire.ts';

/** The way to the process that started this one as a worker. */
export interface Primary {
  ready(facts: { readonly url: string; readonly port: number }): void;
}

/** Answers what the primary asks, with `tell`. */
export function reportTo(tell: (path: string) => Promise<readonly unknown[]>): Primary {
  // A primary that is gone cannot be told anything; the channel's end stops this process anyway.
  const send = (message: FromWorker): void => void process.send?.(message, undefined, {}, () => undefined);
  process.on('message', (message) => {
    if (!isQuestion(message)) return;
    const { question } = message;
    tell(message.path).then(
      ([value]) => send({ said: 'told', question, value }),
      () => send({ said: 'told', question }),
    );
  });
  return { ready: (facts) => send({ said: 'ready', ...facts }) };
}
