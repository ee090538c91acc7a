import { readFileSync } from 'node:fs';

/** The soft limit of open files as Linux tells it (proc_pid_limits(5)); undefined for `unlimited` and what cannot be read. */
export function openFilesIn(limits: string): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)\s/m.exec(limits) ?? [];
  return soft === undefined ? undefined : Number(soft);
}

/** How many files and sockets this process may have open; undefined where the system does not tell. Node raises it to the hard limit when it starts. */
export function openFilesAllowed(): number | undefined {
  try {
    return openFilesIn(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return undefined;
  }
}
