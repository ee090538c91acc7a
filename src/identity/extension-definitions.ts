import { entities, fold } from '../model/index.ts';
import type { Row, StoreReader } from '../store/index.ts';

export const extensionDataTypes = ['Binary', 'Boolean', 'DateTime', 'Integer', 'LargeInteger', 'String'] as const;
export type ExtensionDataType = (typeof extensionDataTypes)[number];

/** A property that a tenant has added to its users. */
export interface Extension {
  /** `extension_{appId without hyphens}_{name}`. */
  readonly name: string;
  readonly dataType: ExtensionDataType;
}

/** Data type of a custom attribute -> that of the property it is kept in (Graph contract a.13). */
const keptAs: Readonly<Record<string, ExtensionDataType>> = {
  string: 'String',
  boolean: 'Boolean',
  int64: 'LargeInteger',
  dateTime: 'DateTime',
};

/** The property that a custom attribute of user flows is kept in. */
export const ofAttribute = ({ id, values }: Pick<Row, 'id' | 'values'>): Extension => ({
  name: id,
  dataType: keptAs[String(values['dataType'])] ?? 'String',
});

const extensionName = /^extension_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_\w+$/i;

export const isExtensionName = (name: string): boolean => extensionName.test(name);

/** Which of these names are properties of users, by name without regard to case. Asks for a few names, inside a transaction too. */
export async function definedExtensions(
  names: readonly string[],
  reader: StoreReader,
): Promise<ReadonlyMap<string, Extension>> {
  const found = new Map<string, Extension>();
  if (names.length === 0) return found;
  const attributes = await reader.find({
    type: entities.identityUserFlowAttribute,
    filter: { op: 'in', path: ['id'], values: names },
    limit: names.length,
  });
  for (const row of attributes.items) found.set(fold(row.id), ofAttribute(row));
  const others = names.filter((name) => !found.has(fold(name)));
  for (const extension of await inApplications(others, reader)) found.set(fold(extension.name), extension);
  return found;
}

async function inApplications(names: readonly string[], reader: StoreReader): Promise<readonly Extension[]> {
  const appIds = new Set(names.flatMap((name) => extensionName.exec(name)?.slice(1, 6).join('-') ?? []));
  if (appIds.size === 0) return [];
  const applications = await reader.find({
    type: entities.application,
    filter: { op: 'in', path: ['appId'], values: [...appIds] },
    limit: appIds.size,
  });
  if (applications.items.length === 0) return [];
  const { items } = await reader.find({
    type: entities.extensionProperty,
    within: applications.items.map(({ id }) => ({
      parent: { type: entities.application, id },
      navigation: 'extensionProperties',
    })),
    filter: { op: 'in', path: ['name'], values: names },
    limit: names.length,
  });
  return items.filter(({ values }) => isOfUsers(values)).map(({ values }) => extensionOf(values));
}

const isOfUsers = ({ targetObjects }: Row['values']): boolean =>
  Array.isArray(targetObjects) && targetObjects.includes('User');

/** The behaviour of extension properties lets no other data type in. */
const extensionOf = ({ name, dataType }: Row['values']): Extension => ({
  name: String(name),
  dataType: dataType as ExtensionDataType,
});
