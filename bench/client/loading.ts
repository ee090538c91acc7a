import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Target } from '../target.ts';

export interface Load {
  /** Sign-ins so far: that went through, and that were turned away. */
  counted(): Promise<{ readonly done: number; readonly refused: number }>;
  close(): Promise<void>;
}

/** Starts `load.ts` against a server. */
export async function startLoad(
  { url, caFile }: Pick<Target, 'url' | 'caFile'>,
  { atOnce = 16, from = '127.0.0.1', passwords = 'right' as 'right' | 'wrong' },
): Promise<Load> {
  const child = fork(new URL('./load.ts', import.meta.url), [url, caFile, String(atOnce), from, passwords]);
  await once(child, 'message');
  return {
    async counted() {
      const answered = once(child, 'message');
      child.send('count');
      return (await answered)[0];
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
