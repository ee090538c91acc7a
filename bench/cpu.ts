import { readdirSync, readFileSync } from 'node:fs';

/** User and system time of a process in seconds, all threads there were, to a hundredth (proc(5), fields 14 and 15 of `stat`); absent on other systems. */
export function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/**
 * What each thread of a process has had of processors so far, in nanoseconds, by its id (Documentation/scheduler/sched-stats.rst); empty where the
 * system does not tell.
 */
function nanosecondsOfThreads(pid: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      found.set(thread, Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'), 10));
    }
  } catch {
    found.clear();
  }
  return found;
}

/**
 * Begins to count the processor time of a process; what is given back tells the seconds since then. A hundredth of a second, to which `stat` tells it,
 * is much of a short round, so threads are asked for nanoseconds as long as none has ended meanwhile.
 */
export function countCpu(pid: number): () => number {
  const [before, roughly] = [nanosecondsOfThreads(pid), cpuSeconds(pid)];
  return () => {
    const after = nanosecondsOfThreads(pid);
    if (before.size === 0 || [...before.keys()].some((thread) => !after.has(thread))) return cpuSeconds(pid) - roughly;
    let spent = 0;
    for (const [thread, nanoseconds] of after) spent += nanoseconds - (before.get(thread) ?? 0);
    return spent / 1e9;
  };
}
