import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { membersOf } from './members.ts';

const picked = (values: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name]]] : [])));

test('some members are what a reader of the whole would find', () => {
  const name = fc.constantFrom('mail', 'city', 'a"mail', 'a,"mail":', 'age', '\\mail', 'm{', 'é');
  const text = fc.oneof(fc.string(), fc.constantFrom('"mail":"x"', ',"mail":1', '{"city":', '[', 'a\\', '"'));
  const scalar = fc.oneof(
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const deep = fc.oneof(scalar, fc.array(scalar), fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar))));
  const simple = ['mail', 'city', 'age', 'é'];
  fc.assert(
    fc.property(fc.dictionary(name, deep), fc.subarray(simple), (values, names) => {
      const body = JSON.stringify(values);
      assert.deepEqual(picked(membersOf(body, names), names), picked(JSON.parse(body), names));
    }),
    { numRuns: 2_000 },
  );
});

test('a member of a value inside is not taken for one of the entity', () => {
  assert.equal(membersOf('{"city":"Rome","address":{"mail":"x"}}', ['city', 'mail'])['mail'], undefined);
  assert.equal(membersOf('{"address":{"mail":"x"},"mail":"y"}', ['mail'])['mail'], 'y');
});

test('blanks that an engine puts between change nothing', () => {
  assert.deepEqual(picked(membersOf('{"mail": "a, b", "age": 3}', ['mail', 'age']), ['mail', 'age']), {
    mail: 'a, b',
    age: 3,
  });
});
