import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Subject } from '../measure.ts';
import { installed } from '../peer/installed.ts';
import { folderVariable, libraries } from './libraries.ts';
import type { Serving } from './serving.ts';

interface Floor {
  readonly pid: number;
  close(): Promise<void>;
}

/** What is running, so that nothing outlives the bench. */
async function started(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly said: unknown; readonly floor: Floor }> {
  const child = fork(new URL(`./${program}.ts`, import.meta.url), [...args], { env: { ...process.env, ...env } });
  const said = await Promise.race([
    once(child, 'message').then(([message]) => message as unknown),
    once(child, 'exit').then(() => Promise.reject(new Error(`The floor '${program}' did not start.`))),
  ]);
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  };
  return { child, said, floor: { pid: child.pid ?? 0, close } };
}

/** A floor that computes. */
export async function computingFloor(
  name: string,
  key: string,
  program: string,
  args: readonly string[] = [],
): Promise<Floor & Subject> {
  const { child, floor } = await started(program, args);
  return {
    ...floor,
    name: `floor: ${name}`,
    key,
    async run(count) {
      const answered = once(child, 'message');
      child.send(count);
      return (await answered)[0] as readonly number[];
    },
  };
}

export type ServingFloor = Floor & Serving;

/** A floor that serves. */
export async function servingFloor(program: string, args: readonly string[] = []): Promise<ServingFloor> {
  const { said, floor } = await started(program, args);
  return { ...floor, ...(said as Serving) };
}

/** A floor that serves with the libraries of others; absent where these cannot be had. */
export async function foreignFloor(program: string, args: readonly string[] = []): Promise<ServingFloor | undefined> {
  const folder = await installed(libraries);
  if (folder === undefined) return undefined;
  const { said, floor } = await started(program, args, { [folderVariable]: folder });
  return { ...floor, ...(said as Serving) };
}

/** What a goal says that has no floor. */
export const unmeasured = (floor: ServingFloor | undefined): { readonly why?: string } =>
  floor ? {} : { why: 'What it is compared with could not be installed: is the package registry within reach?' };
