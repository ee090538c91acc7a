import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CollectedAttribute, DataType, InputType } from './collected-attribute.ts';
import { presented, withPresent } from './present.ts';
import { readAttribute } from './read.ts';

const choicesOf = (...values: readonly string[]) =>
  values.map((value) => ({ value, label: { literal: value }, isDefault: false }));

const attribute = (dataType: DataType, inputType: InputType, ...values: readonly string[]): CollectedAttribute => ({
  id: 'extension_x',
  claim: 'extension_x',
  label: { literal: 'X' },
  required: false,
  inputType,
  dataType,
  maxLength: 256,
  choices: choicesOf(...values),
});

test('what was read is shown as it was typed, for every type of value and every kind of field', () => {
  const trips: readonly (readonly [CollectedAttribute, string])[] = [
    [attribute('string', 'textBox'), 'Turin'],
    [attribute('string', 'emailBox'), 'ada@contoso.example'],
    [attribute('string', 'dateTimeDropdown'), '2001-02-03'],
    [attribute('string', 'radioSingleSelect', 'red', 'green'), 'green'],
    [attribute('string', 'dropdownSingleSelect', 'red', 'green'), 'red'],
    [attribute('string', 'checkboxMultiSelect', 'red', 'green', 'blue'), 'red,blue'],
    [attribute('boolean', 'radioSingleSelect', 'true', 'false'), 'false'],
    [attribute('boolean', 'dropdownSingleSelect', 'yes', 'no'), 'no'],
    [attribute('boolean', 'checkboxMultiSelect', 'true'), 'true'],
    [attribute('boolean', 'checkboxMultiSelect', 'true'), ''],
    [attribute('int64', 'textBox'), '-42'],
    [attribute('int64', 'radioSingleSelect', '1', '2'), '2'],
    [attribute('dateTime', 'textBox'), '2001-02-03'],
    [attribute('dateTime', 'dateTimeDropdown'), '1999-12-31'],
    [attribute('stringCollection', 'textBox'), 'one,two'],
    [attribute('stringCollection', 'checkboxMultiSelect', 'one', 'two'), 'one,two'],
  ];
  for (const [one, typed] of trips) {
    const reading = readAttribute(one, typed);
    assert.equal(reading.kind, 'read', JSON.stringify(one));
    const value = reading.kind === 'read' ? reading.value : undefined;
    assert.equal(presented(one, value), typed, `${one.dataType} in ${one.inputType}`);
  }
});

test('what no field could show is not shown, so that it stays as it is', () => {
  assert.equal(presented(attribute('string', 'dateTimeDropdown'), 'in spring'), '');
  assert.equal(presented(attribute('dateTime', 'textBox'), '2001-02-03T04:05:06+07:00'), '2001-02-03');
  assert.equal(
    presented(attribute('string', 'textBox'), ' 1 Long Road \r\n Second floor'),
    '1 Long Road, Second floor',
  );
  assert.equal(presented(attribute('string', 'textBox'), undefined), '');
});

test('a value that is offered no more is added to the choices of whoever has it', () => {
  const valuesOf = ({ choices }: CollectedAttribute) => choices.map(({ value }) => value);
  const radio = attribute('string', 'radioSingleSelect', 'red');
  assert.deepEqual(valuesOf(withPresent(radio, 'mauve')), ['red', 'mauve']);
  assert.equal(withPresent(radio, 'red'), radio);
  assert.equal(withPresent(radio, ''), radio);
  const boxes = attribute('string', 'checkboxMultiSelect', 'red', 'blue');
  assert.deepEqual(valuesOf(withPresent(boxes, 'ochre,red')), ['red', 'blue', 'ochre']);
  const typed = attribute('string', 'textBox');
  assert.equal(withPresent(typed, 'anything'), typed);
});
