import type { Choice, CollectedAttribute } from './collected-attribute.ts';
import { booleanOf } from './fit.ts';
import type { AttributeValue } from './read.ts';

/** A stored value as its field holds it; `''`: there is none. */
export function presented(attribute: CollectedAttribute, value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return presentedBoolean(attribute, value);
  const text = String(value);
  // Of a moment only the day is asked for; what is no date at all stays until one is chosen.
  if (attribute.dataType === 'dateTime' || attribute.inputType === 'dateTimeDropdown') {
    return /^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(text)?.[0] ?? '';
  }
  // A field of one line has no other way to show several.
  return text.trim().replace(/\s*[\r\n]+\s*/g, ', ');
}

function presentedBoolean({ choices, inputType }: CollectedAttribute, value: boolean): string {
  const fitting = choices.find((choice) => booleanOf(choice.value) === value);
  return fitting?.value ?? (inputType === 'checkboxMultiSelect' ? '' : String(value));
}

/**
 * The attribute with what is stored among its choices: a value that is not offered any more is shown and can be kept, and nobody else
 * can choose it.
 */
export function withPresent(attribute: CollectedAttribute, shown: string): CollectedAttribute {
  const { choices, inputType } = attribute;
  if (choices.length === 0 || shown === '') return attribute;
  const stored = inputType === 'checkboxMultiSelect' ? shown.split(',') : [shown];
  const unoffered = stored.filter((value) => value !== '' && !choices.some((choice) => choice.value === value));
  const kept = unoffered.map((value): Choice => ({ value, label: { literal: value }, isDefault: false }));
  return kept.length === 0 ? attribute : { ...attribute, choices: [...choices, ...kept] };
}
