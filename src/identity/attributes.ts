import { behaviour, type CheckContext, type PrepareContext } from '../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';
import { definedExtensions } from './extension-definitions.ts';
import { extensionsApp } from './extensions-app.ts';
import { faults } from './faults.ts';

type Attribute = EntityOf<typeof entities.identityUserFlowAttribute>;
type AttributeDraft = Draft<typeof entities.identityUserFlowAttribute>;
type Context = PrepareContext<typeof entities.identityUserFlowAttribute>;

const builtInName = entities.identityBuiltInUserFlowAttribute.name;
const customDataTypes: readonly (string | undefined)[] = ['string', 'boolean', 'int64'];
/** Directory rules for names of extension properties; spaces are dropped to make one. */
const attributeName = /^[a-z][a-z0-9_ ]*$/i;
/** More flows than a tenant may have (b2c contract k: 200). */
const flowLimit = 999;

/** What the declaration of `identityUserFlowAttribute` cannot express (Graph contract a.3, c.1, c.8). */
export const attributeBehaviour = behaviour({
  type: entities.identityUserFlowAttribute,
  async prepare(draft: AttributeDraft, context: Context): Promise<AttributeDraft> {
    const { caller, current, verb, type } = context;
    if (verb === 'create' && caller.kind !== 'system' && type.name === builtInName) throw faults.notCustom();
    if (verb === 'create') return caller.kind === 'system' && isBuiltIn(draft) ? draft : custom(draft, context);
    if (current && isBuiltIn(current) && caller.kind !== 'system') throw faults.builtInAttribute({ id: current.id });
    return draft;
  },
  async check(next: Attribute, { reader, verb }: CheckContext): Promise<void> {
    if (verb === 'update') return;
    const { items } = await reader.find({
      type: entities.identityUserFlowAttribute,
      filter: { op: 'eq', path: ['displayName'], value: next.displayName },
      limit: 1,
    });
    // An extension property of that name would be a second one of other rules.
    const taken = items.length > 0 || (await definedExtensions([next.id], reader)).size > 0;
    if (taken) throw faults.attributeExists({ displayName: next.displayName, property: 'displayName' });
  },
  async checkRemove(current: Attribute, { caller, reader }): Promise<void> {
    if (isBuiltIn(current) && caller.kind !== 'system') throw faults.builtInAttribute({ id: current.id });
    const flow = await flowWith(current.id, reader);
    if (flow !== undefined) throw faults.attributeInUse({ id: current.id, flow });
  },
});

const isBuiltIn = (attribute: AttributeDraft): boolean => attribute.userFlowAttributeType === 'builtIn';

async function custom(draft: AttributeDraft, { caller, reader }: Context): Promise<AttributeDraft> {
  const { displayName = '', dataType } = draft;
  if (!customDataTypes.includes(dataType)) {
    throw faults.unsupportedDataType({ dataType, allowed: customDataTypes.join(', ') });
  }
  if (!attributeName.test(displayName)) throw faults.badAttributeName({ displayName });
  // An import keeps the ids that the data of its users is stored under.
  const chosen = caller.kind === 'system' ? draft.id : undefined;
  const id = chosen ?? `extension_${await extensionsAppId(reader)}_${displayName.replaceAll(' ', '')}`;
  return { ...draft, id, userFlowAttributeType: 'custom' };
}

/** The `appId` in custom attribute ids: 32 hex digits. Throws `identity.noExtensionsApp`. */
async function extensionsAppId(reader: StoreReader): Promise<string> {
  const app = await extensionsApp(reader);
  if (!app) throw faults.noExtensionsApp();
  return app.appId.replaceAll('-', '').toLowerCase();
}

/** The id of a user flow that collects the attribute. */
async function flowWith(attributeId: string, reader: StoreReader): Promise<string | undefined> {
  const flows = await reader.find({ type: entities.identityUserFlow, limit: flowLimit });
  if (flows.items.length === 0) return undefined;
  const { items } = await reader.find({
    type: entities.identityUserFlowAttributeAssignment,
    within: flows.items.map(({ id }) => ({
      parent: { type: entities.identityUserFlow, id },
      navigation: 'userAttributeAssignments',
    })),
    filter: { op: 'eq', path: ['id'], value: attributeId },
    limit: 1,
  });
  return items[0]?.within?.parent.id;
}
