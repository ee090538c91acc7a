import { seeded } from '../../test/support/usher.ts';
import { type Bench, closeAll } from '../bench.ts';
import { documentFloor } from '../floors/documents.ts';
import { lanes, type Subject } from '../measure.ts';
import { startTarget } from '../target.ts';

const atOnce = 8;

/** What every client reads first: metadata and keys of a flow. */
export async function discovery(): Promise<Bench> {
  const target = await startTarget(100);
  const base = `/${seeded.tenant}/${seeded.flow}`;
  const metadata = `${base}/v2.0/.well-known/openid-configuration`;
  const { body } = await target.connect().ask({ path: metadata });
  const floor = await documentFloor('json', body.toString(), 'application/json', atOnce);
  const asking = (key: string, name: string, path: string): Subject => ({
    key,
    name,
    pid: target.pid,
    run: lanes(atOnce, () => {
      const connection = target.connect();
      return async () => {
        const { status } = await connection.ask({ path });
        if (status !== 200) throw new Error(`${path} answers ${status}.`);
      };
    }),
  });
  return {
    subjects: [
      asking('metadata', 'discovery: metadata of a flow', metadata),
      asking('keys', 'discovery: keys of a flow', `${base}/discovery/v2.0/keys`),
      ...floor.subjects,
    ],
    goals: [],
    close: () => closeAll(floor, target),
  };
}
