import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorize } from '../../test/support/sign-in.ts';
import { type Bench, closeAll } from '../bench.ts';
import { openBrowser } from '../client/browser.ts';
import { openConnection } from '../client/connection.ts';
import { servingFloor } from '../floors/start.ts';
import { lanes, type Subject } from '../measure.ts';
import { share } from '../report.ts';
import { startTarget, type Target } from '../target.ts';

const atOnce = 8;

const open = (target: Target, connection = target.connect()) => {
  const { url } = authorize(target);
  return openBrowser(connection, target.url).open(`${url.pathname}${url.search}`);
};

/** The page of a journey that has begun, asked for again and again, as a browser does that goes back. */
async function pageLane(target: Target): Promise<() => Promise<void>> {
  const connection = target.connect();
  const { url } = authorize(target);
  const browser = openBrowser(connection, target.url);
  const { path } = await browser.open(`${url.pathname}${url.search}`);
  return async () => {
    const { status } = await browser.open(path);
    if (status !== 200) throw new Error(`The page answers ${status}.`);
  };
}

/** The hosted sign-in page. */
export async function page(): Promise<Bench> {
  const target = await startTarget(100);
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-'));
  const file = join(folder, 'page.html');
  const { html } = await open(target);
  writeFileSync(file, html);
  const floor = await servingFloor('page', [file]);
  const size = `${(Buffer.byteLength(html) / 1024).toFixed(1)} KB`;
  const bare = (key: string, over: string, origin: string): Subject => ({
    key,
    name: `floor: Fastify, ${over}, the same ${size}`,
    pid: floor.pid,
    run: lanes(atOnce, () => {
      const connection = openConnection(origin, floor.ca);
      return async () => void (await connection.ask({ path: '/page' }));
    }),
  });
  const whole = (): (() => Promise<void>) => {
    const connection = target.connect();
    return async () => void (await open(target, connection));
  };
  const ours = (key: string, name: string, lane: Parameters<typeof lanes>[1]): Subject => ({
    key,
    name,
    pid: target.pid,
    run: lanes(atOnce, lane),
  });
  return {
    subjects: [
      ours('page', `hosted sign-in page, ${size}`, () => pageLane(target)),
      bare('html', 'TLS', floor.https),
      bare('plain html', 'plain HTTP', floor.http),
      ours('journey', 'authorize to the page, a new journey', whole),
    ],
    goals: [
      { goal: 'hosted page ÷ Fastify HTML page', better: 'more', must: 0.25, aim: 0.5, by: share('page', 'html') },
    ],
    async close() {
      await closeAll(floor, target);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
