import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, startServe } from '../../test/support/serve.ts';
import { type Attempt, authorize } from '../../test/support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../../test/support/usher.ts';
import { openBrowser } from '../client/browser.ts';
import { type Connection, openConnection } from '../client/connection.ts';
import { codeIn, tokensIn } from '../client/sign-in.ts';
import { deploymentOf } from '../deployed.ts';
import { hint } from '../hint.ts';
import { type Figure, lanes, measure, median, quickPace } from '../measure.ts';
import { settledMegabytes } from '../memory.ts';
import type { Result, Row } from '../report.ts';
import { domainOf, type FlowAt, flowAt, seedingFlows, seedingTenants } from '../scale/tenants.ts';
import { formHeaders } from '../target.ts';

const unlimited = ['--throttling', 'none', '--limits', 'none'];

interface Running {
  readonly usher: Usher;
  readonly connection: Connection;
}

/** A database that a start in development mode has made. `args`: of that start. */
async function made(data: string, args: readonly string[]): Promise<Deployment> {
  const deployed = deploymentOf(`sqlite:${join(data, 'usher.db')}`);
  const usher = await startUsher({ data, args: ['--encryption-key', deployed.key, ...unlimited, ...args] });
  await usher.stop();
  return deployed;
}

async function begin(deployed: Deployment): Promise<Running> {
  const usher = await startServe(deployed, { args: unlimited });
  return { usher, connection: openConnection(usher.url, readFileSync(usher.caFile, 'utf8')) };
}

async function stop({ usher, connection }: Running): Promise<void> {
  connection.close();
  await usher.stop();
}

/** Of several starts, since no two of them leave a heap alike. */
async function idleOf(deployed: Deployment): Promise<number> {
  const found: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    const running = await begin(deployed);
    found.push(await settledMegabytes(running.usher.pid));
    await stop(running);
  }
  return median(found);
}

const only: FlowAt = {
  domain: seeded.tenant,
  flow: seeded.flow,
  appId: seeded.spa,
  email: seeded.user,
  password: seeded.password,
};

async function demand({ connection }: Running, path: string): Promise<void> {
  const { status } = await connection.ask({ path });
  if (status !== 200) throw new Error(`${path} answers ${status}.`);
}

/** Metadata, and the first page. */
async function use(running: Running, { domain, flow, appId }: FlowAt): Promise<void> {
  await demand(running, `/${domain}/${flow}/v2.0/.well-known/openid-configuration`);
  const { path } = attemptOf(running.usher, { domain, flow, appId });
  const { status, html } = await openBrowser(running.connection, running.usher.url).open(path);
  if (status !== 200) throw new Error(`${path} answers ${status}: ${html.slice(0, 2000)}`);
}

function attemptOf(
  usher: Usher,
  { domain, flow, appId }: Omit<FlowAt, 'email' | 'password'>,
): { attempt: Attempt; path: string } {
  const attempt = authorize(usher, { client_id: appId, scope: `openid offline_access ${appId}` }, flow);
  return { attempt, path: `${attempt.url.pathname}${attempt.url.search}`.replace(seeded.tenant, domain) };
}

async function signIn({ usher }: Running, connection: Connection, at: FlowAt): Promise<void> {
  const { attempt, path } = attemptOf(usher, at);
  const browser = openBrowser(connection, usher.url);
  const done = await browser.press(await browser.open(path), 'next', { email: at.email, password: at.password });
  const body = new URLSearchParams({
    client_id: at.appId,
    grant_type: 'authorization_code',
    code: codeIn(done),
    code_verifier: attempt.verifier,
    redirect_uri: attempt.redirectUri,
  }).toString();
  const token = `/${at.domain}/${at.flow}/oauth2/v2.0/token`;
  tokensIn(await connection.ask({ method: 'POST', path: token, headers: formHeaders, body }));
}

/** Whole sign-ins, each with one of the flows. */
async function load(running: Running, flows: number, rounds = 3): Promise<readonly Figure[]> {
  const ca = readFileSync(running.usher.caFile, 'utf8');
  const lane = () => {
    const connection = openConnection(running.usher.url, ca);
    const anyFlow = () => (flows === 1 ? only : flowAt(Math.floor(Math.random() * flows)));
    return () => signIn(running, connection, anyFlow());
  };
  const name = `password sign-in, whole, ${flows.toLocaleString('en')} flow${flows === 1 ? '' : 's'}`;
  const subject = { key: String(flows), name, pid: running.usher.pid, run: lanes(8, lane) };
  return measure([subject], { ...quickPace, rounds, round: 1000, warmUp: 1500 });
}

interface Stage {
  readonly idle: number;
  /** After `requests` flows were used. */
  readonly used: number;
  readonly loaded: number;
  readonly figures: readonly Figure[];
}

/** A server that is started anew with so many flows, then used, then busy. Megabytes. */
async function stage(folder: string, flows: number): Promise<Stage> {
  const data = join(folder, `flows-${flows}`);
  hint(`making ${flows.toLocaleString('en')} flows`);
  const deployed = await made(data, flows === 1 ? [] : seedingFlows(flows, folder));
  hint('idle');
  const idle = await idleOf(deployed);
  const running = await begin(deployed);
  try {
    hint('1,000 journeys are begun');
    for (let request = 0; request < 1000; request += 1) await use(running, flows === 1 ? only : flowAt(request));
    const used = await settledMegabytes(running.usher.pid);
    hint('people sign in');
    const figures = await load(running, flows, 9);
    return { idle, used, figures, loaded: await settledMegabytes(running.usher.pid) };
  } finally {
    await stop(running);
  }
}

async function manyTenants(folder: string, count: number): Promise<string> {
  const data = join(folder, 'tenants');
  hint(`making ${count.toLocaleString('en')} tenants`);
  const deployed = await made(data, seedingTenants(count, folder));
  hint('idle');
  const idle = await idleOf(deployed);
  const running = await begin(deployed);
  try {
    hint('each is asked for its metadata');
    const ca = readFileSync(running.usher.caFile, 'utf8');
    let next = 0;
    const asking = lanes(8, () => {
      const connection = openConnection(running.usher.url, ca);
      return () => {
        next += 1;
        return demand({ ...running, connection }, `/${domainOf(next - 1)}/v2.0/.well-known/openid-configuration`);
      };
    });
    await asking(count);
    const used = await settledMegabytes(running.usher.pid);
    return `${count.toLocaleString('en')} tenants: ${idle.toFixed(0)} MB idle, ${used.toFixed(0)} MB after each was asked for its metadata.`;
  } finally {
    await stop(running);
  }
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
 * What flows cost: servers that have one, 1,000 and 10,000 of them, and one with 1,000 tenants. What is used is compared with as many requests of
 * one flow, since requests alone let a heap grow.
 */
export async function flowsScale(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-flows-'));
  try {
    const [one, thousand, most] = [await stage(folder, 1), await stage(folder, 1000), await stage(folder, 10_000)];
    const tenants = await manyTenants(folder, 1000);
    const each = (part: 'idle' | 'used' | 'loaded') =>
      [one, thousand, most].map((found) => found[part].toFixed(0)).join(' / ');
    return {
      figures: [one, thousand, most].flatMap(({ figures }) => figures),
      rows: [
        row('memory, idle', 150, 110, one.idle),
        row('memory, 1,000 flows defined: more than with one', 20, 5, thousand.idle - one.idle),
        row('memory, all 1,000 used: more than as many requests of one', 60, 30, thousand.used - one.used),
        row('memory, after the load, 1,000 flows', 350, 250, thousand.loaded),
      ],
      remarks: [
        `1 / 1,000 / 10,000 flows, in MB: idle ${each('idle')}; after 1,000 journeys were begun ${each('used')}; after the load ${each('loaded')}.`,
        tenants,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
