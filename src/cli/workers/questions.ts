import type { Worker } from 'node:cluster';
import type { FromWorker } from './wire.ts';

/** Questions to workers that wait for their answers. */
export interface Questions {
  /** Resolves to undefined when no answer comes in time. */
  ask(worker: Worker, path: string): Promise<unknown>;
  answered(message: Extract<FromWorker, { said: 'told' }>): void;
}

const patience = 3_000;

export function createQuestions(): Questions {
  const waiting = new Map<number, (value: unknown) => void>();
  let count = 0;
  return {
    ask(worker, path) {
      count += 1;
      const question = count;
      return new Promise((resolve) => {
        const timer = setTimeout(() => done(undefined), patience);
        const done = (value: unknown): void => {
          clearTimeout(timer);
          waiting.delete(question);
          resolve(value);
        };
        waiting.set(question, done);
        if (worker.isConnected()) worker.send({ question, path });
        else done(undefined);
      });
    },
    answered: ({ question, value }) => waiting.get(question)?.(value),
  };
}
