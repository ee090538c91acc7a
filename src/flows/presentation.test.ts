import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { createPresentations } from './presentation.ts';
import { admin, createGuestFlow, onEveryEngine, susi } from './testing/on-every-engine.ts';

const layout = (id: string) => ({
  type: entities.userFlowPageLayout,
  id,
  within: { parent: susi, navigation: 'pageLayouts' },
});

onEveryEngine('a flow looks as the server does, until it says otherwise', async ({ directory }) => {
  const presentations = createPresentations(directory);
  const before = await presentations.of('b2c_1_SUSI');
  assert.deepEqual(
    [before?.flowId, before?.template, before?.runsScripts, before?.branding.accentColor],
    ['B2C_1_susi', 'usher', false, null],
  );
  assert.deepEqual(before?.lookOf('signuporsignin'), { version: '2.1.14' });
  assert.equal(before?.lookOf('selfasserted.profileupdate')?.version, before?.lookOf('selfasserted')?.version);

  const settings = { layoutTemplate: 'oceanBlue', branding: { accentColor: '#aabbcc' } } as const;
  await directory.update(admin, susi, { isJavaScriptEnabled: true, settings });
  const after = await presentations.of(susi.id);
  assert.deepEqual([after?.template, after?.runsScripts, after?.branding.accentColor], ['oceanBlue', true, '#aabbcc']);
});

onEveryEngine('the layout of a page counts from the moment it is changed', async ({ directory }) => {
  const presentations = createPresentations(directory);
  await presentations.of(susi.id);
  const pageUri = 'https://pages.example.com/unified.html';
  await directory.update(admin, layout('signuporsignin'), { pageUri, version: '2.1.2' });
  assert.deepEqual((await presentations.of(susi.id))?.lookOf('SignUpOrSignIn'), { version: '2.1.2', uri: pageUri });
  await directory.update(admin, layout('signuporsignin'), { pageUri: null });
  assert.deepEqual((await presentations.of(susi.id))?.lookOf('signuporsignin'), { version: '2.1.2' });
});

onEveryEngine('guests see the pages of the server, and an unknown flow has no looks', async (house) => {
  await createGuestFlow(house);
  const presentations = createPresentations(house.directory);
  const guests = await presentations.of('B2X_1_guests');
  assert.deepEqual([guests?.template, guests?.lookOf('idpselections')], ['usher', undefined]);
  assert.equal(await presentations.of('B2C_1_nowhere'), undefined);
});
