import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../kernel/index.ts';
import { allTypes, typeByName } from './catalogue.ts';
import { complete } from './complete.ts';
import type * as entities from './entities/index.ts';
import { type Draft, type EntityOf, type EntityType, isA } from './entity.ts';
import type { PropertyType, Shape } from './property.ts';
import { validate } from './validate.ts';

/** Every shape of the model by the path to it: entities, then the complex values in them. */
function shapes(type: EntityType): [string, Shape][] {
  const inside = (path: string, shape: Shape): [string, Shape][] => [
    [path, shape],
    ...Object.entries(shape).flatMap(([name, { type: inner }]) => below(`${path}/${name}`, inner)),
  ];
  const below = (path: string, inner: PropertyType): [string, Shape][] => {
    if (inner.kind === 'collection') return below(path, inner.of);
    return inner.kind === 'complex' ? inside(path, inner.type.properties) : [];
  };
  return inside(type.name, type.properties);
}

const properties = allTypes().flatMap((type) =>
  shapes(type).flatMap(([path, shape]) =>
    Object.entries(shape).map(([name, property]) => ({ path: `${path}/${name}`, property })),
  ),
);

test('every default is a value that the declaration itself accepts', () => {
  for (const type of allTypes()) {
    for (const [name, { rules }] of Object.entries(type.properties)) {
      if (rules.default === undefined || rules.access === 'create') continue;
      assert.doesNotThrow(
        () => validate(type, { [name]: rules.default }, 'update', { trusted: true }),
        `${type.name}/${name}`,
      );
    }
  }
});

test('a secret has no default and is text', () => {
  for (const { path, property } of properties.filter(({ property: { rules } }) => rules.secret)) {
    assert.equal(property.rules.default, undefined, path);
    assert.equal(property.type.kind, 'string', path);
  }
});

test('only simple properties of entities are unique, and only simple values or collections of them indexed', () => {
  for (const { path, property } of properties) {
    const { type, rules } = property;
    if (rules.unique) assert.equal(path.split('/').length, 2, path);
    if (rules.unique) assert.ok(!['complex', 'collection'].includes(type.kind), path);
    if (rules.indexed) assert.notEqual(type.kind === 'collection' ? type.of.kind : type.kind, 'complex', path);
  }
});

test('what stands for an id is unique and can be told from the ids that the server makes', () => {
  const keyed = allTypes().filter(({ bareKey }) => bareKey);
  assert.ok(keyed.length > 0);
  for (const { name, bareKey, properties: shape } of keyed) {
    assert.equal((shape as Shape)[bareKey?.property ?? '']?.rules.unique, true, name);
    assert.doesNotMatch(newId(), bareKey?.form ?? /^/, name);
  }
});

test('a view offers no more than the directory translates, and its members are there where it is kept', () => {
  const views = allTypes().filter(({ view }) => view);
  assert.ok(views.length > 0);
  for (const { name, view, set, navigations, stream, properties: shape } of views) {
    assert.ok(!set?.methods.includes('put'), `${name} is not replaced as a whole`);
    assert.deepEqual([Object.keys(navigations), stream], [[], undefined], `${name} leads nowhere and has no content`);
    const kept = Object.keys(view?.of().properties ?? {});
    for (const member of Object.keys(shape).filter((one) => view?.fixed?.[one] === undefined)) {
      assert.ok(kept.includes(view?.names[member] ?? member), `${name}/${member}`);
    }
  }
});

test('a unique tuple names members that its collection has', () => {
  for (const { path, property } of properties) {
    const { type, rules } = property;
    if (!rules.uniqueTuple) continue;
    const members =
      type.kind === 'collection' && type.of.kind === 'complex' ? Object.keys(type.of.type.properties) : [];
    for (const member of rules.uniqueTuple) assert.ok(members.includes(member), `${path}/${member}`);
  }
});

test('an alias is another name of a navigation of the same kind, and every target is declared', () => {
  for (const type of allTypes()) {
    for (const [name, navigation] of Object.entries(type.navigations)) {
      assert.ok(allTypes().includes(navigation.target()), `${type.name}/${name}`);
      if (!navigation.aliasOf) continue;
      const meant = type.navigations[navigation.aliasOf];
      assert.equal(meant?.kind, navigation.kind, `${type.name}/${name}`);
      assert.equal(meant?.aliasOf, undefined, `${type.name}/${name}`);
    }
  }
});

test('the kinds of a set are types of its family that can be created', () => {
  for (const type of allTypes()) {
    for (const kind of type.set?.kinds ?? []) {
      if (kind.type === undefined) continue;
      const meant = typeByName(kind.type);
      assert.ok(meant && !meant.abstract && meant.name !== type.name && isA(meant, type), kind.type);
    }
  }
});

test('every type and complex value with an address says where it was read', () => {
  for (const type of allTypes()) assert.match(type.source, /^https:\/\//, type.name);
});

// The statements below are checked by the compiler; at run time they only show that the derivation is honest.
type Exact<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flow = EntityOf<typeof entities.b2cIdentityUserFlow>;
type User = EntityOf<typeof entities.user>;

test('the TypeScript type of an entity is what its declaration says', () => {
  const id: Exact<Flow['id'], string> = true;
  const inherited: Exact<
    Flow['userFlowType'],
    'signUp' | 'signIn' | 'signUpOrSignIn' | 'passwordReset' | 'profileUpdate' | 'resourceOwner' | 'unknownFutureValue'
  > = true;
  const version: Exact<Flow['userFlowTypeVersion'], number> = true;
  const nullable: Exact<Flow['defaultLanguageTag'], string | null> = true;
  const complexValue: Exact<Flow['tokenClaimsConfiguration']['isIssuerEntityUserFlow'], boolean> = true;
  const collection: Exact<
    User['identities'],
    readonly { signInType: string | null; issuer: string | null; issuerAssignedId: string | null }[]
  > = true;
  const draft: Draft<typeof entities.user> = { displayName: 'Adele' };
  // @ts-expect-error a draft has no members that are not declared
  const wrong: Draft<typeof entities.b2cIdentityUserFlow> = { colour: 'red' };
  // @ts-expect-error an entity has every declared member
  const partial: User = { id: 'x', displayName: null };
  assert.ok([id, inherited, version, nullable, complexValue, collection, draft, wrong, partial].every(Boolean));
});

test('a completed user has every declared member, so that the derived type tells the truth', () => {
  const user = allTypes().find(({ name }) => name === 'user');
  assert.ok(user);
  const full = complete(user, {});
  assert.deepEqual(
    Object.keys(user.properties).filter((name) => full[name] === undefined),
    [],
  );
});
