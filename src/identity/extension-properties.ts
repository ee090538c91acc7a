import {
  behaviour,
  type CheckContext,
  type DeriveContext,
  type PrepareContext,
  type Versioned,
} from '../directory/index.ts';
import { type Draft, type EntityOf, entities, fold } from '../model/index.ts';
import { faults } from './faults.ts';

type ExtensionProperty = EntityOf<typeof entities.extensionProperty>;
type ExtensionDraft = Draft<typeof entities.extensionProperty>;

/** Definitions of one application; the directory keeps values of 100 on one entity. */
const maximumDefinitions = 500;

export const extensionDataTypes = ['Binary', 'Boolean', 'DateTime', 'Integer', 'LargeInteger', 'String'] as const;
export type ExtensionDataType = (typeof extensionDataTypes)[number];
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
    const names = new Map<string, string>();
    for (const { within } of found) {
      if (!within || names.has(within.parent.id)) continue;
      names.set(within.parent.id, String((await reader.get(within.parent))?.values['displayName'] ?? ''));
    }
    return found.map(({ within }) => ({ appDisplayName: names.get(within?.parent.id ?? '') || null }));
  },
  async check({ name }: ExtensionProperty, { reader, within, verb }: CheckContext): Promise<void> {
    if (verb === 'update' || !within) return;
    // The custom attributes of user flows are extension properties as well.
    const attribute = await reader.get({ type: entities.identityUserFlowAttribute, id: name });
    if (attribute) throw faults.extensionExists({ name });
    const { count = 0 } = await reader.find({
      type: entities.extensionProperty,
      within: [within],
      limit: 1,
      count: true,
    });
    if (count >= maximumDefinitions) throw faults.tooManyDefinitions({ maximum: maximumDefinitions });
  },
});

/** How the extension properties of an application begin. */
export const extensionPrefix = (appId: string): string => `extension_${appId.replaceAll('-', '').toLowerCase()}_`;

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

function choice<T extends string>(property: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((one) => fold(one) === fold(value));
  if (!known) throw faults.badChoice({ property, value, allowed: allowed.join(', ') });
  return known;
}
