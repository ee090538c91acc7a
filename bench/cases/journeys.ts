import { authorize } from '../../test/support/sign-in.ts';
import { type Bench, closeAll } from '../bench.ts';
import { openBrowser } from '../client/browser.ts';
import { codeIn, redeem, signIn } from '../client/sign-in.ts';
import { signUp } from '../client/sign-up.ts';
import { providerLogins } from '../floors/provider-client.ts';
import { computingFloor, foreignFloor, unmeasured } from '../floors/start.ts';
import { type Figure, lanes } from '../measure.ts';
import { type Goal, share } from '../report.ts';
import { startTarget, type Target } from '../target.ts';

const atOnce = 8;
/** The cheapest hash that the server can be told to use: what is left of a sign-in beside it is measured with it and without it. */
const cheap = { memory: '7168', passes: '1' } as const;

/** What a sign-in costs with the cheapest hash, less that hash, as a multiple of the bare library's login. */
const withoutHash: Goal['by'] = {
  keys: ['cheap sign-in', 'cheap hash', 'sqlite login'],
  found([whole, hash, login]) {
    const at = (figure: Figure | undefined, round: number) => figure?.rounds[round] ?? Number.NaN;
    const values = (whole?.rounds ?? []).map((cpu, round) => (cpu - at(hash, round)) / at(login, round));
    return { unit: '×', values };
  },
};

function signInLane(target: Target): () => Promise<void> {
  const connection = target.connect();
  return async () => void (await signIn(target, connection, target.anybody().mail));
}

/** As `signInLane`, but each person comes over a connection of their own. */
const strangerLane = (target: Target) => async () => {
  const connection = target.connect();
  await signIn(target, connection, target.anybody().mail);
  connection.close();
};

function signUpLane(target: Target): () => Promise<void> {
  const connection = target.connect();
  return () => signUp(target, connection);
}

async function singleSignOnLane(target: Target): Promise<() => Promise<void>> {
  const connection = target.connect();
  const browser = openBrowser(connection, target.url);
  const start = () => {
    const attempt = authorize(target);
    return { attempt, path: `${attempt.url.pathname}${attempt.url.search}` };
  };
  const shown = await browser.open(start().path);
  await browser.press(shown, 'next', { email: target.anybody().mail, password: 'Usher-dev-1' });
  return async () => {
    const { attempt, path } = start();
    await redeem(connection, attempt, codeIn(await browser.open(path)));
  };
}

/** Whole journeys, with pages, forms, code and tokens. */
export async function journeys(): Promise<Bench> {
  const target = await startTarget();
  const withOutbox = await startTarget(100, [], '', { development: true });
  const cheapTarget = await startTarget(1000, ['--hash-memory', cheap.memory, '--hash-passes', cheap.passes]);
  const hash = await computingFloor('argon2id, the server’s parameters, a thread per core', 'hash', 'argon2');
  const cheapHash = await computingFloor('argon2id, 7 MiB, one pass', 'cheap hash', 'argon2', [
    cheap.memory,
    cheap.passes,
  ]);
  const [onSqlite, inMemory] = [await foreignFloor('provider', ['sqlite']), await foreignFloor('provider', ['memory'])];
  const of = (key: string, name: string, { pid }: { readonly pid: number }, lane: Parameters<typeof lanes>[1]) => ({
    key,
    name,
    pid,
    run: lanes(atOnce, lane),
  });
  return {
    subjects: [
      of('sign-in', 'password sign-in, whole', target, () => signInLane(target)),
      hash,
      of('cheap sign-in', 'the same sign-in with the cheapest hash', cheapTarget, () => signInLane(cheapTarget)),
      cheapHash,
      ...(onSqlite && inMemory
        ? [
            of('sqlite login', 'floor: login of bare oidc-provider, SQLite', onSqlite, () => providerLogins(onSqlite)),
            of('memory login', 'floor: login of bare oidc-provider, memory', inMemory, () => providerLogins(inMemory)),
          ]
        : []),
      of('stranger', 'password sign-in, each over a new connection', target, () => strangerLane(target)),
      of('session', 'single sign-on with code exchange', target, () => singleSignOnLane(target)),
      of('sign-up', 'sign-up with a code by mail, whole', withOutbox, () => signUpLane(withOutbox)),
    ],
    goals: [
      {
        goal: 'password sign-in, per core ÷ argon2id hashes per core',
        better: 'more',
        must: 0.6,
        aim: 0.8,
        by: share('sign-in', 'hash'),
      },
      {
        goal: 'the same without the hash, CPU ÷ login of bare oidc-provider, SQLite',
        better: 'less',
        must: 1.3,
        aim: 0.7,
        by: withoutHash,
        ...unmeasured(onSqlite),
      },
    ],
    close: () => closeAll(hash, cheapHash, onSqlite, inMemory, target, withOutbox, cheapTarget),
  };
}
