import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

interface Entry {
  readonly id: string;
  readonly activityDateTime: string;
  readonly activityDisplayName: string;
  readonly correlationId: string | null;
  readonly initiatedBy: { readonly app: { readonly appId: string } | null };
  readonly targetResources: readonly { readonly id: string; readonly displayName: string | null }[];
}

interface Page {
  readonly value: readonly Entry[];
  readonly '@odata.nextLink'?: string;
}

let usher: Usher;

async function read(query: string, version = 'v1.0'): Promise<Page> {
  const response = await usher.graph('GET', `/${version}/auditLogs/directoryAudits${query}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as Page;
}

const found = async (filter: string, version?: string): Promise<readonly Entry[]> =>
  (await read(`?$filter=${encodeURIComponent(filter)}`, version)).value;

async function createApplication(displayName: string, correlationId: string = randomUUID()): Promise<string> {
  const headers = { 'client-request-id': correlationId };
  const response = await usher.graph('POST', '/v1.0/applications', { displayName }, headers);
  const body = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(body));
  return body.id;
}

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('a write is found at once by every property that the reference documents', async () => {
      const correlationId = randomUUID();
      const displayName = `Audited ${correlationId}`;
      const id = await createApplication(displayName, correlationId);
      const [entry] = await found(`targetResources/any(t:t/id eq '${id}')`);
      assert.equal(entry?.activityDisplayName, 'Add application');
      assert.equal(entry?.initiatedBy.app?.appId, seeded.daemon);
      const own = `correlationId eq '${correlationId}'`;
      const filters = [
        own,
        `targetResources/any(t:t/displayName eq '${displayName}')`,
        `targetResources/any(t:startswith(t/displayName,'${displayName.slice(0, -4)}'))`,
        `activityDateTime ge ${entry?.activityDateTime} and ${own}`,
        `activityDateTime le ${entry?.activityDateTime} and ${own}`,
        `activityDisplayName eq 'Add application' and ${own}`,
        `startswith(activityDisplayName,'Add app') and ${own}`,
        `category eq 'ApplicationManagement' and ${own}`,
        `loggedByService eq 'Core Directory' and ${own}`,
        `initiatedBy/app/appId eq '${seeded.daemon}' and ${own}`,
        `startswith(initiatedBy/app/displayName,'') and ${own}`,
        `result eq 'success' and ${own}`,
      ];
      for (const filter of filters) {
        for (const version of ['v1.0', 'beta']) {
          const ids = (await found(filter, version)).map((one) => one.id);
          assert.deepEqual(ids, [entry?.id], `${version} ${filter}`);
        }
      }
      for (const filter of [`initiatedBy/user/id eq '${id}'`, `category eq 'UserManagement' and ${own}`]) {
        assert.deepEqual(await found(filter), [], filter);
      }
    });

    test('pages go from the newest entry on, without a gap and without an entry twice', async () => {
      const names = Array.from({ length: 7 }, (_, index) => `Paged ${index}`);
      for (const name of names) await createApplication(name);
      const seen: string[] = [];
      const query = `?$top=3&$filter=${encodeURIComponent("targetResources/any(t:startswith(t/displayName,'Paged'))")}`;
      for (let page = await read(query); ; page = await read(new URL(page['@odata.nextLink'] ?? '').search)) {
        seen.push(...page.value.map(({ targetResources }) => targetResources[0]?.displayName ?? ''));
        if (page['@odata.nextLink'] === undefined) break;
      }
      assert.deepEqual(seen, names.toReversed());
    });

    test('a filter that is not documented, and a property that is none, are refused', async () => {
      for (const filter of [
        "nothing eq 'x'",
        'targetResources/any(t:t/nothing eq 1)',
        'activityDateTime ge yesterday',
      ]) {
        const response = await usher.graph(
          'GET',
          `/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`,
        );
        assert.equal(response.status, 400, filter);
      }
    });
  });
}
