import { startLoad } from '../client/loading.ts';
import { signIn } from '../client/sign-in.ts';
import { type Probed, probe, told } from '../probe.ts';
import type { Result } from '../report.ts';
import { startTarget } from '../target.ts';
import { refreshLane } from './tokens.ts';

const span = 15_000;

/** Wrong passwords from one address, 64 at once, while others sign in and refresh from another one. The limits are those that a server has unless told otherwise. */
export async function flood(): Promise<Result> {
  const target = await startTarget(1000, ['--limits', 'generous']);
  const connection = target.connect();
  let refused = 0;
  const signingIn = {
    name: 'password sign-in, whole',
    ask: () =>
      signIn(target, connection, target.anybody().mail).then(
        () => undefined,
        () => {
          refused += 1;
        },
      ),
  };
  try {
    const probes = [{ name: 'refresh', ask: await refreshLane(target) }, signingIn];
    await probe(probes, 3000);
    refused = 0;
    const quiet = await probe(probes, span / 3);
    const load = await startLoad(target, { atOnce: 64, from: '127.0.0.9', passwords: 'wrong' });
    const busy: readonly Probed[] = await probe(probes, span);
    const counted = await load.counted();
    await load.close();
    return {
      figures: [],
      rows: [],
      remarks: [
        `The flood: ${counted.done} wrong passwords were answered in ${span / 1000} s, ${counted.refused} were turned away.`,
        `Others without it: ${quiet.map(told).join('; ')}.`,
        `Others during it: ${busy.map(told).join('; ')}; ${refused} of their sign-ins were turned away.`,
      ],
    };
  } finally {
    connection.close();
    await target.close();
  }
}
