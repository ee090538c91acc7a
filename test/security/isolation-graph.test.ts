/** Every operation of the management API, asked by an administrator of one tenant with the ids of another: nothing is told and nothing changes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inventory, type Offer, pathText } from '../../src/graph/index.ts';
import { Stage } from '../support/golden/stage.ts';
import type { ListeningApi } from '../support/listening-api.ts';
import { bodyFor, placeFor } from '../support/permissions/place.ts';
import { signInOnRecord } from '../support/records.ts';
import { lookInto } from '../support/sqlite.ts';
import { seeded, temporaryFolder, type Usher } from '../support/usher.ts';
import { asFabrikam, startBoth, tokenOfFabrikam } from './two-tenants.ts';

const beta = new Set(inventory('beta').map(({ httpMethod, path }) => `${httpMethod} ${pathText(path)}`));

/** What both versions have is the same room behind another door: `npm run test:long` tries that door too. */
const offers = (['v1.0', 'beta'] as const)
  .flatMap((version) => inventory(version))
  .filter(
    ({ permissions, version, httpMethod, path }) =>
      permissions.length > 0 &&
      (version === 'beta' || process.env['TEST_LONG'] === '1' || !beta.has(`${httpMethod} ${pathText(path)}`)),
  );

const keyed = (offer: Offer): boolean => offer.path.some((part) => typeof part !== 'string');
const writes = ({ httpMethod }: Offer): boolean => httpMethod !== 'GET';

/** It carries a reference to something that the path does not name. */
const refers = (offer: Offer): boolean => offer.does === 'link' && keyed(offer);

/** A reference to what this tenant alone has, in place of one to what has the same name everywhere. */
async function ownReference(stage: Stage, offer: Offer): Promise<object> {
  if (offer.type.name === 'identityUserFlowAttribute')
    return { '@odata.id': await stage.attribute(`extension_guid_walk${randomUUID().slice(0, 8)}`) };
  if (offer.type.name === 'b2xIdentityUserFlow') return { '@odata.id': await guestFlow(stage) };
  return bodyFor(stage, offer, '');
}

const guestFlow = async (stage: Stage): Promise<string> => {
  const flow = { id: `walk${randomUUID().slice(0, 8)}`, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
  const { id } = await stage.call('POST', '/beta/identity/b2xUserFlows', flow);
  stage.made(`/beta/identity/b2xUserFlows/${id}`);
  return id;
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const named = /walk[0-9a-f]{8}/g;

/** The same address with ids that nobody has. */
const elsewhere = (path: string): string =>
  path.replace(uuid, () => randomUUID()).replace(named, () => `walk${randomUUID().slice(0, 8)}`);

interface Told {
  readonly status: number;
  readonly text: string;
}

/** An answer without the ids and times in it. */
const plain = ({ status, text }: Told): Told => ({
  status,
  text: text
    .replace(uuid, 'ID')
    .replace(named, 'NAME')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'TIME'),
});

const eventual = { consistencylevel: 'eventual' } as const;

/** Of what a list holds; what every tenant has from the beginning has a name for an id. */
function idsIn(text: string): readonly string[] {
  const { value = [] } = JSON.parse(text) as { readonly value?: readonly { readonly id?: string }[] };
  return value.flatMap(({ id = '' }) => id.match(uuid) ?? []);
}

describe('an administrator of another tenant', () => {
  const folder = temporaryFolder();
  let usher: Usher;
  let stranger: Usher;
  let api: ListeningApi;
  before(async () => {
    usher = await startBoth(folder);
    api = await signInOnRecord(usher);
    stranger = asFabrikam(usher, await tokenOfFabrikam(usher));
    const guests = { id: 'guests', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
    assert.equal((await stranger.graph('POST', '/beta/identity/b2xUserFlows', guests)).status, 201);
  });
  after(async () => {
    await api?.close();
    await usher?.stop();
  });

  /** The last change of the tenant whose things are asked for: what is not in this log was not written. */
  const lastChange = (): number =>
    lookInto(join(folder, 'usher.db'), (query) =>
      Number(query(`SELECT max(sequence) AS last FROM change WHERE tenant = '${seeded.tenantId}'`)[0]?.['last']),
    );

  test('what is written here stands in the log that these tests read', async () => {
    const last = lastChange();
    const stage = new Stage(usher);
    await stage.attribute(`extension_guid_walk${randomUUID().slice(0, 8)}`);
    await stage.clear();
    assert.ok(lastChange() > last);
  });

  async function ask(offer: Offer, path: string, body: unknown): Promise<Told> {
    const response = await stranger.graph(offer.httpMethod, `/${offer.version}${path}`, body, eventual);
    return { status: response.status, text: await response.text() };
  }

  for (const offer of offers.filter(keyed)) {
    test(`${offer.version} ${offer.httpMethod} ${pathText(offer.path)} finds nothing by the ids of this one`, async () => {
      const stage = new Stage(usher);
      try {
        const path = await placeFor(stage, offer);
        const body = await bodyFor(stage, offer, path);
        const last = lastChange();
        const told = await ask(offer, path, body);
        assert.ok(told.status === 404 || told.status === 400, `${path}: ${told.status} ${told.text}`);
        assert.equal(lastChange(), last, 'nothing was written');
        const nowhere = await ask(offer, elsewhere(path), body);
        assert.deepEqual(plain(told), plain(nowhere), 'what is there is answered as what is nowhere');
      } finally {
        await stage.clear();
      }
    });
  }

  for (const offer of offers.filter(refers)) {
    test(`${offer.version} ${offer.httpMethod} ${pathText(offer.path)} ties nothing of this one to the stranger's own`, async () => {
      const [mine, theirs] = [new Stage(usher), new Stage(stranger)];
      try {
        const path = await placeFor(theirs, offer);
        const body = await ownReference(mine, offer);
        const last = lastChange();
        const { status, text } = await ask(offer, path, body);
        assert.ok(status === 404 || status === 400, `${path} ${JSON.stringify(body)}: ${status} ${text}`);
        assert.equal(lastChange(), last, 'nothing was written');
      } finally {
        await theirs.clear();
        await mine.clear();
      }
    });
  }

  for (const offer of offers.filter((one) => !keyed(one) && !writes(one))) {
    test(`${offer.version} ${offer.httpMethod} ${pathText(offer.path)} lists nothing of this one`, async () => {
      const path = pathText(offer.path);
      const { status, text } = await ask(offer, path, undefined);
      assert.ok(status < 500, text);
      const ids = idsIn(text);
      const mine = await (await usher.graph('GET', `/${offer.version}${path}`, undefined, eventual)).text();
      assert.deepEqual(
        idsIn(mine).filter((id) => ids.includes(id)),
        [],
      );
    });
  }

  for (const offer of offers.filter((one) => !keyed(one) && writes(one))) {
    test(`${offer.version} ${offer.httpMethod} ${pathText(offer.path)} writes nothing here`, async () => {
      const theirs = new Stage(stranger);
      try {
        const path = await placeFor(theirs, offer);
        const last = lastChange();
        const { text } = await ask(offer, path, await bodyFor(theirs, offer, path));
        assert.equal(lastChange(), last, text);
        remember(theirs, offer, path, text);
      } finally {
        await theirs.clear();
      }
    });
  }
});

/** What a creation made there goes away with the rest. */
function remember(stage: Stage, { does, version }: Offer, path: string, text: string): void {
  if (does !== 'create' || text === '') return;
  const { id, invitedUser } = JSON.parse(text) as {
    readonly id?: string;
    readonly invitedUser?: { readonly id: string };
  };
  if (invitedUser) stage.made(`/beta/users/${invitedUser.id}`);
  else if (id) stage.made(`/${version}${path}/${encodeURIComponent(id)}`);
}
