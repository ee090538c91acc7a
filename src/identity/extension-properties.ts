import {
  type BuiltIn,
  behaviour,
  type CheckContext,
  type DeriveContext,
  type PrepareContext,
  type Versioned,
} from '../directory/index.ts';
import { type Draft, type EntityOf, entities, everyItem, fold } from '../model/index.ts';
import type { StoreReader, Tenant } from '../store/index.ts';
import { choice } from './choice.ts';
import { derivedId } from './derived-id.ts';
import { extensionDataTypes, isExtensionName, ofAttribute } from './extension-definitions.ts';
import { extensionsApp } from './extensions-app.ts';
import { faults } from './faults.ts';

type ExtensionProperty = EntityOf<typeof entities.extensionProperty>;
type ExtensionDraft = Draft<typeof entities.extensionProperty>;

/** Definitions of one application; the directory keeps values of 100 on one entity. */
const maximumDefinitions = 500;

const targets = ['User', 'Group', 'Organization', 'Device', 'Application', 'AdministrativeUnit'];

/** The rules of a directory extension (Graph contract a.11): its name says whose it is, and nothing of it ever changes. */
export const extensionPropertyBehaviour = behaviour({
  type: entities.extensionProperty,
  async prepare(
    draft: ExtensionDraft,
    { verb, within, reader }: PrepareContext<typeof entities.extensionProperty>,
  ): Promise<ExtensionDraft> {
    if (verb === 'update' || !within) return draft;
    const { appId } = (await reader.get(within.parent))?.values ?? {};
    return {
      ...draft,
      name: fullName(String(appId), draft.name ?? ''),
      dataType: choice('dataType', draft.dataType ?? '', extensionDataTypes),
      targetObjects: targetsOf(draft.targetObjects ?? []),
    };
  },
  async derive(
    found: readonly Versioned<typeof entities.extensionProperty>[],
    { reader }: DeriveContext,
  ): Promise<readonly Partial<ExtensionProperty>[]> {
    const ids = [...new Set(found.flatMap(({ within }) => (within ? [within.parent.id] : [])))];
    if (ids.length === 0) return found.map(() => ({}));
    const filter = { op: 'in', path: ['id'], values: ids } as const;
    const { items } = await reader.find({ type: entities.application, filter, limit: ids.length });
    const names = new Map(items.map(({ id, values }) => [fold(id), String(values['displayName'] ?? '')]));
    return found.map(({ within }) => ({ appDisplayName: names.get(fold(within?.parent.id ?? '')) || null }));
  },
  builtIn: async ({ within, reader, tenant }) =>
    within && fold(within.parent.id) === fold((await extensionsApp(reader))?.id ?? '')
      ? ofAttributes(reader, tenant)
      : [],
  async checkRemove({ name }: ExtensionProperty, { reader }): Promise<void> {
    const attribute = await reader.get({ type: entities.identityUserFlowAttribute, id: name });
    if (attribute) throw faults.extensionOfAttribute({ name });
  },
  atMost: { maximum: maximumDefinitions, full: faults.tooManyDefinitions },
  async check({ name }: ExtensionProperty, { reader, within, verb }: CheckContext): Promise<void> {
    if (verb === 'update' || !within) return;
    // The custom attributes of user flows are extension properties as well.
    const attribute = await reader.get({ type: entities.identityUserFlowAttribute, id: name });
    if (attribute) throw faults.extensionExists({ name });
  },
});

/** The custom attributes of user flows, as the directory keeps them (Graph contract c.1). */
async function ofAttributes(reader: StoreReader, tenant: Tenant): Promise<readonly BuiltIn[]> {
  const rows = await everyItem((query) => reader.find(query), { type: entities.identityUserFlowAttribute });
  return rows
    .filter(({ id }) => isExtensionName(id))
    .map((row) => {
      const id = derivedId(tenant.id, `extension property ${fold(row.id)}`);
      return { id, values: { ...ofAttribute(row), targetObjects: ['User'] } };
    });
}

/** How the extension properties of an application begin. */
const extensionPrefix = (appId: string): string => `extension_${appId.replaceAll('-', '').toLowerCase()}_`;

function fullName(appId: string, name: string): string {
  const prefix = extensionPrefix(appId);
  const bare = fold(name).startsWith(prefix) ? name.slice(prefix.length) : name;
  if (!/^[a-z][a-z0-9_]{0,119}$/i.test(bare)) throw faults.badExtensionName({ name });
  return `${prefix}${bare}`;
}

function targetsOf(given: readonly string[]): readonly string[] {
  if (given.length === 0) throw faults.badChoice({ property: 'targetObjects', value: '', allowed: targets.join(', ') });
  return [...new Set(given.map((one) => choice('targetObjects', one, targets)))];
}
