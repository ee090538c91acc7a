import {
  type Behaviour,
  type BuiltIn,
  type BuiltInContext,
  behaviour,
  type PrepareContext,
} from '../../directory/index.ts';
import { type Draft, type EntityOf, entities, type Ref } from '../../model/index.ts';
import type { Row, StoreReader } from '../../store/index.ts';
import { collectedBy } from '../attributes/collected-by.ts';
import { faults } from '../faults.ts';
import { builtInLanguage } from '../localization/built-in-languages.ts';
import { defaultDocument } from '../localization/default-document.ts';
import { checkLanguageDocument, emptyDocument } from '../localization/language-document.ts';
import { pagesOf } from '../localization/pages.ts';
import type { Words } from '../step.ts';
import { demandCustomization, isForGuests } from './language.ts';
import { typeOfFlow } from './user-flow.ts';

const { userFlowLanguagePage } = entities;

type Page = EntityOf<typeof userFlowLanguagePage>;
type PageDraft = Draft<typeof userFlowLanguagePage>;

/** The flow a language is in; undefined when there is none, or no such language. */
async function flowWith(language: Ref, reader: StoreReader): Promise<Row | undefined> {
  const flow = language.within && (await reader.get(language.within.parent));
  if (!flow) return undefined;
  return builtInLanguage(language.id) || (await reader.get(language)) ? flow : undefined;
}

/** The texts of pages: their own ones in `defaultPages`, those that take their place in `overridesPages`. */
export const languagePageRules = (words: Words): Behaviour =>
  behaviour({
    type: userFlowLanguagePage,
    async builtIn({ within, reader }: BuiltInContext): Promise<readonly BuiltIn[]> {
      const flow = within && (await flowWith(within.parent, reader));
      if (!flow) return [];
      const pages = pagesOf(isForGuests(flow) ? 'b2x' : 'b2c', typeOfFlow(flow));
      if (within.navigation !== 'defaultPages') {
        return pages.map(({ id }) => ({ id, values: { content: emptyDocument } }));
      }
      const { id: tag } = within.parent;
      return pages.map((page) => ({
        id: page.id,
        values: {},
        late: async () => ({
          content: JSON.stringify(defaultDocument(page, tag, await collectedBy(flow, reader), words)),
        }),
      }));
    },
    async prepare(draft: PageDraft, { within }: PrepareContext<typeof userFlowLanguagePage>): Promise<PageDraft> {
      if (within?.navigation !== 'overridesPages') throw faults.defaultPage({ page: within?.parent.id });
      const { content } = draft;
      if (content === null) return { ...draft, content: emptyDocument };
      if (content !== undefined) checkLanguageDocument(content);
      return draft;
    },
    async check({ id }: Page, { reader, within, verb }): Promise<void> {
      const flow = within?.parent.within && (await reader.get(within.parent.within.parent));
      if (!flow) return;
      if (!isForGuests(flow)) demandCustomization(flow);
      const pages = pagesOf(isForGuests(flow) ? 'b2x' : 'b2c', typeOfFlow(flow));
      if (verb === 'create' && !pages.some((page) => page.id === id)) throw faults.unknownPage({ page: id });
    },
  });
