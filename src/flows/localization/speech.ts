import type { Directory } from '../../directory/index.ts';
import { type EntityOf, entities, type Ref } from '../../model/index.ts';
import { builtInLanguages } from './built-in-languages.ts';

const { identityUserFlow, b2cIdentityUserFlow, userFlowLanguageConfiguration } = entities;

export type EmailText = EntityOf<typeof b2cIdentityUserFlow>['settings']['emailTexts'][number];

/** What a flow says about languages and letters. */
export interface Speech {
  readonly flow: Ref;
  /** Texts of its own are used, and browsers are listened to. */
  readonly customized: boolean;
  /** What people can be spoken to in. */
  readonly enabled: readonly string[];
  readonly preset: string;
  readonly emailTexts: readonly EmailText[];
}

/** Spoken where nothing else is said. */
const fallbackTag = 'en';

/** More than a flow can have: the built-in languages and 100 of its own. */
const mostLanguages = 200;

const builtInTags = builtInLanguages.map(({ tag }) => tag);

/** By user flow id, without regard to case; undefined when there is no such flow. */
export async function readSpeech(directory: Directory, flowId: string): Promise<Speech | undefined> {
  const own = await directory.get({ type: b2cIdentityUserFlow, id: flowId });
  if (!own) return readGuests(directory, flowId);
  const { id, isLanguageCustomizationEnabled: customized, defaultLanguageTag, settings } = own.entity;
  const flow = { type: b2cIdentityUserFlow, id };
  return {
    flow,
    customized,
    // Nobody can choose among the languages of a flow that is not customized, so every built-in one is there to be asked for.
    enabled: customized ? await enabledIn(directory, flow) : builtInTags,
    preset: defaultLanguageTag ?? fallbackTag,
    emailTexts: settings.emailTexts,
  };
}

/** Guests are spoken to in every built-in language (Graph contract d.2). */
async function readGuests(directory: Directory, flowId: string): Promise<Speech | undefined> {
  const found = await directory.get({ type: identityUserFlow, id: flowId });
  if (!found) return undefined;
  const flow = { type: found.type, id: found.entity.id };
  return { flow, customized: true, enabled: builtInTags, preset: fallbackTag, emailTexts: [] };
}

async function enabledIn(directory: Directory, parent: Ref): Promise<readonly string[]> {
  const { items } = await directory.find({
    type: userFlowLanguageConfiguration,
    within: [{ parent, navigation: 'languages' }],
    filter: { op: 'eq', path: ['isEnabled'], value: true },
    limit: mostLanguages,
  });
  return items.map(({ entity }) => entity.id);
}
