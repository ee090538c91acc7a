import { type EntityOf, entities, fold } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import { customMaxLength } from './built-in.ts';
import { faults } from './faults.ts';

type Attribute = EntityOf<typeof entities.identityUserFlowAttribute>;

/** Custom attributes of one user (b2c contract k). */
const maximumValues = 100;

export const isExtensionName = (name: string): boolean => /^extension_[0-9a-f]{32}_\w+$/i.test(name);

/**
 * Refuses values of custom attributes that the tenant does not have, or of another data type than they have. Throws
 * `identity.tooManyExtensions`, `identity.unknownExtension`, `identity.badExtension`.
 */
export async function checkExtensionValues(
  values: Readonly<Record<string, unknown>>,
  reader: StoreReader,
): Promise<void> {
  const given = Object.entries(values).filter(([name, value]) => isExtensionName(name) && value !== null);
  if (given.length === 0) return;
  if (given.length > maximumValues) throw faults.tooManyExtensions({ maximum: maximumValues });
  const { items } = await reader.find({
    type: entities.identityUserFlowAttribute,
    filter: { op: 'in', path: ['id'], values: given.map(([name]) => name) },
    limit: maximumValues,
  });
  const types = new Map(items.map(({ id, values: { dataType } }) => [fold(id), dataType as Attribute['dataType']]));
  for (const [name, value] of given) {
    const dataType = types.get(fold(name));
    if (!dataType) throw faults.unknownExtension({ property: name });
    if (!fits(value, dataType)) throw faults.badExtension({ property: name, dataType });
  }
}

function fits(value: unknown, dataType: Attribute['dataType']): boolean {
  if (dataType === 'boolean') return typeof value === 'boolean';
  if (dataType === 'int64') return Number.isSafeInteger(value);
  return typeof value === 'string' && [...value].length <= customMaxLength;
}
