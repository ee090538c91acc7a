import { authorize } from '../../test/support/sign-in.ts';
import { type Bench, closeAll } from '../bench.ts';
import { openBrowser } from '../client/browser.ts';
import { documentFloor, sizeOf } from '../floors/documents.ts';
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
  const { html } = await open(target);
  const floor = await documentFloor('html', html, 'text/html; charset=utf-8', atOnce);
  const journeyLane = (): (() => Promise<void>) => {
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
      ours('page', `hosted sign-in page, ${sizeOf(html)}`, () => pageLane(target)),
      ...floor.subjects,
      ours('journey', 'authorize to the page, a new journey', journeyLane),
    ],
    goals: [
      {
        goal: 'hosted page ÷ Fastify HTML page',
        better: 'more',
        must: 0.25,
        aim: 0.5,
        by: share('page', 'tls html'),
        ...(floor.why === undefined ? {} : { why: floor.why }),
      },
    ],
    close: () => closeAll(floor, target),
  };
}
