import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

const rounds = 20;

/** Writes applications by Graph, several at a time, until the server is gone; gives those that were acknowledged. */
async function writeUntilKilled(usher: Usher, round: number, afterWrites: number): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  let killed = false;
  async function writer(lane: number): Promise<void> {
    for (let count = 0; !killed; count += 1) {
      const name = `round-${round} lane-${lane} number-${count}`;
      const response = await usher.graph('POST', '/v1.0/applications', { displayName: name }).catch(() => undefined);
      if (response?.status !== 201) return;
      acknowledged.push(name);
      if (acknowledged.length >= afterWrites && !killed) {
        killed = true;
        await usher.stop('SIGKILL');
      }
    }
  }
  await usher.graphToken();
  await Promise.all([0, 1, 2, 3].map(writer));
  return acknowledged;
}

async function namesOf(usher: Usher): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let path = '/v1.0/applications?$select=displayName&$top=999';
  while (path) {
    const page = (await (await usher.graph('GET', path)).json()) as {
      value: { displayName: string }[];
      '@odata.nextLink'?: string;
    };
    for (const { displayName } of page.value) names.add(displayName);
    path = page['@odata.nextLink']?.slice(usher.url.length) ?? '';
  }
  return names;
}

test(`${rounds} times killed with -9 in the middle of writes, the server loses nothing it has acknowledged`, async (t) => {
  const data = temporaryFolder(t);
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const usher = await startUsher({ data });
    t.after(() => usher.stop('SIGKILL'));
    acknowledged.push(...(await writeUntilKilled(usher, round, 1 + ((round * 7) % 23))));
  }
  const usher = await startUsher({ data });
  t.after(() => usher.stop());
  const names = await namesOf(usher);
  const missing = acknowledged.filter((name) => !names.has(name));
  assert.deepEqual(missing, []);
  assert.ok(acknowledged.length >= rounds);
});
