import cluster from 'node:cluster';
import type { CommandContext } from '../command.ts';
import { production } from '../production.ts';

/** `usher serve`: runs until a signal, then answers what is under way and ends with 0. Throws `cli.unsafe`. */
export async function serve(context: CommandContext): Promise<number> {
  const needs = production(context.config);
  if (context.config.workers > 1 && cluster.isPrimary) {
    const { supervise } = await import('../workers/supervise.ts');
    return supervise(context);
  }
  const { serveHere } = await import('../serving.ts');
  try {
    return await serveHere(context, needs, cluster.isWorker);
  } finally {
    // The channel would keep a worker that has nothing more to do.
    cluster.worker?.disconnect();
  }
}
