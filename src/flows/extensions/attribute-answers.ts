import { fold } from '../../model/index.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { flawOfText, integerOf, momentOf } from '../attributes/fit.ts';
import type { AttributeValue } from '../attributes/read.ts';
import { type Action, isRecord, textIn, unknownAction } from './answer.ts';
import { type CallFailure, failed } from './failure.ts';

type Values = Readonly<Record<string, AttributeValue>>;

/** Words of the administrator for somebody who cannot go on. */
export interface Block {
  readonly kind: 'block';
  readonly title?: string;
  readonly message?: string;
}

export interface Complaint {
  readonly kind: 'invalid';
  readonly message?: string;
  /** By attribute id. */
  readonly errors: Readonly<Record<string, string>>;
}

interface Taken {
  /** By attribute id; `''`: the value is to be removed. */
  readonly values: Values;
}

export type StartAnswer = { readonly kind: 'continue' } | ({ readonly kind: 'prefill' } & Taken) | Block | CallFailure;
export type SubmitAnswer =
  | { readonly kind: 'continue' }
  | ({ readonly kind: 'modify' } & Taken)
  | Complaint
  | Block
  | CallFailure;

/** The value of the type it was asked for in; undefined: of another one. A text box of numbers may answer with the digits. */
function fitting(attribute: CollectedAttribute, value: unknown): AttributeValue | undefined {
  if (value === null || value === '') return '';
  const { dataType } = attribute;
  switch (dataType) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'int64':
      return Number.isSafeInteger(value) ? integerOf(String(value)) : undefined;
    case 'string':
    case 'stringCollection':
      return typeof value === 'string' && flawOfText(attribute, value) === undefined ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? momentOf(value) : undefined;
    default:
      return dataType satisfies never;
  }
}

/** Attributes that nobody collects are ignored; types must be those of the request (b2c contract f.4). */
function valuesIn({ members }: Action, name: string, attributes: readonly CollectedAttribute[]): Values | CallFailure {
  const given = members[name];
  if (!isRecord(given)) return failed('badBody', `'${name}' is not an object.`);
  const values: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(given)) {
    const attribute = attributes.find(({ id }) => fold(id) === fold(key));
    if (!attribute) continue;
    const fits = fitting(attribute, value);
    if (fits === undefined)
      return failed('badBody', `The value of '${attribute.id}' is not of the type it was sent in, or too long.`);
    values[attribute.id] = fits;
  }
  return values;
}

/** An empty value removes what was there. */
export const filledIn = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

const isFailure = (value: unknown): value is CallFailure =>
  isRecord(value) && value['kind'] === 'failed' && typeof value['code'] === 'number';

/** `showBlockPage`, and the `Block` of passwords. */
export function readBlock({ members }: Action): Block | CallFailure {
  const title = textIn(members, 'title');
  const message = textIn(members, 'message');
  if (isFailure(title)) return title;
  if (isFailure(message)) return message;
  return { kind: 'block', ...(title === undefined ? {} : { title }), ...(message === undefined ? {} : { message }) };
}

function taken<K extends string>(
  kind: K,
  values: Values | CallFailure,
): { readonly kind: K; readonly values: Values } | CallFailure {
  return isFailure(values) ? values : { kind, values };
}

export function readStart(action: Action, attributes: readonly CollectedAttribute[]): StartAnswer {
  switch (action.name) {
    case 'continuewithdefaultbehavior':
      return { kind: 'continue' };
    case 'setprefillvalues':
      return taken('prefill', valuesIn(action, 'inputs', attributes));
    case 'showblockpage':
      return readBlock(action);
    default:
      return unknownAction();
  }
}

function readComplaint({ members }: Action, attributes: readonly CollectedAttribute[]): Complaint | CallFailure {
  const message = textIn(members, 'message');
  if (isFailure(message)) return message;
  const given = members['attributeErrors'] ?? {};
  if (!isRecord(given)) return failed('badBody', "'attributeErrors' is not an object.");
  const errors: Record<string, string> = {};
  for (const key of Object.keys(given)) {
    const text = textIn(given, key);
    if (isFailure(text)) return text;
    const attribute = attributes.find(({ id }) => fold(id) === fold(key));
    if (attribute && text !== undefined) errors[attribute.id] = text;
  }
  return { kind: 'invalid', ...(message === undefined ? {} : { message }), errors };
}

export function readSubmit(action: Action, attributes: readonly CollectedAttribute[]): SubmitAnswer {
  switch (action.name) {
    case 'continuewithdefaultbehavior':
      return { kind: 'continue' };
    case 'modifyattributevalues':
      return taken('modify', valuesIn(action, 'attributes', attributes));
    case 'showvalidationerror':
      return readComplaint(action, attributes);
    case 'showblockpage':
      return readBlock(action);
    default:
      return unknownAction();
  }
}
