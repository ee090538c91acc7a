import { type ChangeCache, changedId, createChangeCache, type Directory } from '../../directory/index.ts';
import { entities, fold, type Ref } from '../../model/index.ts';
import { lookup, rangesOf } from './lookup.ts';
import { mergeTexts, noTexts, type PageTexts, pageTextsOf } from './page-texts.ts';
import { askingPagesOf, pageOfScreen } from './pages.ts';
import { type EmailText, readSpeech, type Speech } from './speech.ts';
import type { Wanted } from './wanted.ts';

const { b2xIdentityUserFlow, identityUserFlow, userFlowLanguageConfiguration, userFlowLanguagePage } = entities;

/** How the flows of one tenant speak. Everything is kept until a flow changes, so that showing a page asks the store for nothing. */
export interface Localization {
  /** The languages of a journey, best first: one that is chosen (b2c contract e.5). For a flow that does not exist, what is wanted. */
  localesOf(flowId: string, wanted: Wanted): Promise<readonly string[]>;
  /** What the flow says on a page in place of the server's own texts; of a language without texts those of what it narrows. */
  textsOf(flowId: string, screenId: string, locales: readonly string[]): Promise<PageTexts>;
  /** What can be chosen for attributes, by claim id, folded, in place of the choices that stand in the flow. */
  choicesOf(flowId: string, locales: readonly string[]): Promise<PageTexts['choices']>;
  /** The flow's own subject and body of a kind of letter, each of the nearest language that has one; null: it has none. */
  emailTextOf(
    flowId: string,
    kind: EmailText['kind'],
    locales: readonly string[],
  ): Promise<Pick<EmailText, 'subject' | 'body'>>;
}

/** A tenant may have 200 flows (b2c contract k). */
const mostFlows = 200;
/** Pages kept, each in one language. A document has up to 256 KB. */
const mostPages = 500;

/** What languages fall back to, the most general first: `de`, `de-CH`. */
const generalFirst = (locales: readonly string[]): readonly string[] => locales.flatMap(rangesOf).toReversed();

export function createLocalization(directory: Directory): Localization {
  const speeches: ChangeCache<Speech> = createChangeCache(directory, {
    types: [identityUserFlow],
    concerns: (change, _, id) => changedId(change, identityUserFlow) === id,
    load: (flowId) => readSpeech(directory, flowId),
    capacity: mostFlows,
  });
  const texts: ChangeCache<PageTexts> = createChangeCache(directory, {
    types: [identityUserFlow],
    concerns: (change, _, key) => key.startsWith(`${changedId(change, identityUserFlow)}\n`),
    async load(key) {
      const [flowId = '', page = '', tag = ''] = key.split('\n');
      const speech = await speeches.get(flowId);
      return speech?.customized ? readTexts(directory, speech.flow, page, tag) : noTexts;
    },
    capacity: mostPages,
  });

  async function textsOn(flowId: string, page: string, locales: readonly string[]): Promise<PageTexts> {
    const found = await Promise.all(generalFirst(locales).map((tag) => texts.get([flowId, page, tag].join('\n'))));
    return found.reduce<PageTexts>((all, one) => (one && one !== noTexts ? mergeTexts(all, one) : all), noTexts);
  }

  const kindOf = (speech: Speech | undefined): 'b2c' | 'b2x' =>
    speech?.flow.type.name === b2xIdentityUserFlow.name ? 'b2x' : 'b2c';

  return {
    async localesOf(flowId, { uiLocales, acceptLanguages }) {
      const speech = await speeches.get(flowId);
      if (!speech) return [...uiLocales, ...acceptLanguages];
      const { customized, enabled, preset } = speech;
      return [lookup(uiLocales, enabled) ?? (customized ? lookup(acceptLanguages, enabled) : undefined) ?? preset];
    },
    async textsOf(flowId, screenId, locales) {
      const speech = await speeches.get(flowId);
      const page = speech?.customized ? pageOfScreen(screenId, kindOf(speech)) : undefined;
      return page ? textsOn(flowId, page.id, locales) : noTexts;
    },
    async choicesOf(flowId, locales) {
      const asking = askingPagesOf(kindOf(await speeches.get(flowId)));
      const pages = await Promise.all(asking.map((page) => textsOn(flowId, page, locales)));
      return new Map(pages.toReversed().flatMap(({ choices }) => [...choices]));
    },
    async emailTextOf(flowId, kind, locales) {
      const own = ((await speeches.get(flowId))?.emailTexts ?? []).filter((text) => text.kind === kind);
      // Last the one for every other language, which has no tag.
      const tags = [...locales.flatMap(rangesOf), ''].map(fold);
      const near = tags.flatMap((tag) => own.find(({ languageTag }) => fold(languageTag ?? '') === tag) ?? []);
      const partOf = (part: 'subject' | 'body') => near.find((text) => text[part] !== null)?.[part] ?? null;
      return { subject: partOf('subject'), body: partOf('body') };
    },
  };
}

async function readTexts(directory: Directory, flow: Ref, id: string, tag: string): Promise<PageTexts> {
  const within = { parent: flow, navigation: 'languages' };
  const language = { type: userFlowLanguageConfiguration, id: tag, within };
  const page = { type: userFlowLanguagePage, id, within: { parent: language, navigation: 'overridesPages' } };
  const content = (await directory.get(page))?.entity.content;
  return content ? pageTextsOf(content) : noTexts;
}
