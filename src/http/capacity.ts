import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** What a process has for its connections. */
export interface Means {
  /** Files and sockets it may have open; absent: not bounded, or not told. */
  readonly openFiles?: number | undefined;
  /** Bytes, of all processes of the server together. */
  readonly memory: number;
  /** That share the memory. */
  readonly processes: number;
}

/** Connections of one process. */
const mostConnections = 10_000;

/** Files and sockets besides connections: the database, calls of others, mail. */
const reservedFiles = 1_000;

/** Of a connection over TLS that has nothing to do, in bytes; measured 80,000. */
const bytesEach = 100_000;

/** Part of the memory that connections may take. */
const share = 1 / 4;

/** How many connections there may be, so that files and memory stay for what they ask for. */
export function placesFor({ openFiles = Number.POSITIVE_INFINITY, memory, processes }: Means): number {
  const byFiles = Math.max(Math.floor(openFiles / 2), openFiles - reservedFiles);
  const byMemory = Math.floor((memory * share) / processes / bytesEach);
  return Math.max(1, Math.min(mostConnections, byFiles, byMemory));
}

/** The soft limit of open files as Linux tells it (proc_pid_limits(5)); undefined for `unlimited` and what cannot be read. */
export function openFilesIn(limits: string): number | undefined {
  const [, soft] = /^Max open files\s+(\d+)\s/m.exec(limits) ?? [];
  return soft === undefined ? undefined : Number(soft);
}

/** Node raises the soft limit to the hard one when it starts. */
function openFilesAllowed(): number | undefined {
  try {
    return openFilesIn(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Of the machine, or of the container. */
function memoryAllowed(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Connections that this process can do with; `processes` of them share the machine. */
export const connectionPlaces = (processes = 1): number =>
  placesFor({ openFiles: openFilesAllowed(), memory: memoryAllowed(), processes });
