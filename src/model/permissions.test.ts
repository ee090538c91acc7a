import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUuid } from '../kernel/index.ts';
import { allTypes } from './catalogue.ts';
import { graphDelegatedPermissions } from './delegated-permissions.ts';
import type { Permissions } from './entity.ts';
import { graphPermissionName, graphPermissions, isApplicationPermission, type PermissionName } from './permissions.ts';

test('every permission a declaration asks for can be granted, by an id of its own', () => {
  for (const { name, permissions } of allTypes()) {
    const some = Object.keys(permissions.readSome ?? {}) as PermissionName[];
    for (const permission of [...permissions.read, ...permissions.write, ...some]) {
      if (isApplicationPermission(permission)) {
        assert.equal(graphPermissionName(graphPermissions[permission]), permission);
      } else {
        assert.ok(Object.hasOwn(graphDelegatedPermissions, permission), `${name}: ${permission}`);
      }
    }
  }
  const ids = [...Object.values(graphPermissions), ...Object.values(graphDelegatedPermissions)];
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isUuid));
});

test('a declaration cannot ask for a permission that does not exist', () => {
  // @ts-expect-error the compiler refuses a name that is not in the table
  const misspelt: Permissions = { read: ['User.Raed.All'], write: [] };
  assert.equal(Object.hasOwn(graphPermissions, misspelt.read[0] ?? ''), false);
});

test('a permission that opens some properties names declared ones and opens nothing else', () => {
  for (const { name, permissions, properties } of allTypes()) {
    for (const [permission, names] of Object.entries(permissions.readSome ?? {})) {
      for (const property of names) assert.ok(Object.hasOwn(properties, property), `${name}/${property}`);
      assert.ok(!(permissions.read as readonly string[]).includes(permission), `${name}: ${permission}`);
    }
  }
});

test('an id that means nothing here has no name', () => {
  for (const id of ['', 'constructor', '00000003-0000-0000-c000-000000000000']) {
    assert.equal(graphPermissionName(id), undefined, id);
  }
});
