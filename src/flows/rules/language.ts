import {
  type BuiltIn,
  type BuiltInContext,
  behaviour,
  type CheckContext,
  type PrepareContext,
} from '../../directory/index.ts';
import { type Draft, type EntityOf, entities, fold, type Place } from '../../model/index.ts';
import type { Row, StoreReader } from '../../store/index.ts';
import { faults } from '../faults.ts';
import { builtInLanguage, builtInLanguages, namedLanguage } from '../localization/built-in-languages.ts';

const { b2xIdentityUserFlow, userFlowLanguageConfiguration } = entities;

type Language = EntityOf<typeof userFlowLanguageConfiguration>;
type LanguageDraft = Draft<typeof userFlowLanguageConfiguration>;
type B2cFlow = EntityOf<typeof entities.b2cIdentityUserFlow>;

/** Languages of one flow beside the built-in ones. */
const maximumCustom = 100;

export const isForGuests = (flow: Row): boolean => flow.type === b2xIdentityUserFlow.name;

/** The flow around a language; undefined when there is none. */
const flowAround = async (within: Place | undefined, reader: StoreReader): Promise<Row | undefined> =>
  within && reader.get(within.parent);

/** The stored text of a property, without regard to case. */
const folded = (value: unknown): string | undefined => (typeof value === 'string' ? fold(value) : undefined);

/** Guests are spoken to in every built-in language; other flows begin with English and the language they were created with. */
async function builtIn({ within, reader }: BuiltInContext): Promise<readonly BuiltIn[]> {
  const flow = await flowAround(within, reader);
  if (!flow) return [];
  const first = folded(flow.values['firstLanguageTag']);
  return builtInLanguages.map(({ tag, displayName }) => ({
    id: tag,
    values: { displayName, isEnabled: isForGuests(flow) || tag === 'en' || tag === first },
  }));
}

/** Throws `flows.customizationOff`, and `flows.builtInLanguagesOnly` for a flow that has no languages of its own. */
export function demandCustomization(flow: Row): void {
  if (isForGuests(flow)) throw faults.builtInLanguagesOnly({ flow: flow.id });
  if (flow.values['isLanguageCustomizationEnabled'] !== true) throw faults.customizationOff({ flow: flow.id });
}

async function checkNumber({ reader, within }: CheckContext): Promise<void> {
  const { count = 0 } = await reader.find({
    type: userFlowLanguageConfiguration,
    ...(within ? { within: [within] } : {}),
    limit: 1,
    count: true,
  });
  const maximum = builtInLanguages.length + maximumCustom;
  if (count >= maximum) throw faults.tooManyLanguages({ maximum: maximumCustom });
}

/** Languages are written by PUT alone: what it does not name has its default again (Graph contract b.6). */
export const languageRules = behaviour({
  type: userFlowLanguageConfiguration,
  builtIn,
  async prepare(
    { id = '', isEnabled = true }: LanguageDraft,
    { verb }: PrepareContext<typeof userFlowLanguageConfiguration>,
  ): Promise<LanguageDraft> {
    if (verb === 'update') return { isEnabled };
    const language = builtInLanguage(id) ?? namedLanguage(id);
    if (!language) throw faults.badLanguageTag({ tag: id, target: 'id' });
    return { id: language.tag, isEnabled, displayName: language.displayName };
  },
  async check(next: Language, context: CheckContext): Promise<void> {
    const flow = await flowAround(context.within, context.reader);
    if (!flow) return;
    demandCustomization(flow);
    if (context.verb === 'create') await checkNumber(context);
    const isDefault = folded(flow.values['defaultLanguageTag']) === fold(next.id);
    if (isDefault && !next.isEnabled) throw faults.defaultLanguage({ tag: next.id, target: 'isEnabled' });
  },
  async checkRemove({ id }: Language, { within, reader }): Promise<void> {
    const flow = await flowAround(within, reader);
    if (builtInLanguage(id) || (flow && isForGuests(flow))) throw faults.builtInLanguage({ tag: id });
    if (folded(flow?.values['defaultLanguageTag']) === fold(id)) throw faults.defaultLanguage({ tag: id });
  },
});

/**
 * The default language of a flow is one it has, and enabled (Graph contract e row 54). A new flow has the built-in ones; what a seed
 * brings along is stored after it. Throws `flows.languageNotEnabled`, `flows.badLanguageTag`.
 */
export async function checkDefaultLanguage(
  { id, defaultLanguageTag: tag }: B2cFlow,
  { verb, caller, reader }: CheckContext,
): Promise<void> {
  if (tag === null) return;
  if (!builtInLanguage(tag) && !namedLanguage(tag)) {
    throw faults.badLanguageTag({ tag, target: 'defaultLanguageTag' });
  }
  if (verb === 'create' && (builtInLanguage(tag) || caller.kind === 'system')) return;
  const parent = { type: entities.b2cIdentityUserFlow, id };
  const flow = await reader.get(parent);
  if (folded(flow?.values['defaultLanguageTag']) === fold(tag)) return;
  const within = { parent, navigation: 'languages' };
  const language = flow && (await reader.get({ type: userFlowLanguageConfiguration, id: tag, within }));
  if (language?.values['isEnabled'] !== true) throw faults.languageNotEnabled({ tag, target: 'defaultLanguageTag' });
}
