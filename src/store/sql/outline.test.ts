import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EntityType, entities, type PropertyRules } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import { postgresDefinitions } from '../postgres/definitions.ts';
import { sqliteDefinitions } from '../sqlite/definitions.ts';
import { type Outline, outlineOf, readOutline, type Step, stateFor, writeOutline } from './outline.ts';

const { application, user, servicePrincipal } = entities;
const first: Step = { text: 'CREATE TABLE one (a int)', additive: false };
const added: Step = { text: 'CREATE TABLE two (a int)', additive: true };
const { displayName } = application.properties;

const withProperty = (type: EntityType, name: string, rules: PropertyRules): EntityType => ({
  ...type,
  properties: { ...type.properties, [name]: { ...displayName, rules } },
});

for (const [engine, definitions] of Object.entries({ postgres: postgresDefinitions, sqlite: sqliteDefinitions })) {
  const outline = (types: readonly EntityType[], steps: readonly Step[] = [first]): Outline =>
    readOutline(writeOutline(outlineOf(createCatalogue(types), definitions, steps)));
  const earlier = outline([application, user]);
  /** What the tables of a later version are to an earlier one. */
  const stateOn = (types: readonly EntityType[], steps?: readonly Step[]) => stateFor(earlier, outline(types, steps));

  test(`${engine}: a program may work on the tables of a later one that only adds to them`, () => {
    assert.equal(stateOn([user, application]), 'current');
    assert.equal(stateOn([application, user, servicePrincipal]), 'newer');
    assert.equal(stateOn([withProperty(application, 'favourite', { nullable: true }), user]), 'newer');
    assert.equal(stateOn([withProperty(application, 'favourite', { indexed: true }), user]), 'newer');
    assert.equal(stateOn([withProperty(application, 'favourite', { unique: true }), user]), 'newer');
    assert.equal(stateOn([application, user], [first, added]), 'newer');
  });

  test(`${engine}: but not where it would leave something out, or misses something`, () => {
    const cases: Readonly<Record<string, readonly EntityType[]>> = {
      'an index on what it writes': [withProperty(application, 'notes', { indexed: true }), user],
      'an index that is another': [withProperty(application, 'displayName', { unique: true }), user],
      'an index on what it may write, undeclared': [application, withProperty(user, 'favourite', { indexed: true })],
      'another index of single values': [application, withProperty(user, 'jobTitle', { words: true })],
      'a table that is gone': [application],
    };
    for (const [name, types] of Object.entries(cases)) assert.equal(stateOn(types), 'other', name);
    assert.equal(stateOn([application, user], [first, { ...added, additive: false }]), 'other');
  });

  test(`${engine}: a later program does not work on the tables of an earlier one`, () => {
    const later = [
      outline([application, user, servicePrincipal]),
      outline([withProperty(application, 'favourite', { nullable: true }), user]),
      outline([application, user], [first, added]),
    ];
    assert.deepEqual(
      later.map((program) => stateFor(program, earlier)),
      ['other', 'other', 'other'],
    );
  });

  test(`${engine}: what was compatible step by step is so over all of them`, () => {
    const middle = [withProperty(application, 'favourite', { nullable: true }), user];
    assert.equal(stateOn(middle), 'newer');
    const last = [withProperty(application, 'favourite', { nullable: true, indexed: true }), user];
    assert.equal(stateFor(outline(middle), outline(last)), 'other', 'the one in the middle writes it');
  });
}
