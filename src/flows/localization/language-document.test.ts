import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLanguageDocument } from './language-document.ts';

const string = { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Override: true, Value: 'Hello' };
const restriction = {
  ElementType: 'ClaimType',
  ElementId: 'city',
  TargetCollection: 'Restriction',
  Override: true,
  Items: [{ Name: 'Here', Value: 'h' }],
};
const check = (document: unknown) =>
  checkLanguageDocument(typeof document === 'string' ? document : JSON.stringify(document));
const strings = (...LocalizedStrings: readonly unknown[]) => ({ LocalizedStrings });

test('a document of strings, of collections, or of both is accepted', () => {
  check(strings(string));
  check(strings(string, { ...string, StringId: 'intro', Override: false }));
  check({ LocalizedCollections: [restriction] });
  check({ '@odata.context': 'x', ...strings(string), LocalizedCollections: [restriction] });
  check(strings({ ...string, ElementType: 'ClaimType', ElementId: 'extension_Hobby', StringId: 'DisplayName' }));
});

test('a document that overrides nothing is refused, as the service does', () => {
  const nothing = { code: 'flows.nothingOverridden', status: 400 };
  for (const document of [{}, strings(), strings({ ...string, Override: false })]) {
    assert.throws(() => check(document), nothing);
  }
});

test('what is no such document is refused with the place of the error', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ['{', /at body: it is not JSON/],
    ['[]', /at body: an object/],
    ['null', /at body: an object/],
    [{ LocalizedStrings: {} }, /at LocalizedStrings: a list/],
    [{ localizedStrings: [] }, /localizedStrings: there is no such member/],
    [strings('x'), /at LocalizedStrings\/0: an object/],
    [strings({ ...string, Value: undefined }), /LocalizedStrings\/0\/Value: it is missing/],
    [strings({ ...string, Value: 7 }), /\/Value: a text/],
    [strings({ ...string, Value: 'x'.repeat(4001) }), /\/Value: a text of at most 4000/],
    [strings({ ...string, Value: '\ud800' }), /\/Value: a text/],
    [strings({ ...string, Value: '\u0000' }), /\/Value: a text/],
    [strings({ ...string, Override: 'true' }), /\/Override: true or false/],
    [strings({ ...string, ElementType: 'uxelement' }), /\/ElementType: one of/],
    [strings({ ...string, ElementId: 7 }), /\/ElementId: a text/],
    [strings({ ...string, Extra: 1 }), /\/Extra: there is no such member/],
    [strings(string, string), /LocalizedStrings\/1: another one has the same/],
    [{ LocalizedCollections: [restriction, restriction] }, /LocalizedCollections\/1: another one/],
    [{ LocalizedCollections: [{ ...restriction, Items: [{ Name: 'x' }] }] }, /\/Items\/0\/Value: it is missing/],
    [{ LocalizedCollections: [{ ...restriction, Items: 'x' }] }, /\/Items: a list/],
    [strings(...Array.from({ length: 2001 }, (_, index) => ({ ...string, StringId: `s${index}` }))), /more than 2000/],
  ];
  for (const [document, message] of wrong) {
    assert.throws(() => check(document), { code: 'flows.badLanguageDocument', status: 400, message });
  }
});
