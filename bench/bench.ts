import { type Figure, measure, type Pace, type Subject } from './measure.ts';
import { type Goal, type Result, rowOf } from './report.ts';

/** What is measured together, in turns. */
export interface Bench {
  readonly subjects: readonly Subject[];
  readonly goals: readonly Goal[];
  close(): Promise<void>;
}

interface Closing {
  close(): Promise<void>;
}

export async function closeAll(...all: readonly (Closing | undefined)[]): Promise<void> {
  for (const one of all) await one?.close();
}

/** Those whose name holds the word, and what goals compare them with. */
function wantedOf({ subjects, goals }: Bench, word: string): readonly Subject[] {
  const named = new Set(subjects.filter(({ name }) => name.includes(word)).map(({ key }) => key));
  const beside = goals.filter(({ by }) => by.keys.some((key) => named.has(key))).flatMap(({ by }) => by.keys);
  return subjects.filter(({ key }) => named.has(key) || beside.includes(key));
}

export interface Wish {
  /** Measures another server too, which is installed for it. */
  readonly isPeerWanted: boolean;
}

export type OpenBench = (wish: Wish) => Promise<Bench>;

/** `word`: measures only what has it in its name, and its floors. */
export async function runBench(open: OpenBench, wish: Wish, pace: Pace, word = ''): Promise<Result> {
  const bench = await open(wish);
  try {
    const figures: readonly Figure[] = await measure(wantedOf(bench, word), pace);
    const rows = bench.goals.map((goal) => rowOf(goal, figures)).filter((row) => row !== undefined);
    return { figures, rows };
  } finally {
    await bench.close();
  }
}
