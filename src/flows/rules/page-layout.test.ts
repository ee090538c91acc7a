import assert from 'node:assert/strict';
import { entities } from '../../model/index.ts';
import { createFlow, seed } from '../testing/harness.ts';
import { admin, onEveryEngine, susi } from '../testing/on-every-engine.ts';

const { userFlowPageLayout } = entities;

const within = { parent: susi, navigation: 'pageLayouts' };
const layout = (id: string) => ({ type: userFlowPageLayout, id, within });

onEveryEngine(
  'a flow has a layout for each of its pages, of the newest version and without a template',
  async ({ directory }) => {
    const { items } = await directory.find({ type: userFlowPageLayout, within: [within], limit: 100 });
    assert.ok(items.length > 5);
    assert.deepEqual((await directory.get(layout('SIGNUPORSIGNIN')))?.entity, {
      id: 'signuporsignin',
      displayName: 'Unified sign up or sign in page',
      isCustomPageUri: false,
      pageUri: null,
      version: '2.1.14',
    });
    assert.equal(await directory.get(layout('selfasserted.profileupdate')), undefined);
  },
);

onEveryEngine('a page gets a template, and its own page back', async ({ directory }) => {
  const pageUri = 'https://pages.example.com/{Culture:RFC5646}/unified.html?v=1';
  const custom = await directory.update(admin, layout('signuporsignin'), { pageUri });
  assert.deepEqual([custom.entity.pageUri, custom.entity.isCustomPageUri], [pageUri, true]);
  const target = { type: userFlowPageLayout, id: 'signuporsignin', within };
  assert.equal(await directory.invoke(admin, target, 'restoreDefaultPageUri', {}), undefined);
  const { entity } = (await directory.get(layout('signuporsignin'))) ?? {};
  assert.deepEqual([entity?.pageUri, entity?.isCustomPageUri], [null, false]);
  const older = await directory.update(admin, layout('signuporsignin'), { version: '2.1.2' });
  assert.deepEqual([older.entity.version, older.entity.isCustomPageUri], ['2.1.2', false]);
});

onEveryEngine('a version is one of those of the page', async ({ directory }) => {
  const target = { type: userFlowPageLayout, id: 'error', within };
  const versions = (await directory.invoke(admin, target, 'availableVersions', {})) as readonly string[];
  assert.ok(versions.includes('1.2.5'));
  const refused = { code: 'flows.badPageVersion', status: 400 };
  await assert.rejects(directory.update(admin, layout('error'), { version: '2.1.14' }), refused);
  await assert.rejects(directory.update(admin, layout('error'), { version: 'latest' }), { code: 'model.invalidValue' });
  for (const version of versions) await directory.update(admin, layout('error'), { version });
});

onEveryEngine('a template is fetched by https, and its address holds no secret', async ({ directory }) => {
  for (const pageUri of [
    'http://pages.example.com/a.html',
    'https://user:secret@pages.example.com/',
    'https://pages.example.com/#x',
    'https://pages.example.com/{OAUTH-KV:x}',
    'https://{OIDC:ClientId}.example.com/',
    'https://pages.example.com{Policy:PolicyId}.evil.example/',
    'https://pages.example.com\\a.html',
    'https://pages.example.com/a b',
    '/a.html',
    'file:///etc/passwd',
    '',
  ]) {
    await assert.rejects(directory.update(admin, layout('error'), { pageUri }), { status: 400 }, pageUri);
  }
});

onEveryEngine('who names what cannot be filled in is told what can', async ({ directory }) => {
  const pageUri = 'https://pages.example.com/{OAUTH-KV:campaign}';
  await assert.rejects(directory.update(admin, layout('error'), { pageUri }), {
    code: 'flows.badPageUri',
    message: /\{Culture:RFC5646\}, .*\{OIDC:ClientId\}/,
  });
});

onEveryEngine(
  'the address of a template may name the language, the flow and the application',
  async ({ directory }) => {
    for (const pageUri of [
      'https://pages.example.com/{culture:rfc5646}/{Policy:PolicyId}.html?app={OIDC:ClientId}',
      'http://localhost:3000/unified.html',
    ]) {
      const { entity } = await directory.update(admin, layout('signuporsignin'), { pageUri });
      assert.equal(entity.pageUri, pageUri);
    }
  },
);

onEveryEngine(
  'only template and version of a layout can be changed, and none can be made or removed',
  async (house) => {
    const { directory } = house;
    await assert.rejects(directory.update(admin, layout('error'), { displayName: 'x' }), {
      code: 'model.readOnlyProperty',
    });
    await assert.rejects(directory.update(admin, layout('error'), { isCustomPageUri: true }), { status: 400 });
    const draft = { id: 'other', version: '1.0.0' };
    await assert.rejects(directory.create(seed, userFlowPageLayout, draft, { within }), { code: 'flows.unknownPage' });
    await assert.rejects(directory.create(seed, userFlowPageLayout, { id: 'error' }, { within }), {
      code: 'store.exists',
    });
    await assert.rejects(directory.remove(admin, layout('error')), { status: 404 });
  },
);

onEveryEngine('a seed brings layouts along with a flow', async (house) => {
  const draft = { id: 'made', userFlowType: 'signUp', userFlowTypeVersion: 3 };
  const pageUri = 'https://pages.example.com/sign-up.html';
  const pageLayouts = [{ draft: { id: 'LocalAccountSignUp', pageUri } }];
  await house.directory.create(seed, susi.type, draft, { contained: { pageLayouts } });
  const made = { parent: { ...susi, id: 'B2C_1_made' }, navigation: 'pageLayouts' };
  const found = await house.directory.get({ type: userFlowPageLayout, id: 'localaccountsignup', within: made });
  assert.deepEqual(
    [found?.entity.pageUri, found?.entity.isCustomPageUri, found?.entity.version],
    [pageUri, true, '2.1.26'],
  );
  const foreign = [{ draft: { id: 'signuporsignin' } }];
  await assert.rejects(
    house.directory.create(seed, susi.type, { ...draft, id: 'other' }, { contained: { pageLayouts: foreign } }),
    { code: 'flows.unknownPage' },
  );
  await createFlow(house, 'other');
});
