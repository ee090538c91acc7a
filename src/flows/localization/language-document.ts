import { faults } from '../faults.ts';

/** What the texts of a page belong to (b2c contract e.5). */
const elementTypes = [
  'ClaimType',
  'UxElement',
  'ClaimsProvider',
  'ErrorMessage',
  'Predicate',
  'InputValidation',
  'DisplayControl',
  'GetLocalizedStringsTransformationClaimType',
] as const;

export type ElementType = (typeof elementTypes)[number];

/** One text of a page. It is applied only when `Override` is true (Graph contract a.4). */
export interface LocalizedString {
  readonly ElementType: ElementType;
  readonly ElementId: string | null;
  readonly StringId: string;
  readonly Override: boolean;
  readonly Value: string;
}

/** What can be chosen for an attribute: `Name` is shown, `Value` stored. */
export interface LocalizedCollection {
  readonly ElementType: ElementType;
  readonly ElementId: string | null;
  readonly TargetCollection: string;
  readonly Override: boolean;
  readonly Items: readonly { readonly Name: string; readonly Value: string }[];
}

/** The texts of one page in one language; member names as the service spells them. */
export interface LanguageDocument {
  readonly LocalizedStrings?: readonly LocalizedString[] | null;
  readonly LocalizedCollections?: readonly LocalizedCollection[] | null;
}

/** What nobody has written yet. */
export const emptyDocument = JSON.stringify({ LocalizedStrings: [] } satisfies LanguageDocument);

const maximumStrings = 2000;
const maximumCollections = 200;
const maximumItems = 1000;
/** Characters of an id, and of a text; some are paragraphs. */
const idLength = 256;
const textLength = 4000;

type Members = Readonly<Record<string, unknown>>;

const wrong = (place: string, reason: string) => faults.badLanguageDocument({ place, reason });

/**
 * Refuses what is no language document, names a text twice, or overrides nothing, as the service does (b2c contract e.5: AADB2C90185,
 * 90230, 90221). Ids are not compared with the pages' own: files written for other page versions name others. Throws
 * `flows.badLanguageDocument`, `flows.nothingOverridden`.
 */
export function checkLanguageDocument(text: string): void {
  const document = membersOf(parsed(text), '', [], ['LocalizedStrings', 'LocalizedCollections']);
  const strings = listOf(document['LocalizedStrings'], 'LocalizedStrings', maximumStrings);
  const collections = listOf(document['LocalizedCollections'], 'LocalizedCollections', maximumCollections);
  const seen = new Set<string>();
  const overrides = [
    ...strings.map((one, index) => checkString(one, `LocalizedStrings/${index}`, seen)),
    ...collections.map((one, index) => checkCollection(one, `LocalizedCollections/${index}`, seen)),
  ];
  if (!overrides.includes(true)) throw faults.nothingOverridden();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw faults.badLanguageDocument({ place: 'body', reason: 'it is not JSON' }, cause);
  }
}

function membersOf(
  given: unknown,
  place: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Members {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong(place || 'body', 'an object is expected');
  }
  for (const name of Object.keys(given)) {
    if (name.includes('@') || required.includes(name) || optional.includes(name)) continue;
    throw wrong(`${place}/${name.slice(0, 64)}`, 'there is no such member');
  }
  const lacking = required.find((name) => !Object.hasOwn(given, name));
  if (lacking !== undefined) throw wrong(`${place}/${lacking}`, 'it is missing');
  return given as Members;
}

function listOf(given: unknown, place: string, maximum: number): readonly unknown[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw wrong(place, 'a list is expected');
  if (given.length > maximum) throw wrong(place, `it has more than ${maximum} items`);
  return given;
}

function textOf(given: unknown, place: string, maximum: number): string {
  if (typeof given === 'string' && given.length <= maximum && given.isWellFormed() && !given.includes('\u0000')) {
    return given;
  }
  throw wrong(place, `a text of at most ${maximum} characters is expected`);
}

/** The key of an element, each of which may stand once. */
function elementOf(members: Members, place: string): string {
  const { ElementType: type, ElementId: id = null, Override: override } = members;
  if (!elementTypes.some((known) => known === type)) {
    throw wrong(`${place}/ElementType`, `one of ${elementTypes.join(', ')} is expected`);
  }
  if (typeof override !== 'boolean') throw wrong(`${place}/Override`, 'true or false is expected');
  return JSON.stringify([type, id === null ? null : textOf(id, `${place}/ElementId`, idLength)]);
}

function demandNew(key: string, place: string, seen: Set<string>): void {
  if (seen.has(key)) throw wrong(place, 'another one has the same ElementType, ElementId and StringId');
  seen.add(key);
}

/** Whether it overrides. */
function checkString(given: unknown, place: string, seen: Set<string>): boolean {
  const members = membersOf(given, place, ['ElementType', 'StringId', 'Override', 'Value'], ['ElementId']);
  const element = elementOf(members, place);
  const id = textOf(members['StringId'], `${place}/StringId`, idLength);
  textOf(members['Value'], `${place}/Value`, textLength);
  demandNew(`${element} ${id}`, place, seen);
  return members['Override'] === true;
}

function checkCollection(given: unknown, place: string, seen: Set<string>): boolean {
  const members = membersOf(given, place, ['ElementType', 'TargetCollection', 'Override', 'Items'], ['ElementId']);
  const element = elementOf(members, place);
  const target = textOf(members['TargetCollection'], `${place}/TargetCollection`, idLength);
  for (const [index, item] of listOf(members['Items'], `${place}/Items`, maximumItems).entries()) {
    const at = `${place}/Items/${index}`;
    const { Name: name, Value: value } = membersOf(item, at, ['Name', 'Value']);
    textOf(name, `${at}/Name`, textLength);
    textOf(value, `${at}/Value`, textLength);
  }
  demandNew(`${element} [${target}]`, place, seen);
  return members['Override'] === true;
}
