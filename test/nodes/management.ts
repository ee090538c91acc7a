import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { daemonToken, graphStatus } from '../support/daemon.ts';
import { graph } from '../support/federation.ts';
import { newApplication } from '../support/flow-settings.ts';
import type { Usher } from '../support/usher.ts';
import type { Fleet } from './fleet.ts';

interface Page {
  readonly value: readonly { readonly id: string; readonly displayName: string }[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

/** The management API, with what one node has given presented to the others. */
export function testManagement(fleet: () => Fleet): void {
  describe('what one node has answered the others go by', () => {
    const pageAt = (node: Usher, link: string): Promise<Page> => {
      const { front, at } = fleet();
      return at(node, () => graph(front, 'GET', link.replace(front.url, ''))) as Promise<unknown> as Promise<Page>;
    };

    test('what was made is there at once', async () => {
      const { front, nodes, at } = fleet();
      for (const maker of nodes) {
        const { id } = await at(maker, () => newApplication(front, {}));
        for (const node of nodes) {
          const found = await at(node, () => graph(front, 'GET', `/v1.0/applications/${id}`));
          assert.equal(found['id'], id);
        }
      }
    });

    test('a list goes on where another node has ended it', async () => {
      const { nodes } = fleet();
      const seen: string[] = [];
      let link: string | undefined = '/v1.0/applications?$top=2&$orderby=displayName';
      for (let turn = 0; link !== undefined && turn < 100; turn += 1) {
        const node = nodes[turn % nodes.length];
        assert.ok(node);
        const page: Page = await pageAt(node, link);
        seen.push(...page.value.map(({ id }) => id));
        link = page['@odata.nextLink'];
      }
      assert.equal(link, undefined);
      assert.ok(seen.length > 4);
      assert.equal(new Set(seen).size, seen.length);
    });

    test('what has changed since one node was asked another tells', async () => {
      const { front, nodes, at } = fleet();
      const [one, two, three] = nodes;
      assert.ok(one && two && three);
      let page = await pageAt(one, '/v1.0/users/delta?$select=displayName');
      while (page['@odata.nextLink'] !== undefined) page = await pageAt(two, page['@odata.nextLink']);
      const displayName = `Changed ${randomUUID()}`;
      const id = (await pageAt(one, '/v1.0/users?$top=1')).value[0]?.id ?? '';
      await at(two, () => graph(front, 'PATCH', `/v1.0/users/${id}`, { displayName }));
      const told = await pageAt(three, page['@odata.deltaLink'] ?? '');
      assert.deepEqual(
        told.value.map((user) => [user.id, user.displayName]),
        [[id, displayName]],
      );
    });

    test('a token of each node opens every other', async () => {
      const { front, nodes, at } = fleet();
      for (const maker of nodes) {
        const token = await at(maker, () => daemonToken(front));
        for (const node of nodes) assert.equal(await at(node, () => graphStatus(front, token)), 200);
      }
    });
  });
}
