import { attributeMaxLength, emailAttribute, isEmail } from '../../identity/index.ts';
import type { Text } from '../screen.ts';
import type { CollectedAttribute } from './collected-attribute.ts';
import { booleanOf, flawOfText, integerOf, isDay } from './fit.ts';
import { matchesPattern } from './pattern.ts';

export type AttributeValue = string | number | boolean;

/** `value` absent: nothing was entered, which is fine for an optional attribute. */
export type Reading =
  | { readonly kind: 'read'; readonly value?: AttributeValue }
  | { readonly kind: 'missing'; readonly error: Text }
  | { readonly kind: 'incorrect'; readonly error: Text };

/** Every message id a reading can carry. */
export const readingWords = [
  'field.required',
  'field.tooLong',
  'field.notAllowedCharacters',
  'field.notAChoice',
  'field.notANumber',
  'field.numberOutOfRange',
  'field.notADate',
  'field.notAnEmail',
  'field.notInForm',
] as const;

type ReadingWord = (typeof readingWords)[number];

/** What a typed value came to: the value to keep, or the message id that says why not. */
type Parsed = { readonly value: AttributeValue } | { readonly problem: ReadingWord };

/** Characters of an address that can be a sign-in name (Graph contract c.7, `issuerAssignedId`). */
export const emailMaxLength = attributeMaxLength(emailAttribute);

/** An address that can become a sign-in name. */
export const isSignInAddress = (text: string): boolean => text.length <= emailMaxLength && isEmail(text);

/** Reads what was typed or chosen for one attribute; never trusts that the page offered it. */
export function readAttribute(attribute: CollectedAttribute, typed: string): Reading {
  const { required, label, maxLength } = attribute;
  const text = typed.trim();
  if (text === '') {
    return required
      ? { kind: 'missing', error: { id: 'field.required', values: { field: label } } }
      : unticked(attribute);
  }
  const parsed =
    attribute.pattern === undefined || matchesPattern(attribute.pattern, text)
      ? parse(attribute, text)
      : { problem: 'field.notInForm' as const };
  if ('value' in parsed) return { kind: 'read', value: parsed.value };
  return { kind: 'incorrect', error: { id: parsed.problem, values: { field: label, maximum: maxLength } } };
}

/** A single box that may stay empty says "no" by being empty. */
function unticked({ dataType, inputType }: CollectedAttribute): Reading {
  return dataType === 'boolean' && inputType === 'checkboxMultiSelect'
    ? { kind: 'read', value: false }
    : { kind: 'read' };
}

function parse(attribute: CollectedAttribute, text: string): Parsed {
  const { choices, inputType } = attribute;
  if (inputType === 'checkboxMultiSelect') {
    const chosen = chosenOf(attribute, text);
    return chosen === undefined ? { problem: 'field.notAChoice' } : parseTyped(attribute, chosen);
  }
  if (choices.length > 0 && !choices.some(({ value }) => value === text)) return { problem: 'field.notAChoice' };
  return parseTyped(attribute, text);
}

/** The ticked values in the order they are offered, joined by commas (b2c contract h.2); `undefined` when one is not offered. */
function chosenOf({ choices }: CollectedAttribute, text: string): string | undefined {
  const ticked = new Set(text.split(','));
  const chosen = choices.filter(({ value }) => ticked.has(value));
  return chosen.length === ticked.size ? chosen.map(({ value }) => value).join(',') : undefined;
}

function parseTyped(attribute: CollectedAttribute, text: string): Parsed {
  switch (attribute.dataType) {
    case 'boolean':
      return parseBoolean(text);
    case 'int64':
      return parseInteger(text);
    case 'dateTime':
      return isDay(text) ? { value: `${text}T00:00:00Z` } : { problem: 'field.notADate' };
    case 'string':
    case 'stringCollection':
      return parseText(attribute, text);
    default:
      return attribute.dataType satisfies never;
  }
}

function parseBoolean(text: string): Parsed {
  const value = booleanOf(text);
  return value === undefined ? { problem: 'field.notAChoice' } : { value };
}

function parseInteger(text: string): Parsed {
  const value = integerOf(text);
  if (value === undefined) return { problem: 'field.numberOutOfRange' };
  return Number.isNaN(value) ? { problem: 'field.notANumber' } : { value };
}

function parseText(attribute: CollectedAttribute, text: string): Parsed {
  const { inputType } = attribute;
  const flaw = flawOfText(attribute, text);
  if (flaw) return { problem: `field.${flaw}` };
  if (inputType === 'emailBox' && !isEmail(text)) return { problem: 'field.notAnEmail' };
  if (inputType === 'dateTimeDropdown' && !isDay(text)) return { problem: 'field.notADate' };
  return { value: text };
}
