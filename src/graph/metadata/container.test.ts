import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadataXml } from '../metadata.ts';
import { fullName, setsOf } from '../surface.ts';
import { qualified } from './vocabulary.ts';

for (const version of ['v1.0', 'beta'] as const) {
  test(`$metadata of ${version} names a way to every set`, () => {
    const xml = metadataXml(version);
    for (const { set, name } of setsOf(version)) {
      const last = set.path.split('/').at(-1);
      const way = set.path.includes('/')
        ? new RegExp(`<NavigationProperty Name="${last}" Type="(?:Collection\\()?${qualified(name)}\\)?"`)
        : `<EntitySet Name="${last}" EntityType="${fullName(name)}"`;
      assert.ok(typeof way === 'string' ? xml.includes(way) : way.test(xml), `there is no way to '${set.path}'`);
    }
  });
}
