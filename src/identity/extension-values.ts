import { fold } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import { customMaxLength } from './built-in.ts';
import { definedExtensions, type ExtensionDataType, isExtensionName } from './extension-definitions.ts';
import type { Extensions } from './extensions.ts';
import { faults } from './faults.ts';

/** Custom attributes of one user (b2c contract k). */
const maximumValues = 100;
const maximumBytes = 256;

/**
 * Refuses values of properties that the tenant has not added to its users, or of another data type than they have. Throws
 * `identity.tooManyExtensions`, `identity.unknownExtension`, `identity.badExtension`.
 */
export async function checkExtensionValues(
  values: Readonly<Record<string, unknown>>,
  reader: StoreReader,
): Promise<void> {
  const given = Object.entries(values).filter(([name, value]) => isExtensionName(name) && value !== null);
  if (given.length > maximumValues) throw faults.tooManyExtensions({ maximum: maximumValues });
  const names = given.map(([name]) => name);
  const known = await definedExtensions(names, reader);
  for (const [name, value] of given) {
    const dataType = known.get(fold(name))?.dataType;
    if (!dataType) throw faults.unknownExtension({ property: name });
    if (!fits(value, dataType)) throw faults.badExtension({ property: name, dataType });
  }
}

/**
 * The values whose property the tenant has no longer, or has again with another data type, as members without a value: they stay stored,
 * and are told again once the property is there as it was.
 */
export async function hiddenValues(
  values: Readonly<Record<string, unknown>>,
  extensions: Extensions,
): Promise<Readonly<Record<string, undefined>>> {
  const hidden: Record<string, undefined> = {};
  for (const name of Object.keys(values).filter(isExtensionName)) {
    const dataType = (await extensions.find(name))?.dataType;
    if (!dataType || !fits(values[name], dataType)) hidden[name] = undefined;
  }
  return hidden;
}

const dateTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)?)?$/i;

function fits(value: unknown, dataType: ExtensionDataType): boolean {
  switch (dataType) {
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Integer':
      return Number.isInteger(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31;
    case 'LargeInteger':
      return Number.isSafeInteger(value);
    case 'DateTime':
      return typeof value === 'string' && dateTime.test(value) && !Number.isNaN(Date.parse(value));
    case 'Binary':
      return isBase64(value) && Buffer.from(value, 'base64').length <= maximumBytes;
    case 'String':
      return typeof value === 'string' && [...value].length <= customMaxLength;
    default:
      return dataType satisfies never;
  }
}

const isBase64 = (value: unknown): value is string =>
  typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
