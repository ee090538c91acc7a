import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventory, partText, pathText } from './inventory.ts';
import { openWorld, seed } from './testing/harness.ts';

test('a deprecated address says since when, whatever it answers, and the one that takes its place does not', async () => {
  const world = await openWorld('memory');
  try {
    await seed(world);
    const at = '/beta/identity/b2cUserFlows/B2C_1_susi';
    const deprecation = async (method: string, path: string, body?: unknown) =>
      (await world.send(method, path, { body })).headers['deprecation'];
    const since = `@${Date.UTC(2021, 4, 1) / 1_000}`;
    const reference = { '@odata.id': 'Facebook-OAUTH' };
    assert.equal(await deprecation('GET', `${at}/identityProviders`), since);
    assert.equal(await deprecation('GET', `${at}/IDENTITYPROVIDERS('Google-OAUTH')`), since);
    assert.equal(await deprecation('POST', `${at}/identityProviders/$ref`, reference), since);
    assert.equal(await deprecation('GET', `${at}/identityProviders/Nothing-OAUTH`), since, 'a refusal too');
    assert.equal(await deprecation('GET', `${at}/userFlowIdentityProviders`), undefined);
    assert.equal(await deprecation('POST', `${at}/userFlowIdentityProviders/$ref`, reference), undefined);
    assert.equal(await deprecation('GET', at), undefined);
    assert.equal(await deprecation('GET', '/beta/nothing'), undefined);
  } finally {
    await world.close();
  }
});

test('the inventory calls deprecated exactly what answers so', async () => {
  const world = await openWorld('memory');
  try {
    let told = 0;
    for (const { version, httpMethod, path, deprecated } of (['v1.0', 'beta'] as const).flatMap(inventory)) {
      const at = path.map((part) => partText(part, 'x')).join('');
      const { headers } = await world.send(httpMethod, `/${version}${at}`, { as: null });
      const since = deprecated && `@${Date.parse(`${deprecated}T00:00:00Z`) / 1_000}`;
      assert.equal(headers['deprecation'], since, `${version} ${httpMethod} ${pathText(path)}`);
      if (deprecated !== undefined) told += 1;
    }
    assert.ok(told > 0);
  } finally {
    await world.close();
  }
});
