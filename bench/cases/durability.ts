import { type Bench, closeAll } from '../bench.ts';
import { lanes, type Subject } from '../measure.ts';
import { cost } from '../report.ts';
import { startTarget, type Target } from '../target.ts';
import { graphLane, questions } from './graph.ts';
import { refreshLane } from './tokens.ts';

const atOnce = 16;

/** What it costs that an acknowledged write survives a loss of power, while many write. */
export async function durability(): Promise<Bench> {
  const full = await startTarget();
  const relaxed = await startTarget(1000, [], '?synchronous=normal');
  const creating = (key: string, name: string, target: Target): Subject => ({
    key: `${key} create`,
    name: `create a user, ${name}`,
    pid: target.pid,
    run: lanes(atOnce, graphLane(target, 201, questions.create)),
  });
  const refreshing = (key: string, name: string, target: Target): Subject => ({
    key: `${key} refresh`,
    name: `refresh with rotation, ${name}`,
    pid: target.pid,
    run: lanes(atOnce, () => refreshLane(target)),
  });
  return {
    subjects: [
      creating('full', 'survives power loss', full),
      creating('relaxed', 'relaxed', relaxed),
      refreshing('full', 'survives power loss', full),
      refreshing('relaxed', 'relaxed', relaxed),
    ],
    goals: ['create', 'refresh'].map((what) => ({
      goal: `full durability ÷ relaxed, CPU, 16 at once: ${what}`,
      better: 'less',
      must: 1.2,
      aim: 1.05,
      by: cost(`full ${what}`, `relaxed ${what}`),
    })),
    close: () => closeAll(full, relaxed),
  };
}
