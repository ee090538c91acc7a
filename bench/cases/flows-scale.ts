import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorize } from '../../test/support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../../test/support/usher.ts';
import { openBrowser } from '../client/browser.ts';
import { type Connection, openConnection } from '../client/connection.ts';
import { codeIn, redeem } from '../client/sign-in.ts';
import { lanes, measure, quickPace, type Subject } from '../measure.ts';
import { settledMegabytes } from '../memory.ts';
import type { Result, Row } from '../report.ts';
import { furnishTenants, tenantName } from '../scale/tenants.ts';

const args = ['--throttling', 'none', '--limits', 'none'];
const flowName = (number: number): string => `B2C_1_scale${number}`;

interface Running {
  readonly usher: Usher;
  readonly connection: Connection;
}

async function begin(data: string): Promise<Running> {
  const usher = await startUsher({ data, args });
  return { usher, connection: openConnection(usher.url, readFileSync(usher.caFile, 'utf8')) };
}

async function define({ usher, connection }: Running, from: number, to: number): Promise<void> {
  const headers = { Authorization: `Bearer ${await usher.graphToken()}`, 'Content-Type': 'application/json' };
  for (let number = from; number < to; number += 1) {
    const body = JSON.stringify({
      id: flowName(number).slice('B2C_1_'.length),
      userFlowType: 'signUpOrSignIn',
      userFlowTypeVersion: 3,
    });
    const answer = await connection.ask({ method: 'POST', path: '/beta/identity/b2cUserFlows', headers, body });
    if (answer.status !== 201) throw new Error(`No flow: ${answer.status} ${answer.body.toString()}`);
  }
}

/** Metadata of the flow and its first page, as somebody who comes to sign in. */
async function use({ usher, connection }: Running, flow: string, tenant: string = seeded.tenant): Promise<void> {
  const authority = flow === '' ? `/${tenant}` : `/${tenant}/${flow}`;
  const metadata = `${authority}/v2.0/.well-known/openid-configuration`;
  const { status } = await connection.ask({ path: metadata });
  if (status !== 200) throw new Error(`${metadata} answers ${status}.`);
  if (tenant !== seeded.tenant) return;
  const { url } = authorize(usher, {}, flow);
  const page = await openBrowser(connection, usher.url).open(`${url.pathname}${url.search}`);
  if (page.status !== 200) throw new Error(`${flow} answers ${page.status}.`);
}

/** Whole sign-ins with a flow, at random, of those there are. */
function signingIn({ usher }: Running, flows: number): Subject['run'] {
  const ca = readFileSync(usher.caFile, 'utf8');
  return lanes(8, () => {
    const connection = openConnection(usher.url, ca);
    return async () => {
      const flow = flows === 1 ? seeded.flow : flowName(Math.floor(Math.random() * flows));
      const attempt = authorize(usher, {}, flow);
      const browser = openBrowser(connection, usher.url);
      const shown = await browser.open(`${attempt.url.pathname}${attempt.url.search}`);
      const done = await browser.press(shown, 'next', { email: seeded.user, password: seeded.password });
      await redeem(connection, attempt, codeIn(done), flow);
    };
  });
}

const row = (goal: string, must: number, aim: number, measured: number): Row => ({
  goal,
  unit: 'MB',
  better: 'less',
  must,
  aim,
  measured,
});

/**
 * What flows cost: a server with one, 1,000 and 10,000 of them, started anew each time, and one with 1,000 tenants. What is used is compared with
 * as many requests of one flow, since requests alone let a heap grow.
 */
export async function flowsScale(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-flows-'));
  const data = join(folder, randomBytes(4).toString('hex'));
  const stop = async ({ usher, connection }: Running) => {
    connection.close();
    await usher.stop();
  };
  const idle = async () => {
    const running = await begin(data);
    return { running, megabytes: await settledMegabytes(running.usher.pid) };
  };
  try {
    await stop(await begin(data));
    const one = await idle();
    for (let count = 0; count < 1000; count += 1) await use(one.running, seeded.flow);
    const usedOne = await settledMegabytes(one.running.usher.pid);
    const oneRun: Subject = {
      key: '1',
      name: 'password sign-in, 1 flow',
      pid: one.running.usher.pid,
      run: signingIn(one.running, 1),
    };
    const [oneFigure] = await measure([oneRun], quickPace);
    await define(one.running, 0, 1000);
    await stop(one.running);

    const thousand = await idle();
    for (let number = 0; number < 1000; number += 1) await use(thousand.running, flowName(number));
    const usedThousand = await settledMegabytes(thousand.running.usher.pid);
    const { pid } = thousand.running.usher;
    const load: Subject = {
      key: '1000',
      name: 'password sign-in, 1,000 flows',
      pid,
      run: signingIn(thousand.running, 1000),
    };
    const [thousandFigure] = await measure([load], { ...quickPace, rounds: 9, round: 1000 });
    const loaded = await settledMegabytes(pid);
    await define(thousand.running, 1000, 10_000);
    await stop(thousand.running);

    const tenThousand = await idle();
    const many: Subject = {
      key: '10000',
      name: 'password sign-in, 10,000 flows',
      pid: tenThousand.running.usher.pid,
      run: signingIn(tenThousand.running, 10_000),
    };
    const [tenThousandFigure] = await measure([many], quickPace);
    await stop(tenThousand.running);

    const tenants = join(folder, 'tenants');
    await furnishTenants(tenants, 1000);
    const host = await begin(tenants);
    const idleTenants = await settledMegabytes(host.usher.pid);
    for (let number = 0; number < 1000; number += 1) await use(host, '', tenantName(number));
    const usedTenants = await settledMegabytes(host.usher.pid);
    await stop(host);

    return {
      figures: [oneFigure, thousandFigure, tenThousandFigure].filter((figure) => figure !== undefined),
      rows: [
        row('memory, idle', 150, 110, one.megabytes),
        row('memory, 1,000 flows defined: more than idle', 20, 5, thousand.megabytes - one.megabytes),
        row('memory, all 1,000 used: more than as many requests of one flow', 60, 30, usedThousand - usedOne),
        row('memory, after the load', 350, 250, loaded),
      ],
      remarks: [
        `Idle, with 1 / 1,000 / 10,000 flows: ${[one, thousand, tenThousand].map(({ megabytes }) => megabytes.toFixed(0)).join(' / ')} MB. After 1,000 journeys that were begun: ${usedOne.toFixed(0)} MB with one flow, ${usedThousand.toFixed(0)} MB with 1,000.`,
        `1,000 tenants: ${idleTenants.toFixed(0)} MB idle, ${usedTenants.toFixed(0)} MB after each was asked.`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
