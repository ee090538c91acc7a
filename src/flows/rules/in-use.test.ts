import assert from 'node:assert/strict';
import { entities, type Ref } from '../../model/index.ts';
import { createFlow, type House } from '../testing/harness.ts';
import { admin, createGuestFlow, guests, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { identityApiConnector } = entities;

const positions = ['postFederationSignup', 'postAttributeCollection', 'preTokenIssuance'] as const;
const at = (position: string) => `apiConnectorConfiguration/${position}`;

async function connector({ directory }: House, displayName: string): Promise<string> {
  const authenticationConfiguration = { '@odata.type': 'basicAuthentication', username: 'usher', password: 'hush' };
  const draft = { displayName, targetUrl: 'https://api.example.com/check', authenticationConfiguration };
  return (await directory.create(admin, identityApiConnector, draft)).entity.id;
}

async function called({ directory }: House, flow: Ref, position: string): Promise<readonly string[]> {
  const linked = await directory.linked([flow], at(position));
  return (linked[0] ?? []).map(({ entity }) => entity.id);
}

onEveryEngine('a flow calls one connector at each position, and the value stays empty', async (house) => {
  const { directory } = house;
  await createGuestFlow(house);
  const [first, second] = [await connector(house, 'First'), await connector(house, 'Second')];
  for (const flow of [susi, guests] as readonly Ref[]) {
    for (const position of positions) {
      await directory.link(admin, flow, at(position), first);
      await directory.link(admin, flow, at(position), second);
      assert.deepEqual(await called(house, flow, position), [second], position);
    }
    await directory.unlink(admin, flow, at('preTokenIssuance'), second);
    assert.deepEqual(await called(house, flow, 'preTokenIssuance'), []);
    assert.deepEqual(await called(house, flow, 'postFederationSignup'), [second]);
  }
  assert.deepEqual((await directory.get(susi))?.entity.apiConnectorConfiguration, {});
});

onEveryEngine('a flow can be created with its connectors; one that is not there is refused', async (house) => {
  const id = await connector(house, 'Check');
  const draft = { id: 'checked', userFlowType: 'signUp', userFlowTypeVersion: 3 };
  const links = { [at('postAttributeCollection')]: [id] };
  await house.directory.create(admin, susi.type, { ...draft, apiConnectorConfiguration: {} }, { links });
  const checked = { ...susi, id: 'B2C_1_checked' };
  assert.deepEqual(await called(house, checked, 'postAttributeCollection'), [id]);
  assert.deepEqual(await called(house, checked, 'postFederationSignup'), []);
  await assert.rejects(
    house.directory.create(admin, susi.type, { ...draft, id: 'x' }, { links: { [at('preTokenIssuance')]: ['none'] } }),
    { status: 404 },
  );
  assert.equal(await house.directory.get({ ...susi, id: 'B2C_1_x' }), undefined);
});

onEveryEngine('a connector that a flow calls stays', async (house) => {
  const { directory } = house;
  const ref = { type: identityApiConnector, id: await connector(house, 'Check') };
  await createFlow(house, 'other');
  await createGuestFlow(house);
  for (const flow of [susi, guests] as readonly Ref[]) {
    for (const position of positions) {
      await directory.link(admin, flow, at(position), ref.id);
      await assert.rejects(directory.remove(admin, ref), { code: 'flows.connectorInUse', status: 409 });
      await directory.unlink(admin, flow, at(position), ref.id);
    }
  }
  await directory.link(admin, susi, at('postFederationSignup'), ref.id);
  await directory.remove(admin, susi);
  await directory.remove(admin, ref);
  assert.equal(await directory.get(ref), undefined);
});
