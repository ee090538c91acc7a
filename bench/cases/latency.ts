import { seeded } from '../../test/support/usher.ts';
import { startLoad } from '../client/loading.ts';
import { hint } from '../hint.ts';
import { type Probe, probe, told } from '../probe.ts';
import type { Result, Row } from '../report.ts';
import { startTarget, type Target } from '../target.ts';
import { graphLane, questions } from './graph.ts';
import { credentialsLane, refreshLane } from './tokens.ts';

const warmUp = 3000;
const span = 15_000;

/** What others ask meanwhile. */
export async function probesOf(target: Target): Promise<readonly Probe[]> {
  const discovery = target.connect();
  const path = `/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;
  return [
    { name: 'discovery', ask: async () => void (await discovery.ask({ path })) },
    { name: 'Graph get', ask: await graphLane(target, 200, () => questions.get(target))() },
    { name: 'refresh', ask: await refreshLane(target) },
    { name: 'client credentials', ask: credentialsLane(target) },
  ];
}

const row = (goal: string, measured: number): Row => ({
  goal,
  unit: 'ms',
  better: 'less',
  must: 25,
  aim: 10,
  measured,
});

/** How long others wait while sign-ins keep both cores busy with hashes. */
export async function latency(): Promise<Result> {
  const target = await startTarget();
  try {
    const probes = await probesOf(target);
    await probe(probes, warmUp);
    const quiet = await probe(probes, span / 3);
    const load = await startLoad(target, { atOnce: 16 });
    try {
      await probe(probes, warmUp);
      const before = await load.counted();
      const busy = await probe(probes, span);
      const { done } = await load.counted();
      return {
        figures: [],
        rows: busy.map(({ name, p99 }) => row(`p99 of ${name} while sign-ins saturate the cores`, p99)),
        remarks: [
          `Sign-ins meanwhile: ${(((done - before.done) * 1000) / span).toFixed(0)} a second, 16 at once.`,
          `Nobody else there: ${quiet.map(told).join('; ')}.`,
          `While they sign in: ${busy.map(told).join('; ')}.`,
        ],
      };
    } finally {
      await load.close();
    }
  } finally {
    await target.close();
  }
}

/** How long others wait while somebody asks for what has to look at every user. Argument: how many there are. */
export async function latencyScan([size = '1000000']: readonly string[]): Promise<Result> {
  const target = await startTarget(Number(size));
  const scans = {
    '$count of all users': '/v1.0/users?$count=true&$top=1',
    '$search for what many have': `/v1.0/users?$search=${encodeURIComponent('"displayName:st"')}&$count=true&$top=1`,
  };
  try {
    const probes = await probesOf(target);
    await probe(probes, warmUp);
    const rows: Row[] = [];
    const remarks: string[] = [];
    for (const [name, path] of Object.entries(scans)) {
      hint(name);
      const scan = await graphLane(target, 200, () => ({ path, headers: { ConsistencyLevel: 'eventual' } }))();
      const scanning = { done: false, times: 0 };
      const going = (async () => {
        for (; !scanning.done; scanning.times += 1) await scan();
      })();
      const found = await probe(probes, span);
      scanning.done = true;
      await going;
      rows.push(row(`p99 of others during ${name} (${size})`, Math.max(...found.map(({ p99 }) => p99))));
      remarks.push(`${name}, ${scanning.times} times one after another: ${found.map(told).join('; ')}.`);
    }
    return { figures: [], rows, remarks };
  } finally {
    await target.close();
  }
}
