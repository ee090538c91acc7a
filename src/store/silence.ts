import type { Change } from './store.ts';

/** The changes of others where there can be no others: nothing, until `signal` aborts. */
export async function* silence(signal: AbortSignal): AsyncGenerator<Change> {
  const none: readonly Change[] = [];
  await aborted(signal);
  yield* none;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
