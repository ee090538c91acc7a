import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { inventory } from './inventory.ts';
import { openApi } from './openapi.ts';

type Json = Record<string, Record<string, Record<string, unknown>>>;

for (const version of ['v1.0', 'beta'] as const) {
  test(`the OpenAPI document of ${version} is valid in the eyes of an independent validator`, async () => {
    const document = JSON.parse(JSON.stringify(openApi(version, 'https://localhost:8443')));
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    assert.deepEqual([valid, errors], [true, undefined]);
    assert.equal(validator.version, '3.1');
  });

  test(`the OpenAPI document of ${version} has every operation of the model, each with a name of its own`, () => {
    const found = openApi(version, 'https://localhost:8443')['paths'] as Json;
    const operations = Object.values(found).flatMap(({ parameters: _, ...methods }) => Object.values(methods));
    assert.equal(operations.length, inventory(version).length);
    assert.equal(new Set(operations.map((one) => one['operationId'])).size, operations.length);
  });

  test(`every schema that the OpenAPI document of ${version} refers to is in it, and no internal property`, () => {
    const document = JSON.stringify(openApi(version, 'https://localhost:8443'));
    const { schemas } = (JSON.parse(document) as { components: { schemas: object } }).components;
    for (const [, name] of document.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      assert.ok(name !== undefined && Object.hasOwn(schemas, name), name);
    }
    assert.doesNotMatch(document, /passwordHash|signingKey|secretHash/);
  });
}
