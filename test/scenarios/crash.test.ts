import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

const rounds = 20;
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

/** Gives the text of the answer; undefined when the server died before all of it had come. */
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

/** Writes by Graph in several lanes and kills the server as soon as so many writes are acknowledged, in the middle of others. */
async function writeUntilKilled(usher: Usher, ledger: Ledger, round: number, afterWrites: number): Promise<void> {
  let acknowledged = 0;
  const write: Write = async (method, path, body) => {
    const response = await usher.graph(method, path, body).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response === undefined || text === undefined) return undefined;
    assert.ok(response.ok, `${method} ${path}: ${text}`);
    acknowledged += 1;
    if (acknowledged === afterWrites) await usher.stop('SIGKILL');
    return text;
  };
  await usher.graphToken();
  await Promise.all(lanes.map((lane) => writeOn(write, ledger, `round${round}_lane${lane}`)));
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

test(`${rounds} times killed with -9 in the middle of writes, the server loses nothing it has acknowledged`, async (t) => {
  const data = temporaryFolder();
  const ledger: Ledger = { names: new Map(), linked: new Set(), updates: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const usher = await startUsher({ data });
    t.after(() => usher.stop('SIGKILL'));
    await writeUntilKilled(usher, ledger, round, 3 + ((round * 11) % 41));
  }
  const usher = await startUsher({ data });
  t.after(() => usher.stop());
  await verify(usher, ledger);
  for (const kind of [ledger.names.size, ledger.updates, ledger.linked.size]) assert.ok(kind >= rounds);
});
