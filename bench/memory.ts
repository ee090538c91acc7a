import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Resident memory of a process in megabytes, as it is now. */
export function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The same, once the process has had a while to give back what it does not need. */
export async function settledMegabytes(pid: number): Promise<number> {
  await setTimeout(3000);
  return residentMegabytes(pid);
}
