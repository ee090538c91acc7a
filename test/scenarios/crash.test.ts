import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Engine, engines } from '../support/engines.ts';
import { startPostgres, testDatabase } from '../support/postgres.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

/** Kills of the server on each engine that keeps anything, and ends of the database under a server that goes on. */
const rounds =
  process.env['TEST_FAULTS'] === undefined
    ? { sqlite: 6, postgres: 3, database: 2 }
    : { sqlite: 20, postgres: 8, database: 6 };
const lanes = [0, 1, 2, 3];
const applications = '/v1.0/applications';
const flows = '/beta/identity/b2cUserFlows';
const provider = 'EmailPassword-OAUTH';
const providerLink = { '@odata.id': `https://graph.microsoft.com/beta/identity/identityProviders/${provider}` };

/** What the server has acknowledged, to be found after the last kill. */
interface Ledger {
  /** By application id, the display names it may have: one, or two while an update has been sent but not acknowledged. */
  readonly names: Map<string, readonly string[]>;
  /** Flows whose link to the provider was acknowledged. */
  readonly linked: Set<string>;
  updates: number;
}

/** Gives the text of the answer; undefined when the write was not acknowledged. */
type Write = (method: string, path: string, body: unknown) => Promise<string | undefined>;

/** Creates, updates and links, over and over until a write is not acknowledged. */
async function writeOn(write: Write, ledger: Ledger, label: string): Promise<void> {
  for (let count = 0; ; count += 1) {
    const name = `${label}_${count}`;
    const created = await write('POST', applications, { displayName: name });
    if (created === undefined) return;
    const { id } = JSON.parse(created) as { id: string };
    const updated = `${name} updated`;
    ledger.names.set(id, [name, updated]);
    if ((await write('PATCH', `${applications}/${id}`, { displayName: updated })) === undefined) return;
    ledger.names.set(id, [updated]);
    ledger.updates += 1;
    const flow = { id: name, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 };
    if ((await write('POST', flows, flow)) === undefined) return;
    const links = `${flows}/B2C_1_${name}/userFlowIdentityProviders/$ref`;
    if ((await write('POST', links, providerLink)) === undefined) return;
    ledger.linked.add(`B2C_1_${name}`);
  }
}

/** What ends everything, and what an answer may then be instead of an acknowledgement. */
interface End {
  readonly strike: () => Promise<unknown>;
  /** Undefined: there was none. */
  readonly isRefusal: (answer: Response | undefined) => boolean;
}

/** Writes by Graph in several lanes and strikes as soon as so many writes are acknowledged, in the middle of others. */
async function writeUntil(end: End, usher: Usher, ledger: Ledger, round: number): Promise<void> {
  const afterWrites = 3 + ((round * 11) % 41);
  let acknowledged = 0;
  let striking: Promise<unknown> | undefined;
  const write: Write = async (method, path, body) => {
    const response = await usher.graph(method, path, body).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response?.ok && text !== undefined) {
      acknowledged += 1;
      if (acknowledged === afterWrites) striking = end.strike();
      return text;
    }
    assert.ok(acknowledged >= afterWrites && end.isRefusal(response), `${method} ${path}: ${response?.status} ${text}`);
    return undefined;
  };
  await usher.graphToken();
  await Promise.all(lanes.map((lane) => writeOn(write, ledger, `round${round}_lane${lane}`)));
  await striking;
}

async function* everything<T>(usher: Usher, first: string): AsyncGenerator<T> {
  let path = first;
  while (path) {
    const response = await usher.graph('GET', path);
    const page = (await response.json()) as { value: T[]; '@odata.nextLink'?: string };
    assert.equal(response.status, 200, JSON.stringify(page));
    yield* page.value;
    path = page['@odata.nextLink']?.slice(usher.url.length) ?? '';
  }
}

interface Application {
  readonly id: string;
  readonly displayName: string;
}

interface Flow {
  readonly id: string;
  readonly userFlowIdentityProviders: readonly { readonly id: string }[];
}

async function verify(usher: Usher, ledger: Ledger): Promise<void> {
  const found = new Map<string, string>();
  for await (const { id, displayName } of everything<Application>(usher, `${applications}?$top=999`)) {
    found.set(id, displayName);
  }
  for (const [id, names] of ledger.names) {
    assert.ok(names.includes(found.get(id) ?? ''), `${names.at(-1)}: found as ${found.get(id)}`);
  }
  const linked = new Set<string>();
  for await (const flow of everything<Flow>(usher, `${flows}?$expand=userFlowIdentityProviders`)) {
    if (flow.userFlowIdentityProviders.some(({ id }) => id === provider)) linked.add(flow.id);
  }
  assert.deepEqual(
    [...ledger.linked].filter((flow) => !linked.has(flow)),
    [],
  );
}

const newLedger = (): Ledger => ({ names: new Map(), linked: new Set(), updates: 0 });

function checkSize({ names, linked, updates }: Ledger, least: number): void {
  for (const written of [names.size, updates, linked.size]) assert.ok(written >= least, `only ${written} writes`);
}

function killed({ name, options }: Engine, times: number): void {
  test(`${name}: ${times} times killed with -9 in the middle of writes, the server loses nothing it has acknowledged`, async (t) => {
    const store = options();
    const ledger = newLedger();
    for (let round = 0; round < times; round += 1) {
      const usher = await startUsher(store);
      t.after(() => usher.stop('SIGKILL'));
      const end: End = { strike: () => usher.stop('SIGKILL'), isRefusal: (answer) => !answer?.ok };
      await writeUntil(end, usher, ledger, round);
    }
    const usher = await startUsher(store);
    t.after(() => usher.stop());
    await verify(usher, ledger);
    checkSize(ledger, times);
  });
}

for (const engine of engines) {
  if (engine.name === 'sqlite' || engine.name === 'postgres') killed(engine, rounds[engine.name]);
}

/** Resolves when the server answers from the database again. */
async function untilBack(usher: Usher): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const response = await usher.graph('GET', `${applications}?$top=1`);
    if (response.ok) return;
    assert.ok(isOutage(response) && Date.now() < deadline, `${response.status} ${await response.text()}`);
    await wait(20);
  }
}

const isOutage = (answer: Response | undefined): boolean =>
  answer?.status === 503 && Number(answer.headers.get('retry-after')) > 0;

test(`${rounds.database} times its PostgreSQL ends in the middle of writes, and the server goes on with all it has acknowledged`, async (t) => {
  const postgres = await startPostgres({ durable: true });
  t.after(() => postgres.stop());
  const { url } = await testDatabase(postgres);
  const usher = await startUsher({ data: temporaryFolder(), database: async () => url });
  t.after(() => usher.stop());
  const ledger = newLedger();
  for (let round = 0; round < rounds.database; round += 1) {
    await writeUntil({ strike: () => postgres.crash(), isRefusal: isOutage }, usher, ledger, round);
    await postgres.recover();
    await untilBack(usher);
  }
  await verify(usher, ledger);
  checkSize(ledger, rounds.database);
  assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
});
