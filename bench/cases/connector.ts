import { dirname, join } from 'node:path';
import { connect, newConnector } from '../../test/support/example.ts';
import { newFlow } from '../../test/support/flow-settings.ts';
import { type Bench, closeAll } from '../bench.ts';
import { signUp } from '../client/sign-up.ts';
import { computingFloor, servingFloor } from '../floors/start.ts';
import { lanes, type Subject } from '../measure.ts';
import { perCore } from '../report.ts';
import { startTarget } from '../target.ts';

const atOnce = 8;

/** Sign-ups in which an API is asked before the account is made; the API is a process of its own. */
export async function connector(): Promise<Bench> {
  const target = await startTarget(100, [], '', { development: true });
  const tls = dirname(target.caFile);
  const api = await servingFloor('connector-api', [join(tls, 'server.pem'), join(tls, 'server-key.pem')]);
  const hash = await computingFloor('argon2id, the server’s parameters, a thread per core', 'hash', 'argon2');
  const [calling, silent] = [await newFlow(target), await newFlow(target)];
  await connect(target, calling, 'postAttributeCollection', await newConnector(target, `${api.https}/check`));
  const signingUp = (key: string, name: string, flow: string): Subject => ({
    key,
    name,
    pid: target.pid,
    run: lanes(atOnce, () => {
      const connection = target.connect();
      return () => signUp(target, connection, flow);
    }),
  });
  return {
    subjects: [
      signingUp('calling', 'sign-up with one connector call, whole', calling),
      signingUp('silent', 'sign-up without a call, whole', silent),
      hash,
    ],
    goals: [
      { goal: 'sign-up with one connector call, per core', better: 'more', must: 40, aim: 60, by: perCore('calling') },
    ],
    close: () => closeAll(api, hash, target),
  };
}
