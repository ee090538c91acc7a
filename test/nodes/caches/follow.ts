import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Usher } from '../../support/usher.ts';
import type { Fleet } from '../fleet.ts';
import type { Cache, Probe } from './cache.ts';

/** Whatever happens, a change that was acknowledged at one node counts at every other after this long. */
const mostMilliseconds = 1000;
const pauseMilliseconds = 20;

export interface Nodes {
  readonly writer: Usher;
  readonly reader: Usher;
}

/** Something is wrong from now on. */
interface Broken {
  /** Where nothing can be seen before: makes it whole again once everything has changed. */
  readonly heal?: () => void;
  /** Resolves to how much was broken in all. */
  readonly end: () => Promise<number>;
}

export interface Trouble {
  readonly name: string;
  /** Whether all that is kept changes at once; else one after the other, so that no change can stand in for another. */
  readonly isShared: boolean;
  readonly begin: (fleet: Fleet, nodes: Nodes) => Promise<Broken>;
}

const listening = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";

/** Cuts every connection that hears notices, and those that come in its place. */
async function deafen({ query, nodes }: Fleet): Promise<Broken> {
  let cut = 0;
  let isOver = false;
  const cutOnce = async (): Promise<void> => {
    cut += (await query(`SELECT pg_terminate_backend(pid) ${listening}`)).length;
  };
  await cutOnce();
  assert.ok(cut >= nodes.length, 'every node listens');
  const cutting = (async () => {
    while (!isOver) await cutOnce();
  })();
  return {
    async end() {
      isOver = true;
      await cutting;
      return cut;
    },
  };
}

export const troubles: readonly Trouble[] = [
  { name: 'when it is told', isShared: false, begin: async () => ({ end: async () => 0 }) },
  { name: 'though nobody can hear notices', isShared: true, begin: deafen },
  {
    name: 'once it goes on after a stop',
    isShared: true,
    async begin(_fleet, { reader }) {
      process.kill(reader.pid, 'SIGSTOP');
      const heal = (): void => void process.kill(reader.pid, 'SIGCONT');
      return {
        heal,
        async end() {
          heal();
          return 1;
        },
      };
    },
  },
];

export interface Subject {
  readonly cache: Cache;
  readonly probe: Probe;
}

/** Milliseconds from a moment until the node that is asked goes by the change. */
async function followed({ probe }: Subject, turn: number, since: number): Promise<number> {
  for (;;) {
    const passed = performance.now() - since;
    if (await probe.sees(turn)) return passed;
    assert.ok(passed < mostMilliseconds, `not yet ${Math.round(passed)} ms later`);
    await wait(pauseMilliseconds);
  }
}

/** What came of a change: after how many milliseconds it was followed, or why it was not. */
export type Outcome = PromiseSettledResult<number>;

/**
 * Changes all of it through one node while the other keeps it as it was. Resolves to what came of each, and to how much was broken.
 */
async function changeTogether(
  fleet: Fleet,
  nodes: Nodes,
  { trouble, turn }: Round,
  subjects: readonly Subject[],
): Promise<{ readonly outcomes: readonly Outcome[]; readonly faults: number }> {
  const through = (node: Usher, work: (subject: Subject) => Promise<number>) =>
    Promise.allSettled(subjects.map((subject) => fleet.at(node, () => work(subject))));
  const early = await through(nodes.reader, async ({ probe }) => Number(await probe.sees(turn)));
  const broken = await trouble.begin(fleet, nodes);
  const changed = await through(nodes.writer, async ({ probe }) => {
    await probe.change(turn);
    return performance.now();
  });
  broken.heal?.();
  const whole = broken.heal ? performance.now() : 0;
  const outcomes = await through(nodes.reader, async (subject) => {
    const [before, after] = [early, changed].map((all) => settledAt(all[subjects.indexOf(subject)]));
    assert.equal(before, 0, 'it goes by the change before that is made');
    return followed(subject, turn, Math.max(after ?? 0, whole));
  });
  return { outcomes, faults: await broken.end() };
}

function settledAt(outcome: Outcome | undefined): number {
  if (outcome?.status !== 'fulfilled') throw outcome?.reason;
  return outcome.value;
}

export interface Round {
  readonly trouble: Trouble;
  readonly turn: number;
}

/** What came of a change of each, and how much was broken in all. */
export async function changeEach(fleet: Fleet, nodes: Nodes, round: Round, subjects: readonly Subject[]) {
  const groups = round.trouble.isShared ? [subjects] : subjects.map((subject) => [subject]);
  const results: Awaited<ReturnType<typeof changeTogether>>[] = [];
  for (const group of groups) results.push(await changeTogether(fleet, nodes, round, group));
  const faults = results.reduce((sum, result) => sum + result.faults, 0);
  return { outcomes: results.flatMap(({ outcomes }) => outcomes), faults };
}

/** Brings about the state that everything begins with, and waits until the reader goes by it. */
export async function begin(fleet: Fleet, { reader }: Nodes, cache: Cache): Promise<Subject> {
  const subject = { cache, probe: await cache.prepare(fleet) };
  await subject.probe.change(0);
  await fleet.at(reader, () => followed(subject, 0, performance.now()));
  return subject;
}
