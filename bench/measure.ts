import { performance } from 'node:perf_hooks';
import { countCpu } from './cpu.ts';

/** A program under measurement: the server, or a floor it is compared with. */
export interface Subject {
  readonly name: string;
  /** What goals call it. */
  readonly key: string;
  /** Of the process whose processor time counts. */
  readonly pid: number;
  /** Does `count` operations; gives the milliseconds each of them took. */
  run(count: number): Promise<readonly number[]>;
}

/** Medians over the rounds. */
export interface Figure {
  readonly name: string;
  readonly key: string;
  /** Processor time of the whole process for one operation, user and system, all threads; in microseconds. */
  readonly cpu: number;
  /** Half of what lies between the rounds' first and third quartile, as a part of the median. */
  readonly spread: number;
  /** Of the clock on the wall, with as many operations at once as the case says. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of every round, in order: what a ratio is made of, round by round. */
  readonly rounds: readonly number[];
}

export interface Pace {
  readonly rounds: number;
  /** Milliseconds of one round, about; of the warm-up before them, at most. */
  readonly round: number;
  readonly warmUp: number;
}

export const usualPace: Pace = { rounds: 15, round: 500, warmUp: 12_000 };
/** For somebody who changes the program and wants to see in which direction. */
export const quickPace: Pace = { rounds: 7, round: 250, warmUp: 5000 };

export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

export const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** See `Figure.spread`. */
export function spreadOf(values: readonly number[]): number {
  const sorted = ascending(values);
  return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / median(sorted);
}

interface Round {
  readonly cpu: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

async function round(subject: Subject, count: number): Promise<Round> {
  const [spent, began] = [countCpu(subject.pid), performance.now()];
  const milliseconds = ascending(await subject.run(count));
  const seconds = (performance.now() - began) / 1000;
  return {
    cpu: (spent() * 1e6) / count,
    perSecond: count / seconds,
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
  };
}

/** Rounds that are compared with as many before them. */
const compared = 3;
/** The part of what they cost that still counts as the same. */
const same = 0.96;

/** The last rounds were no cheaper than those before them: what is run often has been compiled. */
function isWarm(costs: readonly number[]): boolean {
  if (costs.length < 2 * compared) return false;
  return median(costs.slice(-compared)) >= median(costs.slice(-2 * compared, -compared)) * same;
}

/**
 * Runs until it becomes no cheaper, which for a server are some ten thousand requests, or until the warm-up is over; gives how many operations
 * fill one round.
 */
async function warmUp(subject: Subject, pace: Pace): Promise<number> {
  const costs: number[] = [];
  let count = 16;
  const end = performance.now() + pace.warmUp;
  for (;;) {
    const { cpu, perSecond } = await round(subject, count);
    costs.push(cpu);
    count = Math.max(16, Math.ceil((perSecond * pace.round) / 1000));
    if (isWarm(costs) || performance.now() >= end) return count;
  }
}

/**
 * Measures programs together: each runs a round, then the next one, and so on again, so that whatever else the machine does and however warm it
 * is meets all of them alike.
 */
export async function measure(subjects: readonly Subject[], pace: Pace): Promise<readonly Figure[]> {
  const lanes: { readonly subject: Subject; readonly count: number; readonly found: Round[] }[] = [];
  for (const subject of subjects) lanes.push({ subject, count: await warmUp(subject, pace), found: [] });
  for (let at = 0; at < pace.rounds; at += 1)
    for (const { subject, count, found } of lanes) found.push(await round(subject, count));
  return lanes.map(({ subject: { name, key }, found }) => {
    const all = (part: keyof Round) => found.map((one) => one[part]);
    const middle = (part: keyof Round) => median(all(part));
    return {
      name,
      key,
      cpu: middle('cpu'),
      spread: spreadOf(all('cpu')),
      perSecond: middle('perSecond'),
      p50: middle('p50'),
      p99: middle('p99'),
      rounds: all('cpu'),
    };
  });
}

type Operation = () => Promise<void>;

/** Operations that several lanes do at the same time, each one after another; what they need is prepared with the first. */
export function lanes(atOnce: number, lane: () => Operation | Promise<Operation>): Subject['run'] {
  let prepared: Promise<readonly Operation[]> | undefined;
  return async (count) => {
    prepared ??= Promise.all(Array.from({ length: atOnce }, lane));
    const milliseconds: number[] = [];
    let left = count;
    const go = async (operation: Operation) => {
      while (left > 0) {
        left -= 1;
        const began = performance.now();
        await operation();
        milliseconds.push(performance.now() - began);
      }
    };
    await Promise.all((await prepared).map(go));
    return milliseconds;
  };
}
