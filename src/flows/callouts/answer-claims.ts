import { attributeMaxLength, emailAttribute } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import type { DataType } from '../attributes/collected-attribute.ts';
import { flawOfText, integerOf, momentOf } from '../attributes/fit.ts';
import type { AttributeValue } from '../attributes/read.ts';

/** An attribute as far as an API can speak of it. */
export interface KnownAttribute {
  /** E.g. `givenName` or `extension_{appId}_Shoesize`. */
  readonly id: string;
  readonly dataType: DataType;
}

interface ReadClaims {
  /** By attribute id; `''`: the value is to be removed. */
  readonly claims: Readonly<Record<string, AttributeValue>>;
  /** Names of members that mean nothing here. */
  readonly ignored: readonly string[];
  /** What is wrong with the first value that does not fit its attribute. */
  readonly flaw?: string;
}

/** Members of an answer, and of a request that an API sends back whole, that are no claims. */
const otherMembers: ReadonlySet<string> = new Set([
  'version',
  'action',
  'status',
  'userMessage',
  'step',
  'client_id',
  'clientId',
  'ui_locales',
  'identities',
  'objectId',
]);

type Value = { readonly value: AttributeValue } | { readonly wrong: string };

/** Tokens and language documents leave the application id out; an answer may as well (b2c contract f.3). */
const shortName = (id: string): string => id.replace(/^extension_[0-9a-f]{32}_/i, 'extension_');

/** An address is proved by its owner or by a provider, never by what an API says of it. */
const settable = ({ id }: KnownAttribute): boolean => fold(id) !== emailAttribute;

/** A claim that stands in an answer under both its names is taken from the longer one. */
function attributeFor(name: string, attributes: readonly KnownAttribute[], all: ReadonlySet<string>) {
  const key = fold(name);
  const exact = attributes.find(({ id }) => fold(id) === key);
  if (exact) return exact;
  const short = attributes.find(({ id }) => fold(shortName(id)) === key);
  return short && all.has(fold(short.id)) ? undefined : short;
}

/**
 * What an answer says about a person. Names are compared without regard to case. A member that is null says nothing: many
 * programs write every member they know.
 */
export function readClaims(
  members: Readonly<Record<string, unknown>>,
  attributes: readonly KnownAttribute[],
): ReadClaims {
  const claims: Record<string, AttributeValue> = {};
  const ignored: string[] = [];
  const all = new Set(Object.keys(members).map(fold));
  const known = attributes.filter(settable);
  for (const [name, given] of Object.entries(members)) {
    if (otherMembers.has(name) || given === null) continue;
    const attribute = attributeFor(name, known, all);
    if (!attribute) {
      ignored.push(name);
      continue;
    }
    const reading = read(attribute, given);
    if ('wrong' in reading)
      return { claims: {}, ignored, flaw: `the value of '${shortName(attribute.id)}' ${reading.wrong}` };
    claims[attribute.id] = reading.value;
  }
  return { claims, ignored };
}

const readers: Readonly<Record<DataType, (attribute: KnownAttribute, given: unknown) => Value>> = {
  string: readText,
  boolean: (_, given) => {
    const value = typeof given === 'string' ? { true: true, false: false }[given.toLowerCase()] : given;
    return typeof value === 'boolean' ? { value } : { wrong: 'must be true or false' };
  },
  int64: (_, given) => {
    const value = typeof given === 'string' ? integerOf(given) : given;
    return typeof value === 'number' && Number.isSafeInteger(value) ? { value } : { wrong: 'must be a whole number' };
  },
  dateTime: (_, given) => {
    const value = typeof given === 'string' ? momentOf(given) : undefined;
    return value === undefined
      ? { wrong: 'must be a date or a date and time, such as 2001-02-03 or 2001-02-03T04:05:06Z' }
      : { value };
  },
  stringCollection: (attribute, given) =>
    Array.isArray(given) && given.every((one) => typeof one === 'string' && !one.includes(','))
      ? readText(attribute, given.join(','))
      : readText(attribute, given),
};

function read(attribute: KnownAttribute, given: unknown): Value {
  return given === '' ? { value: '' } : readers[attribute.dataType](attribute, given);
}

function readText({ id, dataType }: KnownAttribute, given: unknown): Value {
  if (typeof given !== 'string') {
    return { wrong: dataType === 'string' ? 'must be a text' : 'must be a list of texts without commas' };
  }
  const value = given.trim();
  const maxLength = attributeMaxLength(id);
  const flaw = flawOfText({ id, maxLength }, value);
  if (flaw === undefined) return { value };
  return {
    wrong:
      flaw === 'tooLong' ? `is longer than ${maxLength} characters` : 'holds a character that is not allowed in it',
  };
}
