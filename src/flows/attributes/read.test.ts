import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CollectedAttribute } from './collected-attribute.ts';
import { fieldOf } from './field.ts';
import { readAttribute } from './read.ts';

const attribute = (rest: Partial<CollectedAttribute> = {}): CollectedAttribute => ({
  id: 'city',
  claim: 'city',
  label: { id: 'attribute.city' },
  required: false,
  inputType: 'textBox',
  dataType: 'string',
  maxLength: 8,
  choices: [],
  ...rest,
});

/** The value, or the message id of what is wrong, or `undefined` for nothing. */
const read = (rest: Partial<CollectedAttribute>, typed: string) => {
  const reading = readAttribute(attribute(rest), typed);
  if (reading.kind === 'read') return reading.value;
  return 'id' in reading.error && reading.error.id;
};

const choicesOf = (...values: readonly string[]) =>
  values.map((value) => ({ value, label: { literal: value }, isDefault: false }));

test('nothing is fine where it is optional, and missing where it is required', () => {
  assert.equal(read({}, '  '), undefined);
  assert.equal(read({ required: true }, '  '), 'field.required');
  assert.equal(readAttribute(attribute({ required: true }), '').kind, 'missing');
});

test('text is kept without outer spaces, up to its length in characters, and without control characters', () => {
  assert.equal(read({}, '  Turin '), 'Turin');
  assert.equal(read({}, '🏠'.repeat(8)), '🏠'.repeat(8));
  assert.equal(read({}, '🏠'.repeat(9)), 'field.tooLong');
  for (const text of ['a\u0000b', 'a\nb', 'a\u2028b']) assert.equal(read({}, text), 'field.notAllowedCharacters');
  assert.equal(read({}, '<b>'), '<b>');
  assert.equal(read({ id: 'displayName' }, '<b>'), 'field.notAllowedCharacters');
});

test('whole numbers are kept as numbers, as long as JSON can carry them', () => {
  const int64 = { dataType: 'int64' } as const;
  assert.equal(read(int64, '42'), 42);
  assert.equal(read(int64, '-0'), 0);
  assert.equal(read(int64, '+9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.equal(read(int64, '9007199254740992'), 'field.numberOutOfRange');
  assert.equal(read(int64, '-99999999999999999999'), 'field.numberOutOfRange');
  for (const text of ['4.5', '1e3', '0x10', 'five', '1 2', '9'.repeat(31)]) {
    assert.equal(read(int64, text), 'field.notANumber', text);
  }
});

test('yes and no', () => {
  const radio = { dataType: 'boolean', inputType: 'radioSingleSelect', choices: choicesOf('true', 'false') } as const;
  assert.equal(read(radio, 'true'), true);
  assert.equal(read(radio, 'false'), false);
  assert.equal(read(radio, 'maybe'), 'field.notAChoice');
  const box = { dataType: 'boolean', inputType: 'checkboxMultiSelect', choices: choicesOf('true') } as const;
  assert.equal(read(box, 'true'), true);
  assert.equal(read(box, ''), false, 'an empty box says no');
  assert.equal(read({ ...box, required: true }, ''), 'field.required', 'a required box has to be ticked');
});

test('days that the calendar has', () => {
  assert.equal(read({ dataType: 'dateTime' }, '2024-02-29'), '2024-02-29T00:00:00Z');
  assert.equal(read({ inputType: 'dateTimeDropdown', maxLength: 256 }, '2024-02-29'), '2024-02-29');
  for (const text of ['2023-02-29', '2024-13-01', '24-01-01', '2024-1-1', '2024-01-01T00:00:00Z', '-05-01', 'today']) {
    assert.equal(read({ dataType: 'dateTime' }, text), 'field.notADate', text);
    assert.equal(read({ inputType: 'dateTimeDropdown', maxLength: 256 }, text), 'field.notADate', text);
  }
});

test('e-mail boxes hold addresses', () => {
  const box = { inputType: 'emailBox', maxLength: 256 } as const;
  assert.equal(read(box, 'ada@contoso.example'), 'ada@contoso.example');
  for (const text of ['ada', 'ada@', '@contoso.example', 'a b@contoso.example', 'a@b@contoso.example', 'a..b@c.de']) {
    assert.equal(read(box, text), 'field.notAnEmail', text);
  }
});

test('only what is offered can be chosen', () => {
  const one = { inputType: 'dropdownSingleSelect', choices: choicesOf('IT', 'MT') } as const;
  assert.equal(read(one, 'IT'), 'IT');
  assert.equal(read(one, 'it'), 'field.notAChoice');
  assert.equal(read(one, 'IT,MT'), 'field.notAChoice');
  const many = { inputType: 'checkboxMultiSelect', choices: choicesOf('a', 'b', 'c'), maxLength: 256 } as const;
  assert.equal(read(many, 'c,a,a'), 'a,c', 'in the order in which they are offered, each once');
  assert.equal(read(many, 'a,d'), 'field.notAChoice');
  assert.equal(read({ ...many, maxLength: 4 }, 'a,b,c'), 'field.tooLong');
});

test('a message names its field', () => {
  assert.deepEqual(readAttribute(attribute(), 'Turin-am-Po'), {
    kind: 'incorrect',
    error: { id: 'field.tooLong', values: { field: { id: 'attribute.city' }, maximum: 8 } },
  });
});

test('a field begins with the default of the administrator, and then keeps what was chosen', () => {
  const choices = choicesOf('a', 'b', 'c').map((choice) => ({ ...choice, isDefault: choice.value !== 'b' }));
  const one = attribute({ inputType: 'radioSingleSelect', choices });
  const many = attribute({ inputType: 'checkboxMultiSelect', choices });
  assert.equal(fieldOf(one, undefined, []).value, 'a');
  assert.equal(fieldOf(many, undefined, []).value, 'a,c');
  assert.equal(fieldOf(one, 'b', []).value, 'b');
  assert.equal(fieldOf(many, '', []).value, undefined, 'unticked boxes stay unticked');
});
