import { readFileSync } from 'node:fs';

/** User and system time of a process in seconds, all threads (proc(5), fields 14 and 15 of `stat`); absent on other systems. */
export function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
